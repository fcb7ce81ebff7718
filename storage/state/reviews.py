"""What do the reviewers say of a change as it stands, and who among them is to look again?"""

from dataclasses import dataclass
from datetime import datetime

from storage.records import Review, ReviewState

# Names of their own: looking a member up in its enum costs more than calling a function.
_APPROVED, _REQUESTED = ReviewState.APPROVED, ReviewState.CHANGES_REQUESTED
_COMMENTED, _DISMISSED = ReviewState.COMMENTED, ReviewState.DISMISSED
_OPINIONS = {_APPROVED.value: _APPROVED, _REQUESTED.value: _REQUESTED}


@dataclass(slots=True)
class _Opinion:
    reviewer: str
    state: ReviewState
    at: datetime
    id: str
    answered: bool = False


class Reviews:
    """The latest opinion of each reviewer: a mere comment leaves an opinion standing, a dismissal takes it away.

    ``round`` counts how often the move went over between author and reviewers.
    """

    def __init__(self) -> None:
        """Nobody has reviewed yet."""
        self.round = 0
        self._by_reviewer: dict[str, _Opinion] = {}

    def reviewed(self, reviewer: str, state: str, at: datetime, review_id: str) -> None:
        """Take in one person's review."""
        opinion = _OPINIONS.get(state)
        before = self._by_reviewer.get(reviewer.casefold())
        if opinion is None and before is not None and before.state is not _COMMENTED:
            return
        said = _Opinion(reviewer, opinion or _COMMENTED, at, review_id)
        self._by_reviewer[reviewer.casefold()] = said
        self.round += opinion is _REQUESTED

    def dismissed(self, reviewer: str | None, at: datetime, review_id: str) -> None:
        """Take away the opinion that this review gave, where it still stands."""
        for said in self._by_reviewer.values():
            same = said.id == review_id if review_id else said.reviewer.casefold() == (reviewer or "").casefold()
            if same and said.state in _OPINIONS.values():
                said.state, said.at, said.answered = _DISMISSED, at, False
                self.round += 1

    def answered(self, reviewer: str | None = None) -> None:
        """Mark requests for changes as answered: one reviewer's, who was asked again, or (None) everybody's."""
        for said in self._by_reviewer.values():
            meant = reviewer is None or said.reviewer.casefold() == reviewer.casefold()
            if meant and said.state is _REQUESTED and not said.answered:
                said.answered = True
                self.round += 1

    def unanswered(self) -> bool:
        """Whether a request for changes waits for the author."""
        return any(said.state is _REQUESTED and not said.answered for said in self._all())

    def to_look_again(self) -> tuple[str, ...]:
        """Those whose request for changes has been answered."""
        return tuple(said.reviewer for said in self._all() if said.answered)

    def approvals(self) -> int:
        """How many approve as things stand."""
        return sum(said.state is _APPROVED for said in self._all())

    def standing(self) -> tuple[Review, ...]:
        """The latest opinion of each, in the order of their first word."""
        return tuple(Review(said.reviewer, said.state, said.at) for said in self._all())

    def _all(self) -> tuple[_Opinion, ...]:
        return tuple(self._by_reviewer.values())
