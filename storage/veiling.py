"""How does a forgotten person stay forgotten when a source speaks of them again?

The ledger keeps keyed hashes of forgotten names, never the names. Each word of an arriving event is hashed and, where
it is one of those, replaced by the pseudonym that the same key gives: redeliveries and backfills then meet the events
they are copies of. While nobody was ever forgotten this costs nothing.

An e-mail is somebody's when the configuration says so, when what stands before its @ is their login (no-reply
addresses too), and when GitHub gave it to their account beside a commit; from then on wherever it stands. One that is
none of these, say in another's "Co-authored-by", is not known to be theirs and stays.
"""

import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from storage.database import Session
from storage.records import Event

FORGOTTEN = "SELECT value FROM meta WHERE key = 'forgotten'"  # the key and the hashes, separated by spaces
_CACHED = 100_000  # words whose hash is remembered
_WORD = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail
    r"|(?<![\w/.])(?:person|github|gitlab|pagerduty|slack|terminal)/[\w.\[\]-]+"  # a person or an account
    r"|(?<![\w/.])jira/[\w.@:+-]+"  # an account of Jira's
    r"|@?[\w-]+",  # a mention, or any word
)
_NOREPLY = re.compile(r"(?:\d+\+)?([\w\[\]-]+)@users\.noreply\.github\.com", re.IGNORECASE)
_LOGIN = re.compile(r'"(?:login|username|accountId)"\s*:\s*"([^"\\]+)"')
_ESCAPED = re.compile(r"\\[nrt]")


class Veil:
    """Replaces what was forgotten; ``said`` is the value of FORGOTTEN, empty when nobody was."""

    def __init__(self, said: str = "") -> None:
        self.said = said
        key, *hashes = said.split() or [""]
        self._key = bytes.fromhex(key)
        self._hashes = frozenset(hashes)
        self._known: dict[str, str] = {}

    def with_more(self, tokens: set[str]) -> "Veil":
        """A veil that also hides ``tokens``: ``person/<key>``, ``login:<login>``, ``bare:<login>``, ``mail:<mail>``."""
        hashes = self._hashes | {self._hash(token) for token in tokens}
        return Veil(" ".join([self._key.hex(), *sorted(hashes)]))

    def event(self, event: Event) -> Event:
        """The event without those who were forgotten; its repository and the names of what is in it stay."""
        if not self._hashes:
            return event
        theirs = {address for account, address in signed(event.data) if self.text(account) != account}
        theirs |= {name for account, name in called(event.data) if self.text(account) != account}
        return rewritten(event, lambda said: self.pseudonym(said) if said in theirs else self.text(said))

    def text(self, text: str) -> str:
        """A text with every forgotten word replaced."""
        return _WORD.sub(self._replaced, text) if self._hashes else text

    def hides(self, body: bytes) -> bool:
        """Whether a raw body speaks of somebody forgotten, so that it must not be kept."""
        if not self._hashes:
            return False
        text = _ESCAPED.sub(" ", body.decode("utf-8", "replace"))
        if any(self._has(f"login:{login.casefold()}") for login in set(_LOGIN.findall(text))):
            return True
        return any(self._replaced(word) != word[0] for word in _WORD.finditer(text))

    def pseudonym(self, login: str) -> str:
        """What stands for a login: the same for the same login in the same ledger."""
        return f"forgotten-{self._hash(login)[:12]}"

    def _replaced(self, match: re.Match[str]) -> str:
        word = match[0]
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= _CACHED:
                self._known.clear()
            known = self._known[word] = self._veiled(word)
        return known

    def _veiled(self, word: str) -> str:
        lower = word.casefold()
        if noreply := _NOREPLY.fullmatch(lower):
            return self.pseudonym(noreply[1]) if self._has(f"login:{noreply[1]}") else word
        prefix, slash, login = lower.rpartition("/")
        if slash:
            hidden = self._has(lower) if prefix == "person" else self._has(f"login:{login}")
            return f"{prefix}/{self.pseudonym(login)}" if hidden else word
        if lower.startswith("@"):
            return f"@{self.pseudonym(lower[1:])}" if self._has(f"login:{lower[1:]}") else word
        if "@" in lower:
            hidden = self._has(f"mail:{lower}") or self._has(f"login:{lower.partition('@')[0]}")
            return self.pseudonym(lower) if hidden else word
        return self.pseudonym(lower) if self._has(f"bare:{lower}") else word

    def _has(self, token: str) -> bool:
        return self._hash(token) in self._hashes

    def _hash(self, token: str) -> str:
        return hmac.digest(self._key, token.encode("utf-8", "replace"), "sha256").hex()[:24]


def rewritten(event: Event, text: Callable[[str], str]) -> Event:
    """The event with ``text`` put through its words; its repository stays, and the names of what is in it."""
    name = _object(event.object, text)
    rest = event.identity.removeprefix(event.object)
    identity = text(rest) if rest == event.identity else name + text(rest)
    actor = None if event.actor is None else text(event.actor)
    return replace(event, identity=identity, object=name, actor=actor, data=_data(event.data, text))


def signed(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The accounts that an event's commits name, each with the address that is known to be the account's."""
    for commit in (data, *(data.get("commits") or ())):
        account, signers = commit.get("address_of"), commit.get("signers")
        if account and signers:
            yield account, signers[0]  # the author's, before those of co-authors


def called(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The accounts that an incident or a ticket is assigned to, each with the name that its source gives them."""
    for told in (data, data.get("snapshot")):
        accounts, names = (told.get("assignees"), told.get("names")) if isinstance(told, Mapping) else (None, None)
        if isinstance(accounts, list | tuple) and isinstance(names, list | tuple):
            pairs = zip(accounts, names, strict=False)
            yield from ((key, name) for key, name in pairs if isinstance(key, str) and isinstance(name, str))


def _object(name: str, text: Callable[[str], str]) -> str:
    """An object's name: an account is rewritten, and the name of a branch, never the repository."""
    kind, _, subject = name.partition(":")
    if kind == "account":
        return f"{kind}:{text(subject)}"
    repository, colon, branch = subject.partition(":")
    return f"{kind}:{repository}{colon}{text(branch)}" if kind == "branch" else name


def _data(value: Any, text: Callable[[str], str]) -> Any:  # noqa: ANN401  any JSON
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {key: _data(inner, text) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_data(inner, text) for inner in value]
    return value


def veil_of(session: Session, had: Veil) -> Veil:
    """The veil as the database has it: ``had`` where that is still right."""
    row = session.one(FORGOTTEN)
    said = row[0] if row else ""
    return had if said == had.said else Veil(said)
