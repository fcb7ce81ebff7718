"""How does anybody remember or recall anything? The one door to the database."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from storage.asof import copied, learnt_since
from storage.caches import drop_requests, recall_person, remember_once, remember_person, remember_seen, seen
from storage.counting import figures, freshness
from storage.database import Database, Unusable
from storage.facts import Facts, Freshness, NamedRelease, Needs
from storage.figures import Figures, Forgotten
from storage.folding import LIVE, Fold, Folder, events_of
from storage.forgetting import Somebody, forget_person, forget_repository
from storage.handoffs import handoffs
from storage.instants import instant
from storage.keeping import export, prune, recorded
from storage.learning import Learner, records
from storage.learnt import Learnt, learnt, newest
from storage.migrating import HEAD, migrate
from storage.names import as_written, find_change, find_incidents, named, standing
from storage.outbox import Outbox
from storage.production import landings
from storage.reading import load
from storage.rebuilding import begin, fold_all, get_meta, rebuild
from storage.records import Delivery, Event, Handoff, KnownEvent, ObjectKind, Outcome, Record, Taken
from storage.sampling import scopes
from storage.shelf import Shelf
from storage.state.rules import FoldRules

Answer = TypeVar("Answer")


def open_ledger(url: str, rules: FoldRules, fold: Fold | None = None) -> "Ledger":
    """Open the database at ``url`` (``sqlite:///path`` or ``postgresql://...``), migrated to head.

    ``fold`` is storage.state.fold.fold unless a test gives another. Raises ``Unusable`` when that can't be.
    """
    from storage.state import fold as states

    database = Database(url)
    try:
        migrate(database.engine)
        begin(database, rules)
    except (database.troubles, SQLAlchemyError) as error:
        database.close()
        raise Unusable(str(getattr(error, "orig", error)).splitlines()[0]) from error
    return Ledger(database, Folder(database, fold or states.fold, rules))


class Ledger:
    """Appends events, keeps each object's state folded, and answers with records, never rows.

    Every method is safe to call from many threads and processes at once. Built by ``open_ledger``.
    """

    def __init__(self, database: Database, folder: Folder, discard: Callable[[], None] | None = None) -> None:
        self._database, self._folder = database, folder
        self._discard = discard or database.close
        self._learner = Learner(database, folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give back the connections; a temporary ledger (see ``as_of``) is deleted."""
        self._discard()

    @property
    def outbox(self) -> Outbox:
        """What we owe to Slack, and what we posted there."""
        return Outbox(self._database)

    # Learning

    def append(self, taken: Sequence[Taken], counted: Callable[[str | None], bool] | None = None) -> list[Outcome]:
        """Store deliveries and their events in one durable transaction and refold what they touch.

        Returns one outcome for each, in order. ``counted`` says of a repository whether its events count; the
        others' deliveries and events are kept, not counted (outcome ``ignored``). One that cannot be stored or folded
        is kept whole as ``unknown`` and takes no other down. Raises only when the database itself fails.
        """
        return self._learner.append(taken, counted)

    def record(self, events: Sequence[Event], at: datetime) -> int:
        """Store events that no delivery brought (acts, backfill's marks), known from ``at``; how many were new."""
        return self._learner.record(events, at)

    def decide(
        self, objects: Sequence[str], decide: Callable[[Mapping[str, Record]], Sequence[Event] | Answer], at: datetime
    ) -> tuple[Event, ...] | Answer:
        """Hold ``objects``, give their records to ``decide`` and store the events that it returns, known from ``at``.

        Anything but a tuple or list of events (a refusal) is handed back, and nothing is stored. ``decide`` must be
        pure: it is called again when the database asks for another try.
        """
        return self._learner.decide(objects, decide, at)

    # Recalling

    def load(self, needs: Needs, now: datetime) -> Facts:
        """Everything one question asked for, from one consistent moment of the database."""
        with self._database.reading() as session:
            return load(session, needs, now, self._folder.effective_rules(session))

    def get(self, objects: Sequence[str]) -> dict[str, Record]:
        """The records of those objects that exist, by object name."""
        with self._database.reading() as session:
            return records(session, objects)

    def standing(self, kind: ObjectKind) -> tuple[Record, ...]:
        """Every record of a kind of which there are few: releases, freezes, trains; ended ones too."""
        with self._database.reading() as session:
            return standing(session, kind)

    def handoffs(self, since: datetime, repositories: frozenset[str] | None = None) -> tuple[Handoff, ...]:
        """The handoffs that are open, or were answered since a moment, by name.

        Those about a change or ticket only where ``repositories`` (None: all) hold it.
        """
        with self._database.reading() as session:
            return handoffs(Shelf(session, repositories), since)

    def landed(self, commits: Iterable[tuple[str, str]]) -> dict[tuple[str, str], dict[str, datetime]]:
        """On which branches, and when, each commit (repository casefolded, sha or the beginning of one) landed.

        One that never did is left out, and so is a beginning that several commits of the repository have.
        """
        with self._database.reading() as session:
            found = landings(session, commits)
        return {which: {branch: instant(at) for branch, at in places.items()} for which, places in found.items()}

    def learnt(self, after: Learnt, kinds: Iterable[str], most: int) -> tuple[tuple[Learnt, KnownEvent], ...]:
        """The events of these kinds that were learnt after a place, each with its own place, in the order of learning.

        At most ``most``; those of repositories that do not count are left out.
        """
        with self._database.reading() as session:
            return learnt(session, after, kinds, most)

    def newest(self) -> int:
        """A number that grows with whatever is learnt; costs next to nothing."""
        with self._database.reading() as session:
            return newest(session)

    def history(self, object_name: str) -> tuple[KnownEvent, ...]:
        """An object's own events, oldest first."""
        with self._database.reading() as session:
            return tuple(events_of(session, [object_name]).get(object_name, ()))

    def find_change(self, number: int, repositories: frozenset[str] | None = None) -> tuple[str, ...]:
        """Names of the changes and tickets that have this number, changes first, newest first (at most 20)."""
        with self._database.reading() as session:
            return find_change(session, number, repositories)

    def find_incidents(self, name: str) -> tuple[str, ...]:
        """Names of the incidents that are called so: of this object name, else of this id whoever gave it."""
        with self._database.reading() as session:
            return find_incidents(session, name)

    def named(self, key: str | None, repositories: frozenset[str] | None = None) -> tuple[NamedRelease, ...]:
        """What calls itself by the version key ``key`` (None: every release that anything speaks of).

        Limited to ``repositories`` (None: all), beside releases declared in the assistant.
        """
        with self._database.reading() as session:
            return named(session, key, repositories)

    def repositories(self) -> tuple[str, ...]:
        """Names of all repositories that anything is known of, as first written."""
        with self._database.reading() as session:
            return as_written(session, scopes(session))

    def freshness(self) -> Freshness:
        """The newest event and the newest receipt of each source."""
        with self._database.reading() as session:
            return freshness(session)

    def figures(self, samples: int = 10) -> Figures:
        """What the doctor shows: deliveries by source and verdict, the newest unknown ones, sizes."""
        with self._database.reading() as session:
            return figures(session, samples, HEAD)

    def ready(self) -> bool:
        """Whether the database answers."""
        try:
            with self._database.reading() as session:
                return session.one("SELECT 1") is not None
        except (self._database.failures, SQLAlchemyError):
            return False

    def as_of(self, now: datetime) -> "Ledger":
        """The ledger as it was known at ``now``: itself when nothing was learnt later, else a temporary one.

        Close what you get (closing it leaves this ledger open). Costs a refold of everything known by then when
        something was learnt later: call it only for a moment that a person named.
        """
        if not learnt_since(self._database, now):
            return Ledger(self._database, self._folder, discard=lambda: None)
        copy, discard = copied(self._database, now)
        folder = self._folder.on(copy)
        fold_all(copy, folder, LIVE, _silent)
        return Ledger(copy, folder, discard)

    # Caches

    def remember_seen(self, viewer: str, key: str, at: datetime, outline: Any) -> None:  # noqa: ANN401  any JSON
        """Remember what ``viewer`` last saw of ``key``; ``load`` gives it back as ``Facts.seen``."""
        remember_seen(self._database, viewer, key, at, outline)

    def seen(self, viewer: str, key: str) -> tuple[datetime, Any] | None:
        """When ``viewer`` last saw ``key``, and the outline of it; None when never."""
        with self._database.reading() as session:
            return seen(session, viewer, key)

    def remember_once(self, key: str, at: datetime) -> bool:
        """Whether a request comes for the first time: the database refuses the second."""
        return remember_once(self._database, key, at)

    def remember_person(self, key: str, person: Any, at: datetime) -> None:  # noqa: ANN401  any JSON
        """Cache what was looked up of a person (JSON values) under an e-mail or a Slack id."""
        remember_person(self._database, key, person, at)

    def recall_person(self, key: str) -> tuple[datetime, Any] | None:
        """What was cached under ``key`` and when."""
        return recall_person(self._database, key)

    # Upkeep

    def rules_changed(self) -> bool:
        """Whether the states rest on other rules than today's, so that a rebuild is due."""
        with self._database.reading() as session:
            return get_meta(session, "rules") != self._folder.rules.fingerprint()

    def rebuild(
        self,
        progress: Callable[[int, int], None] | None = None,
        counted: Callable[[str | None], bool] | None = None,
    ) -> int:
        """Fold every object anew beside the live states, then swap; how many objects.

        ``progress(done, of)`` is told after each batch. ``counted`` as in ``append``, applied to all events anew.
        """
        return rebuild(self._database, self._folder, progress or _silent, counted)

    def export(self) -> Iterator[Delivery]:
        """All deliveries whose bodies are still kept, in the order of their arrival; streams."""
        return export(self._database)

    def recorded(self) -> Iterator[KnownEvent]:
        """The events that no kept delivery would bring again, in the order they came; streams.

        Those stored by ``record`` and ``decide`` (source lastmile, but service.deployed); all events once any
        delivery's body was dropped.
        """
        return recorded(self._database)

    def prune(self, before: datetime) -> int:
        """Drop the raw bodies received before ``before`` (events and states stay); how many."""
        drop_requests(self._database, before)
        return prune(self._database, before)

    def forget_person(
        self, person: str | None, accounts: Sequence[str] = (), emails: Sequence[str] = (), names: Sequence[str] = ()
    ) -> Forgotten:
        """Replace a person everywhere by stable pseudonyms; later deliveries that name them are treated the same.

        ``person`` is ``person/<key>``, ``accounts`` are ``github/<login>`` or ``slack/<id>``.
        """
        return forget_person(self._database, self._folder, Somebody(person, accounts, emails, names))

    def forget_repository(self, name: str) -> Forgotten:
        """Erase a repository's deliveries, events and states."""
        return forget_repository(self._database, self._folder, name)


def _silent(_done: int, _of: int) -> None:
    pass
