"""What merged in a period, when was it asked for and when did it reach production, and whose turn was it until then?

Columns, never records: a workspace merges thousands of changes in a quarter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter

import numpy as np

from storage.database import MOST, Row, Session
from storage.facts import Flow, Needs
from storage.indexing import repository_in
from storage.instants import stamp
from storage.naming import kind_of, subject_of
from storage.production import Landings, Merge, Targets, arms, arrivals
from storage.records import TurnKind
from storage.sampling import scopes
from storage.shelf import Shelf

MOST_MERGED = 20_000  # of one set: the newest
_TOGETHER = 4  # repositories whose arrivals in production are looked up at once
_ARMS = MOST // 4
_SECOND = 1e6  # microseconds
_MERGED = (
    "SELECT landed_at, object, scope, branch, began_at, sha FROM state"
    " WHERE kind = 'change' AND scope = ? AND landed_at >= ?"
)
_TURNS = "SELECT object, kind, began_at, ended_at FROM turn WHERE object IN ({}) AND ended_at IS NOT NULL"
_SAID = "SELECT object, relation, target FROM link WHERE object IN ({}) AND relation IN ('closes', 'reverts')"
_ASKED = "SELECT object, began_at, scope FROM state WHERE object IN ({}) AND kind = 'ticket'"
_LABELS = "SELECT object, target FROM link WHERE object IN ({}) AND relation = 'label'"
_KINDS = tuple(kind.value for kind in TurnKind)
_PLACE_OF = {kind: place for place, kind in enumerate(_KINDS)}


@dataclass(frozen=True, slots=True)
class Flows:
    """What merged, by the name of its set, and where and when those commits landed, which need not be looked up."""

    of: dict[str, Flow] = field(default_factory=dict)
    landed: Landings = field(default_factory=dict)


def flows(session: Session, shelf: Shelf, needs: Needs, targets: Targets) -> Flows:
    """Of each set of ``flow_in``, the changes that merged since ``flow_since``, at most MOST_MERGED, the newest."""
    found = Flows()
    if needs.flow_since is None:
        return found
    since = stamp(needs.flow_since)
    for name, repositories in needs.flow_in.items():
        places = _places(session, shelf, repositories)
        merged = sorted(_each(session, _MERGED, places, since), key=itemgetter(0, 1))[-MOST_MERGED:]
        landed: Landings = {(row[2], row[5]): {row[3]: row[0]} for row in merged if row[5] and row[3]}
        found.landed.update(landed)
        deployed = _arrived(session, merged, targets, landed)
        objects = [row[1] for row in merged]
        said = _Said(session, shelf, session.among(_SAID, objects))
        found.of[name] = _flow(merged, deployed, said, session.among(_TURNS, objects), needs)
    return found


def _places(session: Session, shelf: Shelf, repositories: Sequence[str] | None) -> list[str]:
    if repositories is not None:
        return shelf.visible(repositories)
    return sorted(shelf.scopes) if shelf.scopes is not None else scopes(session)


def _flow(
    merged: Sequence[Row], deployed: Sequence[int | None], said: "_Said", turns: Sequence[Row], needs: Needs
) -> Flow:
    objects = tuple(row[1] for row in merged)
    place_of = {name: place for place, name in enumerate(objects)}
    kept = [(place_of[name], _PLACE_OF[kind], began, ended) for name, kind, began, ended in turns]
    columns = np.array(kept, dtype=np.float64).reshape(-1, 4).T
    return Flow(
        objects=objects,
        shas=tuple(row[5] or "" for row in merged),
        requested=_seconds(said.requested(objects)),
        opened=_seconds([row[4] for row in merged]),
        merged=_seconds([row[0] for row in merged]),
        deployed=_seconds(deployed),
        fights=said.mending(objects, (*needs.bug_labels, *needs.blocker_labels, *needs.incident_labels)),
        mends=said.mending(objects, needs.incident_labels),
        undone=tuple(said.undone(place_of, {(row[2], row[5]): row[1] for row in merged if row[5]})),
        kinds=_KINDS,
        turn_of=columns[0].astype(np.int64),
        turn_kind=columns[1].astype(np.int64),
        turn_began=columns[2] / _SECOND,
        turn_ended=columns[3] / _SECOND,
        closes=tuple(said.closing(place_of)),
    )


class _Said:
    """What changes say that they close and revert, and the tickets among it that may be seen."""

    def __init__(self, session: Session, shelf: Shelf, rows: Sequence[Row]) -> None:
        self._reverts: dict[str, list[str]] = {}
        self._closes: dict[str, list[str]] = {}
        for name, relation, target in rows:
            (self._reverts if relation == "reverts" else self._closes).setdefault(name, []).append(target)
        self._opened: dict[str, int] = {}
        self._labels: dict[str, set[str]] = {}
        closed = set(chain.from_iterable(self._closes.values()))
        for name, began, scope in session.among(_ASKED, closed):
            if began is not None and (shelf.scopes is None or scope in shelf.scopes):
                self._opened[name] = began
        for name, label in session.among(_LABELS, self._opened):
            self._labels.setdefault(name, set()).add(label)

    def requested(self, objects: Sequence[str]) -> list[int | None]:
        """When the oldest ticket that each change closes was opened."""
        asked = {
            name: min((self._opened[ticket] for ticket in tickets if ticket in self._opened), default=None)
            for name, tickets in self._closes.items()
        }
        return list(map(asked.get, objects))

    def mending(self, objects: Sequence[str], labels: Iterable[str]) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Whether each change reverts another, or closes a ticket with one of these labels."""
        wanted = {label.casefold() for label in labels}
        tickets = {name for name, own in self._labels.items() if own & wanted}
        mends = self._reverts.keys() | {n for n, closed in self._closes.items() if not tickets.isdisjoint(closed)}
        return np.fromiter(map(mends.__contains__, objects), dtype=np.bool_, count=len(objects))

    def closing(self, place_of: Mapping[str, int]) -> Iterable[tuple[int, str]]:
        """(place of a change, a ticket that it closes and that may be seen)."""
        for name, tickets in self._closes.items():
            yield from ((place_of[name], ticket) for ticket in tickets if name in place_of and ticket in self._opened)

    def undone(self, place_of: Mapping[str, int], by_sha: Mapping[tuple[str, str], str]) -> Iterable[tuple[int, int]]:
        """(place of a change that reverts, place of the one that it reverts), where both are among these."""
        for name, targets in self._reverts.items():
            for target in targets:
                other = target
                if kind_of(target) == "commit":
                    sha = subject_of(target).rpartition("@")[2]
                    other = by_sha.get((repository_in(target).casefold(), sha), "")
                if name in place_of and other in place_of and other != name:
                    yield place_of[name], place_of[other]


def _each(session: Session, select: str, places: Sequence[str], since: int) -> list[Row]:
    """The rows of ``select`` of every repository from a stamp on."""
    rows: list[Row] = []
    for start in range(0, len(places), _ARMS):
        rows += session.all(*arms(select, places[start : start + _ARMS], since))
    return rows


def _arrived(session: Session, merged: Sequence[Row], targets: Targets, landed: Landings) -> list[int | None]:
    """When each merge reached production; a few repositories at a time, so that a busy one hides none of the others."""
    found: list[int | None] = [None] * len(merged)
    by_scope: dict[str, list[int]] = {}
    for place, row in enumerate(merged):
        by_scope.setdefault(row[2], []).append(place)
    ordered = sorted(by_scope)
    for start in range(0, len(ordered), _TOGETHER):
        places = list(chain.from_iterable(by_scope[scope] for scope in ordered[start : start + _TOGETHER]))
        asked = [Merge(merged[place][2], merged[place][3], merged[place][0]) for place in places]
        for place, at in zip(places, arrivals(session, asked, targets, landed), strict=True):
            found[place] = at
    return found


def _seconds(stamps: Sequence[int | None]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.array(stamps, dtype=np.float64) / _SECOND
