"""When may services be deployed again before their freeze ends? When its declarer or their stewards say so."""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.authority import barred_from, outsider, sees_service, service_stewards, unseen
from assistant.deciding import Outcome, Records, Refused, cleaned, decided, spoken
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.records import Freeze

NAME = "lift_freeze"
HELP = "Lift a deployment freeze before its end."


@dataclass(frozen=True, slots=True)
class Wish:
    """Lift ``freeze``, an object name."""

    freeze: str
    why: str


def objects(wish: Wish) -> tuple[str, ...]:
    """The freeze."""
    return (wish.freeze,)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Lift it, with a reason."""
    if refused := outsider(who):
        return refused
    freeze = records.get(wish.freeze)
    if not isinstance(freeze, Freeze) or not _sees(freeze, who, policy):
        return unseen(f"a freeze {spoken(wish.freeze)}")
    able = (freeze.by, *service_stewards(freeze.services, policy))
    if refused := barred_from("lift this freeze", able, who, policy):
        return refused
    if freeze.lifted_at or freeze.ends_at <= now:
        return Refused("That freeze is over already.")
    why = cleaned(wish.why)
    if not why:
        return Refused("Say why the freeze is lifted before its end.")
    return (decided(wish.freeze, "freeze.lifted", who, now, {"why": why}),)


def _sees(freeze: Freeze, who: Viewer, policy: Policy) -> bool:
    return not freeze.services or any(sees_service(name, who, policy) for name in freeze.services)
