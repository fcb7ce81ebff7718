"""How does the answer to "how fast, and how safely, do we deliver" look?"""

from assistant.blocks import Picture
from assistant.charts import Bars, Layer, stacked
from assistant.delivered import Stage
from assistant.delivery_gaps import NOT_RECORDED
from assistant.last_mile import FIRST_PART
from assistant.measures import Compared
from assistant.mentioning import Naming
from assistant.questions.delivery import NAME, Answer
from assistant.showing.sheet import HEADLINE, Sheet
from assistant.telling import Reader
from assistant.weeks import Span
from assistant.words import Words, unescape

_FAILED = 5  # failures that are named; the data has them all
_ALT = 2_000
_OVERLAPS = " (overlaps)"  # with the stages beside it
_TITLE = "Days in each stage, by week"


def sheet(answer: Answer, reader: Reader, _naming: Naming) -> Sheet:
    """The one thing that moved most; below it the stages, the time in review, DORA's five, and the rest of the work."""
    words = Words(NAME, reader)
    told = [words("failures", *_failures(answer))] if answer.failures else []
    always = [gap for gap in answer.unknown if gap in NOT_RECORDED]
    if gaps := [gap for gap in answer.unknown if gap not in always]:
        told.append(words("unknowns", gaps))
    told += [words("unrecorded", [gap.key for gap in always])] if always else []  # the same every week: one line
    body = (
        words("stages", answer, *_stages(answer), _beside(answer)),
        *(words(part, answer) for part in ("review", "dora", "work")),
    )
    return Sheet(
        headline=_headline(answer, words),
        summary=(words("nothing"),) if answer.empty else body,
        told=tuple(told),
        fresh=words("fresh", answer.freshness),
        picture=picture(answer, words),
    )


def picture(answer: Answer, words: Words) -> Picture | None:
    """The stages of each week, the last mile set apart; None where there is nothing to draw."""
    stages = answer.numbers.stages
    last = tuple(_layer(stage) for stage in stages if stage.name not in FIRST_PART)
    first = tuple(_layer(stage) for stage in stages if stage.name in FIRST_PART)
    weeks = [_called(week) for week in answer.weeks]
    large, small = Bars("Last mile: from ready to stable", last), Bars("Before it: from request to ready", first)
    if not (large.known or small.known):
        return None
    layers = (*last, *first)
    told = [
        (week, [(layer.name, tall) for layer in layers if (tall := layer.heights[place]) is not None])
        for place, week in enumerate(weeks)
    ]
    return Picture(lambda: stacked(_TITLE, weeks, large, small), _TITLE, unescape(words("alt", told))[:_ALT])


def _headline(answer: Answer, words: Words) -> str:
    """The longest that is short enough to stand alone."""
    tries = [words("headline", answer, room) for room in (70, 50, 30)]
    return next((said for said in tries if len(said) <= HEADLINE), tries[-1])


def _stages(answer: Answer) -> tuple[list[tuple[str, Compared, Compared | None]], list[tuple[str, Compared]], int]:
    """The stages that are known, and the whole way; those that are not; and of how many changes most of them are."""
    whole = answer.numbers.numbers["request_to_production"]
    rows = [*((stage.name, stage.days, stage.hours) for stage in answer.numbers.stages), ("whole", whole, None)]
    known = [row for row in rows if row[1].now.value is not None]
    unknown = [(name, days) for name, days, _ in rows if days.now.value is None]
    return known, unknown, max(days.now.n for _, days, _ in rows)


def _beside(answer: Answer) -> float | None:
    """The days of testing that went on beside other stages; None where none did, or it is not known."""
    found = (stage.beside.now.value for stage in answer.numbers.stages if stage.beside)
    return next((days for days in found if days), None)


def _failures(answer: Answer) -> tuple[list[tuple[str, str | None]], int]:
    shown = [(answer.called(name), answer.links.get(name)) for name in answer.failures[:_FAILED]]
    return shown, max(0, len(answer.failures) - _FAILED)


def _layer(stage: Stage) -> Layer:
    overlaps = stage.beside is not None and any((one.value or 0) > 0 for one in (stage.beside.now, stage.beside.before))
    return Layer(stage.name.capitalize() + (_OVERLAPS if overlaps else ""), tuple(one.value for one in stage.weekly))


def _called(week: Span) -> str:
    return f"{week.begin.day} {week.begin:%b}"
