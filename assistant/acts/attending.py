"""What do all answers to a thing that was brought to somebody have in common: which thing, and who may?

Not an act. Any insider who may see a thing may say that they saw it, put it off, take it or say that it is not theirs;
never about a thing that is over.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from assistant.acts.authority import outsider, sees_release, sees_service, unseen
from assistant.deciding import Records, Refused, decided, repository_of, spoken
from assistant.incidents import may_see
from assistant.over import ended
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.naming import attention_object, kind_of, subject_of, ticket_meant
from storage.records import Change, Deployment, Event, External, Freeze, Incident, ObjectKind, Record, Ticket

_WORK = (ObjectKind.CHANGE, ObjectKind.TICKET)


def named(about: str) -> tuple[str, ...]:
    """The objects that words about a thing may mean: ``acme/api#101`` is a change or a ticket."""
    if ticket := ticket_meant(about):
        return (ticket,)
    return (about,) if kind_of(about) in set(ObjectKind) else tuple(f"{kind}:{about}" for kind in _WORK)


def held(about: str) -> tuple[str, ...]:
    """What to lock and load: the thing, and what people did about it."""
    names = named(about)
    return (*names, *map(attention_object, names))


def thing(
    records: Records, about: str, who: Viewer, policy: Policy, now: datetime
) -> tuple[str, Record | None] | Refused:
    """The thing that was brought, if this person may act on it; a release that nobody planned has no record."""
    if refused := outsider(who):
        return refused
    for name in named(about):
        record = records.get(name)
        if _sees(name, record, who, policy):
            over = ended(record, now)
            return Refused(f"{called(name, record)} is {over.how} already.") if over else (name, record)
    return unseen(spoken(about) if kind_of(about) in set(ObjectKind) else about)


def called(name: str, record: Record | None) -> str:
    """What a sentence calls a thing: its title where its name says nothing to people."""
    return record.title if isinstance(record, Incident) else spoken(name)


def attended(name: str, kind: str, who: Viewer, now: datetime, data: Mapping[str, Any]) -> Event:
    """State what somebody did about a thing; ``data`` begins with what it is called."""
    event = decided(attention_object(name), kind, who, now, {"about": name, **data})
    return replace(event, repository=repository_of(name))


def _sees(name: str, record: Record | None, who: Viewer, policy: Policy) -> bool:
    if kind_of(name) == ObjectKind.RELEASE:
        return "@" in subject_of(name) and sees_release(name, who, policy)
    match record:
        case Incident():
            return may_see(record, who, policy)
        case Freeze():
            return not record.services or any(sees_service(service, who, policy) for service in record.services)
        case External():
            return sees_release(record.release, who, policy)
        case Change() | Ticket() | Deployment():
            return who.may_see(record.repository)
        case _:
            return False
