"""Which buttons, forms and menus are about handoffs and rounds? Their names, which the commands listen to.

A button carries ``{"handoff": OBJECT}`` (or ``{"round": OBJECT, "function": KEY}``, ``{"release": OBJECT, ...}``).
"""

import json

from assistant.blocks import BUTTON_VALUE, Block, button
from assistant.words import escape

NEW, SHORTCUT = "handoff.new", "handoff.from_message"  # NEW carries {"about": WORDS} and what else is filled in
ACKNOWLEDGE, DONE, RETURN = "handoff.acknowledge", "handoff.done", "handoff.return"
RESEND, WITHDRAW, REASSIGN = "handoff.resend", "handoff.withdraw", "handoff.reassign"
DUE, SNOOZE, MORE = "handoff.due", "handoff.snooze", "handoff.more"
ANSWER, CLOSE, BLOCK, PASS_ON = "round.answer", "round.close", "round.block", "round.handoff"
PROVIDE = "enablement.provide"  # carries {"release": OBJECT, "what": WORDS}


def pressing(label: str, action: str, style: str | None = None, **values: str | None) -> Block | None:
    """A button that carries these values; None where they are too long to be carried."""
    carried = json.dumps({key: value for key, value in values.items() if value is not None})
    return button(escape(label), action, carried, style) if len(carried) <= BUTTON_VALUE else None
