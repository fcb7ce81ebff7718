"""How does a question become an answer, and a wish a decision? The one path that every way in takes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from assistant import questions, rendering
from assistant.deciding import Outcome, Refused
from assistant.errors import UserError
from assistant.handoffs.finding import handoffs_of, of_today, stands_of
from assistant.handoffs.looking import Sight, known_as_of
from assistant.handoffs.seeing import NO_HANDOFF
from assistant.handoffs.seeing import may_see as may_see_handoff
from assistant.handoffs.standing import Stand
from assistant.helping import help_message, status_message
from assistant.incidents import may_see
from assistant.knowing import known_of
from assistant.loading import Loaded
from assistant.matching import Book, Known
from assistant.mentioning import Naming, Reached, nobody
from assistant.people import people_of
from assistant.policy import Policy
from assistant.questions import blocking, queues, releases
from assistant.questions.blocking import Answer as BlockingAnswer
from assistant.recalling import recalled, remembered
from assistant.rendering import Message
from assistant.router import Unclear, route
from assistant.scoped import Scoped
from assistant.scopes import EVERYTHING, team_subject, workspace_subject
from assistant.showing.sheet import Sheet
from assistant.subject import Candidates, Subject, SubjectKind
from assistant.subjects import resolve
from assistant.unsettled import Unsettled, unsettled
from assistant.viewer import Viewer
from storage.facts import Facts
from storage.posts import Seen
from storage.records import Event, Freeze, Handoff, Incident, ObjectKind, Release, Train

if TYPE_CHECKING:
    from storage.ledger import Ledger

JUST_NOW = timedelta(minutes=1)  # a moment nearer than this is the present: nothing has to be unlearnt for it
MOST_RELEASES = 20  # examined for one list


@dataclass(frozen=True, slots=True)
class Reply:
    """A message, the answer it shows (None: there was none to give), and how to remember that it was seen.

    ``unsettled`` is what a question back says, as data. ``sheet`` is an answer about a scope whole, where the message
    has room for a part of it.
    """

    message: Message
    answer: Any | None
    seen: Callable[[], None]
    unsettled: Unsettled | None = None
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """An answer about a scope with the sheet that shows it, how to remember that it was seen, and what that keeps."""

    answer: Any
    sheet: Sheet
    seen: Callable[[], None]
    outline: Seen


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did: a sentence for the person, and the events that are now in the ledger."""

    text: str
    events: tuple[Event, ...]


