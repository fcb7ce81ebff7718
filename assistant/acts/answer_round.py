"""Is a function ready for a release, and if not: what is missing, from whom, by when?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.rounding import barred_from_answering, open_round_seen
from assistant.deciding import LONGEST_NAME, Outcome, Records, Refused, cleaned, decided, stamp
from assistant.handoffs.functions import Functions
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.naming import called
from storage.records import Readiness

NAME = "answer_round"
HELP = "Answer for a function whether a release is ready."
SAY_HOW = "Say whether it is ready, ready with a risk that you accept, or not ready."
NAME_THE_RISK = "Name the risk that you accept."
SAY_WHAT = "Say what is not ready, or what you wait for."
BOTH = "You say that it is ready, and what is not or what you wait for: choose one of the two."
UNASKED_RISK = "A risk goes with “ready, with a risk that I accept”: choose that, or leave the risk out."
PAST = "That is already past. Leave it out while it is not known."


@dataclass(frozen=True, slots=True)
class Wish:
    """What ``function`` answers in ``round``; ``whom`` is a function or a person, as its writer calls them."""

    round: str
    function: str
    readiness: str
    not_ready: str = ""
    waits_for: str = ""
    whom: str = ""
    by_when: datetime | None = None
    customers: str = ""
    risk: str = ""
    via: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The round."""
    return (wish.round,)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Keep it in the place of what the function answered before."""
    found = open_round_seen(records, wish.round, who, policy)
    if isinstance(found, Refused):
        return found
    if wish.function not in dict(found.leads):
        asked = Functions(policy).listed(function for function, _ in found.leads)
        return Refused(f"That function is not asked about {called(found.release)}. Asked are: {asked}.")
    refused = barred_from_answering(found, wish.function, who, policy)
    wrong = next(iter(problems(wish, now).values()), None)
    if refused or wrong:
        return refused or Refused(wrong or "")
    data = {
        "function": wish.function,
        "readiness": str(wish.readiness),
        "not_ready": cleaned(wish.not_ready),
        "waits_for": cleaned(wish.waits_for),
        "whom": cleaned(wish.whom, LONGEST_NAME),
        "by_when": stamp(wish.by_when) if wish.by_when else None,
        "customers": cleaned(wish.customers),
        "risk": cleaned(wish.risk),
        "release": found.release,
        "via": wish.via,
    }
    return (decided(wish.round, "round.answered", who, now, data, about=wish.function),)


def problems(wish: Wish, now: datetime) -> dict[str, str]:
    """What is missing or contradicts itself in an answer, by field."""
    if wish.readiness not in set(Readiness):
        return {"readiness": SAY_HOW}
    found = {}
    named = cleaned(wish.not_ready) or cleaned(wish.waits_for)
    if wish.readiness == Readiness.READY and named:
        found["readiness"] = BOTH
    risk = cleaned(wish.risk)
    if (wish.readiness == Readiness.READY_WITH_RISK) is not bool(risk):
        found["risk"] = UNASKED_RISK if risk else NAME_THE_RISK
    if wish.readiness == Readiness.NOT_READY and not named:
        found["not_ready"] = SAY_WHAT
    if wish.by_when and wish.by_when <= now:
        found["by_when"] = PAST
    return found
