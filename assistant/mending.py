"""Which deployments put right what an earlier one had brought: rollbacks and hotfixes?

A deployment is one of these where its source or a person says so. Without a word, one that takes a place back to an
older commit than the one that was out when it began is a rollback, and one from a branch or tag called hotfix a hotfix.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.records import Change, Deployment, DeploymentState

Landed = Mapping[tuple[str, str], Mapping[str, datetime]]
HOTFIX = "hotfix"
_Places = Mapping[str, Mapping[str, datetime]]  # sha -> branch -> when it landed there


class Purpose(StrEnum):
    """What such a deployment does."""

    ROLLBACK = "rollback"
    HOTFIX = "hotfix"


_SAID = frozenset(Purpose)


@dataclass(frozen=True, slots=True)
class Mending:
    """A deployment that mends, and the one that it mends: what was out there before it (None: not known)."""

    purpose: Purpose
    deployment: Deployment
    mends: Deployment | None


def out_at(deployment: Deployment) -> datetime:
    """When a deployment that succeeded was out."""
    return deployment.finished_at or deployment.created_at


def successes(deployments: Iterable[Deployment]) -> tuple[Deployment, ...]:
    """The deployments that succeeded, oldest first; a failed run is none."""
    out = (one for one in deployments if one.state is DeploymentState.SUCCEEDED)
    return tuple(sorted(out, key=lambda one: (out_at(one), one.object)))


def mendings(deployments: Iterable[Deployment], landed: Landed, changes: Iterable[Change] = ()) -> tuple[Mending, ...]:
    """Every rollback and hotfix among these deployments, oldest first; ``changes`` say which branch a commit is of."""
    merged = [change for change in changes if change.merge_sha]
    fixes = {change.merge_sha or "" for change in merged if _called_hotfix(change.head)}
    by_sha = {c.merge_sha or "": {c.base: c.merged_at} for c in merged if c.merged_at}
    by_sha |= {sha: dict(places) for (_, sha), places in landed.items()}
    before: dict[tuple[str, str], Deployment] = {}
    shas: dict[tuple[str, str], dict[str, int]] = {}  # in which order each was first out
    found = []
    for one in successes(deployments):
        place = place_of(one)
        last, earlier = before.get(place), shas.setdefault(place, {})
        purpose = _purpose(one, last, earlier, by_sha, fixes)
        if purpose:
            found.append(Mending(purpose, one, last))
        before[place] = one
        if one.sha:
            earlier.setdefault(one.sha, len(earlier))
    return tuple(found)


def place_of(deployment: Deployment) -> tuple[str, str]:
    """Where a deployment takes the place of the one before it: its service, else its repository, in an environment."""
    return (deployment.service or deployment.repository or "").casefold(), deployment.environment.casefold()


def _purpose(
    one: Deployment, last: Deployment | None, earlier: Mapping[str, int], landed: _Places, fixes: set[str]
) -> Purpose | None:
    if one.purpose in _SAID:
        return Purpose(one.purpose)
    if last and _goes_back(one, last, earlier, landed):
        return Purpose.ROLLBACK
    return Purpose.HOTFIX if one.sha in fixes or _called_hotfix(one.ref) else None


def _goes_back(one: Deployment, last: Deployment, earlier: Mapping[str, int], landed: _Places) -> bool:
    """Whether it takes a place back: by when the commits landed, else to what was first out there before the last.

    Two pipelines that only overtook each other roll nothing back.
    """
    if not one.sha or not last.sha or one.sha == last.sha or one.created_at < out_at(last):
        return False
    here, there = landed.get(one.sha, {}), landed.get(last.sha, {})
    if both := here.keys() & there.keys():
        return all(here[branch] < there[branch] for branch in both)
    return one.sha in earlier and earlier[one.sha] < earlier[last.sha]


def _called_hotfix(name: str | None) -> bool:
    return HOTFIX in (name or "").casefold()
