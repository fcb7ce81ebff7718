"""What does a round read like: where its answers are gathered, to those who are asked, and when it is over?"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.blocks import (
    MOST_TEXT,
    SECTION,
    Block,
    Message,
    actions,
    context,
    cut,
    header,
    plain,
    rows_that_fit,
    section,
)
from assistant.handoffs.functions import Functions
from assistant.handoffs.rounds import UNASKED, Place, Standing, called_by, counted, holds_up
from assistant.people import People
from assistant.showing.fitting import Row, buttoned, fitted
from assistant.showing.handing import ANSWER, BLOCK, CLOSE, PASS_ON, pressing
from assistant.telling import Reader
from assistant.words import Words, escape
from storage.naming import called
from storage.records import Round, RoundAnswer


@dataclass(frozen=True, slots=True)
class Gathered:
    """A round with how each function stands in it, for a reader; ``elsewhere`` is why it is not in its channel."""

    round: Round
    places: tuple[Place, ...]
    people: People
    reader: Reader
    elsewhere: str = ""

    @property
    def about(self) -> str:
        """What people call the release."""
        return called(self.round.release)

    @property
    def by(self) -> str:
        """Who began it; empty where nobody did."""
        return called_by(self.round, self.people.policy)

    @property
    def closer(self) -> str:
        """Who closed it."""
        return self.people.name(self.round.closed_by) if self.round.closed_by else ""

    def words(self) -> Words:
        """The macros of its template."""
        return Words("round", self.reader)

    def named(self, places: Sequence[Place]) -> str:
        """The functions of some places, by name."""
        *first, last = [self.name(one) for one in places] or [""]
        return f"{', '.join(first)} and {last}" if first else last

    def name(self, place: Place) -> str:
        """What people call a function."""
        return Functions(self.people.policy).name(place.function)


def summary(gathered: Gathered) -> Message:
    """All answers in one message, which says what is true now: a line each, with what can be made of it."""
    words, round_ = gathered.words(), gathered.round
    closed = round_.closed_at is not None
    headline = words("headline", gathered.about, closed)
    counts = counted(gathered.places)
    missing = sum(one.answer is None for one in gathered.places)
    told = [
        words("asked", round_, gathered.by, gathered.closer),
        words("elsewhere", gathered.elsewhere),
        words("tally", {str(key): count for key, count in counts.items()}, missing),
    ]
    above = [header(headline), context(*told)]
    below = [] if closed else [actions(*_closing(round_))]
    lines = [line(one, gathered) for one in gathered.places]
    rows = [_row(one, said, gathered) for one, said in zip(gathered.places, lines, strict=True)]
    shown, left = fitted(rows, [*above, *below])
    text = cut("\n".join([headline, told[-1], *lines]), MOST_TEXT)
    return Message(text, (*above, *shown, *_more(left, gathered), *below))


def _more(left: Sequence[int], gathered: Gathered) -> list[Block]:
    """Which functions there is no room for."""
    names = gathered.named([gathered.places[place] for place in left])
    return [context(cut(f"and {len(left)} more: {names}", 300))] if left else []


def line(place: Place, gathered: Gathered) -> str:
    """How one function stands, in words."""
    words, name = gathered.words(), gathered.name(place)
    if place.answer:
        return _answered(place.answer, name, gathered)
    lead = gathered.people.name(place.lead) if place.lead else ""
    closed = gathered.round.closed_at is not None
    match place.standing:
        case Standing.NOBODY_LEADS:
            return words("nobody_leads", name, place.function, closed)
        case Standing.UNREACHABLE:
            return words("unreachable", name, place.function, lead, _key(place.lead), place.why, closed)
        case Standing.NOT_ANSWERED:
            return words("not_answered", name, lead, place.chased)
        case _:
            return words("waiting", name, lead, place.chased, place.why == UNASKED)


def _answered(answer: RoundAnswer, name: str, gathered: Gathered) -> str:
    """What a function answered, each part that was filled in on a line of its own."""
    words, by = gathered.words(), gathered.people.name(answer.by)
    told = (
        words("answered", name, answer, by), words("accepts", answer, by), words("lacks", answer),
        words("waits", answer), words("tells", answer),
    )  # fmt: skip
    return "\n".join(part for part in told if part)


def _key(lead: str | None) -> str:
    """The key under which the configuration lists somebody."""
    return (lead or "").partition("/")[2]


def question(gathered: Gathered, places: Sequence[Place]) -> Message:
    """What a lead reads: the question with a button for each function of theirs, and what they answered."""
    words, round_ = gathered.words(), gathered.round
    asked = words("question", gathered.about, gathered.by, round_.cause, gathered.named(places), round_.due_at)
    lines = [line(one, gathered) for one in places if one.answer]
    over = words("over", gathered.closer, round_.closed_at) if round_.closed_at else ""
    below = [context(over)] if over else _answering(gathered, places)
    shown, left = fitted([Row(one, lambda said: [section(said)]) for one in lines], [section(asked), *below])
    more = [context(f"and {len(left)} more answers")] if left else []
    return Message(cut("\n".join([asked, *lines]), MOST_TEXT), (section(asked), *shown, *more, *below))


def reminder(gathered: Gathered, places: Sequence[Place], user: str, *, last: bool) -> Message:
    """What a lead reads who has not answered; once they have, or it is over, that stands there instead."""
    words, names = gathered.words(), gathered.named(places)
    missing = [one for one in places if one.open]
    if not missing:
        said = words("thanks", names, gathered.about)
        return Message(said, (section(said),))
    if gathered.round.closed_at:
        said = words("missed", names, gathered.about)
        return Message(said, (section(said),))
    said = words("reminder", gathered.about, gathered.named(missing), gathered.round.due_at, last)
    said = f"<@{escape(user)}> {said}"
    return Message(said, (section(said), *_answering(gathered, missing)))


def complete(gathered: Gathered, user: str | None) -> Message:
    """That everybody has answered, to whoever began it."""
    closed = gathered.round.closed_at is not None
    said = gathered.words()("complete", gathered.about, closed)
    said = f"<@{escape(user)}> {said}" if user else said
    return Message(said, (section(said), *([] if closed else [actions(*_closing(gathered.round))])))


def closing(gathered: Gathered, user: str | None) -> Message:
    """How ready each function is, as the round ended; ``user`` is to be called."""
    words = gathered.words()
    said = words("closing", gathered.closer, gathered.about)
    said = f"<@{escape(user)}> {said}" if user else said
    lines = [
        words(
            "readiness",
            gathered.name(one),
            str(one.standing),
            one.answer,
            gathered.people.name(one.answer.by) if one.answer else "",
        )
        for one in gathered.places
    ]
    text = "\n".join([said, *lines])
    parts = _parts(lines)
    rows = [[section("\n".join(part))] for part in parts]
    taken = rows_that_fit(rows, [section(said), context("…")], len(rows)) if rows else 0
    left = sum(map(len, parts[taken:]))
    more = [context(f"and {left} more")] if left else []
    return Message(cut(text, MOST_TEXT), (section(said), *(block for row in rows[:taken] for block in row), *more))


def _parts(lines: Sequence[str]) -> list[list[str]]:
    """Lines in paragraphs that Slack takes whole."""
    parts: list[list[str]] = []
    room = 0
    for one in lines:
        room -= len(one) + 1
        if room < 0:
            parts.append([])
            room = SECTION - len(one)
        parts[-1].append(one)
    return parts


def _row(place: Place, said: str, gathered: Gathered) -> Row:
    round_ = gathered.round
    if place.answer is None:
        offered = None if round_.closed_at else _answer("Answer…", round_, place)
        return Row(said, lambda words: [section(words, offered)], acts=offered is not None)
    followed = gathered.words()("followed", place.blocker, _listed(place, gathered))
    buttons = _making(place, round_) if holds_up(place.answer) else []
    below = [*([context(followed)] if followed else []), *([actions(*buttons)] if buttons else [])]
    return Row(said, lambda words: [section(words), *below], acts=bool(buttons))


def _listed(place: Place, gathered: Gathered) -> str:
    return Functions(gathered.people.policy).listed(place.passed_to)


def _making(place: Place, round_: Round) -> list[Block]:
    """What can be made of an answer of which nothing was made yet."""
    if place.blocker or place.passed_to:
        return []
    carried = {"round": round_.object, "function": place.function}
    made = [
        pressing("Make it a blocker", BLOCK, None, **carried),
        pressing("Make it a handoff", PASS_ON, None, **carried),
    ]
    return [one for one in made if one]


def _answering(gathered: Gathered, places: Sequence[Place]) -> list[Block]:
    """A button for each function, which says for which where there are several; whoever has not answered comes first.

    What a message does not take appears once those before have answered.
    """
    made = []
    for one in sorted(places, key=lambda one: not one.open):
        verb = "Change the answer" if one.answer else "Answer"
        label = f"{verb} for {gathered.name(one)}…" if len(places) > 1 else f"{verb}…"
        made.append(_answer(label, gathered.round, one, None if one.answer else "primary"))
    rows, left = buttoned([one for one in made if one])
    if not left:
        return rows
    waiting = sum(one.open for one in places) - len(made) + left
    first = f"Answer these first: then there is room for {waiting} more."
    return [*rows, context(first if waiting > 0 else f"There is no room here to change {left} more.")]


def _answer(label: str, round_: Round, place: Place, style: str | None = None) -> Block | None:
    return pressing(label, ANSWER, style, round=round_.object, function=place.function)


def _closing(round_: Round) -> list[Block]:
    """The button that ends it, which asks first."""
    button = pressing("Close the round", CLOSE, None, round=round_.object)
    confirm: Block = {
        "title": plain("Close the round?", 100),
        "text": plain("Whoever has not answered is then shown as not answered.", 300),
        "confirm": plain("Close it", 30), "deny": plain("Not yet", 30),
    }  # fmt: skip
    return [button | {"confirm": confirm}] if button else []
