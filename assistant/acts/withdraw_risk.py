"""What if a risk should not have been accepted, or a blocker not deferred? It blocks again."""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.authority import barred, planned_release, unseen
from assistant.acts.waiving import candidates, titled_as
from assistant.deciding import Outcome, Records, Refused, cleaned, decided, spoken
from assistant.persons import same_as_any
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "withdraw_risk"
HELP = "Take back an accepted risk, a deferral or a proposal: the blocker blocks again."


@dataclass(frozen=True, slots=True)
class Wish:
    """Take back what lets ``blocker`` through for ``release``."""

    release: str
    blocker: str
    why: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The release, and what the blocker may be."""
    return (wish.release, *candidates(wish.blocker))


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Take it back; whoever let it through may, and the release's deciders."""
    release = planned_release(records, wish.release, who, policy)
    if isinstance(release, Refused):
        return release
    names = candidates(wish.blocker)
    standing = [r for r in (*release.accepted, *release.deferred, *release.waiting_second) if r.blocker in names]
    if not standing:
        return unseen(f"an accepted risk {wish.blocker} of {release.name}")
    mine = (key for risk in standing for key in (risk.by, risk.second) if key)
    if not same_as_any(who.key, mine, policy) and (refused := barred(release, who, policy)):
        return refused
    name = standing[0].blocker
    data = {"blocker": name, "why": cleaned(wish.why)}
    if (called := titled_as(name, records.get(name), policy)) != spoken(name):
        data["called"] = called
    return (decided(wish.release, "risk.withdrawn", who, now, data, about=name),)
