"""Which person do these accounts, ids and words mean, and how are they called?"""

import re
from collections.abc import Iterable

from assistant.deciding import LONGEST_NAME, Refused, cleaned
from assistant.policy import Policy
from assistant.policy.model import near

_SLACK_MENTION = re.compile(r"<@([UW][A-Z0-9]{1,20})(?:\|[^>]*)?>")
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?(?:\[bot\])?")
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{1,20}")
_NAMED_AT_MOST = 5


def canonical(key: str, policy: Policy) -> str:
    """Reduce ``github/<login>``, ``slack/<id>`` to ``person/<key>`` where the configuration knows whose they are."""
    source, _, name = key.partition("/")
    if source == "person":
        return key
    owner = _accounts(policy).get((source, name.casefold()))
    return f"person/{owner}" if owner else key


def same_person(one: str, other: str, policy: Policy) -> bool:
    """Whether two keys are known to be the same person's."""
    return canonical(one, policy).casefold() == canonical(other, policy).casefold()


def called(key: str, policy: Policy) -> str:
    """How a person or account is called in a sentence: their name, else their login."""
    source, _, name = canonical(key, policy).partition("/")
    entry = policy.people.get(name) if source == "person" else None
    if source == "slack":
        return f"the person with Slack id {name}"
    return (entry.name if entry else None) or name


def listed(keys: Iterable[str], policy: Policy) -> str:
    """Name several people: ``Anna Berg, Bo or Cem``; more than five are counted."""
    names = list(dict.fromkeys(called(key, policy) for key in keys))
    if len(names) > _NAMED_AT_MOST:
        names = [*names[: _NAMED_AT_MOST - 1], f"{len(names) - _NAMED_AT_MOST + 1} more"]
    return " or ".join(part for part in (", ".join(names[:-1]), names[-1]) if part) if names else "nobody"


def person_meant(text: str, asker: str, policy: Policy) -> str | Refused:
    """Read who is meant: a key, name, e-mail or login of [people], ``@login``, a Slack mention, or ``me``."""
    word = cleaned(text, LONGEST_NAME)
    if word.casefold() in {"me", "myself"}:
        return asker
    if mention := _SLACK_MENTION.fullmatch(word):
        return canonical(f"slack/{mention[1]}", policy)
    source, _, name = word.partition("/")
    if (source == "slack" and _SLACK_ID.fullmatch(name)) or (source == "github" and _LOGIN.fullmatch(name)):
        return canonical(word, policy)
    known = _words(policy).get(word.removeprefix("person/").removeprefix("@").casefold())
    if known:
        return f"person/{known}"
    if word.startswith("@") and _LOGIN.fullmatch(word[1:]):
        return f"github/{word[1:]}"
    return Refused(
        f'I know nobody called "{word}"{near(word.casefold(), _words(policy)) or "."} '
        "Name someone of [people] in the configuration, or write a GitHub account as @login."
    )


def _words(policy: Policy) -> dict[str, str]:
    """Every word that means exactly one configured person."""
    found: dict[str, set[str]] = {}
    for key, entry in policy.people.items():
        for word in (key, entry.name, entry.email, *entry.github):
            if word:
                found.setdefault(word.casefold(), set()).add(key)
    return {word: next(iter(keys)) for word, keys in found.items() if len(keys) == 1}


def _accounts(policy: Policy) -> dict[tuple[str, str], str]:
    found = {("github", login.casefold()): key for key, entry in policy.people.items() for login in entry.github}
    return found | {("slack", entry.slack.casefold()): key for key, entry in policy.people.items() if entry.slack}
