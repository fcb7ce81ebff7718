"""Which commit is an artifact built from?

An artifact goes by its package URL. Some of those say the commit themselves; of others it was said when the artifact
was packaged or published, and whoever deploys it only names the artifact.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from storage.intake.bodies import fit
from storage.intake.cdevents.shapes import CDEvent, Packaged
from storage.intake.making import bounded

_FORGES = frozenset({"github", "gitlab", "bitbucket", "gitea"})  # types of package whose version is a commit or a tag
_SAYS = ("commit", "sha", "revision", "vcs_ref")  # qualifiers, or keys of customData, that name a commit
_COMMIT = re.compile(r"[0-9a-f]{7,40}|[0-9a-f]{64}", re.IGNORECASE)
_WHOLE = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)


def artifact(purl: str) -> str:
    """Name an artifact by its package URL, however it is escaped and whatever qualifies it."""
    return bounded(f"artifact:{unquote(purl.partition('#')[0].partition('?')[0])}")


def commit_of(purl: str) -> str | None:
    """The commit that a package URL says: as its version, or among its qualifiers."""
    path, _, query = purl.partition("#")[0].partition("?")
    told = dict(parse_qsl(query, max_num_fields=50)) if query.count("&") < 50 else {}  # noqa: PLR2004  more are odd
    said = [*(told.get(key) for key in _SAYS), told.get("vcs_url", "").rpartition("@")[2]]
    version = unquote(path).rpartition("@")[2] if "@" in unquote(path) else ""
    if path.removeprefix("pkg:").partition("/")[0].lower() in _FORGES:
        said.append(version)
    for text in said:
        if text and _COMMIT.fullmatch(text):
            return text.lower()
    return next((t.lower() for t in (version, told.get("tag", "")) if _WHOLE.fullmatch(t)), None)


def commit_said(custom: object) -> str | None:
    """The commit that somebody's own data beside an event names."""
    said = (custom.get(key) for key in _SAYS) if isinstance(custom, Mapping) else ()
    return next((text.lower() for text in said if isinstance(text, str) and _COMMIT.fullmatch(text)), None)


def told_of(told: CDEvent) -> dict[str, Any] | None:
    """What an event says of the artifact that it is about: its commit; None where it says none."""
    change = fit(told.subject.content, Packaged).change
    named = change.id if change and _COMMIT.fullmatch(change.id) and not change.id.isdecimal() else None
    sha = commit_said(told.custom_data) or (named and named.lower()) or commit_of(told.subject.id)
    return {"sha": sha} if sha else None
