"""Does what is handed off, and what rounds ask, get to anybody; and what should be done where it does not?"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from assistant.counting import plural
from assistant.handoffs.addresses import cant_be_reached
from assistant.handoffs.functions import Functions
from assistant.handoffs.rounds import product_of
from assistant.handoffs.standing import RECEIVERS
from digests.handoffs.unbrought import unbrought
from digests.rounds.unread import unread_rounds
from storage.naming import called, subject_of
from storage.records import Handoff, ObjectKind, Round

if TYPE_CHECKING:
    from assistant.policy import Policy
    from storage.ledger import Ledger

MOST = 20  # that are named
_SHORT = 8  # characters of an id
_DAY = timedelta(days=1)
_MISSED = {"handoffs": "told of what is late", "rounds": "asked"}  # where nobody leads


def findings(ledger: "Ledger", policy: "Policy", now: datetime) -> list[str]:
    """What is waited for, and each thing that reaches nobody, in sentences."""
    handoffs = [one for one in ledger.handoffs(now - _DAY) if one.state in RECEIVERS]
    rounds = [one for one in ledger.standing(ObjectKind.ROUND) if isinstance(one, Round) and one.closed_at is None]
    asks = bool(policy.rounds.at_scope_freeze or policy.rounds.days)  # by themselves
    functions = Functions(policy)
    lacking = [*_lacking(_asked(handoffs, rounds, policy if asks else None), functions)]
    lost = [_lost(one, why, functions) for one, why in unbrought(ledger.outbox, handoffs)]
    lost += [_unread(one) for one in unread_rounds(ledger.outbox, rounds)]
    if not (handoffs or rounds or lacking):
        return ["Nothing is handed off to anybody now, and no round is open."]
    waiting = f"{plural(len(handoffs), 'handoff waits', 'handoffs wait')} for an answer"
    opened = f"{plural(len(rounds), 'round is', 'rounds are')} open" if rounds else "no round is open"
    calm = "" if lacking or lost else " All that it goes to is known, and so is who leads it."
    more = [f"and {len(lost) - MOST} more"] if len(lost) > MOST else []
    return [f"{waiting}, and {opened}.{calm}", *lacking, *lost[:MOST], *more]


def _asked(
    handoffs: Iterable[Handoff], rounds: Iterable[Round], policy: "Policy | None"
) -> Mapping[str, list[tuple[str, str | None]]]:
    """By function: what goes to it, each with the product that it is about (None: of no product)."""
    found: dict[str, list[tuple[str, str | None]]] = {}
    for handoff in handoffs:
        found.setdefault(handoff.to_function, []).append(("handoffs", product_of(handoff.about)))
    for one in rounds:
        for function, _ in one.leads:
            found.setdefault(function, []).append(("rounds", product_of(one.release)))
    for function in policy.rounds.functions if policy else ():
        found.setdefault(function, []).append(("rounds", None))
    return found


def _lacking(asked: Mapping[str, list[tuple[str, str | None]]], functions: Functions) -> Iterator[str]:
    """What goes to functions that nobody is in, that nobody leads or whose people can't be reached, and what to do."""
    for function, things in asked.items():
        what = " and ".join(dict.fromkeys(kind for kind, _ in things)).capitalize()
        entry, where = functions.entry(function), f"[functions.{function}] in the configuration"
        led = all(functions.lead(function, product) for _, product in things) or (
            entry.leads and all(product is None for _, product in things)
        )
        if not functions.configured(function):
            channel = " They go to its channel, and anybody may answer there." if entry.channel else ""
            yield f"{what} go to {functions.name(function)}, which nobody is in: set members under {where}.{channel}"
        elif not led:
            name, missed = functions.name(function), " or ".join(dict.fromkeys(_MISSED[kind] for kind, _ in things))
            yield f"{what} go to {name}, which nobody leads, so nobody is {missed}: set lead under {where}."
        leads = (functions.lead(function, product) for _, product in things)
        turns = (f"person/{key}" for key in (entry.on_duty if any(kind == "handoffs" for kind, _ in things) else ()))
        if lost := cant_be_reached(filter(None, [*turns, *leads]), functions.policy):
            yield f"{what} go to {functions.name(function)}. {lost}"


def _lost(handoff: Handoff, why: str, functions: Functions) -> str:
    """One handoff that stands nowhere, with why, and what to do."""
    name = subject_of(handoff.object)[:_SHORT]
    what = f"{called(handoff.about)} to {functions.name(handoff.to_function)}"
    return (
        f"Handoff {name}, {what}, was brought to nobody: {why}. `lastmile handoff reassign {name} --receiver WHO` "
        "gives it to somebody else."
    )


def _unread(round_: Round) -> str:
    """A round whose answers nobody would read, and what to do."""
    about = called(round_.release)
    return (
        f"Nobody can be reached who reads what functions answer about {about}, so nobody is asked: give it an owner "
        "who is in Slack, or let the round be asked in a channel that I am in."
    )
