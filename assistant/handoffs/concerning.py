"""Which handoffs are a subject's: about it, or about something that it is made of?"""

from collections.abc import Iterable

from assistant.handoffs.places import kept_in
from assistant.membership import closes
from assistant.policy import Policy
from assistant.situation import Situation
from assistant.subject import Subject, SubjectKind
from storage.naming import is_tracker, kind_of
from storage.records import Handoff, ObjectKind


def concerns(about: str, situation: Situation) -> bool:
    """Whether a handoff about this thing is one of the subject's own.

    A release has its own, those of its members and those of its product's services; a change or ticket its own; every
    other subject all that is in its repositories.
    """
    subject, kind = situation.subject, kind_of(about)
    if subject.object and about.casefold() == subject.object.casefold():
        return True
    if subject.kind is SubjectKind.CHANGE or (subject.kind is SubjectKind.RELEASE and kind == ObjectKind.RELEASE):
        return False
    if subject.kind is SubjectKind.RELEASE and kind in {ObjectKind.CHANGE, ObjectKind.TICKET}:
        names = [change.object for change in situation.members.changes]
        names += [ticket.object for ticket in situation.members.tickets]
        return about.casefold() in {name.casefold() for name in names}
    return nearby(about, situation)


def nearby(about: str, situation: Situation) -> bool:
    """Whether it is about anything in the subject's repositories: who hands off there would do so for the subject.

    What a tracker keeps is where the changes are that close it.
    """
    where = _repositories(about, situation.policy)
    if where is None and kind_of(about) == ObjectKind.TICKET:
        where = [change.repository for change in situation.changes.values() if about in closes(change)]
        return situation.subject.repositories is None or any(map(situation.concerns, where))
    return where is None or any(map(situation.concerns, where))


def within(handoffs: Iterable[Handoff], subject: Subject, policy: Policy) -> tuple[Handoff, ...]:
    """Of some handoffs those that may be about anything in a subject's repositories, before anything else is known."""
    if subject.repositories is None:
        return tuple(handoffs)
    scope = {name.casefold() for name in subject.repositories}
    return tuple(one for one in handoffs if _meets(_repositories(one.about, policy), scope))


def _meets(where: Iterable[str] | None, scope: set[str]) -> bool:
    return where is None or any(name.casefold() in scope for name in where)


def _repositories(about: str, policy: Policy) -> Iterable[str] | None:
    """The repositories of what a handoff is about; None: anywhere, as a tracker's tickets are."""
    where = kept_in(about, policy)
    return None if where and any(map(is_tracker, where)) else where
