"""Which release does a change or a ticket say that it is for?"""

import re
from collections.abc import Iterable, Iterator

from storage.naming import version_key
from storage.records import Corrections, Hint

_LABEL = re.compile(r"releases?\s*[:/]\s*(\S.*)", re.IGNORECASE)
_BRANCH = re.compile(r"releases?/(\S+)", re.IGNORECASE)


def hints(
    milestone: str | None,
    labels: Iterable[str],
    corrections: Corrections,
    base: str | None = None,
    versions: Iterable[str] = (),
) -> tuple[Hint, ...]:
    """Read milestone, labels ``release:X`` and ``release/X``, base branch ``release/X`` and people's assignments.

    ``versions`` are those of Jira, which are milestones by another name. It may be for several releases. An
    assignment's key is the release object. Source: definitions, "A change, bug or feature belongs by".
    """
    return tuple(dict.fromkeys(_hints((*filter(None, [milestone]), *versions), labels, corrections, base)))


def _hints(
    milestones: Iterable[str], labels: Iterable[str], corrections: Corrections, base: str | None
) -> Iterator[Hint]:
    for release, belongs in corrections.releases:
        if belongs:
            yield Hint("assigned", release, release.rpartition("@")[2])
    for milestone in milestones:
        yield Hint("milestone", version_key(milestone), milestone)
    for label in labels:
        if found := _LABEL.fullmatch(label):
            yield Hint("label", version_key(found[1]), found[1])
    if base and (found := _BRANCH.fullmatch(base)):
        yield Hint("branch", version_key(found[1]), found[1])
