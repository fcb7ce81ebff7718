"""Up to when does what a receiver looked at hold all that had landed: which commit or version do their words name?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.handoffs.later import release_of, shas
from assistant.handoffs.places import lands_in
from assistant.handoffs.standing import Stand
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.naming import kind_of, version_key
from storage.records import Change, ObjectKind

if TYPE_CHECKING:
    from storage.ledger import Ledger

_LONGEST = 200  # characters of what somebody says that they looked at; a name is within


def known_as_of(words: str, stand: Stand, policy: Policy, who: "Sight", ledger: "Ledger") -> datetime | None:
    """The landing of the one commit that these words name in the scope of a handoff, else when a version came out.

    The head of the change that it is about holds all that there is of it now. None where the scope knows neither, or
    several commits begin so.
    """
    said, about = words[:_LONGEST], stand.handoff.about
    change = ledger.get([about]).get(about)
    if isinstance(change, Change) and _heads(change, shas(said)):
        return who.now
    where = _scope(about, policy, who.viewer, ledger.repositories())
    landed = ledger.landed([(name, sha) for name in where for sha in shas(said)])
    if landed:
        return _on_its_branch(next(iter(landed.values())), about, policy) if len(landed) == 1 else None
    return _came_out(said, where, ledger)


@dataclass(frozen=True, slots=True)
class Sight:
    """Who says that they looked at it, and when."""

    viewer: Viewer
    now: datetime


def _heads(change: Change, said: Iterable[str]) -> bool:
    return change.head_sha is not None and any(change.head_sha.casefold().startswith(sha) for sha in said)


def _scope(about: str, policy: Policy, viewer: Viewer, known: Iterable[str]) -> list[str]:
    """The repositories, casefolded, in which what is part of a thing lands; those that the viewer may see."""
    its = lands_in(about, policy)
    return sorted({one.casefold() for one in (known if its is None else its) if viewer.may_see(one)})


def _came_out(said: str, where: Iterable[str], ledger: "Ledger") -> datetime | None:
    """When the one version that these words name was published; all of them, else each by itself.

    Where it came out in several places, the first. A bare number is somebody's server or build, not a version.
    """
    scope = frozenset(where)
    for words in ((said,), said.split()):
        keys = {version_key(_bare(word)) for word in words if _is_version(_bare(word))}
        out = {key: at for key in sorted(keys) if key and (at := _first(key, scope, ledger))}
        if len(out) == 1:
            return next(iter(out.values()))
        if out:
            return None
    return None


def _first(key: str, where: frozenset[str], ledger: "Ledger") -> datetime | None:
    named = ledger.named(key, where)
    return min((one.at for one in named if one.source == "published" and one.at), default=None)


def _bare(word: str) -> str:
    return word.strip(" \t.,;:!?()[]\"'`")


def _is_version(word: str) -> bool:
    return any(map(str.isdigit, word)) and not word.isdigit()


def _on_its_branch(places: Mapping[str, datetime], about: str, policy: Policy) -> datetime:
    """When a commit came to the branch of the release that a thing is; else when it first landed anywhere."""
    keys = release_of(about, policy).keys if kind_of(about) == ObjectKind.RELEASE else ()
    return min(at for branch, at in places.items() if version_key(branch) in keys or not _any_of(places, keys))


def _any_of(places: Iterable[str], keys: Iterable[str]) -> bool:
    wanted = set(keys)
    return any(version_key(branch) in wanted for branch in places)
