"""Whose move is it after what people said of it themselves: who took it, and who said that it is not theirs?

Only what was said since the turn began counts: a later turn asks anew.
"""

from datetime import datetime

from assistant.blockers.blocker import Owner
from assistant.situation import Situation
from storage.records import Change

Owners = tuple[Owner, ...]


def takers(change: Change, since: datetime, situation: Situation) -> Owners:
    """Whoever took the review of a change since an instant; never its author."""
    attention, people = situation.attention(change.object), situation.people
    marks = attention.taken if attention else ()
    takers = (mark.by for mark in marks if mark.at >= since and not people.same(mark.by, change.author))
    return situation.owners(takers)


def willing(owners: Owners, name: str, since: datetime | None, situation: Situation) -> Owners:
    """Those of the owners of a thing who have not said since an instant that it is not theirs."""
    attention, people = situation.attention(name), situation.people
    if attention is None:
        return owners
    declined = [mark.by for mark in attention.declined if since is None or mark.at >= since]
    return tuple(owner for owner in owners if not any(people.same(owner.key, by) for by in declined))
