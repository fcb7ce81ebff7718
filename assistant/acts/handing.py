"""What do all acts on a handoff have in common: which one, where it stands, who may, and how is it said who was first?

Not an act. The receiver's moves are for the receiver and everybody who acts for the receiving function; the sender's
for the sender, whoever acts for that function, and whoever answers for the release. What a rule of the configuration
makes of an event elsewhere counts, whoever did it there. Two who press at once: the first wins, the second reads who
and when.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from assistant.acts.authority import outsider
from assistant.deciding import LONGEST_NAME, Records, Refused, cleaned, decided, stamp
from assistant.handoffs.able import only
from assistant.handoffs.functions import Functions
from assistant.handoffs.seeing import NO_HANDOFF, may_see, may_see_about
from assistant.people import people_of
from assistant.persons import person_meant, same_as_any
from assistant.policy import Policy
from assistant.viewer import Viewer, viewer_for
from storage.naming import called, kind_of
from storage.records import Event, Handoff, HandoffState, ObjectKind, Release, Step
from storage.state.handoff import FITS, SIGNED

_RECORDED = frozenset({ObjectKind.RELEASE, ObjectKind.CHANGE, ObjectKind.TICKET})
_DID = {
    "handoff.opened": "handed it over",
    "handoff.acknowledged": "acknowledged it",
    "handoff.done": "said that it is done",
    "handoff.returned": "returned it",
    "handoff.resent": "sent it again",
    "handoff.withdrawn": "withdrew it",
    "handoff.reassigned": "passed it on",
}  # what makes it stand as it does
_NAMELESS = frozenset({"github/GitHub", "jira/Jira", "cdevents/CDEvents"})  # who acts where a source does not say who
_UNDOES = frozenset({"handoff.acknowledged", "handoff.returned", "handoff.resent"})


@dataclass(frozen=True, slots=True)
class OfHandoff:
    """A wish about ``handoff``, by its object's name.

    The desk fills in what it is ``about``, and ``stale``: when the signature was given that has gone stale since, which
    it has since ``stale_since``. ``signed`` is when the signature was given that whoever wishes this saw and means to
    undo: without it, whoever was the second of two undoes nothing.
    """

    handoff: str
    about: str = field(default="", kw_only=True)
    stale: datetime | None = field(default=None, kw_only=True)
    stale_since: datetime | None = field(default=None, kw_only=True)
    signed: datetime | None = field(default=None, kw_only=True)


def held(wish: OfHandoff) -> tuple[str, ...]:
    """What to lock and load: the handoff, and what it is about."""
    return (wish.handoff, *recorded(wish.about))


def recorded(about: str) -> tuple[str, ...]:
    """What a handoff is about, where that has a record: a service has none."""
    return (about,) if kind_of(about) in _RECORDED else ()


def in_hand(records: Records, wish: OfHandoff, who: Viewer, policy: Policy) -> Handoff | Refused:
    """The handoff, if this person may know of it; one that is hidden is as unknown as none."""
    if refused := outsider(who):
        return refused
    found = records.get(wish.handoff)
    if isinstance(found, Handoff) and may_see(found, who, policy):
        return found
    return Refused(NO_HANDOFF)


# Who may


def not_receiving(handoff: Handoff, who: Viewer, policy: Policy, what: str) -> Refused | None:
    """Refuse whoever may not answer it; where nobody is known who may, it is anyone inside but its sender."""
    able = _receivers(handoff, policy)
    if who.by_rule:
        return None
    if not able:
        own = same_as_any(who.key, (handoff.sender,), policy)
        return Refused("You handed this over: somebody else has to answer it.") if own else None
    return None if same_as_any(who.key, able, policy) else Refused(only(able, policy, what))


def signing_own(handoff: Handoff, who: Viewer, policy: Policy) -> Refused | None:
    """Refuse a rule that would have whoever handed it over sign it as well; where a source names nobody, who knows."""
    if not who.by_rule or who.key in _NAMELESS or not same_as_any(who.key, (handoff.sender,), policy):
        return None
    name = people_of(policy).name(who.key)
    return Refused(f"{name[:1].upper()}{name[1:]} handed this over: somebody else has to say that it is done.")


def not_sending(handoff: Handoff, records: Records, who: Viewer, policy: Policy, what: str) -> Refused | None:
    """Refuse whoever may not decide for its sender."""
    able = _senders(handoff, records, policy)
    return None if who.by_rule or same_as_any(who.key, able, policy) else Refused(only(able, policy, what))


def not_of_either(handoff: Handoff, records: Records, who: Viewer, policy: Policy, what: str) -> Refused | None:
    """Refuse whoever may speak for neither side."""
    if not_receiving(handoff, who, policy, what) is None:
        return None
    able = (*_senders(handoff, records, policy), *_receivers(handoff, policy))
    return None if same_as_any(who.key, able, policy) else Refused(only(able, policy, what))


def _receivers(handoff: Handoff, policy: Policy) -> tuple[str, ...]:
    """Its receiver and whoever acts for the function; within one function not who asked for it."""
    members = Functions(policy).members(handoff.to_function)
    if handoff.from_function == handoff.to_function:
        members = tuple(key for key in members if not same_as_any(key, (handoff.sender,), policy))
    return (*_some(handoff.receiver), *members)


def _senders(handoff: Handoff, records: Records, policy: Policy) -> tuple[str, ...]:
    """Its sender, whoever acts for that function, and the owner and delegates of the release that it is about."""
    release = records.get(handoff.about)
    owners = (*_some(release.owner), *release.delegates) if isinstance(release, Release) else ()
    return (handoff.sender, *Functions(policy).members(handoff.from_function), *owners)


def _some(key: str | None) -> tuple[str, ...]:
    return (key,) if key else ()


# Where it stands


def in_the_way(  # noqa: PLR0913, PLR0917  an act, what it finds, and who reads why not
    handoff: Handoff, kind: str, wish: OfHandoff, who: Viewer, policy: Policy, now: datetime
) -> Refused | None:
    """Refuse what does not fit where it stands now, with who was first, and when."""
    again = _stale(handoff, wish) or (kind in _UNDOES and undone(handoff, wish))
    fits = handoff.state in FITS[kind] and (handoff.state not in SIGNED or again)
    if fits:
        return None
    if kind == "handoff.resent" and handoff.state in {HandoffState.OPEN, HandoffState.ACKNOWLEDGED}:
        return Refused(f"Nobody has returned it: it is with {holder(handoff, policy)}.")
    last = next(step for step in reversed(handoff.steps) if step.kind in _DID)
    people = people_of(policy)
    sender = "you" if people.same(handoff.sender, who.key) else people.name(handoff.sender)
    then = f" It waits for {sender} to send it again or withdraw it."
    return Refused(f"{_was_first(last, who, policy, now)}{then if handoff.state is HandoffState.RETURNED else ''}")


def holder(handoff: Handoff, policy: Policy) -> str:
    """Who has it, by name: its receiver, else the function."""
    key = handoff.receiver
    return people_of(policy).name(key) if key else Functions(policy).name(handoff.to_function)


def undone(handoff: Handoff, wish: OfHandoff) -> bool:
    """Whether it is done, and whoever wishes this saw that and takes it back."""
    return handoff.state in SIGNED and handoff.signed is not None and wish.signed == handoff.signed.at


def _stale(handoff: Handoff, wish: OfHandoff) -> bool:
    """Whether it is the newest signature that has gone stale: one that was renewed meanwhile has not."""
    return handoff.signed is not None and wish.stale == handoff.signed.at


def _was_first(step: Step, who: Viewer, policy: Policy, now: datetime) -> str:
    """Who did what, and when, in the reader's zone."""
    people = people_of(policy)
    name = "You" if people.same(step.by, who.key) else people.name(step.by)
    return f"{name} {_DID[step.kind]} {moment(step.at, who.zone, now)}."


