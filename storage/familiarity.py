"""Who knows the files that a change touches, and how much does each of them have in hand?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.database import MOST, Session
from storage.facts import Knower, Needs
from storage.gathering import MOST_WORK
from storage.indexing import repository_in
from storage.instants import instant, stamp
from storage.naming import kind_of, subject_of
from storage.production import arms
from storage.records import Account, Change, ChangeState, ObjectKind, TurnKind
from storage.shelf import Shelf

REMEMBERED = timedelta(days=180)  # what was done longer ago is forgotten by whoever did it
NEWEST = 20  # changes of a folder, and of a repository, that are looked at
MOST_KNOWERS = 10  # handed over of one change
_ARMS = MOST // 4  # places in one statement
_MOVES = "SELECT object, target FROM link WHERE relation = 'mover' AND target IN ({})"
_CHANGES = "AND object >= 'change:' AND object < 'change;'"
_HOW_MANY = (
    f"SELECT target, count(*) FROM link WHERE relation = 'mover' AND target IN ({{}}) {_CHANGES} GROUP BY target"
)
_TOOK = "SELECT object FROM link WHERE relation = 'took' AND target IN ({}) AND until >= ?"
_LABELLED = "SELECT object, target FROM link WHERE object IN ({}) AND relation = 'label'"
_WORKED = (
    "SELECT n.place, n.object, n.at, w.target FROM ({}) n JOIN link w ON w.object = n.object AND w.relation = 'worked'"
)
_TOUCHED = _WORKED.format(
    "SELECT target AS place, object, until AS at FROM link WHERE relation = 'touches' AND target = ?"
    f" AND until BETWEEN ? AND ? ORDER BY until DESC LIMIT {NEWEST}"
)
_LANDED = _WORKED.format(
    "SELECT scope AS place, object, landed_at AS at FROM state WHERE kind = 'change' AND scope = ?"
    f" AND landed_at BETWEEN ? AND ? ORDER BY landed_at DESC LIMIT {NEWEST}"
)
_Works = dict[str, dict[str, int]]  # account -> the changes that they worked on, each with when it was over


@dataclass(frozen=True, slots=True)
class Familiarity:
    """By change who knows it, best first; and by account (casefolded) how many open things wait for it."""

    familiar: Mapping[str, tuple[Knower, ...]] = field(default_factory=dict)
    in_hand: Mapping[str, int] = field(default_factory=dict)


def moves(shelf: Shelf, needs: Needs, now: datetime) -> None:
    """Load what waits for the accounts, people and teams of ``moves_of``, and what they took upon themselves.

    A person's accounts are also those that they proved theirs. Of tickets only those labelled as a blocker or an
    incident: the others are a list of wishes. What they took counts for a while (see indexing.py).
    """
    if not needs.moves_of:
        return
    wanted = {key.casefold() for key in needs.moves_of}
    wanted |= {
        subject_of(one.object).casefold()
        for one in shelf.of(Account)
        if one.person and one.person.casefold() in wanted
    }  # fmt: skip
    found = {row[0] for row in shelf.session.among(_MOVES, wanted)}
    tickets = {name for name in found if kind_of(name) == ObjectKind.TICKET}
    labels = {label.casefold() for label in (*needs.blocker_labels, *needs.incident_labels)}
    pressing = {name for name, label in shelf.session.among(_LABELLED, tickets) if label in labels}
    taken = {subject_of(row[0]) for row in shelf.session.among(_TOOK, wanted, stamp(now))}
    shelf.fetch(sorted(found - tickets | pressing | taken)[:MOST_WORK])


def familiarity(shelf: Shelf, needs: Needs, now: datetime) -> Familiarity:
    """Who knows each change of ``familiar_in`` that waits for a review.

    By the folders that it touches; where nobody is known by those, by its repository.
    """
    waiting = _waiting(shelf, needs)
    if not waiting:
        return Familiarity()
    period = (stamp(now - REMEMBERED), stamp(now))
    knowing = _known(shelf.session, _TOUCHED, {one.object: _folders(one) for one in waiting}, period, files=True)
    others = {one.object: (one.repository.casefold(),) for one in waiting if not knowing.get(one.object)}
    knowing |= _known(shelf.session, _LANDED, others, period, files=False)
    accounts = {knower.account.casefold() for knowers in knowing.values() for knower in knowers}
    accounts |= {account.casefold() for one in waiting for account in _asked(one)}
    return Familiarity(knowing, _in_hand(shelf, accounts))


def _waiting(shelf: Shelf, needs: Needs) -> list[Change]:
    asked = set(shelf.visible(needs.familiar_in))
    return [
        change
        for change in (shelf.of(Change) if asked else ())
        if change.state is ChangeState.OPEN and not change.draft and change.repository.casefold() in asked
        and (change.move is None or change.move.kind is TurnKind.REVIEW_PENDING)
    ]  # fmt: skip


def _folders(change: Change) -> tuple[str, ...]:
    scope = change.repository.casefold()
    return tuple(f"{scope}:{folder}" for folder in change.folders)


def _asked(change: Change) -> tuple[str, ...]:
    return (*change.asked, *(change.move.movers if change.move else ()))


def _known(
    session: Session, select: str, places: Mapping[str, tuple[str, ...]], period: tuple[int, int], *, files: bool
) -> dict[str, tuple[Knower, ...]]:
    """Of each change who knows the places that it touches; those of equal places are worked out once."""
    works = _works(session, select, {place for some in places.values() for place in some}, period)
    alike = {
        some: _knowers([works[place] for place in some if place in works], files=files) for some in {*places.values()}
    }
    return {name: alike[some] for name, some in places.items()}


def _works(session: Session, select: str, places: Iterable[str], period: tuple[int, int]) -> dict[str, _Works]:
    """Of each place who worked on its newest changes of a period."""
    found: dict[str, _Works] = {}
    ordered = sorted(places)
    for start in range(0, len(ordered), _ARMS):
        union, values = arms(select, ordered[start : start + _ARMS], *period)
        for place, name, at, account in session.all(union, values):
            found.setdefault(place, {}).setdefault(account, {})[name] = at
    return found


def _knowers(works: Sequence[_Works], *, files: bool) -> tuple[Knower, ...]:
    """Everybody who worked there, whoever did most often and last first."""
    together: dict[str, dict[str, int]] = {}
    called: dict[str, str] = {}
    for one in works:
        for account, changes in one.items():
            key = account.casefold()
            called[key] = min(account, called.get(key, account))
            together.setdefault(key, {}).update(changes)
    made = [(-len(changes), -max(changes.values()), key) for key, changes in together.items()]
    return tuple(Knower(called[key], -count, instant(-at), files) for count, at, key in sorted(made)[:MOST_KNOWERS])


def _in_hand(shelf: Shelf, accounts: Iterable[str]) -> dict[str, int]:
    """The open changes that wait for each account, of those that may be seen."""
    counted = dict.fromkeys(sorted(accounts), 0)
    if shelf.scopes is None:
        return counted | dict(shelf.session.among(_HOW_MANY, counted))
    for name, account in shelf.session.among(f"{_MOVES} {_CHANGES}", counted):
        counted[account] += repository_in(name).casefold() in shelf.scopes
    return counted
