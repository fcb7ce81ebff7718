"""How is it shown which releases are not stable yet: a row each, with its quiet days as a bar and its incidents?"""

from collections.abc import Sequence

from assistant.blocks import Block, context, cut, section
from assistant.mentioning import Naming, snoozed_until
from assistant.questions.stabilization import Answer
from assistant.settling import News, Row, Unclear
from assistant.showing import sheet as sheets
from assistant.showing.pressing import CORRECT_LINK, attending, labelled
from assistant.showing.sheet import HEADLINE, Sheet
from assistant.stabilization import Disturbance
from assistant.subject import SubjectKind
from assistant.telling import Reader
from assistant.words import Words

_ORDER = ("lasting", "restarted", "unknown", "stable", "soon", "shipped")  # what matters most is the headline
_LOUD = {"lasting", "restarted"}
_CELLS = 10
_ITEM, _INCIDENT = 1_500, 600  # characters
_INCIDENTS = 4  # of one release


def sheet(answer: Answer, reader: Reader, naming: Naming) -> Sheet:
    """Lay the answer out: the news as headline, a row for each release that is not stable yet."""
    words = Words("stabilization", reader)
    lead, others = _lead(answer)
    named = {lead.row.object} if lead else set()
    more = sum(row.object not in named for row in answer.settling)
    summary = [words("news", others)] if others else []
    stable = [row for row in (answer.asked,) if row and row.clock.state == "stable"]
    if not (answer.settling or answer.unclear or stable):
        summary.append(words("nothing", answer))
    return Sheet(
        headline=cut(words("headline", answer, lead, more), HEADLINE),
        summary=tuple(summary),
        rows=(
            *(_unclear(one, answer, words, naming) for one in answer.unclear),
            *(_row(row, answer, words, naming) for row in (*answer.settling, *stable)),
        ),
        told=(words("unknowns", answer.unknown),) if answer.unknown else (),
        fresh=words("fresh", answer.freshness),
    )


def bar(row: Row) -> str:
    """The quiet days as a bar of ten cells: full once all are over, never before."""
    share = min(1.0, row.clock.quiet / row.clock.needed)
    filled = int(share * _CELLS)
    return "▰" * filled + "▱" * (_CELLS - filled)


def _lead(answer: Answer) -> tuple[News | None, Sequence[News]]:
    """What the headline says, and what else is new; of a release only what matters most.

    Nothing where the headline is whether the one release asked about is stable, or that of one nobody can tell whether
    it has shipped: only what is not quiet comes before that.
    """
    ranked = sorted(answer.news, key=lambda one: _ORDER.index(one.what))
    told = list({one.row.object: one for one in reversed(ranked)}.values())
    told.sort(key=lambda one: _ORDER.index(one.what))
    if answer.subject.kind in {SubjectKind.RELEASE, SubjectKind.CHANGE}:
        return None, [one for one in told if one.what == "restarted"]
    if answer.unclear and not (told and told[0].what in _LOUD):
        return None, told
    if told:
        return told[0], told[1:]
    return (News("settling", answer.settling[0]), ()) if answer.settling else (None, ())


def _unclear(one: Unclear, answer: Answer, words: Words, naming: Naming) -> sheets.Row:
    """A release of which nobody can tell whether it has shipped, with why."""
    said = words("unclear", one, snoozed_until(answer.attention.get(one.object), naming.now))
    return sheets.Row(said, (section(said, None, _ITEM), *attending(one.object)), one.object)


def _row(row: Row, answer: Answer, words: Words, naming: Naming) -> sheets.Row:
    said = words("row", row, bar(row), snoozed_until(answer.attention.get(row.object), naming.now))
    blocks: list[Block] = [section(said, None, _ITEM)]
    blocks += [_incident(one, row, words) for one in row.incidents[-_INCIDENTS:]]
    if len(row.incidents) > _INCIDENTS:
        blocks.append(context(words("more_incidents", len(row.incidents) - _INCIDENTS)))
    listed = [words("restart", one) for one in row.incidents[-_INCIDENTS:]]
    return sheets.Row("\n".join([said, *listed]), (*blocks, *attending(row.object)), row.object)


def _incident(one: Disturbance, row: Row, words: Words) -> Block:
    """A linked incident, with the button that says that it is linked wrongly."""
    button = labelled("Correct the link", CORRECT_LINK, incident=one.object, release=row.object)
    return section(words("restart", one), button, _INCIDENT)
