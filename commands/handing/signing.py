"""How does somebody say that what was handed to them is done: what they looked at, and what is left?"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.acts import finish_handoff, hand_off
from assistant.acts.hand_off import LONGEST_NEED
from assistant.blocks import Block, section
from assistant.deciding import LONGEST_NAME, LONGEST_REASON, is_web
from assistant.handoffs.functions import Functions
from assistant.words import escape
from commands import forms
from commands.handing.shown import VIA, Shown, Wished

if TYPE_CHECKING:
    from assistant.desk import Desk

MOST_BOXES = 2 * forms.MOST_BOXES
UNKNOWN_BUILD = "I don't know that build, commit or version, so all that lands from now on counts as later."


def fields(shown: Shown) -> list[Block]:
    """What holds, what was looked at, what risk is left, and to whom it goes on."""
    functions, handoff = Functions(shown.desk.policy), shown.handoff
    others = [(key, functions.name(key)) for key in functions.keys if key != handoff.to_function]
    then = forms.choice(others, shown.said("then") or None)
    return [
        *_boxes(shown),
        forms.field(
            "looked_at", "What did you look at?",
            forms.line(shown.said("looked_at"), placeholder="2.4.0-rc1, build 512, 1f2e3d4", longest=LONGEST_NAME),
            hint="A build, commit or version. What lands later makes this stale, and you are told so.",
        ),
        forms.field(
            "risk", "Is there a risk left?", forms.paragraph(shown.said("risk"), longest=LONGEST_REASON), optional=True,
            hint="Then it is done with that risk, which you accept by name.",
        ),
        forms.field("then", "Hand it on to", then, optional=True),
        forms.field(
            "then_needed", "What is needed there?",
            forms.paragraph(shown.said("then_needed"), longest=LONGEST_NEED), optional=True,
        ),
    ]  # fmt: skip


def _boxes(shown: Shown) -> list[Block]:
    """The checklist, ten boxes to a field; what no box has room for is written out above."""
    items = list(enumerate(shown.handoff.checklist[:MOST_BOXES]))
    offered = [(str(place), item) for place, item in items]
    ticked = [*forms.read_all(shown.was, "ticked"), *forms.read_all(shown.was, "ticked_more")]
    long = [f"{place + 1}. {item}" for place, item in items if len(item) > 2 * forms.OPTION - 1]
    found: list[Block] = [section(escape(item)) for item in long]
    for name, label, part in (
        ("ticked", "What holds?", offered[: forms.MOST_BOXES]),
        ("ticked_more", "And?", offered[forms.MOST_BOXES :]),
    ):
        if part:
            found.append(forms.field(name, label, forms.boxes(part, ticked), optional=True))
    return found


def problems(filled: Mapping[str, Any], _now: datetime, _desk: "Desk") -> dict[str, str]:
    """What is missing, by field."""
    found = {}
    if not forms.read(filled, "looked_at"):
        found["looked_at"] = "Say what you looked at: a build, a commit or a version."
    if forms.read(filled, "then") and not forms.read(filled, "then_needed"):
        found["then_needed"] = "Say what they are to do."
    if forms.read(filled, "then_needed") and not forms.read(filled, "then"):
        found["then"] = "Choose to whom it goes, or leave out what is needed there."
    return found


def wish(shown: Shown) -> Wished:
    """What is signed, and handed on in the same breath."""
    handoff, looked_at, errand = shown.handoff, shown.said("looked_at"), shown.errand
    places = {*forms.read_all(shown.was, "ticked"), *forms.read_all(shown.was, "ticked_more")}
    as_of = shown.desk.looked_at(looked_at, shown.stand, errand.viewer, errand.now)
    return finish_handoff.NAME, finish_handoff.Wish(
        handoff.object, looked_at,
        ticked=tuple(item for place, item in enumerate(handoff.checklist) if str(place) in places),
        risk=shown.said("risk"), as_of=as_of, url=looked_at if is_web(looked_at) else None, then=_then(shown), via=VIA,
    )  # fmt: skip


def _then(shown: Shown) -> hand_off.Wish | None:
    """The next handoff of the chain, with the same subject and links; None where it ends here."""
    handoff, to = shown.handoff, shown.said("then")
    if not to:
        return None
    return hand_off.Wish(
        str(forms.note(shown.was).get("then") or ""), handoff.to_function, to, handoff.about, shown.said("then_needed"),
        links=handoff.links, previous=handoff.object, via=VIA,
    )  # fmt: skip


def afterwards(wish: Any) -> str:  # noqa: ANN401  any act's
    """What whoever signed should know of what they named; empty where all is known."""
    signed = isinstance(wish, finish_handoff.Wish)
    return UNKNOWN_BUILD if signed and wish.as_of is None else ""
