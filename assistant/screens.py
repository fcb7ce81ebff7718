"""What does a person see first, what on demand, and which buttons go with it?

The first screen of ``/blocking`` is verdict, date, the three most pressing blockers and what is decided, changed and
unknown; everything else is one button away. A message that a channel reads has no button that would answer one person.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.blocks import (
    ACTIONS,
    BUTTON_VALUE,
    MOST_TEXT,
    Block,
    Message,
    actions,
    button,
    context,
    cut,
    header,
    rows_that_fit,
    section,
)
from assistant.showing.handing import NEW
from assistant.subject import Candidates, SubjectKind
from assistant.telling import Reader
from assistant.words import Words, escape

if TYPE_CHECKING:
    from assistant.blockers.blocker import Blocker
    from assistant.questions import blocking, releases

ALL, FIRST, PICK, SHARE = "blocking.all", "blocking.first", "blocking.pick", "blocking.share"
DECIDE, RELEASE, WRONG, CONFIRM = "decide.open", "release.open", "wrong.open", "decide.confirm"
_HANDED_OFF = {SubjectKind.RELEASE, SubjectKind.SERVICE, SubjectKind.CHANGE}  # what a handoff can be about
PAGE = 20
MOST_RELEASES = 24
SUMMARY, ITEM, PARAGRAPH, LINE = 800, 900, 1_000, 600


def first(answer: "blocking.Answer", reader: Reader, *, shared: bool) -> Message:
    """The first screen: what a product manager needs to read."""
    words = Words("blocking", reader)
    top = answer.top
    items = [words("item", blocker, place) for place, blocker in enumerate(top, 1)] or [words("nothing", answer)]
    headline, summary = words("headline", answer), words("summary", answer)
    rows = [
        section(item, None if shared or not top else _wrong(answer, top[index]), ITEM)
        for index, item in enumerate(items)
    ]
    told = [
        words("risks", answer.accepted_risks) if answer.accepted_risks else "",
        words("changes_here" if shared else "changes", answer.since) if answer.since else "",
        words("warnings", answer.risks, answer.conflicts) if answer.risks or answer.conflicts else "",
        words("unknowns", answer.unknown) if answer.unknown else "",
    ]
    fresh = context(cut(words("fresh", answer.freshness, answer.reconciled_at), LINE))
    blocks = [
        header(headline), section(summary, None, SUMMARY), *rows, *(section(t, None, PARAGRAPH) for t in told if t),
        fresh, *_first_buttons(answer, shared=shared),
    ]  # fmt: skip
    return _message([headline, summary, *items, *told], blocks)


def everything(answer: "blocking.Answer", reader: Reader, *, start: int = 0, shared: bool) -> Message:
    """Every blocker from ``start`` on, as many as one message takes, with the way to the others."""
    words = Words("blocking", reader)
    total = len(answer.blockers)
    start = max(0, min(start, total - 1))
    items = [words("item", blocker, start + place) for place, blocker in enumerate(answer.blockers[start:], 1)]
    rows = [
        [section(item, None if shared else _wrong(answer, blocker), ITEM)]
        for item, blocker in zip(items[:PAGE], answer.blockers[start:], strict=False)
    ]
    headline = words("headline", answer)
    around = [header(headline), context(words("more", 888, 888, total)), *_turning(answer, start, total)]
    taken = rows_that_fit(rows, around, PAGE)
    told = words("more", start + 1, start + taken, total) if total else words("nothing", answer)
    shown = [block for row in rows[:taken] for block in row]
    turning = [] if shared else _turning(answer, start, start + taken)
    return _message([headline, told, *items[:taken]], [header(headline), context(told), *shown, *turning])


def listed(answer: "releases.Answer", reader: Reader, *, shared: bool) -> Message:
    """Every open release with its verdict, and a button to what blocks it."""
    words = Words("releases", reader)
    headline = words("headline", len(answer.releases) + answer.more)
    told = [words("row", release) for release in answer.releases[:MOST_RELEASES]]
    rows = [
        [section(text, None if shared else _button("What blocks it?", f"{PICK}.{place}", about=release.words), LINE)]
        for place, (text, release) in enumerate(zip(told, answer.releases, strict=False))
    ]
    gaps = words("unknowns", answer.unknown) if answer.unknown else ""
    below = [section(gaps, None, PARAGRAPH)] if gaps else []
    below.append(context(cut(words("fresh", answer.freshness), LINE)))
    around = [header(headline), *below, context(words("rest", 8_888))]
    taken = rows_that_fit(rows, around, MOST_RELEASES)
    rest = len(answer.releases) - taken + answer.more
    shown = [block for row in rows[:taken] for block in row] or [section(words("nothing"))]
    more = [context(words("rest", rest))] if rest else []
    return _message([headline, *told, gaps], [header(headline), *shown, *more, *below])


def which(candidates: Candidates, reader: Reader, question: str | None = None) -> Message:
    """The question back, with what may have been meant as buttons; ``question`` is the one they ask then."""
    words = Words("candidates", reader)
    back, hint = words("question", candidates), words("hint", candidates)
    more = {"question": question} if question else {}
    offered = [
        _button(option.label, f"{PICK}.{place}", about=option.words, **more)
        for place, option in enumerate(candidates.options[:ACTIONS])
    ]
    buttons = [offer for offer in offered if offer]
    labels = [words("option", option) for option in candidates.options[: len(offered)]]
    blocks = [section(back), *([actions(*buttons)] if buttons else []), context(hint)]
    return _message([back, *labels, hint], blocks)


def _first_buttons(answer: "blocking.Answer", *, shared: bool) -> list[Block]:
    about, total = answer.subject.words, len(answer.blockers)
    made = [_button(f"Show all {total}", ALL, about=about) if total else None]
    if not shared:
        made.append(_button("Share in channel", SHARE, about=about))
        if answer.subject.kind is SubjectKind.RELEASE:
            made += [_button("Decide…", DECIDE, about=about), _button("Edit release…", RELEASE, about=about)]
        if answer.subject.kind in _HANDED_OFF:
            made.append(_button("Hand off…", NEW, about=about))
    return _row(made)


def _turning(answer: "blocking.Answer", start: int, end: int) -> list[Block]:
    about = answer.subject.words
    made = [_button("Summary", FIRST, about=about)]
    if start:
        made.append(_button("From the first", f"{ALL}.top", about=about))
    if end < len(answer.blockers):
        made.append(_button(f"Next, from {end + 1}", ALL, about=about, start=end))
    return _row(made)


def _row(made: Sequence[Block | None]) -> list[Block]:
    buttons = [one for one in made if one]
    return [actions(*buttons)] if buttons else []


def _wrong(answer: "blocking.Answer", blocker: "Blocker") -> Block | None:
    release = answer.subject.object if answer.subject.kind is SubjectKind.RELEASE else None
    return _button("Wrong?", WRONG, blocker=blocker.object, release=release)


def _button(label: str, action: str, **values: str | int | None) -> Block | None:
    """A button that carries these values; none where they are too long to be carried whole."""
    carried = json.dumps(values)
    return button(escape(label), action, carried) if len(carried) <= BUTTON_VALUE else None


def _message(lines: Sequence[str], blocks: Sequence[Block]) -> Message:
    return Message(cut("\n".join(line for line in lines if line), MOST_TEXT), tuple(blocks))
