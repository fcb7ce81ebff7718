"""What is asked of whoever answers a handoff, sends it again or moves it, and what do they wish then?

One form for each button that needs words: what it shows of the handoff as it stands, and how it is read back.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.acts import (
    reassign_handoff,
    reschedule_handoff,
    resend_handoff,
    return_handoff,
    withdraw_handoff,
)
from assistant.blocks import Block, section
from assistant.deciding import LONGEST_REASON, stamp
from assistant.errors import UserError
from assistant.handoffs.functions import Functions
from assistant.handoffs.pairs import due_again
from assistant.handoffs.standing import DONE as DONE_STATES
from assistant.people import people_of
from assistant.showing.handing import DONE, DUE, REASSIGN, RESEND, RETURN, WITHDRAW
from assistant.when import in_words, read_when
from assistant.words import clip, escape
from commands import forms
from commands.handing import signing
from commands.handing.form import written
from commands.handing.reach import reached
from commands.handing.shown import VIA, Shown, Wished
from storage.records import ObjectKind

if TYPE_CHECKING:
    from assistant.desk import Desk

NOT_DONE = "Say what is not done: whoever signed it reads this."


@dataclass(frozen=True, slots=True)
class Asking:
    """A form: its fields, what is wrong with what was filled in, and the wish that this is."""

    title: str
    submit: str
    fields: Callable[[Shown], list[Block]]
    wish: Callable[[Shown], Wished]
    problems: Callable[[Mapping[str, Any], datetime, "Desk"], dict[str, str]] = lambda _view, _now, _desk: {}


def view(action: str, shown: Shown, said: str = "") -> dict[str, Any]:
    """The form behind a button, ``said`` above it."""
    asking, handoff = ASKING[action], shown.handoff
    functions = Functions(shown.desk.policy)
    who = f"{functions.name(handoff.from_function)} to {functions.name(handoff.to_function)}"
    told = f"{who}, {shown.stand.about or 'unnamed'}: {clip(handoff.needed, 600)}"
    before = forms.note(shown.was).get("turn", -1)
    turn = before + 1 if isinstance(before, int) else 0  # shown again: every field is a new one
    signed = handoff.signed if shown.stand.state in DONE_STATES else None
    if signed:
        by = people_of(shown.desk.policy).name(signed.by)
        told += f"\nIt is done: {by} signed it, {in_words(signed.at, shown.errand.viewer.zone)}."
    note = {
        "signed": stamp(signed.at) if signed else None,  # what they see, and take back
        "handoff": handoff.object, "zone": shown.errand.viewer.zone, "turn": turn,
        "then": forms.note(shown.was).get("then") or f"{ObjectKind.HANDOFF}:{secrets.token_hex(8)}",
    }  # fmt: skip
    fields = [forms.turned(one, turn) if one["type"] == "input" else one for one in asking.fields(shown)]
    above = [section(escape(said))] if said else []
    return forms.modal(asking.title, form_of(action), [*above, section(escape(told)), *fields], note, asking.submit)


def form_of(action: str) -> str:
    """The callback of the form behind a button."""
    return f"{action}.save"


def _why(label: str, hint: str = "", *, optional: bool = True) -> Callable[[Shown], list[Block]]:
    return lambda shown: [
        forms.field("why", label, forms.paragraph(shown.said("why"), longest=LONGEST_REASON), optional=optional,
                    hint=hint)
    ]  # fmt: skip


def _signed(shown: Shown) -> datetime | None:
    """The signature that they saw in the form, and take back."""
    signed = forms.note(shown.was).get("signed")
    return datetime.fromisoformat(signed) if isinstance(signed, str) else None


def _again_fields(shown: Shown) -> list[Block]:
    done, zone = shown.stand.state in DONE_STATES, shown.errand.viewer.zone
    due = written(due_again(shown.handoff, shown.desk.policy, shown.errand.now), zone)
    label = "What is not done after all?" if done else "What is different now?"
    return [
        *_why(label, optional=not done)(shown),
        forms.field("due", "By when?", forms.line(shown.said("due") or due, longest=80), optional=True),
    ]


def _again_problems(filled: Mapping[str, Any], now: datetime, desk: "Desk") -> dict[str, str]:
    missing = {} if forms.read(filled, "why") or not forms.note(filled).get("signed") else {"why": NOT_DONE}
    return missing | (_due_problems(filled, now, desk) if forms.read(filled, "due") else {})


def _again(shown: Shown) -> Wished:
    due = _moment(shown.was, shown.errand.now, shown.desk) if shown.said("due") else None
    return resend_handoff.NAME, resend_handoff.Wish(
        shown.handoff.object, shown.said("why"), VIA, due, signed=_signed(shown)
    )


def _has_why(said: str) -> Callable[[Mapping[str, Any], datetime, "Desk"], dict[str, str]]:
    return lambda filled, _now, _desk: {} if forms.read(filled, "why") else {"why": said}


def _reassign_fields(shown: Shown) -> list[Block]:
    functions = Functions(shown.desk.policy)
    choices = [(key, functions.name(key)) for key in functions.keys]
    to = shown.said("to") or shown.handoff.to_function
    return [
        forms.field("to", "To", forms.choice(choices, to)),
        forms.field("receiver", "To somebody in person", forms.person(shown.said("receiver") or None), optional=True),
        *_why("Why?")(shown),
    ]


def _reassign(shown: Shown) -> Wished:
    picked, to = shown.said("receiver"), shown.said("to") or shown.handoff.to_function
    receiver = None
    if picked:
        reach = reached(shown.desk, shown.errand, to, picked, shown.handoff.about)
        if not reach.somebody:
            raise UserError(reach.said)
        receiver = shown.errand.people.key(picked, shown.errand.now)
    moved = to if to != shown.handoff.to_function or receiver is None else None
    return reassign_handoff.NAME, reassign_handoff.Wish(
        shown.handoff.object, to_function=moved, receiver=receiver, why=shown.said("why"), via=VIA
    )


def _due_fields(shown: Shown) -> list[Block]:
    due, zone = shown.stand.due_at, shown.errand.viewer.zone
    now = f"It is due {in_words(due, zone)}. " if due else ""
    standing = shown.said("due") or (written(due, zone) if due else "")
    hint = f'{now}As you would say it: "friday 17:00", "in 3 days".'
    return [
        forms.field("due", "By when is it needed?", forms.line(standing, longest=80), hint=hint),
        *_why("Why?")(shown),
    ]


def _due_problems(filled: Mapping[str, Any], now: datetime, desk: "Desk") -> dict[str, str]:
    try:
        due = _moment(filled, now, desk)
    except UserError as problem:
        return {"due": forms.error(problem)}
    return {} if due > now else {"due": "That is already past."}


def _moment(filled: Mapping[str, Any], now: datetime, desk: "Desk") -> datetime:
    zone = str(forms.note(filled).get("zone") or "UTC")
    return read_when(forms.read(filled, "due"), zone, now, desk.policy.hours.end).at


def _due(shown: Shown) -> Wished:
    due = _moment(shown.was, shown.errand.now, shown.desk)
    return reschedule_handoff.NAME, reschedule_handoff.Wish(shown.handoff.object, due, why=shown.said("why"), via=VIA)


ASKING: Mapping[str, Asking] = {
    DONE: Asking("Done", "Sign it", signing.fields, signing.wish, signing.problems),
    RETURN: Asking(
        "Return it", "Return",
        _why("What is missing?", "Whoever handed it over reads this; then it is their move.", optional=False),
        lambda shown: (
            return_handoff.NAME, return_handoff.Wish(
                shown.handoff.object, shown.said("why"), via=VIA, signed=_signed(shown)
            )
        ),
        _has_why("Say why: it is what they have to mend."),
    ),
    RESEND: Asking("Send it again", "Send again", _again_fields, _again, _again_problems),
    WITHDRAW: Asking(
        "Withdraw it", "Withdraw", _why("Why?", "Nobody has to do it then, and it holds nothing up."),
        lambda shown: (
            withdraw_handoff.NAME, withdraw_handoff.Wish(shown.handoff.object, shown.said("why"), via=VIA)
        ),
    ),
    REASSIGN: Asking("Give it to another", "Give", _reassign_fields, _reassign),
    DUE: Asking("Another due time", "Move it", _due_fields, _due, _due_problems),
}  # fmt: skip
