"""What does a text about an incident say that it came from?

Whoever writes there belongs to the organisation, so that their word counts: ``caused by acme/api#101``, ``root cause:
acme/api@1f2e3d4``, or the address of a change or commit. A bare commit, whose repository nobody names, is
``commit:@1f2e3d4``; a bare ``#101`` names nothing.
"""

import re
from collections.abc import Iterator

from storage.intake.directives import from_prose, prose

_LINE = re.compile(
    r"^[ \t]*(?:[-*+][ \t]+)?[*_]{0,2}(?:root[ -]cause|caused[ -]by)[*_]{0,2}:?[*_]{0,2}[ \t]*(?P<rest>[^\n]{0,500})",
    re.IGNORECASE | re.MULTILINE,
)
_COMMIT = re.compile(
    r"https?://[^\s/]+/(?P<far>[\w.-]+/[\w.-]+)/(?:-/)?commit/(?P<linked>[0-9a-f]{7,64})\b"
    r"|(?<![\w/.-])(?P<near>[\w.-]+/[\w.-]+)@(?P<sha>[0-9a-f]{7,64})\b"
    r"|(?<![\w#/@])(?=[0-9a-f]*\d)(?P<bare>[0-9a-f]{7,64})\b",
    re.IGNORECASE,
)
_MOST = 20  # causes of one text


def causes(*texts: str | None) -> list[str]:
    """The objects that these texts name as what an incident came from, each once, in order."""
    found = (name for text in texts if text for name in _of(prose(text)))
    return list(dict.fromkeys(found))[:_MOST]


def _of(plain: str) -> Iterator[str]:
    for name in from_prose(plain, "").root_causes:
        if not name.startswith("commit:") and "/" in name:
            yield name
    for line in _LINE.finditer(plain):
        for commit in _COMMIT.finditer(line["rest"]):
            repository, sha = commit["far"] or commit["near"] or "", commit["linked"] or commit["sha"] or commit["bare"]
            yield f"commit:{repository}@{sha.lower()}"
