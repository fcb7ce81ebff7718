"""How do open handoffs look: a row each, below whose move it is or what is to be done with it?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.blocks import context, cut
from assistant.handoffs.listing import Listed
from assistant.mentioning import Naming
from assistant.questions.handoffs import Answer
from assistant.showing.handed import row
from assistant.showing.sheet import HEADLINE, Row, Sheet
from assistant.subject import SubjectKind
from assistant.telling import Reader
from assistant.words import Words

MOST = 15  # listed under one heading: more are counted


def sheet(answer: Answer, reader: Reader, naming: Naming) -> Sheet:
    """How many there are and how late they are on top; below it each with its buttons."""
    words = Words("handoffs", reader)
    told = [
        words("changes", answer.since) if answer.since else "",
        words("unknowns", answer.unknown) if answer.unknown else "",
    ]
    kind = answer.subject.kind
    narrowed = (words("scope", answer),) if kind is not SubjectKind.WORKSPACE and answer.whose else ()
    of_team = (words("of_team"),) if kind is SubjectKind.TEAM else ()
    return Sheet(
        headline=cut(words("headline", answer), HEADLINE),
        summary=(*narrowed, *of_team),
        rows=tuple(made for name, things in lists(answer) for made in under(name, things, reader, naming)),
        told=tuple(part for part in told if part),
        fresh=words("fresh", answer.freshness),
    )


def lists(answer: Answer) -> tuple[tuple[str, tuple[Listed, ...]], ...]:
    """The lists of an answer by the name of their heading: what to do with each, else whose move it is."""
    if answer.mine:
        return ("acknowledge", answer.to_acknowledge), ("do", answer.to_do), ("waiting", answer.waiting)
    return tuple((group.name, group.things) for group in answer.groups)


def under(name: str, things: Sequence[Listed], reader: Reader, naming: Naming, most: int = MOST) -> Iterator[Row]:
    """Rows below one heading."""
    words = Words("handoffs", reader)
    for place, one in enumerate(things[:most]):
        made = row(one, reader, naming)
        said = words("heading", name, len(things), min(most, len(things)))
        yield made if place else replace(made, blocks=(context(said), *made.blocks))