def moment(at: datetime, zone: str, now: datetime) -> str:
    """When somebody did it, in a reader's zone: ``at 10:02``, ``on Wed 18 Nov at 10:02``."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    day = "" if local.date() == today else f"on {local:%a} {local.day} {local:%b} "
    return f"{day}at {local:%H:%M}"


# What is decided


def receiver_meant(text: str | None, about: str, who: Viewer, policy: Policy) -> str | Refused | None:
    """Who is to receive it: somebody who can answer it, and may see what it is about; None for nobody by name."""
    if not text or not text.strip():
        return None
    key = person_meant(text, who.key, policy)
    if isinstance(key, Refused):
        return key
    people = people_of(policy)
    name = people.name(key)
    if people.is_bot(key):
        return Refused("A bot can't answer a handoff. Name a person, or leave it to the function.")
    reader = viewer_for(policy, key, name)
    if not reader.inside:
        return Refused(f"{name} is a guest here and can't answer a handoff. Name a member of the workspace.")
    if not may_see_about(about, reader, policy):
        return Refused(f"{name} may not see {called(about)}. Name somebody who may, or leave it to the function.")
    return key


def did(handoff: Handoff, kind: str, who: Viewer, now: datetime, data: Mapping[str, Any]) -> Event:
    """State what somebody did about a handoff, as its next step."""
    step = len(handoff.steps) + 1
    said = {"step": step, **data, "via": came_by(data.get("via"), who)}
    event = decided(handoff.object, kind, who, now, said, about=str(step))
    return replace(event, repository=handoff.repository)


def renewing(handoff: Handoff, wish: OfHandoff) -> dict[str, str | None]:
    """Since when what was done had gone stale, where an act takes that up again; else nothing."""
    return {"stale_since": stamp(wish.stale_since)} if wish.stale_since and _stale(handoff, wish) else {}


def came_by(via: str | None, who: Viewer) -> str:
    """From where it was decided."""
    return cleaned(via, LONGEST_NAME) or ("terminal" if who.key.startswith("terminal/") else "slack")
