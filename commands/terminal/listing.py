"""How is all that an answer lists laid out as a table, which a terminal has room for and a chat has not?"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

Block = dict[str, Any]
Item = Mapping[str, Any]
WIDE = 130  # characters that all columns need; with fewer there are the first
FEW = 5
_NAMED_BY = 8  # characters of a handoff's id, by which `lastmile handoff` takes it
Cell = Callable[[Item, tzinfo], Block]


def listing(data: Item, zone: tzinfo, most: int | None, width: int | None = None) -> list[Block]:
    """The table of what an answer lists in the reader's zone, and a line that counts what is left out.

    ``most`` None leaves none out; a ``width`` in characters leaves the last columns out where they would not fit.
    Without a width there is no terminal that could hide an address behind its label: then there are labels only.
    Empty for an answer that lists nothing.
    """
    name = next((name for name in COLUMNS if data.get(name)), None)
    if name is None:
        return []
    columns, items = COLUMNS[name], data[name]
    if width is not None and width < WIDE:
        columns = dict(list(columns.items())[:FEW])
    shown: Sequence[Item] = items[:most]
    rows = [[_text(head) for head in columns]]
    cells = [[cell(item, zone) for cell in columns.values()] for item in shown]
    rows += [[_text(cell["text"]) for cell in row] for row in cells] if width is None else cells
    settings = [{"align": "right" if head in _NUMBERS else "left"} for head in columns]
    blocks: list[Block] = [{"type": "table", "rows": rows, "column_settings": settings}]
    if len(items) > len(shown):
        rest = {"type": "plain_text", "text": f"and {len(items) - len(shown):,} more; --all lists them"}
        blocks.append({"type": "context", "elements": [rest]})
    return blocks


def _text(said: object) -> Block:
    return {"type": "raw_text", "text": str(said)}


def _word(key: str) -> Cell:
    return lambda item, _zone: _text(str(item.get(key) or "unknown").replace("_", " "))


def _link(item: Item, _zone: tzinfo) -> Block:
    if not item.get("url"):
        return _text(item["subject"])
    return {"type": "link", "url": item["url"], "text": item["subject"]}


def _moment(at: str | None, zone: tzinfo) -> str:
    return f"{datetime.fromisoformat(at).astimezone(zone):%a %d %b %H:%M}" if at else "unknown"


def _hours(item: Item, _zone: tzinfo) -> Block:
    hours = item["waiting_business_hours"]
    told = "unknown" if hours is None else "under 1 h" if hours < 1 else f"{hours:,.0f} h"
    return _text(f"{told} (over)" if item["over_service_level"] else told)


def _owner(item: Item, _zone: tzinfo) -> Block:
    return _text(item["owner"] or "nobody")


def _day(key: str) -> Cell:
    return lambda item, zone: _text(_moment(item.get(key), zone) if item.get(key) else "none")


def _half(item: Item, zone: tzinfo) -> Block:
    return _text(_moment((item["earliest"] or {}).get("p50"), zone))


_WAITING: Mapping[str, Cell] = {
    "What": _link,
    "Owner": _owner,
    "Since": lambda item, zone: _text(_moment(item["waiting_since"], zone)),
    "Working time": _hours,
    "Next": _word("next_action"),
    "Origin": _word("origin"),
    "Risk": _word("risk"),
}
COLUMNS: Mapping[str, Mapping[str, Cell]] = {
    "blockers": {"Blocker": _word("kind"), **_WAITING},
    "moves": {"Move": _word("kind"), **_WAITING},
    "past_level": {"Past its level": _word("kind"), **_WAITING},
    "handoffs": {
        "Handoff": lambda item, _zone: _text(item["object"].partition(":")[2][:_NAMED_BY]),
        "Needed": lambda item, _zone: _text(item["needed"]),
        "About": lambda item, _zone: _text(item["about"]["name"]),
        "From": lambda item, _zone: _text(item["from_name"]),
        "To": lambda item, _zone: _text(item["to_name"]),
        "Moves next": _owner,
        "State": _word("state"),
        "Due": lambda item, zone: _text(_moment(item["due_at"], zone) + (" (overdue)" if item["overdue"] else "")),
    },
    "settling": {
        "Release": _word("release"),
        "State": _word("state"),
        "Shipped": _day("shipped_at"),
        "Quiet days": lambda item, _zone: _text(f"{item['quiet_days']} of {item['needed_days']}"),
        "Stable": _day("stable_at"),
    },
    "releases": {
        "Release": _word("release"),
        "Verdict": _word("verdict"),
        "Target": _day("target"),
        "Earliest (50%)": _half,
        "Blockers": lambda item, _zone: _text(item["blockers"]),
    },
}
_NUMBERS = {"Working time", "Blockers"}
