"""What happened to a change, told in order: whose turn was it when, and how does it stand in the end?"""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime

from storage.records import KnownEvent
from storage.state.moment import Moment
from storage.state.pushes import Chain
from storage.state.steps import begin, do, show
from storage.state.turns import Move, Turns

_MOST_MOVES = 20


class History:
    """A change through time: ``moment`` is how it stands after its events, ``turns`` whose move it was."""

    def __init__(self, moment: Moment, opened_at: datetime, chain: Chain) -> None:
        """``moment`` is blank; ``chain`` tells the pushes that matter."""
        self.moment = moment
        self.moment.pushers = chain.pushers
        self.turns = Turns(opened_at)
        self.opened_at = opened_at
        self._chain = chain
        self._stood: Move | None = None
        self.head_moves: deque[datetime] = deque(maxlen=_MOST_MOVES)  # when another commit came to head it

    def tell(self, events: Sequence[KnownEvent]) -> None:
        """Take in the events, ordered; those from before the opening only set the scene."""
        moment, opened_at = self.moment, self.opened_at
        begin(moment, events, self._chain)
        moment.ready_at = None if moment.draft else opened_at
        opened = False
        for at, together in _instants(events):
            if at > opened_at:
                if not opened:
                    self._stand(opened_at)
                if moment.end_at is not None and moment.end_at < at:
                    self._end()
            self._take_in(together, max(at, opened_at))
            if at >= opened_at:
                opened = True
                self._stand(at)
        if not opened:
            self._stand(opened_at)
        self._end()

    def _take_in(self, together: Sequence[KnownEvent], at: datetime) -> None:
        """First what was shown, then what was done: of two things in one second a snapshot may know only one."""
        head = self.moment.head
        for event in together:
            if snapshot := event.data.get("snapshot"):
                show(self.moment, snapshot, at, self._chain)
        for event in together:
            do(self.moment, event, at, self._chain)
        if head is not None and self.moment.head != head:
            self.head_moves.append(at)

    def _stand(self, at: datetime) -> None:
        """Say whose move it is now, unless it has ended by now."""
        moment = self.moment
        if moment.open and (moment.end_at is None or moment.end_at > at):
            move = moment.move()
            if move is not self._stood:
                self._stood = move
                self.turns.stands(at, move)
        elif moment.open:
            self._end()

    def _end(self) -> None:
        """Close the change, where it is open and its end was told."""
        moment = self.moment
        if moment.open and moment.end_at is not None:
            moment.open, moment.end_at = False, max(moment.end_at, self.opened_at)
            self.turns.ends(moment.end_at)
            self._stood = None


def _instants(events: Sequence[KnownEvent]) -> Iterator[tuple[datetime, Sequence[KnownEvent]]]:
    """Group ordered events by instant."""
    start, count = 0, len(events)
    while start < count:
        at, end = events[start].at, start + 1
        while end < count and events[end].at == at:
            end += 1
        yield at, events[start:end]
        start = end
