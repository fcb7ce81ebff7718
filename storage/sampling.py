"""How long did such things take before, and how did the recent days go? Columns and counts, never records."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

import numpy as np

from storage.database import MOST, Row, Session, holes
from storage.facts import MergedSamples, Needs, Samples
from storage.instants import stamp
from storage.production import Merge, Targets, arms, arrivals
from storage.records import TurnKind
from storage.shelf import Shelf

RECENT_EVENTS = 2000  # newest events in which accounts are looked for
_ARMS = MOST // 4  # scopes in one statement
_SECOND = 1e6  # microseconds
_TURNS = "SELECT began_at, ended_at, cleared_at FROM turn WHERE kind = ?"
_LABELLED = """
    SELECT t.began_at, t.ended_at, t.cleared_at FROM link l JOIN turn t ON t.object = l.object
    WHERE l.target IN ({}) AND l.relation = 'label' AND t.kind = 'open' AND t.began_at >= ?"""
_HANDOFFS = (  # about a release or a service: they belong to no repository
    "SELECT began_at, ended_at, cleared_at FROM turn WHERE kind = 'handoff_open' AND scope IS NULL AND began_at >= ?"
)
_INCIDENTS = "SELECT began_at, done_at, done_at FROM state WHERE kind = 'incident' AND began_at >= ?"
_NEWEST_TURNS = "ORDER BY 1 DESC, 2 DESC, 3 DESC LIMIT ?"
_MERGES = "SELECT landed_at, scope, branch FROM state WHERE kind = 'change' AND scope = ? AND landed_at >= ?"
_RECENT = "SELECT began_at, claimed FROM state WHERE kind = 'change' AND scope = ? AND began_at >= ?"
_ACTORS = "SELECT at, actor FROM event WHERE scope = ? AND at >= ? AND actor IS NOT NULL"
_SCOPES = """
    WITH RECURSIVE scopes(scope) AS (
        SELECT min(scope) FROM event UNION ALL
        SELECT (SELECT min(e.scope) FROM event e WHERE e.scope > scopes.scope) FROM scopes WHERE scope IS NOT NULL
    ) SELECT scope FROM scopes WHERE scope IS NOT NULL"""


class Sampling:
    """The past of the asked sets of repositories, within what may be seen."""

    def __init__(self, session: Session, shelf: Shelf, needs: Needs, now: datetime) -> None:
        self._session, self._shelf, self._needs = session, shelf, needs
        self._since = stamp(now - timedelta(days=needs.sample_days))
        self._recently = stamp(now - timedelta(days=needs.recent_days))

    def samples(self) -> dict[str, dict[str, Samples]]:
        """Of each set the newest turns of each kind that has any."""
        return {name: self._turns(scopes) for name, scopes in self._needs.sample_sets.items()}

    def merged(self, targets: Targets) -> dict[str, MergedSamples]:
        """Of each set the newest merges and when they reached production."""
        return {name: self._merged(scopes, targets) for name, scopes in self._needs.sample_sets.items()}

    def recent(self) -> tuple[int, int]:
        """How many changes were opened in the recent days (at most ``recent_limit``), and how many say no release."""
        rows = self._newest(_RECENT, self._everywhere(), self._recently, self._needs.recent_limit)
        return len(rows), sum(1 for _, claimed in rows if not claimed)

    def actors(self) -> list[str]:
        """The accounts that acted in the recent days."""
        found: set[str] = set()
        everywhere = self._everywhere()
        for start in range(0, len(everywhere), _ARMS):
            union, values = arms(_ACTORS, everywhere[start : start + _ARMS], self._recently)
            newest = f"SELECT DISTINCT actor FROM ({union} ORDER BY 1 DESC LIMIT ?) AS newest"
            found |= {row[0] for row in self._session.all(newest, (*values, RECENT_EVENTS))}
        return sorted(found)

    def _everywhere(self) -> list[str]:
        """What the question is about; asked about nothing in particular: every repository that may be seen."""
        needs = self._needs
        asked = [*needs.open_in, *needs.undeployed_in, *needs.blockers_in, *needs.incidents_in, *needs.deployments_in]
        return self._shelf.visible(asked) or self._allowed(None)

    def _allowed(self, repositories: Sequence[str] | None) -> list[str]:
        if repositories is not None:
            return self._shelf.visible(repositories)
        return sorted(self._shelf.scopes) if self._shelf.scopes is not None else scopes(self._session)

    def _turns(self, repositories: Sequence[str] | None) -> dict[str, Samples]:
        found = {}
        for kind in TurnKind:
            if kind is TurnKind.HANDOFF_OPEN:
                continue
            rows = self._turns_of(kind.value, repositories)
            if rows:
                found[kind.value] = _columns(rows)
        self._with_handoffs(found, repositories)
        labels = (("blocker_bug", self._needs.blocker_labels), ("incident_open", self._needs.incident_labels))
        for name, wanted in labels:
            rows = self._labelled(wanted, repositories)
            if name == "incident_open":
                rows = self._with_incidents(rows)
            if rows:
                found[name] = _columns(rows)
        return found

    def _labelled(self, labels: Sequence[str], repositories: Sequence[str] | None) -> list[Row]:
        """The turns of the newest tickets with one of these labels."""
        sql, values = _LABELLED, list[str | int]([self._since])
        if repositories is not None or self._shelf.scopes is not None:
            allowed = self._allowed(repositories)
            sql, values = f"{_LABELLED} AND t.scope IN ({holes(len(allowed))})", [self._since, *allowed]
        wanted = [label.casefold() for label in labels]
        return self._session.among(f"{sql} {_NEWEST_TURNS}", wanted, *values, self._needs.sample_limit)

    def _with_incidents(self, rows: list[Row]) -> list[Row]:
        """Those of labelled tickets beside those of sources of incidents, which belong to no repository."""
        told = self._session.all(f"{_INCIDENTS} {_NEWEST_TURNS}", (self._since, self._needs.sample_limit))
        if not told:
            return rows
        return sorted([*rows, *told], key=itemgetter(0), reverse=True)[: self._needs.sample_limit]

    def _with_handoffs(self, found: dict[str, Samples], repositories: Sequence[str] | None) -> None:
        """Those about things of no repository beside the others, but in no team's set; each by its own turn.

        One that was done and is looked at again takes as long again as that takes.
        """
        kind = TurnKind.HANDOFF_OPEN.value
        rows = self._turns_of(kind, repositories)
        if repositories is None and self._shelf.scopes is not None:
            more = self._session.all(f"{_HANDOFFS} {_NEWEST_TURNS}", (self._since, self._needs.sample_limit))
            rows = sorted([*rows, *more], key=itemgetter(0), reverse=True)[: self._needs.sample_limit]
        if rows:
            past = _columns(rows)
            found[kind] = Samples(past.began, past.ended, past.ended)

    def _turns_of(self, kind: str, repositories: Sequence[str] | None) -> list[Row]:
        limit = self._needs.sample_limit
        if repositories is None and self._shelf.scopes is None:
            return self._session.all(f"{_TURNS} AND began_at >= ? {_NEWEST_TURNS}", (kind, self._since, limit))
        rows: list[Row] = []
        allowed = self._allowed(repositories)
        for start in range(0, len(allowed), _ARMS):
            part = allowed[start : start + _ARMS]
            union = " UNION ALL ".join([f"{_TURNS} AND scope = ? AND began_at >= ?"] * len(part))
            values = [value for scope in part for value in (kind, scope, self._since)]
            rows += self._session.all(f"{union} {_NEWEST_TURNS}", (*values, limit))
        return rows if len(allowed) <= _ARMS else sorted(rows, key=itemgetter(0), reverse=True)[:limit]

    def _merged(self, repositories: Sequence[str] | None, targets: Targets) -> MergedSamples:
        rows = self._newest(_MERGES, self._allowed(repositories), self._since, self._needs.sample_limit)
        merges = [Merge(scope, branch, at) for at, scope, branch in rows]
        deployed = arrivals(self._session, merges, targets)
        return MergedSamples(_seconds([row[0] for row in rows]), _seconds(deployed))

    def _newest(self, select: str, scopes: Sequence[str], since: int, limit: int) -> list[Row]:
        """The rows of ``select``, whose first column is an instant, that are newest over all scopes."""
        rows: list[Row] = []
        for start in range(0, len(scopes), _ARMS):
            union, values = arms(select, scopes[start : start + _ARMS], since)
            rows += self._session.all(f"{union} ORDER BY 1 DESC LIMIT ?", (*values, limit))
        return sorted(rows, reverse=True)[:limit]


def scopes(session: Session) -> list[str]:
    """Every repository that an event is of, casefolded: a loose scan, as dear as there are repositories."""
    return [row[0] for row in session.all(_SCOPES)]


def _columns(rows: Sequence[Row]) -> Samples:
    began, ended, cleared = np.array(rows, dtype=float).T / _SECOND
    return Samples(began, ended, cleared)


def _seconds(stamps: Sequence[Any]) -> "np.ndarray[Any, Any]":
    return np.array(stamps, dtype=float) / _SECOND
