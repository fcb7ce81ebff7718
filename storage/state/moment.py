"""How does a change stand at one moment, and whose move is it then?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage.records import KnownEvent, ReviewState, TurnKind
from storage.state.bots import Crowd
from storage.state.checks import Checks
from storage.state.reviews import Reviews
from storage.state.rules import FoldRules
from storage.state.stated import instant, word
from storage.state.turns import Move

_ONE_APPROVAL = 1  # what we go by where nobody said how many are required; then "approvals" is among the unknown
_THE_MACHINES = Move(TurnKind.CHECKS_RUNNING, (), 0)


class Moment:
    """A change as of the events taken in so far; most methods take in one kind of news.

    ``owners`` are those who make the author's moves: the author, or for a bot's change its assignees.
    ``end_at`` is when it was merged or closed, which a snapshot may tell before or after the fact. ``pushers`` are
    the accounts (casefolded) that wrote to its branch, with since when each is an author of it.
    """

    def __init__(self, repository: str, author: str | None, crowd: Crowd, rules: FoldRules) -> None:
        """Open, ready, nobody asked, nothing checked."""
        self.checks = Checks(repository, rules)
        self.reviews = Reviews()
        self.approvals_required = rules.approvals.get(repository.casefold())
        self.draft = self.merged = self.queued = False
        self.open = True
        self.end_at: datetime | None = None
        self.ready_at: datetime | None = None
        self.first_response_at: datetime | None = None
        self.head: str | None = None
        self.base: str | None = None
        self.mergeable: bool | None = None
        self.asked: dict[str, str] = {}
        self.assignees: tuple[str, ...] = ()
        self.pushers: Mapping[str, datetime] = {}
        self._crowd = crowd
        self._author = author
        self._author_key = author.casefold() if author else None
        self._pushes = self._drafts = 0
        self._in_review: Move | None = None  # remembered until there is news of reviews: checks make most of the news

    def told(self, snapshot: Mapping[str, Any], at: datetime) -> None:
        """Take in what a snapshot says, where it says it; whatever changed without an event of its own changes now."""
        draft, head, asked = snapshot.get("draft"), snapshot.get("head_sha"), snapshot.get("asked")
        if isinstance(draft, bool) and draft is not self.draft:
            self.drafted() if draft else self.readied(at)
        if asked is not None and asked != list(self.asked.values()):
            self.asked = {account.casefold(): account for account in asked}
            self._in_review = None
        if (base := snapshot.get("base")) is not None and base != self.base:
            self.base, self.mergeable = base, None
        if snapshot.get("mergeable") is not None and head in {self.head, None}:
            self.mergeable = snapshot["mergeable"]
        if (assignees := snapshot.get("assignees")) is not None and tuple(assignees) != self.assignees:
            self.assignees = tuple(assignees)
            self._in_review = None
        ended = snapshot.get("merged") is True or snapshot.get("state") == "closed"
        if ended and self.open and self.end_at is None:
            self.merged = snapshot.get("merged") is True
            self.end_at = instant(snapshot, "merged_at") or instant(snapshot, "closed_at") or at
        elif snapshot.get("state") == "open" and not self.open:
            self.reopened()

    def drafted(self) -> None:
        """It went back to draft: nobody waits, and what was answered before it is ready again does not count."""
        if not self.draft:
            self.draft, self.ready_at, self.first_response_at = True, None, None
            self._drafts += 1

    def readied(self, at: datetime) -> None:
        """It left draft; an approval that stands already is an answer without any wait."""
        self.draft, self.ready_at = False, at
        approved = (one.reviewer for one in self.reviews.standing() if one.state is ReviewState.APPROVED)
        self.first_response_at = at if any(not self._is_author(who, at) for who in approved) else None

    def pushed(self, sha: str, *, content: bool) -> None:
        """Another commit heads it; whether it still merges is then unknown, and new content answers the reviewers."""
        if sha == self.head:
            return
        self.head, self.mergeable = sha, None
        if content:
            self._pushes += 1
            self.reviews.answered()
            self._in_review = None

    def asks(self, account: str) -> None:
        """A review was asked for, perhaps again."""
        self.asked[account.casefold()] = account
        self.reviews.answered(account)
        self._in_review = None

    def asks_no_more(self, account: str) -> None:
        """A request for a review was taken back, or answered."""
        self.asked.pop(account.casefold(), None)
        self._in_review = None

    def reviewed(self, event: KnownEvent, at: datetime) -> None:
        """Take in a review; a bot's is none, an author's own no response."""
        reviewer = word(event.data, "reviewer")
        if reviewer is None or not self._crowd.is_person(reviewer):
            return
        self.asks_no_more(reviewer)
        if reviewer.casefold() != self._author_key:
            self.reviews.reviewed(reviewer, event.data.get("state", ""), event.at, str(event.data.get("id") or ""))
        self.responded(reviewer, at)

    def dismissed(self, event: KnownEvent) -> None:
        """Take in that a review was dismissed."""
        self.reviews.dismissed(word(event.data, "reviewer"), event.at, str(event.data.get("id") or ""))
        self._in_review = None

    def responded(self, account: str | None, at: datetime) -> None:
        """Take in any word on the change; the first since it is ready of one who is no author is the first response."""
        if account is None or self.draft or self.first_response_at is not None:
            return
        if not self._is_author(account, at) and self._crowd.is_person(account):
            self.first_response_at = at

    def _is_author(self, account: str, at: datetime) -> bool:
        """Whether somebody had a hand in it by then: opened it, or pushed content to its branch."""
        pushed_at = self.pushers.get(account.casefold())
        return account.casefold() == self._author_key or (pushed_at is not None and pushed_at <= at)

    def enters_queue(self) -> None:
        """It waits in a merge queue, where the machine tests it."""
        self.queued = True

    def leaves_queue(self) -> None:
        """It left the merge queue, merged or not."""
        self.queued = False

    def ended(self, at: datetime, *, merged: bool) -> None:
        """It was merged or closed unmerged."""
        if self.open:
            self.merged, self.end_at = merged, at

    def reopened(self) -> None:
        """It was closed unmerged and is open again; what is merged stays merged."""
        if not self.merged:
            self.open, self.end_at = True, None

    def reviewers_asked(self) -> tuple[str, ...]:
        """The people whose review is asked for."""
        return self._crowd.people(tuple(who for key, who in self.asked.items() if key != self._author_key))

    def unknown(self) -> tuple[str, ...]:
        """What whose move it is rests on and nobody told: required_checks, approvals, conflicts."""
        return (
            *(["required_checks"] if self.checks.unreported(self.head) else ()),
            *(["approvals"] if self.approvals_required is None else ()),
            *(["conflicts"] if self.mergeable is None else ()),
        )

    def move(self) -> Move:
        """Whose move it is: the first match of definitions, "Whose move"; dependencies cross subjects and are left out.

        ``checks_running`` and ``review_pending`` may have no movers: the machine, and nobody who was asked.
        """
        before = self._before_review()
        if before is not None:
            return before
        if self._in_review is None:
            self._in_review = self._reviewing()
        return self._in_review

    def _before_review(self) -> Move | None:
        if self.draft:
            return Move(TurnKind.IN_PROGRESS, self._owners(), self._drafts)
        if self.mergeable is False:
            return Move(TurnKind.MERGE_CONFLICT, self._owners(), self._pushes)
        failing, running = self.checks.standing(self.head)
        if failing:
            return Move(TurnKind.CHECKS_FAILING, self._owners(), self._pushes)
        return _THE_MACHINES if running or self.queued else None

    def _reviewing(self) -> Move:
        reviews = self.reviews
        if reviews.unanswered():
            return Move(TurnKind.CHANGES_REQUESTED, self._owners(), reviews.round)
        again, missing = reviews.to_look_again(), self._approvals_missing()
        if again or missing:
            return Move(TurnKind.REVIEW_PENDING, self._reviewers(again, missing=missing), reviews.round)
        return Move(TurnKind.READY_TO_MERGE, self._owners(), reviews.round)

    def _owners(self) -> tuple[str, ...]:
        if self._author is not None and self._crowd.is_person(self._author):
            return (self._author,)
        return self._crowd.people(self.assignees)

    def _reviewers(self, again: tuple[str, ...], *, missing: bool) -> tuple[str, ...]:
        """Those asked (while approvals are missing) and those who must look again, each once and the author never."""
        asked = self.reviewers_asked() if missing else ()
        return tuple({account.casefold(): account for account in (*asked, *again)}.values())

    def _approvals_missing(self) -> bool:
        required = _ONE_APPROVAL if self.approvals_required is None else self.approvals_required
        return self.reviews.approvals() < required
