"""How does a posted message show that somebody corrected what one of its incidents came from?

In place: below the incident stands who said what, where its button was.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.blocks import CONTEXT_ELEMENTS, MOST_BLOCKS, MOST_IN_ALL, Block, context, weight
from assistant.showing.pressing import CORRECT_LINK

_BLOCK_ID = 255


def relinked(message: Mapping[str, Any], incident: str, release: str, line: str) -> dict[str, Any] | None:
    """The message with this line below the incident of that release; None where it lists no such, or says it already.

    Of one that was corrected before, the line comes after those that stand there.
    """
    blocks: list[Block] = list(message.get("blocks") or ())
    name = f"relinked:{release}:{incident}"
    for place, block in enumerate(blocks):
        if block.get("block_id") == name:
            said = [str(element.get("text", "")) for element in block.get("elements", ())]
            made = [] if line in said else [_line(name, *said, line)]
        elif _corrects(block, incident, release):
            made = [{key: value for key, value in block.items() if key != "accessory"}, _line(name, line)]
        else:
            continue
        changed = [*blocks[:place], *made, *blocks[place + 1 :]]
        return {**message, "blocks": changed} if made and _fits(changed) else None
    return None


def _line(name: str, *said: str) -> Block:
    made = context(*said[-CONTEXT_ELEMENTS:])
    return made if len(name) > _BLOCK_ID else made | {"block_id": name}


def _corrects(block: Block, incident: str, release: str) -> bool:
    """Whether a block carries the button that corrects this incident of that release."""
    button = block.get("accessory") or {}
    if button.get("action_id") != CORRECT_LINK:
        return False
    try:
        carried = json.loads(str(button.get("value")))
    except ValueError:
        return False
    return isinstance(carried, dict) and (carried.get("incident"), carried.get("release") or "") == (incident, release)


def _fits(blocks: Sequence[Block]) -> bool:
    return len(blocks) <= MOST_BLOCKS and weight(blocks) <= MOST_IN_ALL
