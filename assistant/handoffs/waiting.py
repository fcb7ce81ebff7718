"""Which handoffs of a scope wait to be answered now, and which waited at a past moment?

Those to QA are the testing of what they are about; all others are passed on between functions. Where none was recorded
nothing is known of them, which is not that there are none.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from assistant.calendar import Floats
from assistant.handoffs.concerning import concerns, nearby
from assistant.handoffs.functions import Functions
from assistant.handoffs.gathering import stands
from assistant.handoffs.history import Stretch, stretches
from assistant.handoffs.standing import Stand
from assistant.policy import Policy
from assistant.policy.handing import TESTERS
from assistant.situation import Situation
from storage.naming import called
from storage.records import Handoff, HandoffState


@dataclass(frozen=True, slots=True)
class Open:
    """A handoff that is open: its object, what people read of it, where to look, and since when it is open."""

    object: str
    name: str
    url: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """The handoffs of one stage: those open now, and when each was open, as columns of epoch seconds (inf: still).

    ``first`` is when the first that is known was opened, inf where none was ever recorded here.
    """

    now: tuple[Open, ...]
    began: Floats
    ended: Floats
    first: float

    @property
    def recorded(self) -> bool:
        """Whether any is known at all."""
        return bool(np.isfinite(self.first))


def waiting(situation: Situation) -> tuple[Waiting, Waiting]:
    """Those to QA, and those to every other function; the latter are recorded where any handoff is."""
    seen = stands(situation.facts, situation.policy, situation.viewer, situation.now)
    own = [one for one in seen if concerns(one.handoff.about, situation)]
    near = [one.handoff for one in seen if nearby(one.handoff.about, situation)]
    tested = [one for one in near if any(lasted.function == TESTERS for lasted in stretches(one))]
    return (
        _waiting(own, lambda function: function == TESTERS, tested, situation.policy),
        _waiting(own, lambda function: function != TESTERS, near, situation.policy),
    )


def name_of(handoff: Handoff, functions: Functions) -> str:
    """What people read of a handoff in a list: ``checkout 2.4 to QA``."""
    return f"{called(handoff.about)} to {functions.name(handoff.to_function)}"


def _waiting(
    own: Iterable[Stand], wanted: Callable[[str], bool], recorded: Iterable[Handoff], policy: Policy
) -> Waiting:
    functions, each = Functions(policy), [(one, stretches(one.handoff)) for one in own]
    lasted = [stretch for _, found in each for stretch in found if wanted(stretch.function)]
    return Waiting(
        tuple(
            Open(one.handoff.object, name_of(one.handoff, functions), one.url, _since(one, found))
            for one, found in each
            if one.open and wanted(one.handoff.to_function)
        ),
        _seconds(stretch.began for stretch in lasted),
        _seconds(stretch.ended for stretch in lasted),
        min((one.opened_at.timestamp() for one in recorded), default=np.inf),
    )


def _since(stand: Stand, found: Sequence[Stretch]) -> datetime:
    """Since when it is open: of what turned stale since then, whatever its first answer took."""
    return stand.since if stand.state is HandoffState.STALE or not found else found[-1].began


def _seconds(times: Iterable[datetime | None]) -> Floats:
    return np.array([np.inf if at is None else at.timestamp() for at in times], dtype=np.float64)
