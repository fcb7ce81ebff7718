"""Which person do these words mean, and how are several people named in a sentence?"""

import re
from collections.abc import Iterable

from assistant.deciding import LONGEST_NAME, Refused, cleaned
from assistant.people import people_of
from assistant.policy import Policy
from assistant.policy.model import near

_SLACK_MENTION = re.compile(r"<@([UW][A-Z0-9]{1,20})(?:\|[^>]*)?>")
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{1,20}")
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?")
_NAMED_AT_MOST = 5


def is_login(text: str) -> bool:
    """Whether a text can be the login of a person at GitHub; no bot's can."""
    return bool(_LOGIN.fullmatch(text))


def canonical(key: str, policy: Policy) -> str:
    """The ``person/<key>`` that an account or Slack id is by the configuration, else the key itself."""
    return people_of(policy).settled(key)


def same_as_any(key: str, others: Iterable[str], policy: Policy) -> bool:
    """Whether a person or account is known to be one of these."""
    people = people_of(policy)
    return any(people.same(key, other) for other in others)


def listed(keys: Iterable[str], policy: Policy) -> str:
    """Name several people: ``Anna Berg, Bo or Cem``; beyond five the rest are counted."""
    people = people_of(policy)
    names = list(dict.fromkeys(people.name(key) for key in keys))
    if len(names) > _NAMED_AT_MOST:
        names = [*names[: _NAMED_AT_MOST - 1], f"{len(names) - _NAMED_AT_MOST + 1} more"]
    return " or ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def ask(keys: Iterable[str], policy: Policy) -> str:
    """Whom to ask, after several people were named, or one."""
    one = len({people_of(policy).settled(key) for key in keys}) == 1
    return "Ask them." if one else "Ask one of them."


def person_meant(text: str, asker: str, policy: Policy) -> str | Refused:
    """Read who is meant: a key, name, e-mail or login of [people], ``@login``, a Slack mention, or ``me``."""
    word = cleaned(text, LONGEST_NAME)
    people = people_of(policy)
    if word.casefold() in {"me", "myself"}:
        return asker
    if mention := _SLACK_MENTION.fullmatch(word):
        return people.settled(f"slack/{mention[1]}")
    source, _, name = word.partition("/")
    if (source == "slack" and _SLACK_ID.fullmatch(name)) or (source == "github" and is_login(name)):
        return people.settled(word)
    known = _words(policy)
    if meant := known.get(word.removeprefix("person/").removeprefix("@").casefold()):
        return f"person/{meant}"
    if word.startswith("@") and is_login(word[1:]):
        return f"github/{word[1:]}"
    hint = near(word.casefold(), known) or "."
    return Refused(
        f'I know nobody called "{word}"{hint} '
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
