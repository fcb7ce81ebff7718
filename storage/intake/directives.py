"""What does a text ask for that is not in any field: depends on, closes, reverts, root cause, part of?

Only texts of people whom the repository trusts count (owner, member, collaborator). Code, quotes and hidden comments
do not: a template's example is nobody's word. Source: definitions, "What is blocking it".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from storage.naming import jira_ticket

TRUSTED = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})

_LONGEST = 100_000  # characters that are read; GitHub's own limit is 65,536
_ANY = re.compile(r"depend|blocked|clos|fix|resolv|revert|root[ -]cause|caused|part of|requires", re.IGNORECASE)
_NO_PROSE = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|<!--.*?(?:-->|\Z)|`[^`\n]*`|^[ \t]*>[^\n]*", re.DOTALL | re.MULTILINE
)
# What looks like the key of an issue of Jira's and is none: UTF-8, SHA-256, CVE-2026.
_NO_PROJECTS = "AES|CVE|CWE|GHSA|HTTP|IEEE|IPV|ISO|MD|PEP|RFC|RSA|SHA|SSL|TLS|UTF|X"
_KEY = rf"(?P<key>\b(?!(?:{_NO_PROJECTS})-)(?-i:[A-Z][A-Z0-9_]{{1,49}})-\d{{1,9}})\b(?!-\d)"
_REFERENCE = (
    r"(?:https?://[^\s/]+/(?P<far>[\w.-]+/[\w.-]+)/(?P<what>pull|issues)/(?P<number>\d{1,9})\b"
    r"|(?P<near>[\w.-]+/[\w.-]+)?#(?P<short>\d{1,9})\b"
    rf"|(?:https?://[^\s/]+/(?:[\w.-]+/)?browse/)?{_KEY})"
)
_START = r"^[ \t]*(?:[-*+][ \t]+)?[*_]{0,2}"  # a line, a list item, bold or not
_REST = r"(?P<rest>[^\n]{0,500})"
_AFTER = r"[*_]{0,2}:?[*_]{0,2}[ \t]*"
_REFERENCES = re.compile(_REFERENCE)
_KEYS = re.compile(_KEY)
_flags = re.IGNORECASE | re.MULTILINE
_DEPENDS = re.compile(rf"{_START}(?:depends[ -]on|blocked[ -]by){_AFTER}{_REST}", _flags)
_CAUSE = re.compile(rf"{_START}(?:root[ -]cause|caused[ -]by){_AFTER}{_REST}", _flags)
_PART = re.compile(rf"{_START}part of{_AFTER}{_REST}", _flags)
_CLOSES = re.compile(rf"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t]+{_REFERENCE}", _flags)
_REVERTS = re.compile(rf"{_START}reverts?:?[ \t]+{_REFERENCE}", _flags)
_REVERTS_COMMIT = re.compile(r"\breverts commit (?P<sha>[0-9a-f]{7,64})\b", _flags)
_COMMIT = re.compile(
    r"(?<![\w#/])(?=[0-9a-f]*\d)(?P<sha>[0-9a-f]{7,64})\b|/commit/(?P<linked>[0-9a-f]{7,64})\b", _flags
)


@dataclass(frozen=True, slots=True)
class Directives:
    """Names of objects, each once, in the order of the text: ``change:o/r#7``, ``ticket:o/r#5``, ``commit:o/r@sha``.

    ``SHOP-12`` is a ticket of Jira's, ``ticket:jira/SHOP#12``.
    """

    depends_on: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    reverts: tuple[str, ...] = ()
    root_causes: tuple[str, ...] = ()
    part_of: tuple[str, ...] = ()


NONE = Directives()


def directives(text: str | None, repository: str, association: str | None) -> Directives:
    """Read the directives of a text by an author of that association; ``repository`` is where ``#7`` points."""
    if not text or association not in TRUSTED:
        return NONE
    return from_prose(prose(text), repository)


def from_prose(plain: str, repository: str) -> Directives:
    """Read the directives of a text whose author is trusted and which has no code or quotes."""
    if not _ANY.search(plain):
        return NONE
    name = partial(_named, repository=repository)
    return Directives(
        depends_on=_once(name(m, "change") for line in _DEPENDS.finditer(plain) for m in _in(line)),
        closes=_once(name(m, "ticket") for m in _CLOSES.finditer(plain)),
        reverts=_once((*(name(m, "change") for m in _REVERTS.finditer(plain)), *_reverted(plain, repository))),
        root_causes=_once(c for line in _CAUSE.finditer(plain) for c in _causes(line, repository)),
        part_of=_once(name(m, "ticket") for line in _PART.finditer(plain) for m in _in(line)),
    )


def worked_on(title: str | None, branch: str | None) -> tuple[str, ...]:
    """The tickets of Jira's that a change says it is the work on: the keys in its title and in its branch's name.

    What takes a change back is no work on them.
    """
    if (title or "").lstrip().casefold().startswith("revert"):
        return ()
    found = (match["key"] for text in (title, branch) for match in _KEYS.finditer((text or "")[:500]))
    return _once(name for key in found if (name := jira_ticket(key)))


def prose(text: str) -> str:
    """The text without code, quotes and hidden comments: what its author says in their own words."""
    return _NO_PROSE.sub(" ", text[:_LONGEST].replace("\r\n", "\n"))


def _named(match: re.Match[str], kind: str, repository: str) -> str:
    if match["key"]:
        return jira_ticket(match["key"]) or ""
    where = match["far"] or match["near"] or repository
    if where.casefold() == repository.casefold():
        where = repository  # however the text spells it
    if match["far"]:
        return f"{'change' if match['what'] == 'pull' else 'ticket'}:{where}#{int(match['number'])}"
    return f"{kind}:{where}#{int(match['short'])}"


def _in(line: re.Match[str]) -> Iterator[re.Match[str]]:
    return _REFERENCES.finditer(line["rest"])


def _reverted(plain: str, repository: str) -> Iterator[str]:
    return (f"commit:{repository}@{m['sha'].lower()}" for m in _REVERTS_COMMIT.finditer(plain))


def _causes(line: re.Match[str], repository: str) -> Iterator[str]:
    for match in _in(line):
        yield _named(match, "change", repository)
    for match in _COMMIT.finditer(line["rest"]):
        yield f"commit:{repository}@{(match['sha'] or match['linked']).lower()}"


def _once(names: "Iterator[str] | tuple[str, ...]") -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
