"""Who, by evidence, wrote this: AI, an update bot, or nobody we can tell?

Marks only, never style. Absence of a mark says nothing: the share read from marks is a floor, and unknown is not human.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from storage.attribution.rules import RULES, Rule, Where
from storage.records import Evidence

_CO_AUTHOR = re.compile(r"^[ \t]*co-authored-by:[^<\n]*<([^>\s]+)>", re.IGNORECASE | re.MULTILINE)
_LONGEST = 100_000  # characters of a text that are read; GitHub's own limit is 65,536
_HEADS = "refs/heads/"


@dataclass(frozen=True, slots=True)
class Marks:
    """What was found: evidence of AI, whether an update bot wrote it, and the addresses that were looked at."""

    evidence: tuple[Evidence, ...]
    automation: bool
    signers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Signs:
    """The places that rules read, lower case."""

    author: str = ""
    name: str = ""
    co_authors: tuple[str, ...] = ()
    text: str = ""
    branch: str = ""


def of_change(account: str, branch: str, body: str, on: date | None) -> Marks:
    """Read what a change says of itself as a whole: its account, the branch it comes from, its body.

    ``account`` is the account's no-reply address (see ``account_address``); ``on`` the day it was opened.
    """
    text = body[:_LONGEST].lower()
    signs = _Signs(
        author=account.lower(), co_authors=_co_authors(text), text=text, branch=branch.lower().removeprefix(_HEADS)
    )
    return _marks(signs, on, whole=True)


def of_commit(message: str, name: str, address: str, on: date | None) -> Marks:
    """Read one commit: who git says wrote it, and every line of its message (squashing puts trailers in the middle).

    ``on`` is its day; None leaves out the rules that held for a time only.
    """
    text = message[:_LONGEST].lower()
    return _marks(_Signs(address.lower(), name.lower(), _co_authors(text), text), on, whole=False)


def of_labels(labels: Iterable[str], ai_labels: Iterable[str]) -> tuple[Evidence, ...]:
    """Read labels by which people declare AI work; ``ai_labels`` are the configured ones. Confidence 0.6."""
    declared = {label.casefold() for label in ai_labels}
    return tuple(
        Evidence("label", 0.6, f"label {label}", whole=True) for label in labels if label.casefold() in declared
    )


def of_identities(
    addresses: Iterable[str], identities: Sequence[tuple[str, float]], *, whole: bool
) -> tuple[Evidence, ...]:
    """Match an organisation's own AI identities: patterns of e-mails or logins where ``*`` is the only wildcard."""
    if not identities:
        return ()
    seen = tuple(address.casefold() for address in addresses)
    return tuple(
        Evidence("organisation", confidence, f"identity {pattern}", whole=whole)
        for pattern, confidence in identities
        if any(_glob(pattern.casefold()).fullmatch(address) for address in seen)
    )


def account_address(login: str, number: int) -> str:
    """Write an account as its no-reply address, so that one rule knows an agent by account and by commit."""
    return f"{number}+{login}@users.noreply.github.com"


def _marks(signs: _Signs, on: date | None, *, whole: bool) -> Marks:
    found = dict.fromkeys(rule for where in Where for rule in _fired(where, signs) if _in_force(rule, on))
    automation = any(rule.automation for rule in found)
    evidence = () if automation else tuple(Evidence(r.id, r.confidence, r.detail, whole) for r in found)
    signers = tuple(dict.fromkeys(s for s in (signs.author, *signs.co_authors) if s))
    return Marks(evidence, automation, signers)


def _fired(where: Where, signs: _Signs) -> list[Rule]:
    places = [place for place in _places(where, signs) if where is Where.TEXT or _hint(where).search(place)]
    if not places:
        return []
    return [rule for rule in _rules(where) for place in places if rule.word in place and _compiled(rule).search(place)]


def _in_force(rule: Rule, on: date | None) -> bool:
    if rule.since is None and rule.until is None:
        return True
    return on is not None and (rule.since or on) <= on <= (rule.until or on)


def _places(where: Where, signs: _Signs) -> tuple[str, ...]:
    if where is Where.AUTHOR:
        return (signs.author,)
    if where is Where.CO_AUTHOR:
        return signs.co_authors
    if where is Where.ADDRESS:
        return (signs.author, *signs.co_authors)
    return ({Where.NAME: signs.name, Where.TEXT: signs.text, Where.BRANCH: signs.branch}[where],)


@cache
def _rules(where: Where) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if rule.where is where)


def _co_authors(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_CO_AUTHOR.findall(text))) if "co-authored-by" in text else ()


@cache
def _hint(where: Where) -> re.Pattern[str]:
    return re.compile("|".join(sorted({re.escape(rule.word) for rule in _rules(where)})))


@cache
def _compiled(rule: Rule) -> re.Pattern[str]:
    if rule.where is Where.TEXT:
        return re.compile(rule.pattern, re.MULTILINE)
    if rule.where is Where.BRANCH:
        return re.compile(rf"\A(?:{rule.pattern})")
    return re.compile(rf"\A(?:{rule.pattern})\Z")


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)
