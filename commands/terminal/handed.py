"""How does one handoff read in a terminal: where it stands, whose move it is, and all that happened?"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from assistant.handoffs.functions import Functions
from assistant.handoffs.history import named
from assistant.handoffs.listing import listed
from assistant.handoffs.sides import sides_of
from assistant.handoffs.standing import DONE, Stand
from assistant.people import People, people_of
from assistant.policy import Policy
from assistant.since import stamp
from assistant.viewer import Viewer
from assistant.when import in_words
from storage.naming import called, subject_of
from storage.records import HandoffState, Signed, Step

STATES = {
    HandoffState.OPEN: "open", HandoffState.ACKNOWLEDGED: "acknowledged", HandoffState.RETURNED: "returned",
    HandoffState.DONE: "done", HandoffState.DONE_WITH_RISK: "done, with a risk", HandoffState.WITHDRAWN: "withdrawn",
    HandoffState.STALE: "to be looked at again",
}  # fmt: skip
DID = {
    "opened": "handed it off", "acknowledged": "acknowledged it", "done": "signed it", "returned": "returned it",
    "resent": "sent it again", "withdrawn": "withdrew it", "reassigned": "gave it to", "rescheduled": "moved it to",
    "snoozed": "wants no reminder until",
}  # fmt: skip
_SIGNED = DONE | {HandoffState.STALE}
_LATER = 10  # of what landed since, that are named


def as_data(stand: Stand, policy: Policy, who: Viewer, now: datetime) -> dict[str, Any]:
    """It as JSON values, as lists have it, with every step."""
    people = people_of(policy)
    (one,) = listed((stand,), sides_of(who, policy, people), people, now)
    steps = [
        {
            "what": named(step.kind), "by": step.by, "at": stamp(step.at), "via": step.via, "said": step.said or None,
            "to": step.to_function, "receiver": step.receiver, "until": step.until and stamp(step.until),
        }
        for step in stand.handoff.steps
    ]  # fmt: skip
    signed = stand.handoff.signed
    return one.as_data() | {
        "ticked": list(signed.ticked) if signed else [],
        "risk": signed.risk if signed else None,
        "looked_at_as_of": stamp(signed.as_of) if signed else None,
        "steps": steps,
    }


def lines(stand: Stand, policy: Policy, who: Viewer, now: datetime) -> Iterator[str]:
    """It in words, a line each."""
    handoff, functions, people = stand.handoff, Functions(policy), people_of(policy)
    sides = f"{functions.name(handoff.from_function)} to {functions.name(handoff.to_function)}"
    title = f", {stand.title}" if stand.title else ""
    yield f"{sides}: {stand.about or called(handoff.about)}{title}  (handoff {subject_of(handoff.object)})"
    yield f"Needed: {handoff.needed}"
    move = " or ".join(mover.name for mover in stand.movers)
    yield f"{_state(stand, who)}{f'; the next move is of {move}' if move else ''}"
    yield _due(stand, who, now)
    signed = handoff.signed if stand.state in _SIGNED else None  # what was taken back is among what happened
    ticked = signed.ticked if signed else ()
    for number, point in enumerate(handoff.checklist, 1):
        yield f"  {number} [{'x' if point in ticked else ' '}] {point}"
    yield from (f"  {link}" for link in handoff.links)
    if signed:
        yield _signed(signed, people, who)
    if stand.later:
        shown, rest = stand.named[:_LATER], stand.beyond(len(stand.named[:_LATER]))
        names = ", ".join(one.name for one in shown)
        yield f"Landed since: {names}{f' and {rest}' if rest else ''}" if shown else f"Landed since: {stand.came}"
    if handoff.previous:
        yield f"It carries on handoff {subject_of(handoff.previous)}"
    yield "What happened:"
    yield from (f"  {_step(step, functions, people, who)}" for step in handoff.steps)


def _state(stand: Stand, who: Viewer) -> str:
    why = f": {stand.handoff.returned_why}" if stand.state is HandoffState.RETURNED else ""
    return f"{STATES[stand.state].capitalize()} since {in_words(stand.since, who.zone)}{why}"


def _due(stand: Stand, who: Viewer, now: datetime) -> str:
    handoff = stand.handoff
    due = stand.due_at if stand.open else handoff.due_at
    when = in_words(due, who.zone) if due else "nobody said when"
    gates = "; it holds up what it is about" if handoff.gating else "; it holds nothing up"
    return f"Due: {when}{', overdue' if stand.overdue(now) else ''}{gates if stand.open else ''}"


def _signed(signed: Signed, people: People, who: Viewer) -> str:
    """What was looked at, and what whoever signed accepts."""
    risk = f"; the risk that they accept: {signed.risk}" if signed.risk else ""
    where = f"  {signed.url}" if signed.url else ""
    when = in_words(signed.at, who.zone)
    return f"Looked at: {signed.looked_at}, by {people.name(signed.by)}, {when}{risk}{where}"


def _step(step: Step, functions: Functions, people: People, who: Viewer) -> str:
    """When, who, what, and what they said."""
    word = named(step.kind)
    whom = people.name(step.receiver) if step.receiver else functions.name(step.to_function or "")
    until = in_words(step.until, who.zone) if step.until else ""
    more = {"reassigned": f" {whom}", "rescheduled": f" {until}", "snoozed": f" {until}"}.get(word, "")
    said = f": {step.said}" if step.said else ""
    via = f"  (by {step.via})" if step.via else ""
    return f"{in_words(step.at, who.zone)}  {people.name(step.by)} {DID.get(word, word)}{more}{said}{via}"
