"""How do reviews look that wait too long?"""

from collections.abc import Iterator
from dataclasses import replace

from markupsafe import Markup

from assistant.blocks import context
from assistant.mentioning import Naming
from assistant.questions.stalled import Answer
from assistant.showing.sheet import Row, Sheet
from assistant.showing.things import Page, row
from assistant.telling import Reader
from assistant.words import Words

MOST_LATE, MOST_OTHERS = 15, 5  # listed under one heading: more are counted, for nobody reads on


def sheet(answer: Answer, reader: Reader, naming: Naming) -> Sheet:
    """The number and the oldest on top; below it the queues, then each thing with whose move it is."""
    words = Words("stalled", reader)
    page = Page(reader, naming, answer.attention)
    told = [
        words("changes", answer.since) if answer.since else "",
        words("unknowns", answer.unknown) if answer.unknown else "",
    ]
    summary = [words("counts", answer), words("queues", answer) if answer.queues else ""]
    return Sheet(
        headline=words("headline", answer),
        summary=tuple(part for part in summary if part),
        rows=tuple(_rows(answer, words, page)),
        told=tuple(part for part in told if part),
        fresh=words("fresh", answer.freshness),
    )


def _rows(answer: Answer, words: Words, page: Page) -> Iterator[Row]:
    """Each thing once, under the first heading that it belongs to; the most pressing of each."""
    late = {one.object for one in answer.late}
    lists = (
        ("late", answer.late),
        ("unasked", tuple(one for one in answer.unasked if one.object not in late)),
        ("approved", answer.approved),
        ("authors", answer.authors),
    )
    for name, things in lists:
        shown = things[: MOST_LATE if name == "late" else MOST_OTHERS]
        for place, one in enumerate(shown):
            offer = answer.offers.get(one.object)
            offers = [Markup(words("offer", offer))] if offer else []  # noqa: S704  a macro's words are escaped
            made = row(one, page, offers)
            heading = () if place else (context(words("heading", name, len(shown), len(things))),)
            yield replace(made, blocks=(*heading, *made.blocks))
