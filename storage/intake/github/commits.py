"""What was pushed where?"""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import to_builtins

from storage import attribution
from storage.intake.bodies import Misfit
from storage.intake.directives import from_prose
from storage.intake.github import snapshots
from storage.intake.github.shapes import Delivered, Name, Sha, Shape, Time
from storage.intake.making import Scene, account, epoch, event, utc
from storage.records import Event, Ignored

_HEADS = "refs/heads/"
_RELEASE_LIKE = re.compile(
    r"(?!release-please)(?:releases?|rel|stable|maint|maintenance|support)(?:[/_.-]|$)|v?\d+(?:[._]|$)", re.IGNORECASE
)
MOST_FOLDERS = 20  # kept of one commit
_DEPTH = 2  # levels of a folder
_LONGEST_FOLDER = 200  # characters
_MERGE = re.compile(r"Merge (?:branch|pull request|remote-tracking branch|commit|tag)\b")


class Signature(Shape, frozen=True):
    """Who git says wrote a commit. Anybody can write any address here: evidence, never identity.

    ``username`` is the account that GitHub knows the address to be of.
    """

    name: str | None = None
    email: str | None = None
    username: str | None = None


class PushedCommit(Shape, frozen=True):
    """A commit as a push lists it, with the paths that it touches."""

    id: Sha
    message: str
    timestamp: Time | None = None
    author: Signature = Signature()
    distinct: bool = True
    added: tuple[str, ...] | None = None
    modified: tuple[str, ...] | None = None
    removed: tuple[str, ...] | None = None


class Push(Delivered, frozen=True, kw_only=True):
    """A ``push`` delivery."""

    ref: str
    before: Sha
    after: Sha
    commits: tuple[PushedCommit, ...] = ()
    created: bool = False
    deleted: bool = False
    forced: bool = False


class Reference(Delivered, frozen=True, kw_only=True):
    """A ``create`` or ``delete`` delivery."""

    ref: Name
    ref_type: str
    master_branch: str | None = None


def read_push(delivery: Push) -> list[Event] | Ignored:
    """A push to a branch; its time is the repository's ``pushed_at``, as a commit's own may be long before."""
    if not delivery.ref.startswith(_HEADS):
        return Ignored("a tag says nothing that its release does not")
    name = delivery.ref.removeprefix(_HEADS)
    repository = delivery.repository
    scene = Scene(repository.full_name, snapshots.login(delivery.sender))
    at, default = epoch(repository.pushed_at), name == repository.default_branch
    commits = [
        facts(scene.repository, c.id, c.message, c.author, c.timestamp, distinct=c.distinct) for c in delivery.commits
    ]
    data = {
        "before": delivery.before,
        "after": delivery.after,
        "forced": delivery.forced,
        "created": delivery.created,
        "deleted": delivery.deleted,
        "default": default,
        "commits": [_with_folders(told, one) for told, one in zip(commits, delivery.commits, strict=True)],
    }
    landed = [landed_event(scene, name, at, facts_of, default=default) for facts_of in commits]
    return [pushed_event(scene, name, at, data), *(landed if lands(name, default=default) else ())]


def read_created(delivery: Reference) -> list[Event] | Ignored:
    """A branch that came to be."""
    return _reference(delivery, "created", {"default_branch": delivery.master_branch})


def read_deleted(delivery: Reference) -> list[Event] | Ignored:
    """A branch that is no more."""
    return _reference(delivery, "deleted", {})


def pushed_event(scene: Scene, name: str, at: datetime | None, data: dict[str, Any], *, listed: bool = False) -> Event:
    """A push to a branch, named by what it moved the branch from and to.

    One that was read from a list (``listed``) is another event: it knows no commits, and must not stand for the one
    that does.
    """
    key = f"{data['before']}..{data['after']}{'|listed' if listed else ''}"
    return event(scene, branch(scene.repository, name), "branch.pushed", at, key, data)


def landed_event(scene: Scene, name: str, at: datetime | None, commit: dict[str, Any], *, default: bool) -> Event:
    """A commit that arrived on a branch from which releases are made."""
    data = {"branch": name, "default": default, **commit}
    return event(scene, f"commit:{scene.repository}@{commit['sha']}", "commit.landed", at, name, data)


def lands(name: str, *, default: bool) -> bool:
    """Whether commits on this branch are on their way out: the default branch, and branches named for releases."""
    return default or _RELEASE_LIKE.match(name) is not None


def facts(  # noqa: PLR0913 - a commit has these parts
    repository: str, sha: str, message: str, author: Signature, at: datetime | None, *, distinct: bool = True
) -> dict[str, Any]:
    """What is kept of a commit: no message and no name, but the marks of AI in it and what it reverts.

    ``message_key`` is equal for a commit and its rebased copy. ``signers`` are the addresses that an organisation's
    own AI identities are looked for in: those are configured, and may be told of commits long past, so every address
    is kept. ``address_of`` is the account that GitHub gives the author's address to: with it, forgetting an account
    finds its addresses (see veiling.py). Nothing else reads it.
    """
    address = author.email or ""
    marks = attribution.of_commit(message, author.name or "", address, utc(at).date() if at else None)
    asked = from_prose(message, repository)
    key = hashlib.sha256(f"{address.casefold()}\0{message.strip()}".encode("utf-8", "replace"))
    return {
        "sha": sha,
        "message_key": key.hexdigest()[:16],
        "merge": _MERGE.match(message) is not None,
        "distinct": distinct,
        "evidence": [to_builtins(one) for one in marks.evidence],
        "automation": marks.automation,
        "signers": list(marks.signers),
        "address_of": account(author.username) if address and author.username else None,
        "reverts": list(asked.reverts),
    }


def folders_of(paths: Iterable[str]) -> list[str]:
    """The folders of some paths, two levels deep, in order and at most MOST_FOLDERS.

    What lies at the top of a repository is in none: everybody touches it, so it says nothing of who knows what.
    """
    found: set[str] = set()
    for path in paths:
        parts = path.rpartition("/")[0].split("/", _DEPTH)[:_DEPTH]
        found.add("/".join(parts)[:_LONGEST_FOLDER])
    return sorted(found - {""})[:MOST_FOLDERS]


def branch(repository: str, name: str) -> str:
    """Name a branch."""
    return f"branch:{repository}:{name}"


def _with_folders(told: dict[str, Any], commit: PushedCommit) -> dict[str, Any]:
    """What is kept of a commit with the folders that it touches, where the push lists them."""
    paths = (*(commit.added or ()), *(commit.modified or ()), *(commit.removed or ()))
    folders = folders_of(paths)
    return {**told, "folders": folders} if folders else told


def _reference(delivery: Reference, verb: str, data: dict[str, Any]) -> list[Event] | Ignored:
    if delivery.ref_type == "tag":
        return Ignored("a tag says nothing that its release does not")
    if delivery.ref_type != "branch":
        message = f"a kind of reference that is not known: {delivery.ref_type[:50]}"
        raise Misfit(message)
    scene = Scene(delivery.repository.full_name, snapshots.login(delivery.sender))
    key = str(delivery.repository.pushed_at)
    return [event(scene, branch(scene.repository, delivery.ref), f"branch.{verb}", None, key, data)]
