"""How is a form put together and read back?

Every field's block id is its name (and the turn, where the app filled it anew), and it has one element, whose action
id is ``value`` where the app does not listen to it: so an error is shown at its field, and reading needs no table.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.blocks import Block, cut, plain, section
from assistant.rendering import Message
from assistant.words import clip, escape

TITLE, LABEL, HINT, PLACEHOLDER, OPTION, OPTION_VALUE = 24, 200, 300, 150, 75, 150
CONFIRM_TITLE, CONFIRM_BUTTON = 100, 30
MOST_OPTIONS, MOST_BOXES, MOST_VIEW_BLOCKS, LONGEST_NOTE = 100, 10, 100, 3_000

Choice = tuple[str, str]  # (value, label)


def modal(
    title: str, callback: str, blocks: Sequence[Block], note: Mapping[str, Any], submit: str | None = "Save"
) -> dict[str, Any]:
    """A form; ``note`` comes back with its submission. Raises ValueError where that is more than Slack keeps."""
    view: dict[str, Any] = {
        "type": "modal", "callback_id": callback, "title": _words(title, TITLE), "close": _words("Close", TITLE),
        "blocks": list(blocks[:MOST_VIEW_BLOCKS]), "private_metadata": _noted(note),
    }  # fmt: skip
    return view | {"submit": _words(submit, TITLE)} if submit else view


def loading(title: str) -> dict[str, Any]:
    """What stands there until the data is."""
    return modal(title, "loading", [section("One moment…")], {}, submit=None)


def told(title: str, message: Message) -> dict[str, Any]:
    """What stands there when all is said."""
    return modal(title, "told", message.blocks, {}, submit=None)


def note(view: Mapping[str, Any]) -> dict[str, Any]:
    """What ``modal`` was given to keep; nothing where that is none of ours."""
    return _object(view.get("private_metadata")) or {}


def kept(values: Mapping[str, Any]) -> str:
    """Values as a button carries them."""
    return json.dumps(dict(values))


def carried(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the pressed button carries, or the line that was chosen in its menu; None where that is none of ours."""
    action = (body.get("actions") or [{}])[0]
    chosen = action.get("selected_option") or {}
    return _object(action.get("value") or chosen.get("value"))


def _object(text: object) -> dict[str, Any] | None:
    """An object as ``kept`` wrote it, nothing written being an empty one; None for anything else."""
    try:
        found = _storable(json.loads(str(text or "{}")))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _storable(value: Any) -> Any:  # noqa: ANN401  whatever JSON holds
    """The same without what no database takes: a NUL, and half of a character."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_storable(one) for one in value]
    return {_storable(key): _storable(one) for key, one in value.items()} if isinstance(value, dict) else value


def _noted(values: Mapping[str, Any]) -> str:
    text = kept(values)
    if len(text) > LONGEST_NOTE:
        message = "a form can't keep that much"
        raise ValueError(message)
    return text


def field(name: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    """One labelled field."""
    block: Block = {
        "type": "input", "block_id": name, "label": _words(label, LABEL), "optional": optional,
        "element": element | {"action_id": "value"},
    }  # fmt: skip
    return block | {"hint": _words(hint, HINT)} if hint else block


def heard(block: Block, action: str) -> Block:
    """The same field, of whose every change the app hears as ``action``."""
    return block | {"dispatch_action": True, "element": block["element"] | {"action_id": action}}


def turned(block: Block, turn: int) -> Block:
    """The same field in another turn of its form: where that is new Slack drops what was typed, and shows what it says.

    In the same turn it is the other way round: what was typed stays, whatever the form says.
    """
    return block | {"block_id": f"{block['block_id']}.{turn}"} if turn else block


def line(value: str = "", *, placeholder: str = "", longest: int = 120) -> Block:
    """A line to type into."""
    return _typed(value, placeholder, longest)


def paragraph(value: str = "", *, placeholder: str = "", longest: int = 500) -> Block:
    """Several lines to type into."""
    return _typed(value, placeholder, longest) | {"multiline": True}


def _typed(value: str, placeholder: str, longest: int) -> Block:
    element: Block = {"type": "plain_text_input", "max_length": longest}
    if value:
        element["initial_value"] = value[:longest]
    return element | {"placeholder": _words(placeholder, PLACEHOLDER)} if placeholder else element


def choice(choices: Sequence[Choice], chosen: str | None = None) -> Block:
    """One of a list."""
    options = _options(choices)
    element: Block = {"type": "static_select", "options": options}
    initial = next((option for option in options if option["value"] == chosen), None)
    return element | {"initial_option": initial} if initial else element


def choices(offered: Sequence[Choice], chosen: Sequence[str] = ()) -> Block:
    """Any of a list."""
    options = _options(offered)
    element: Block = {"type": "multi_static_select", "options": options}
    initial = [option for option in options if option["value"] in chosen]
    return element | {"initial_options": initial} if initial else element


def confirmed(title: str, text: str, yes: str) -> Block:
    """What is asked before a button does what can't be undone."""
    return {
        "title": _words(title, CONFIRM_TITLE), "text": _words(text, HINT), "confirm": _words(yes, CONFIRM_BUTTON),
        "deny": _words("Keep it", CONFIRM_BUTTON),
    }  # fmt: skip


