"""How is it said who may answer, and who takes nothing for a function that others are of?"""

from collections.abc import Iterable

from assistant.deciding import Refused
from assistant.handoffs.functions import Functions
from assistant.people import people_of
from assistant.persons import ask, listed
from assistant.policy import Policy

_MANY, _SHOWN = 3, 2  # people of a function: beyond so many it is named, with so many of them


def only(able: Iterable[str], policy: Policy, what: str) -> str:
    """Who may, by name; of a function of which many may its name, with some of theirs."""
    functions, people = Functions(policy), people_of(policy)
    rest = tuple(dict.fromkeys(map(people.settled, able)))
    whole = list[tuple[str, tuple[str, ...]]]()
    for function in functions.keys:
        members = tuple(dict.fromkeys(map(people.settled, functions.members(function))))
        if len(members) > _MANY and set(members) <= set(rest):
            whole.append((functions.name(function), members))
            rest = tuple(key for key in rest if key not in members)
    if not whole:
        return f"Only {listed(rest, policy)} may {what}. {ask(rest, policy)}"
    if len(whole) == 1 and not rest:
        return f"Only {whole[0][0]} may {what}: {_among(whole[0][1], policy)}."
    named = [f"{name} ({_among(members, policy)})" for name, members in whole]
    return f"Only {' or '.join([*named, *([listed(rest, policy)] if rest else [])])} may {what}. Ask one of them."


def of_others(receiver: str | None, function: str, policy: Policy) -> Refused | None:
    """Refuse a person who acts for other functions, and not for this one, of which people are known."""
    functions = Functions(policy)
    own = functions.of(receiver) if receiver else ()
    if receiver is None or not own or function in own or not functions.configured(function):
        return None
    which = "that" if len(own) == 1 else "one of these"
    theirs = " and ".join(map(functions.name, own))
    return Refused(f"{people_of(policy).name(receiver)} is of {theirs}: hand it to {which}.")


def _among(members: tuple[str, ...], policy: Policy) -> str:
    """Some of the many who a function is."""
    names = [people_of(policy).name(key) for key in members[:_SHOWN]]
    return f"{', '.join(names)} and {len(members) - _SHOWN} more"
