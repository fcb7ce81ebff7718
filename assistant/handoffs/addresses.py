"""Whom could nobody ever write to in Slack, for the configuration does not say who they are there?"""

from collections.abc import Iterable

from assistant.people import people_of
from assistant.policy import Policy


def nowhere(keys: Iterable[str], policy: Policy) -> tuple[str, ...]:
    """Those of these people, as ``person/<key>``, with neither a Slack id nor an e-mail; each once."""
    return tuple(dict.fromkeys(key for key in keys if not _known(key, policy)))


def cant_be_reached(keys: Iterable[str], policy: Policy) -> str:
    """A sentence of those who can't be reached in Slack, with what to do; empty where all of them can be."""
    lost = nowhere(keys, policy)
    if not lost:
        return ""
    names = " and ".join(map(people_of(policy).name, lost))
    where = " and ".join(f"[people.{key.partition('/')[2]}]" for key in lost)
    return f"{names} can't be reached in Slack: set slack or email under {where}."


def _known(key: str, policy: Policy) -> bool:
    kind, _, name = key.partition("/")
    entry = policy.people.get(name) if kind == "person" else None
    return kind == "slack" or bool(entry and (entry.slack or entry.email))
