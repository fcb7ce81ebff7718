"""How do one person's moves look?"""

from assistant.mentioning import Naming
from assistant.questions.moves import Answer
from assistant.showing.sheet import Sheet
from assistant.showing.things import Page, row
from assistant.subject import SubjectKind
from assistant.telling import Reader
from assistant.words import Words

MOST = 20  # listed: more are counted


def sheet(answer: Answer, reader: Reader, naming: Naming) -> Sheet:
    """The number and the first move on top; below it each of them with its buttons."""
    words = Words("moves", reader)
    page = Page(reader, naming, answer.attention)
    told = [
        words("rest", len(answer.moves) - MOST) if len(answer.moves) > MOST else "",
        words("changes", answer.since) if answer.since else "",
        words("unknowns", answer.unknown) if answer.unknown else "",
    ]
    return Sheet(
        headline=words("headline", answer),
        summary=() if answer.subject.kind is SubjectKind.WORKSPACE else (words("scope", answer),),
        rows=tuple(row(one, page) for one in answer.moves[:MOST]),
        told=tuple(part for part in told if part),
        fresh=words("fresh", answer.freshness),
    )
