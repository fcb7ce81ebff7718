"""Since when has the next move been whose?"""

from datetime import datetime, timedelta
from typing import NamedTuple

from storage.records import Turn, TurnKind

# Checks take a moment to start after a push or an opening: that moment is the machine's already, nobody else's turn.
_CHECKS_START_WITHIN = timedelta(minutes=5)
_CHECKS_RUNNING = TurnKind.CHECKS_RUNNING  # a name of its own: enums are slow to look up
_NOT_THE_AUTHORS = (TurnKind.REVIEW_PENDING, TurnKind.READY_TO_MERGE)


class Move(NamedTuple):
    """Whose move it is: its kind, the accounts, and the round.

    Two moves of one kind and one round are the same turn, although checks ran in between.
    """

    kind: TurnKind
    movers: tuple[str, ...]
    round: int


class _Stretch(NamedTuple):
    move: Move
    began_at: datetime
    ended_at: datetime


class Turns:
    """The turns of one subject, told in the order of time; without a gap from its opening to its end.

    A run of checks inside a turn does not restart it: when the move is back where it was, the run is forgotten.
    Source: definitions, "Waiting since".
    """

    def __init__(self, opened_at: datetime) -> None:
        """Nothing comes before ``opened_at``; what is told of earlier times counts from then."""
        self._past: list[_Stretch] = []
        self._move: Move | None = None
        self._began_at = opened_at

    def stands(self, at: datetime, move: Move) -> None:
        """Say whose move it is from ``at`` on."""
        lasting, at = self._move, max(at, self._began_at)
        if lasting is not None and lasting.kind is move.kind:
            self._move = move
        elif lasting is None or at == self._began_at:
            self._begin(at, move)
        elif move.kind is _CHECKS_RUNNING and self._is_stub(at):
            self._begin(self._began_at, move)
        else:
            self._past.append(_Stretch(lasting, self._began_at, at))
            self._begin(at, move)

    def ends(self, at: datetime) -> None:
        """Say that it was merged, abandoned or closed at ``at``; what was told to begin later never did."""
        if self._move is None:
            return
        while self._past and self._began_at >= at:
            self._move, self._began_at, _ = self._past.pop()
        if at > self._began_at:
            self._past.append(_Stretch(self._move, self._began_at, at))
        self._move, self._began_at = None, max(at, self._began_at)

    def all(self) -> tuple[Turn, ...]:
        """Every turn, the lasting one last."""
        past = tuple(Turn(move.kind, began_at, ended_at, move.movers) for move, began_at, ended_at in self._past)
        return past if self._move is None else (*past, self._lasting(self._move))

    def now(self) -> Turn | None:
        """The turn that lasts, None when all is over."""
        return None if self._move is None else self._lasting(self._move)

    def _lasting(self, move: Move) -> Turn:
        return Turn(move.kind, self._began_at, None, move.movers)

    def _is_stub(self, at: datetime) -> bool:
        stands = self._move
        return stands is not None and stands.kind in _NOT_THE_AUTHORS and at - self._began_at <= _CHECKS_START_WITHIN

    def _begin(self, at: datetime, move: Move) -> None:
        """Begin a turn, or take up again the one that this continues."""
        self._move, self._began_at = move, at
        if self._continues(1, at, move):
            self._began_at = self._past.pop().began_at
        elif self._continues(2, at, move) and self._past[-1].move.kind is _CHECKS_RUNNING:
            self._past.pop()
            self._began_at = self._past.pop().began_at

    def _continues(self, back: int, at: datetime, move: Move) -> bool:
        """Whether the turn so many ``back`` is the same one, with nothing but the turns between."""
        if len(self._past) < back or self._past[-1].ended_at != at:
            return False
        before = self._past[-back]
        contiguous = back == 1 or before.ended_at == self._past[-1].began_at
        same_round = before.move.round == move.round or move.kind is _CHECKS_RUNNING
        return contiguous and before.move.kind is move.kind and same_round
