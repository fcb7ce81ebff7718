"""What do the acts about rounds have in common: which round may somebody see, and who may answer or close it?"""

from assistant.acts.authority import barred_from, deciders, outsider, unseen
from assistant.deciding import Records, Refused
from assistant.handoffs.able import only
from assistant.handoffs.functions import Functions
from assistant.handoffs.rounds import ITSELF, answer_of, product_of
from assistant.handoffs.seeing import may_see
from assistant.people import people_of
from assistant.persons import same_as_any
from assistant.policy import Policy
from assistant.viewer import Viewer
from assistant.when import in_words
from storage.naming import called
from storage.records import Readiness, Release, Round

_READINESS = {
    Readiness.READY: "ready", Readiness.READY_WITH_RISK: "ready, with a risk", Readiness.NOT_READY: "not ready",
}  # fmt: skip


def open_round_seen(records: Records, name: str, who: Viewer, policy: Policy) -> Round | Refused:
    """The round, if this person may see it and it is still open."""
    refused, found = outsider(who), records.get(name)
    if refused:
        return refused
    if not isinstance(found, Round) or not may_see(found, who, policy):
        return unseen("this round")
    return closed(found, who, policy) or found


def closed(round_: Round, who: Viewer, policy: Policy) -> Refused | None:
    """Refuse what comes after the end of a round."""
    if round_.closed_at is None:
        return None
    by = people_of(policy).name(round_.closed_by or round_.by)
    about, at = called(round_.release), in_words(round_.closed_at, who.zone)
    return Refused(f"{by} closed the round about {about} on {at}. Begin another one to ask again.")


def barred_from_answering(round_: Round, function: str, who: Viewer, policy: Policy) -> Refused | None:
    """Refuse whoever does not act for a function; where nobody is known who does, anybody inside may answer.

    What its lead answered only its lead changes.
    """
    functions = Functions(policy)
    lead = dict(round_.leads).get(function)
    able = tuple(dict.fromkeys([*([lead] if lead else []), *functions.members(function)]))
    if not able or same_as_any(who.key, able, policy):
        return _led(round_, function, who, policy)
    return Refused(only(able, policy, f"answer for {functions.name(function)}"))


def _led(round_: Round, function: str, who: Viewer, policy: Policy) -> Refused | None:
    """Refuse whoever would write over what the function's lead said; who leads it since may do so as well."""
    functions, answer, people = Functions(policy), answer_of(round_, function), people_of(policy)
    leads = (dict(round_.leads).get(function), functions.lead(function, product_of(round_.release)))
    by_lead = answer is not None and any(people.same(answer.by, lead) for lead in leads)
    if answer is None or not by_lead or any(people.same(who.key, lead) for lead in leads):
        return None
    by, name, at = people.name(answer.by), functions.name(function), in_words(answer.at, who.zone)
    how = _READINESS[answer.readiness]
    return Refused(f"{by}, who leads {name}, answered on {at}: {how}. Only they change that: tell them what you know.")


def barred_from_closing(round_: Round, release: object, who: Viewer, policy: Policy) -> Refused | None:
    """Refuse whoever neither began the round nor decides about its release."""
    began = () if round_.by == ITSELF else (round_.by,)
    able = deciders(release, policy) if isinstance(release, Release) else ()
    return barred_from(f"close the round about {called(round_.release)}", (*began, *able), who, policy)
