"""How much of a change was written by AI, as far as the evidence goes?"""

from collections.abc import Mapping, Sequence
from typing import Any

from storage.attribution import of_identities, of_labels
from storage.records import Attribution, Evidence
from storage.state.bots import login_of
from storage.state.pushes import Commit
from storage.state.rules import FoldRules
from storage.state.stated import word, words

_SPEAKS_FROM = 0.5  # evidence less sure than this is kept and shown, but says nothing of the share


def attribute(told: Mapping[str, Any], commits: Sequence[Commit], rules: FoldRules) -> Attribution:
    """Weigh what a change says of itself (``told``, its attributes) and the commits it is made of.

    Sure evidence of the whole makes the share 1; else it is the share of commits with sure evidence, merges left
    out; None when no commit was seen, or when only weak evidence speaks. Never a person's correction: that stands
    beside it. Source: definitions, "Origin".
    """
    of_whole = _of_whole(told, rules)
    own = not_merges(commits, told.get("commits"))
    by_commit = [_of_commit(one, rules) for one in own]
    marked = sum(any(found.confidence >= _SPEAKS_FROM for found in evidence) for evidence in by_commit)
    automation = told.get("automation") is True or bool(own and all(one.get("automation") for one in own))
    evidence = (*of_whole, *dict.fromkeys(found for one in by_commit for found in one))
    share: float | None = None
    if any(found.confidence >= _SPEAKS_FROM for found in of_whole):
        share = 1.0
    elif own and (marked or not evidence):
        share = marked / len(own)
    return Attribution(
        share=None if automation else share,
        evidence=evidence,
        commits_seen=len(own),
        commits_with_evidence=marked,
        automation=automation,
        rules_version=word(told, "rules_version") or "",
    )


def _of_whole(told: Mapping[str, Any], rules: FoldRules) -> tuple[Evidence, ...]:
    author = word(told, "author")
    return (
        *_stated(told, whole=True),
        *of_labels(words(told, "labels"), rules.ai_labels),
        *(of_identities([login_of(author)], rules.identities, whole=True) if author and rules.identities else ()),
    )


def _of_commit(commit: Commit, rules: FoldRules) -> tuple[Evidence, ...]:
    if not commit.get("evidence") and not rules.identities:
        return ()
    return (*_stated(commit, whole=False), *of_identities(words(commit, "signers"), rules.identities, whole=False))


def _stated(data: Mapping[str, Any], *, whole: bool) -> tuple[Evidence, ...]:
    """The evidence that intake found, as records."""
    return tuple(
        Evidence(str(found.get("rule", "")), float(found.get("confidence", 0)), str(found.get("detail", "")), whole)
        for found in data.get("evidence") or ()
    )


def not_merges(commits: Sequence[Commit], count: object) -> tuple[Commit, ...]:
    """The newest ``count`` commits (None: all), merges left out; a branch may hold older ones of another change."""
    newest = commits[-count:] if isinstance(count, int) and count > 0 else commits
    return tuple(one for one in newest if not one.get("merge"))