class Desk:
    """Asks, acts and recalls for whoever comes; safe to use from many threads.

    ``clock`` is the edges' (commands, digests); the desk itself reads it only to tell a named past moment from the
    present.
    """

    def __init__(self, ledger: "Ledger", policy: Policy, clock: Callable[[], datetime]) -> None:
        self.ledger = ledger
        self.policy = policy
        self.clock = clock

    # Asking

    def ask(self, text: str, viewer: Viewer, now: datetime, *, screen: str = "first") -> Reply:
        """Answer plain words; what is not understood is answered with what can be asked."""
        asked = route(text)
        if isinstance(asked, Unclear):
            with self._known_at(now) as ledger:
                back = unsettled(asked, ledger.freshness().newest_event, now)
            return _said(rendering.unclear(asked, viewer, now), back)
        return self.answer(asked.question, asked.parameters.get("about", ""), viewer, now, screen=screen)

    def answer(self, question: str, about: str, viewer: Viewer, now: datetime, *, screen: str = "first") -> Reply:
        """Answer a question by its name as one message, which mentions nobody."""
        if question == releases.NAME:
            return self.releases(viewer, now)
        if question == blocking.NAME or (question == queues.NAME and not queues.asks(about, self.policy)):
            return self.blocking(about, viewer, now, screen=screen, question=question)
        told = self.told(question, about, viewer, now)
        if isinstance(told, Reply):
            return told
        return Reply(told.sheet.message(), told.answer, told.seen, sheet=told.sheet)

    def told(  # noqa: PLR0913  a question, whose it is, and whom it may reach
        self,
        question: str,
        about: str,
        viewer: Viewer,
        now: datetime,
        *,
        reached: Reached = nobody,
        person: str | None = None,
        loaded: Loaded | None = None,
    ) -> Told | Reply:
        """Answer a question about a scope (empty words: the channel's team, else everything); a question back else.

        ``reached`` gives the Slack ids of those who may be mentioned; ``person`` is whose moves are asked for, where it
        is not the viewer. ``loaded`` are the facts that were loaded for others at the same moment.
        """
        asked = questions.BY_NAME[question]
        part, about = asked.parted(about, self.policy) if hasattr(asked, "parted") else ("", about)
        with self._known_at(now) as ledger:
            subject = self._scope(about, viewer, ledger)
            if isinstance(subject, Candidates):
                subject = _of_part(subject, part)
                back = unsettled(subject, ledger.freshness().newest_event, now, question)
                return _said(rendering.which(subject, question, viewer, now), back)
            shipped = self._shipped(subject, viewer, ledger, now) if getattr(asked, "RELEASES", False) else ()
            known = ledger.repositories()
            passed = handoffs_of(ledger, viewer, self.policy, now) if getattr(asked, "HANDOFFS", False) else ()
            scoped = Scoped(subject, viewer, known, shipped, person or viewer.key, passed, part)
            facts = (loaded or Loaded()).load(ledger, asked.needs(scoped, self.policy, now), now)
            facts = _recalling(facts, viewer)
        answer = asked.answer(facts, scoped, self.policy, now)
        naming = Naming(people_of(self.policy, facts.accounts), now, reached)
        sheet = rendering.sheet(answer, viewer, now, naming)
        key, outline = asked.seen_key(scoped), remembered(asked.outline(answer), viewer)
        seen = Seen(viewer.key, key, now, outline)
        return Told(answer, sheet, lambda: self.ledger.remember_seen(*seen), seen)

    def blocking(  # noqa: PLR0913  whose words, and what of the answer they see
        self, about: str, viewer: Viewer, now: datetime, *, screen: str = "first", page: int = 0,
        question: str = blocking.NAME,
    ) -> Reply:  # fmt: skip
        """Answer what blocks the thing that ``about`` names; ``page`` is the first blocker of screen "all".

        ``question`` is what was asked of it: what nobody knows may have been meant as a function's name.
        """
        with self._known_at(now) as ledger:
            subject = resolve(about, known_of(ledger, about, self.policy, viewer), self.policy, viewer)
            if isinstance(subject, Candidates):
                subject = queues.no_function(subject, self.policy) if question == queues.NAME else subject
                back = unsettled(subject, ledger.freshness().newest_event, now)
                return _said(rendering.render(subject, viewer, now), back)
            asked = blocking.Parameters(subject, viewer, ledger.repositories())
            facts = _recalling(ledger.load(blocking.needs(asked, self.policy, now), now), viewer)
        answer = blocking.answer(facts, asked, self.policy, now)
        message = rendering.render(answer, viewer, now, screen=screen, page=page)
        return Reply(message, answer, lambda: self._remember(viewer, subject, answer, now))

    def releases(self, viewer: Viewer, now: datetime) -> Reply:
        """Answer which releases are open and how each stands."""
        with self._known_at(now) as ledger:
            known = ledger.repositories()
            named = ledger.named(None, viewer.visible(known))
            subjects = Book(Known(named, ()), self.policy, viewer).open_releases()
            left_out = max(0, len(subjects) - MOST_RELEASES)
            asked = releases.Parameters(subjects[:MOST_RELEASES], viewer, known, more=left_out)
            facts = ledger.load(releases.needs(asked, self.policy, now), now)
        answer = releases.answer(facts, asked, self.policy, now)
        return Reply(rendering.render(answer, viewer, now), answer, _nothing)

    def help(self, viewer: Viewer, now: datetime) -> Reply:
        """Say what can be asked, from the questions themselves."""
        return _said(help_message(viewer, now))

    def status(self, viewer: Viewer, now: datetime) -> Reply:
        """Say how fresh each source is."""
        return _said(status_message(self.ledger.freshness().newest_event, viewer, now))

    def handoffs(self, viewer: Viewer, now: datetime) -> tuple[Stand, ...]:
        """Where every handoff stands that is open or was answered lately, of those that this viewer may know of."""
        with self._known_at(now) as ledger:
            return stands_of(handoffs_of(ledger, viewer, self.policy, now), ledger, viewer, self.policy, now)

    def handoff(self, object_name: str, viewer: Viewer, now: datetime) -> Stand:
        """Where one handoff stands, however long ago it was answered; UserError where this viewer knows of none."""
        with self._known_at(now) as ledger:
            found = ledger.get([object_name]).get(object_name)
            if isinstance(found, Handoff) and may_see_handoff(found, viewer, self.policy):
                return stands_of((found,), ledger, viewer, self.policy, now)[0]
        raise UserError(NO_HANDOFF)

    def looked_at(self, words: str, stand: Stand, viewer: Viewer, now: datetime) -> datetime | None:
        """Up to when what somebody looked at holds all that had landed: a commit, or a published version.

        None where nothing of the scope is known by these words.
        """
        with self._known_at(now) as ledger:
            return known_as_of(words, stand, self.policy, Sight(viewer, now), ledger)

    def meant(self, about: str, viewer: Viewer) -> Subject | Candidates:
        """The scope that words mean, as a digest or a question about a scope reads them."""
        return self._scope(about, viewer, self.ledger)

    # Acting

    def act(
        self,
        name: str,
        wish: Any,  # noqa: ANN401  each act has its own
        viewer: Viewer,
        now: datetime,
        *,
        known: datetime | None = None,
    ) -> Done:
        """Do what somebody wishes, in one transaction that holds what it is about; a refusal raises UserError.

        ``known`` is since when we know of it, where it was done elsewhere before that.
        """
        return self.act_together(name, (wish,), viewer, now, known=known)

    def act_together(
        self, name: str, wishes: Sequence[Any], viewer: Viewer, now: datetime, *, known: datetime | None = None
    ) -> Done:
        """Do several wishes of one act in one transaction: where one is refused, none is done."""
        from assistant.acts import ACTS  # a question alone should not pay for every act
        from assistant.sentences import told

        act = ACTS[name]
        wishes = tuple(of_today(wish, self.ledger, viewer, self.policy, known or now) for wish in wishes)
        objects = tuple(dict.fromkeys(one for wish in wishes for one in act.objects(wish)))
        done = self.ledger.decide(
            objects,
            lambda records: _together(act.decide(records, wish, viewer, self.policy, now) for wish in wishes),
            known or now,
        )
        if isinstance(done, Refused):
            raise UserError(done.reason)
        return Done(told(done, viewer, self.policy) or "Nothing to change: it is so already.", done)

    # What there is to choose from

    def known_releases(self, viewer: Viewer, _now: datetime) -> tuple[Release, ...]:
        """Releases that somebody planned and that have not ended, for this viewer."""
        from assistant.acts.authority import sees_release

        found = self.ledger.standing(ObjectKind.RELEASE)
        return tuple(
            one for one in found
            if isinstance(one, Release) and one.ended is None and sees_release(one.object, viewer, self.policy)
        )  # fmt: skip

    def known_trains(self, viewer: Viewer, _now: datetime) -> tuple[Train, ...]:
        """Trains that still leave, for this viewer."""
        from assistant.acts.authority import sees_release

        found = self.ledger.standing(ObjectKind.TRAIN)
        return tuple(
            one for one in found
            if isinstance(one, Train) and one.ended_at is None
            and sees_release(f"release:{one.product}@", viewer, self.policy)
        )  # fmt: skip

    def known_freezes(self, viewer: Viewer, now: datetime) -> tuple[Freeze, ...]:
        """Freezes that are neither over nor lifted, for this viewer."""
        from assistant.acts.authority import sees_service

        found = self.ledger.standing(ObjectKind.FREEZE)
        return tuple(
            one for one in found
            if isinstance(one, Freeze) and one.lifted_at is None and one.ends_at > now
            and (not one.services or any(sees_service(name, viewer, self.policy) for name in one.services))
        )  # fmt: skip

    def known_incidents(self, name: str, viewer: Viewer) -> tuple[str, ...]:
        """The incidents that are called so, for this viewer: by their object's name, else by their id alone."""
        found = self.ledger.get(self.ledger.find_incidents(name))
        return tuple(
            key for key, one in found.items() if isinstance(one, Incident) and may_see(one, viewer, self.policy)
        )  # fmt: skip

    @contextmanager
    def _known_at(self, now: datetime) -> "Iterator[Ledger]":
        """The ledger as it was known at ``now``, which is itself for the present."""
        if now > self.clock() - JUST_NOW:
            yield self.ledger
            return
        with self.ledger.as_of(now) as ledger:
            yield ledger

    def _scope(self, about: str, viewer: Viewer, ledger: "Ledger") -> Subject | Candidates:
        """What words about a scope mean; none: the team whose channel it is, else everything."""
        words = " ".join(about.split())
        if not words:
            teams = [
                key for key, team in self.policy.teams.items() if viewer.channel and viewer.channel in team.channels
            ]
            return team_subject(self.policy, teams[0]) if len(teams) == 1 else workspace_subject(self.policy)
        if words.casefold() in {EVERYTHING, "all", "the workspace"}:
            return workspace_subject(self.policy)
        return resolve(words, known_of(ledger, words, self.policy, viewer), self.policy, viewer)

    def _shipped(self, subject: Subject, viewer: Viewer, ledger: "Ledger", now: datetime) -> tuple[Subject, ...]:
        """The releases of a scope that may have shipped lately; itself where it is a release."""
        if subject.kind is SubjectKind.RELEASE:
            return (subject,)
        named = ledger.named(None, viewer.visible(ledger.repositories()))
        return Book(Known(named, ()), self.policy, viewer).shipped_lately(subject, now)[:MOST_RELEASES]

    def _remember(self, viewer: Viewer, subject: Subject, answer: BlockingAnswer, now: datetime) -> None:
        outline = remembered(blocking.outline(answer), viewer)
        self.ledger.remember_seen(viewer.key, blocking.seen_key(subject), now, outline)


def _together(outcomes: Iterable[Outcome]) -> Outcome:
    """All that was decided, or the first refusal."""
    events: list[Event] = []
    for one in outcomes:
        if isinstance(one, Refused):
            return one
        events += one
    return tuple(events)


def _of_part(candidates: Candidates, part: str) -> Candidates:
    """What may have been meant, in words that ask for the same part of it."""
    if not part:
        return candidates
    options = tuple(replace(option, words=f"{part} in {option.words}") for option in candidates.options)
    return replace(candidates, options=options)


def _recalling(facts: Facts, viewer: Viewer) -> Facts:
    """The same, without what its reader remembers of a time when they saw otherwise."""
    return replace(facts, seen=recalled(facts.seen, viewer))


def _said(message: Message, back: Unsettled | None = None) -> Reply:
    return Reply(message, None, _nothing, back)


def _nothing() -> None:
    """Leave nothing to remember."""
