"""How does the queue of a function look: how much waits where, then each thing below its heading?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from assistant.blocks import actions, context, cut, section
from assistant.handoffs.queueing import Lacking, Queue
from assistant.mentioning import Naming
from assistant.policy.handing import DESIGNERS, ENABLERS
from assistant.questions.queues import Answer
from assistant.showing.handed import row as handed
from assistant.showing.handing import PROVIDE, pressing
from assistant.showing.sheet import HEADLINE, Row, Sheet
from assistant.showing.things import Page
from assistant.showing.things import row as thing
from assistant.telling import Reader
from assistant.words import Words

MOST = 10  # listed under one heading: more are counted
_ITEM = 600  # characters
_LISTS = ("waiting", "came_back", "in_hand", "reviews", "missing", "returned", "waits_for")
_ELSEWHERE = 2  # of them, the last ones, are among what waits for others


def sheet(answer: Answer, reader: Reader, naming: Naming) -> Sheet:
    """How much waits for it on top, its counts below, then the lists."""
    words = Words("queues", reader)
    page = Page(reader, naming, answer.attention)
    titled = not answer.function
    told = [
        words("changes", answer.since) if answer.since else "",
        words("unknowns", answer.unknown) if answer.unknown else "",
    ]
    return Sheet(
        headline=cut(words("headline", answer), HEADLINE),
        summary=tuple(_summary(queue, words, titled=titled) for queue in answer.queues),
        rows=tuple(row for queue in answer.queues for row in _rows(queue, words, page, titled=titled)),
        told=tuple(part for part in told if part),
        fresh=words("fresh", answer.freshness),
    )


def _summary(queue: Queue, words: Words, *, titled: bool) -> str:
    return words("summary", queue, titled, queue.function == DESIGNERS, queue.function == ENABLERS)


def _rows(queue: Queue, words: Words, page: Page, *, titled: bool) -> Iterator[Row]:
    """Everything below its heading, each list's most pressing ones; beside other queues each thing where it waits."""
    for name in _LISTS[:-_ELSEWHERE] if titled else _LISTS:
        things: Sequence[Any] = queue.enabling.missing if name == "missing" else getattr(queue, name)
        shown = things[:MOST]
        make = _makers(words, page)[name]
        for place, one in enumerate(shown):
            made = make(one)
            heading = words("heading", queue, name, len(things), len(shown), titled)
            yield made if place else replace(made, blocks=(context(heading), *made.blocks))


def _makers(words: Words, page: Page) -> dict[str, Callable[[Any], Row]]:
    made: dict[str, Callable[[Any], Row]] = dict.fromkeys(_LISTS, lambda one: handed(one, page.reader, page.naming))
    return made | {"reviews": lambda one: thing(one, page), "missing": lambda one: _lacking(one, words)}


def _lacking(one: Lacking, words: Words) -> Row:
    """Something that customers still lack, with the button that says where it is."""
    said = words("lacking", one.blocker)
    button = pressing("It is there…", PROVIDE, release=one.release.object, what=one.what)
    return Row(said, (section(said, None, _ITEM), *((actions(button),) if button else ())), one.blocker.object)
