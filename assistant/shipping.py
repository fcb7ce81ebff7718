"""What of a subject is out, by what, and of what can nobody tell?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.situation import Situation
from assistant.subject import SubjectKind
from storage.naming import version_key
from storage.records import Change, ChangeState


@dataclass(frozen=True, slots=True)
class Out:
    """What is out: since when (None: nothing is), by what (deployments, published, both), and what nobody can tell.

    ``untold`` are repositories with something merged that no deployment was ever told of, and no published release.
    """

    at: datetime | None
    by: str | None
    untold: tuple[str, ...]


def out_of(situation: Situation) -> Out:
    """Each repository by its deployments, one that has no source of them by its published release of this version.

    A change that somebody said shipped is out. Source: definitions, "Shipped".
    """
    deployed: list[datetime] = []
    published: list[datetime] = []
    untold: list[str] = []
    members = situation.members.changes
    for repository in sorted({change.repository for change in members}):
        changes = [change for change in members if change.repository == repository]
        deployed += [at for change in changes if (at := situation.production.shipped(change))]
        if not _waits_for_word(changes, repository, situation):
            continue
        if at := _published(situation, repository):
            published.append(at)
        else:
            untold.append(repository)
    if not members and (at := _published(situation)):
        published.append(at)
    both = "both" if deployed and published else "deployments" if deployed else "published"
    at = max((*deployed, *published), default=None)
    return Out(at, both if at else None, tuple(untold))


def _waits_for_word(changes: Sequence[Change], repository: str, situation: Situation) -> bool:
    """Whether something is merged of which no deployment would tell that it is in production."""
    merged = [change for change in changes if change.state is ChangeState.MERGED]
    said = all(situation.production.shipped(change) for change in merged)
    return bool(merged) and not said and not situation.production.has_source(repository)


def _published(situation: Situation, repository: str | None = None) -> datetime | None:
    """When the release was published in a repository (None: in any of its own)."""
    if situation.subject.kind is not SubjectKind.RELEASE:
        return None
    at = [
        p.published_at
        for p in situation.facts.publications
        if p.published_at and not p.draft and not p.prerelease and not p.deleted
        and version_key(p.tag) in situation.subject.keys and situation.concerns(p.repository)
        and (repository is None or p.repository.casefold() == repository.casefold())
    ]  # fmt: skip
    return min(at, default=None)
