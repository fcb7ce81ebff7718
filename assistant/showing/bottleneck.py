"""How does the answer to "where is value stuck right now" look?"""

from assistant.blocks import cut
from assistant.mentioning import Naming
from assistant.questions.bottleneck import NAME, Answer
from assistant.showing.sheet import HEADLINE, Sheet
from assistant.showing.things import Page, row
from assistant.telling import Reader
from assistant.words import Words


def sheet(answer: Answer, reader: Reader, naming: Naming) -> Sheet:
    """The stage that holds most, the three moves that free the most, what moved, and what is not known."""
    words = Words(NAME, reader)
    page = Page(reader, naming, answer.attention)
    told = (
        words("more", answer.more) if answer.more else "",
        words("moved", answer.moved) if answer.moved else "",
        words("unknowns", answer.unknown) if answer.unknown else "",
    )
    return Sheet(
        headline=_headline(answer, words),
        summary=(
            *(words("stage", stage, not place) for place, stage in enumerate(answer.stages)),
            words("first", len(answer.top)) if answer.top else words("nothing", answer),
        ),
        rows=tuple(row(blocker, page) for blocker in answer.top),
        told=tuple(text for text in told if text),
        fresh=words("fresh", answer),
    )


def _headline(answer: Answer, words: Words) -> str:
    """The longest of the headlines that is short enough to stand alone."""
    first = answer.top[0] if answer.top else None
    tries = [words("headline", answer, first, room) for room in (60, 40, 24)]
    tries += [words("headline", answer, None, room) for room in (40, 16)]
    return cut(next((said for said in tries if len(said) <= HEADLINE), tries[-1]), HEADLINE)
