"""When did a merged change reach production?

With the first succeeded deployment, in one of the environments asked about, of a commit that landed on the change's
branch at or after its merge. A deployment says a commit; the commit, or the change that it merged, says where and when
it landed. A commit that neither speaks of counts for nothing. Worked out when asked, never stored.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from storage.database import MOST, Row, Session, holes
from storage.indexing import service_scope

WINDOW = 1000  # deployments looked at together
ROUNDS = 5  # windows at most, for one question
_SHA = 40  # characters of a whole commit id; a pipeline may say fewer
_SHORT = re.compile(r"[0-9a-f]{7,39}")  # fewer characters name no commit
_LANDING = "SELECT scope, sha, branch, landed_at FROM state WHERE kind <> 'deployment' AND landed_at IS NOT NULL AND"
_BEGINNING = (
    "SELECT DISTINCT scope, ?, sha FROM state WHERE sha >= ? AND sha < ? AND scope = ? AND kind <> 'deployment'"
)
_DEPLOYED = (
    "SELECT landed_at, scope, sha FROM state"
    " WHERE kind = 'deployment' AND scope = ? AND landed_at >= ? AND sha IS NOT NULL"
)
Landings = dict[tuple[str, str], dict[str, int]]  # (repository, sha) -> branch -> when it landed there


class Merge(NamedTuple):
    """A merge into a branch of a repository at a stamp."""

    scope: str
    branch: str
    at: int


@dataclass(frozen=True, slots=True)
class Targets:
    """What counts as production: ``environments`` (none: every one), and whose repository each service is.

    ``within`` is the one scope whose deployments count, None where all do.
    """

    environments: tuple[str, ...] = ()
    services: Mapping[str, str] = field(default_factory=dict)
    within: str | None = None

    def scopes(self, repositories: Iterable[str]) -> dict[str, str]:
        """The scopes under which deployments of ``repositories`` are kept, each with its repository."""
        wanted = {name.casefold() for name in repositories}
        told = {service_scope(service): name.casefold() for service, name in self.services.items()}
        every = {name: name for name in wanted} | {scope: name for scope, name in told.items() if name in wanted}
        return {scope: name for scope, name in every.items() if self.within in {None, scope}}

    def condition(self) -> tuple[str, list[str]]:
        """The condition on a deployment's environment, and what is bound to it."""
        names = [name.casefold() for name in self.environments]
        return (f" AND environment IN ({holes(len(names))})" if names else ""), names


def landings(session: Session, commits: Iterable[tuple[str, str]]) -> Landings:
    """On which branches, and when, each commit (repository, sha) landed; absent where it never did.

    A sha may be the beginning of one, where only one commit or merge of the repository begins so.
    """
    wanted = set(commits)
    whole = _whole(session, wanted)
    landed: Landings = {}
    for scope, sha, branch, at in session.among(f"{_LANDING} sha IN ({{}})", {sha for _, sha in whole.values()}):
        if branch is not None:
            branches = landed.setdefault((scope, sha), {})
            branches[branch] = max(at, branches.get(branch, at))
    return {said: landed[meant] for said, meant in whole.items() if meant in landed}


def _whole(session: Session, commits: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """Each commit as it was said, with its whole sha; one that begins like several, or like none, is left out."""
    said = set(commits)
    short = sorted((scope, sha) for scope, sha in said if _SHORT.fullmatch(sha))
    found: dict[tuple[str, str], set[str]] = {}
    for start in range(0, len(short), MOST // 8):
        part = short[start : start + MOST // 8]
        values = [value for scope, sha in part for value in (sha, sha, f"{sha}g", scope)]
        for scope, beginning, sha in session.all(" UNION ALL ".join([_BEGINNING] * len(part)), values):
            found.setdefault((scope, beginning), set()).add(sha)
    unique = {key: (key[0], shas.pop()) for key, shas in found.items() if len(shas) == 1}
    return {(scope, sha): (scope, sha) for scope, sha in said if len(sha) >= _SHA} | unique


def arrivals(
    session: Session, merges: Sequence[Merge], targets: Targets, known: Landings | None = None
) -> list[int | None]:
    """When each merge reached production, None where it has not; ``known`` landings are not looked up again."""
    found: list[int | None] = [None] * len(merges)
    waiting = sorted(range(len(merges)), key=lambda number: merges[number].at)
    since = 0
    for _ in range(ROUNDS):
        if not waiting:
            break
        since = max(since, merges[waiting[0]].at)
        rows = _deployed(session, targets, {merges[number].scope for number in waiting}, since)
        reach = _reach(session, rows, known or {})
        for number in waiting:
            found[number] = _first(reach, merges[number])
        waiting = [number for number in waiting if found[number] is None]
        if len(rows) < WINDOW:
            break
        since = rows[-1][0]
    return found


def arms(select: str, scopes: Sequence[str], *more: object) -> tuple[str, list[object]]:
    """One arm of a union for each scope, so that the database merges their indexes; and what is bound to it."""
    return " UNION ALL ".join([select] * len(scopes)), [value for scope in scopes for value in (scope, *more)]


def _deployed(session: Session, targets: Targets, repositories: set[str], since: int) -> list[Row]:
    """(when, repository, sha) of the first WINDOW deployments from ``since`` on, in order."""
    condition, names = targets.condition()
    scopes = targets.scopes(repositories)
    rows: list[Row] = []
    ordered = sorted(scopes)
    for start in range(0, len(ordered), MOST // 4):
        union, values = arms(_DEPLOYED + condition, ordered[start : start + MOST // 4], since, *names)
        rows += session.all(f"{union} ORDER BY 1 LIMIT {WINDOW}", values)
    return sorted((at, scopes[scope], sha) for at, scope, sha in rows)[:WINDOW]


def _reach(
    session: Session, rows: Sequence[Row], known: Landings
) -> dict[tuple[str, str], tuple[list[int], list[int]]]:
    """For each (repository, branch): up to what it was deployed so far, ascending, and by the deployments when."""
    known = known | landings(session, {(scope, sha) for _, scope, sha in rows} - known.keys())
    reach: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for at, scope, sha in rows:
        for branch, landed in known.get((scope, sha), {}).items():
            reach.setdefault((scope, branch), []).append((landed, at))
    return {
        place: (list(accumulate((landed for landed, _ in steps), max)), [at for _, at in steps])
        for place, steps in reach.items()
    }


def _first(reach: Mapping[tuple[str, str], tuple[list[int], list[int]]], merge: Merge) -> int | None:
    """The first deployment from the merge on that reaches it."""
    upto, when = reach.get((merge.scope, merge.branch), ([], []))
    place = bisect_left(upto, merge.at)
    return when[place] if place < len(upto) else None
