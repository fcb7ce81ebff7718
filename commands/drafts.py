"""What becomes of what somebody wrote, where their form is gone from the screen before it is refused?

It comes to them by direct message: the refusal, all that they wrote, and a button that opens the form as it was filled
in, where that fits into what a button carries.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assistant.blocks import (
    BUTTON_VALUE,
    MOST_BLOCKS,
    MOST_TEXT,
    SECTION,
    Block,
    Message,
    actions,
    button,
    context,
    cut,
    plain,
    rows_that_fit,
    section,
)
from assistant.errors import UserError
from assistant.words import escape
from commands import forms

if TYPE_CHECKING:
    from commands.working import Errand

WROTE = "This is what you wrote:"
REST = "The rest of what you wrote:"
OPEN = "Open it as you filled it in"
_PEOPLE = {"users_select", "multi_users_select"}
OLD = "This button says nothing that I know. Copy what you wrote from the message above it into a new form."


def reopening(callback: str) -> str:
    """The action of the button that opens a form anew."""
    return f"{callback}.reopen"


def kept(view: Mapping[str, Any], said: str) -> tuple[Message, ...]:
    """A refusal with all that was written in a submitted form, in as many messages as it takes."""
    rows = [row for block in view.get("blocks", ()) if (row := _written(block, view))]
    opens = _button(view) if rows else None
    told = [section(escape(said)), *([context(WROTE)] if rows else []), *([actions(opens)] if opens else [])]
    messages: list[Message] = []
    while rows or not messages:
        above = [context(REST)] if messages else told
        taken = rows_that_fit(rows, above, MOST_BLOCKS) if rows else 0
        lead, button_row = above[:2], above[2:]
        blocks = (*lead, *(block for row in rows[:taken] for block in row), *button_row)
        messages.append(Message(cut(escape(said), MOST_TEXT), blocks))
        rows = rows[taken:]
    return tuple(messages)


def reopened(errand: "Errand") -> Mapping[str, Any]:
    """The form that a pressed button carries, as it was submitted. Raises UserError for one that carries none."""
    said, note = errand.pressed.get("said"), errand.pressed.get("note")
    if not isinstance(said, dict) or not isinstance(note, dict):
        raise UserError(OLD)
    values = {name: {"value": _state(value)} for name, value in said.items()}
    return {"private_metadata": json.dumps(note), "state": {"values": values}}


def _state(value: object) -> dict[str, Any]:
    if isinstance(value, list):
        return {"selected_options": [{"value": str(one)} for one in value]}
    return {"value": str(value)}


def _button(view: Mapping[str, Any]) -> Block | None:
    """The button, None where all that was written is more than it can carry."""
    names = [block["block_id"].partition(".")[0] for block in view.get("blocks", ()) if block.get("type") == "input"]
    said = {name: list(forms.read_all(view, name)) or forms.read(view, name) for name in dict.fromkeys(names)}
    turns = {"turn", "turns"}  # the form that is opened is another one
    note = {name: value for name, value in forms.note(view).items() if name not in turns and value is not None}
    carried = json.dumps({"note": note, "said": said}, ensure_ascii=False, separators=(",", ":"))
    if len(carried) > BUTTON_VALUE:
        return None
    return button(OPEN, reopening(str(view.get("callback_id") or "")), carried, "primary")


def _written(block: Block, view: Mapping[str, Any]) -> list[Block]:
    """A field's label with what was filled in, word for word; nothing of one that is empty."""
    if block.get("type") != "input":
        return []
    name = block["block_id"].partition(".")[0]
    chosen = forms.read_all(view, name) or tuple(filter(None, [forms.read(view, name)]))
    if not chosen:
        return []
    label = context(escape((block.get("label") or {}).get("text") or name))
    element = block.get("element") or {}
    if element.get("type") in _PEOPLE:
        return [label, section(" ".join(f"<@{escape(user)}>" for user in chosen))]
    called = {option["value"]: option["text"]["text"] for option in element.get("options", ())}
    text = "\n".join(called.get(one, one) for one in chosen)
    markup = "\n".join(escape(line) for line in text.splitlines())  # a line each: a list is to be copied as one
    return [label, {"type": "section", "text": plain(markup, SECTION)}]