def tick(label: str, *, ticked: bool = False) -> Block:
    """One box to tick; its value is ``yes``."""
    options = _options([("yes", label)])
    element: Block = {"type": "checkboxes", "options": options}
    return element | {"initial_options": options} if ticked else element


def boxes(offered: Sequence[Choice], ticked: Sequence[str] = ()) -> Block:
    """Boxes to tick, at most ten; a label too long for one line goes on below it."""
    options = [
        option | ({"description": _words(label[OPTION - 1 :], OPTION)} if len(label) > OPTION else {})
        for option, (_, label) in zip(_options(offered[:MOST_BOXES]), offered, strict=False)
    ]
    element: Block = {"type": "checkboxes", "options": options}
    initial = [option for option in options if option["value"] in ticked]
    return element | {"initial_options": initial} if initial else element


def person(chosen: str | None = None) -> Block:
    """One member, by Slack's own picker."""
    element: Block = {"type": "users_select"}
    return element | {"initial_user": chosen} if chosen else element


def persons(chosen: Sequence[str] = ()) -> Block:
    """Several members, by Slack's own picker."""
    element: Block = {"type": "multi_users_select"}
    return element | {"initial_users": list(chosen)} if chosen else element


def _options(offered: Sequence[Choice]) -> list[Block]:
    return [
        {"text": _words(label, OPTION), "value": value}
        for value, label in offered[:MOST_OPTIONS]
        if len(value) <= OPTION_VALUE
    ]


def _words(text: str, limit: int) -> Block:
    return plain(escape(clip(text, limit)), limit)


def read(view: Mapping[str, Any], name: str) -> str:
    """What was typed, chosen or picked in a field; empty where nothing was."""
    state = _state(view, name)
    chosen = state.get("selected_option") or {}
    return str(state.get("value") or chosen.get("value") or state.get("selected_user") or "").strip()


def read_all(view: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Everything that was chosen, ticked or picked in a field."""
    state = _state(view, name)
    return tuple(option["value"] for option in state.get("selected_options") or ()) or tuple(
        state.get("selected_users") or ()
    )


def said(view: Mapping[str, Any], name: str) -> bool:
    """Whether Slack says what a field holds: of what nobody touched it sometimes does not."""
    state = _state(view, name)
    return bool(state) and state.get("value", state) is not None


def _state(view: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    values = (view.get("state") or {}).get("values", {})
    found = values.get(block_of(view, name)) or {}
    return next(iter(found.values()), None) or {}  # a field has one element


def block_of(view: Mapping[str, Any], name: str) -> str:
    """The block id of a field in its present turn, which is where an error about it belongs."""
    values = (view.get("state") or {}).get("values", {})
    turns = [block for block in values if block.partition(".")[0] == name]
    return max(turns, key=lambda block: (len(block), block), default=name)


def error(problem: object) -> str:
    """An error as it stands under its field."""
    return cut(str(problem), 150)
