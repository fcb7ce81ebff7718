"""What did functions answer that is worth knowing of a release: which are not ready, and which accept a risk?

What the newest round of it says, while that is open or was closed lately. It blocks nothing by itself: somebody makes a
blocker or a handoff of what an answer names.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.deciding import cleaned
from assistant.handoffs.functions import Functions
from assistant.handoffs.rounds import answer_of, missing
from assistant.handoffs.seeing import may_see
from assistant.situation import Situation
from assistant.subject import SubjectKind
from storage.records import Readiness, Round, RoundAnswer

LATELY = timedelta(days=14)  # for so long after it was closed, what a round said is worth knowing
_LONGEST = 90  # characters of what somebody wrote, so that who said it and when still fits on the line


def said_in_rounds(situation: Situation) -> tuple[str, ...]:
    """A sentence for each function that said it is not ready, or ready with a risk, in the order they were asked."""
    newest = _newest(situation)
    if newest is None:
        return ()
    answers = (answer_of(newest, function) for function, _ in newest.leads)
    return tuple(_said(one, situation) for one in answers if one and one.readiness is not Readiness.READY)


def _newest(situation: Situation) -> Round | None:
    """The newest round of the release; none where it was closed long ago, or its reader may not know of it."""
    subject, now = situation.subject, situation.now
    if subject.kind is not SubjectKind.RELEASE or not subject.object:
        return None
    wanted = subject.object.casefold()
    ours = [one for one in situation.facts.rounds if one.release.casefold() == wanted]
    newest = max(ours, key=lambda one: (one.opened_at, one.object), default=None)
    if newest is None or not may_see(newest, situation.viewer, situation.policy):
        return None
    return newest if newest.closed_at is None or now - newest.closed_at <= LATELY else None


def _said(answer: RoundAnswer, situation: Situation) -> str:
    name = Functions(situation.policy).name(answer.function)
    who = f"{situation.people.name(answer.by)}, {_day(answer.at, situation)}"
    if answer.readiness is Readiness.READY_WITH_RISK:
        return f"{name} is ready with a risk that it accepts: {cleaned(answer.risk, _LONGEST)} ({who})."
    return f"{name} says that it is not ready: {cleaned(missing(answer), _LONGEST)} ({who})."


def _day(at: datetime, situation: Situation) -> str:
    local = at.astimezone(ZoneInfo(situation.viewer.zone))
    return f"{local.day} {local:%b %H:%M}"
