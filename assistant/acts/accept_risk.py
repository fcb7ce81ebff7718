"""May the release ship although this stands in its way? An accepted risk: with a name, a reason and an end."""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.waiving import Waiver, candidates, waive
from assistant.deciding import Outcome, Records
from assistant.policy import Policy
from assistant.viewer import Viewer

NAME = "accept_risk"
HELP = "Accept a blocker as a risk, until a date; a hard gate needs a second person, who does the same."


@dataclass(frozen=True, slots=True)
class Wish:
    """Accept ``blocker`` (``acme/api#101`` or an object name) for ``release`` (an object name).

    ``expires_at`` None: two weeks after the target, or from now.
    """

    release: str
    blocker: str
    why: str
    expires_at: datetime | None = None


def objects(wish: Wish) -> tuple[str, ...]:
    """The release, and what the blocker may be."""
    return (wish.release, *candidates(wish.blocker))


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Accept it, propose it (a hard gate), or confirm another's proposal."""
    return waive(records, Waiver(wish.release, wish.blocker, wish.why, wish.expires_at), who, policy, now)
