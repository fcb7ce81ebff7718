"""What was going on at past moments: which turns lasted, and what had merged and was not in production yet?

Columns only: of a period there are thousands of turns, and nobody asks which.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from storage.database import MOST, Row, Session
from storage.facts import Needs, Samples
from storage.gathering import by_open
from storage.instants import stamp
from storage.production import Landings, Targets, arms, landings
from storage.records import TurnKind
from storage.sampling import scopes
from storage.shelf import Shelf

MOST_TURNS = 50_000  # of one set: the newest
_ARMS = MOST // 8
_SECOND = 1e6  # microseconds
_KINDS = ", ".join(f"'{kind}'" for kind in TurnKind if kind not in {TurnKind.IN_PROGRESS, TurnKind.OPEN})
_COLUMNS = "t.kind, t.began_at, t.ended_at, t.cleared_at"
_LASTING = f"""SELECT {_COLUMNS} FROM turn t WHERE t.kind IN ({_KINDS}) AND t.scope = ?
    AND t.began_at >= ? AND (t.ended_at IS NULL OR t.ended_at >= ?)"""
_OLDER = f"""SELECT {_COLUMNS} FROM state s JOIN turn t ON t.object = s.object
    WHERE s.open = 1 AND s.kind = 'change' AND s.scope = ? AND t.kind IN ({_KINDS})
    AND t.began_at < ? AND (t.ended_at IS NULL OR t.ended_at >= ?)"""
_DEPLOYED = "SELECT landed_at, environment, sha FROM state WHERE kind = 'deployment' AND scope = ?"
_BEFORE = 50  # deployments among which the last one before a period is looked for, of one place
_MOST_DEPLOYED = 5_000  # in the period, of one place: the newest
_MERGED = (
    "SELECT landed_at, branch FROM state WHERE kind = 'change' AND scope = ? AND landed_at >= ? AND landed_at <= ?"
)
Columns = npt.NDArray[np.float64]  # seconds since the epoch


def lasting(session: Session, shelf: Shelf, needs: Needs) -> Mapping[str, Mapping[str, Samples]]:
    """Of each set of ``turns_in``, the turns of changes that lasted at any time since ``turns_since``, by kind.

    Drafts are nobody's turn and left out. Of what began more than ``sample_days`` before that, only what belongs to a
    change that is still open is given; of the rest the newest MOST_TURNS.
    """
    if needs.turns_since is None:
        return {}
    since, first = stamp(needs.turns_since), stamp(needs.turns_since - timedelta(days=needs.sample_days))
    found = {}
    for name, repositories in needs.turns_in.items():
        places = _places(session, shelf, repositories)
        rows = _each(session, _LASTING, places, (first, since))
        rows += _each(session, by_open(_OLDER, session), places, (first, since))
        found[name] = _by_kind(sorted(rows, key=lambda row: -row[1])[:MOST_TURNS])
    return found


def backlog(session: Session, shelf: Shelf, needs: Needs, targets: Targets) -> dict[str, tuple[Columns | None, ...]]:
    """Of each set of ``turns_in`` and at each moment of ``backlog_at``: when what was not in production had merged.

    Only branches that were deployed by then count, and only merges of the ``recent_days`` before. None for a moment at
    which nothing was known to be in production.
    """
    moments = [stamp(moment) for moment in needs.backlog_at]
    found: dict[str, tuple[Columns | None, ...]] = {}
    for name, repositories in needs.turns_in.items() if moments else ():
        each = [_repository(session, place, targets, needs, moments) for place in _places(session, shelf, repositories)]
        found[name] = tuple(_together(at_once) for at_once in zip(*each, strict=True)) if each else ()
    return found


class _Out(NamedTuple):
    """The successful deployments to one environment of one place, in order: when, and of which commit."""

    at: list[int]
    sha: list[str]

    def by(self, moment: int) -> str | None:
        """The commit that was there at a moment, None before the first."""
        place = bisect_right(self.at, moment)
        return self.sha[place - 1] if place else None


def _places(session: Session, shelf: Shelf, repositories: Sequence[str] | None) -> list[str]:
    if repositories is not None:
        return shelf.visible(repositories)
    return sorted(shelf.scopes) if shelf.scopes is not None else scopes(session)


def _each(session: Session, select: str, places: Sequence[str], more: Sequence[int]) -> list[Row]:
    """The newest turns that ``select`` finds in any of these repositories."""
    rows: list[Row] = []
    for start in range(0, len(places), _ARMS):
        union, values = arms(select, places[start : start + _ARMS], *more)
        rows += session.all(f"{union} ORDER BY 2 DESC, 1, 3, 4 LIMIT {MOST_TURNS}", values)
    return rows


def _by_kind(rows: Iterable[Row]) -> dict[str, Samples]:
    kinds: dict[str, list[Row]] = {}
    for kind, *times in rows:
        kinds.setdefault(kind, []).append(tuple(times))
    return {kind: Samples(*(np.array(times, dtype=float).T / _SECOND)) for kind, times in kinds.items()}


def _repository(
    session: Session, repository: str, targets: Targets, needs: Needs, moments: Sequence[int]
) -> list[Columns | None]:
    """What had merged and was not everywhere at each moment; None where nothing was known to be out."""
    there = _deployed(session, repository, targets, moments)
    out = [[deployed.by(moment) for deployed in there] for moment in moments]
    landed = landings(session, {(repository, sha) for each in out for sha in each if sha})
    upto = [_upto(each, repository, landed) for each in out]
    known = [at for branches in upto for at in branches.values()]
    if not known:
        return [None] * len(moments)
    oldest = stamp(min(needs.backlog_at) - timedelta(days=needs.recent_days))
    merged = _merged(session, repository, max(oldest, min(known)), max(moments))
    return [_waiting(merged, *pair) for pair in zip(moments, upto, strict=True)]


def _deployed(session: Session, repository: str, targets: Targets, moments: Sequence[int]) -> list[_Out]:
    """Every environment of every place of the repository, with what was deployed there and when."""
    condition, names = targets.condition()
    told = f"{_DEPLOYED}{condition} AND sha IS NOT NULL"
    first, last = min(moments), max(moments)
    found: dict[tuple[str, str], _Out] = {}
    for scope in targets.scopes([repository]):
        within = f"{told} AND landed_at >= ? AND landed_at <= ? ORDER BY landed_at DESC LIMIT {_MOST_DEPLOYED}"
        before = f"{told} AND landed_at < ? ORDER BY landed_at DESC LIMIT {_BEFORE}"
        rows = session.all(within, (scope, *names, first, last)) + session.all(before, (scope, *names, first))
        for at, environment, sha in reversed(rows):
            out = found.setdefault((scope, environment), _Out([], []))
            out.at.append(at)
            out.sha.append(sha)
    return list(found.values())


def _upto(shas: Sequence[str | None], repository: str, landed: Landings) -> dict[str, int]:
    """Up to when each branch was out everywhere that anything was; a commit that nobody saw land says nothing."""
    there = [landed[repository, sha] for sha in shas if sha and (repository, sha) in landed]
    branches = set.intersection(*(set(places) for places in there)) if there else set()
    return {branch: min(places[branch] for places in there) for branch in branches}


def _merged(session: Session, repository: str, since: int, until: int) -> dict[str, npt.NDArray[np.int64]]:
    """When was merged to each branch."""
    found: dict[str, list[int]] = {}
    for at, branch in session.all(_MERGED, (repository, since, until)):
        found.setdefault(branch, []).append(at)
    return {branch: np.array(merged, dtype=np.int64) for branch, merged in found.items()}


def _waiting(merged: Mapping[str, npt.NDArray[np.int64]], moment: int, upto: Mapping[str, int]) -> Columns | None:
    if not upto:
        return None
    left = [merged[b][(merged[b] > out) & (merged[b] <= moment)] for b, out in upto.items() if b in merged]
    return np.concatenate(left) / _SECOND if left else np.empty(0)


def _together(each: Sequence[Columns | None]) -> Columns | None:
    """What waited in all repositories at one moment; those of which nothing was known are left out."""
    known = [columns for columns in each if columns is not None]
    return np.concatenate(known) if known else None
