"""How does anybody remember or recall anything? The one door to the database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from storage.facts import Facts, Freshness, NamedRelease, Needs
from storage.figures import Figures, Forgotten
from storage.records import Delivery, Event, Folded, KnownEvent, Outcome, Record, Taken
from storage.state.rules import FoldRules

Fold = Callable[[str, Sequence[KnownEvent], FoldRules], Folded]
Answer = TypeVar("Answer")


def open_ledger(url: str, rules: FoldRules, fold: Fold | None = None) -> "Ledger":
    """Open the database at ``url`` (``sqlite:///path`` or ``postgresql://...``), migrated to head.

    ``fold`` is storage.state.fold.fold unless a test gives another.
    """
    raise NotImplementedError


class Ledger:
    """Appends events, keeps each object's state folded, and answers with records, never rows.

    Every method is safe to call from many threads and processes at once. Built by ``open_ledger``.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give back the connections; a temporary ledger (see ``as_of``) is deleted."""
        raise NotImplementedError

    # Learning

    def append(self, taken: Sequence[Taken], counted: Callable[[str | None], bool] | None = None) -> list[Outcome]:
        """Store deliveries and their events in one durable transaction and refold what they touch.

        Returns one outcome for each, in order. ``counted`` says of a repository whether its events count; the
        others' deliveries and events are kept, not counted (outcome ``ignored``). One that cannot be stored or folded
        is kept whole as ``unknown`` and takes no other down. Raises only when the database itself fails.
        """
        raise NotImplementedError

    def record(self, events: Sequence[Event], at: datetime) -> int:
        """Store events that no delivery brought (acts, backfill's marks), known from ``at``; how many were new."""
        raise NotImplementedError

    def decide(
        self, objects: Sequence[str], decide: Callable[[Mapping[str, Record]], Sequence[Event] | Answer], at: datetime
    ) -> tuple[Event, ...] | Answer:
        """Hold ``objects``, give their records to ``decide`` and store the events that it returns, known from ``at``.

        Anything but a tuple or list of events (a refusal) is handed back, and nothing is stored. ``decide`` must be
        pure: it is called again when the database asks for another try.
        """
        raise NotImplementedError

    # Recalling

    def load(self, needs: Needs, now: datetime) -> Facts:
        """Everything one question asked for, from one consistent moment of the database."""
        raise NotImplementedError

    def get(self, objects: Sequence[str]) -> dict[str, Record]:
        """The records of those objects that exist, by object name."""
        raise NotImplementedError

    def history(self, object_name: str) -> tuple[KnownEvent, ...]:
        """An object's own events, oldest first."""
        raise NotImplementedError

    def find_change(self, number: int, repositories: frozenset[str] | None = None) -> tuple[str, ...]:
        """Names of the changes and tickets that have this number, changes first, newest first (at most 20)."""
        raise NotImplementedError

    def named(self, key: str | None, repositories: frozenset[str] | None = None) -> tuple[NamedRelease, ...]:
        """What calls itself by the version key ``key`` (None: every release that anything speaks of).

        Limited to ``repositories`` (None: all), beside releases declared in the assistant.
        """
        raise NotImplementedError

    def repositories(self) -> tuple[str, ...]:
        """Names of all repositories that anything is known of, as first written."""
        raise NotImplementedError

    def freshness(self) -> Freshness:
        """The newest event and the newest receipt of each source."""
        raise NotImplementedError

    def figures(self, samples: int = 10) -> Figures:
        """What the doctor shows: deliveries by source and verdict, the newest unknown ones, sizes."""
        raise NotImplementedError

    def ready(self) -> bool:
        """Whether the database answers."""
        raise NotImplementedError

    def as_of(self, now: datetime) -> "Ledger":
        """The ledger as it was known at ``now``: itself when nothing was learnt later, else a temporary one.

        Close what you get (closing it leaves this ledger open). Costs a refold of everything known by then when
        something was learnt later: call it only for a moment that a person named.
        """
        raise NotImplementedError

    # Caches

    def remember_seen(self, viewer: str, key: str, at: datetime, outline: Any) -> None:  # noqa: ANN401  any JSON
        """Remember what ``viewer`` last saw of ``key``; ``load`` gives it back as ``Facts.seen``."""
        raise NotImplementedError

    def remember_person(self, key: str, person: Any, at: datetime) -> None:  # noqa: ANN401  any JSON
        """Cache what was looked up of a person (JSON values) under an e-mail or a Slack id."""
        raise NotImplementedError

    def recall_person(self, key: str) -> tuple[datetime, Any] | None:
        """What was cached under ``key`` and when."""
        raise NotImplementedError

    # Upkeep

    def rules_changed(self) -> bool:
        """Whether the states rest on other rules than today's, so that a rebuild is due."""
        raise NotImplementedError

    def rebuild(
        self,
        progress: Callable[[int, int], None] | None = None,
        counted: Callable[[str | None], bool] | None = None,
    ) -> int:
        """Fold every object anew beside the live states, then swap; how many objects.

        ``progress(done, of)`` is told after each batch. ``counted`` as in ``append``, applied to all events anew.
        """
        raise NotImplementedError

    def export(self) -> Iterator[Delivery]:
        """All deliveries whose bodies are still kept, in the order of their arrival; streams."""
        raise NotImplementedError

    def recorded(self) -> Iterator[KnownEvent]:
        """The events that no kept delivery would bring again, in the order they came; streams.

        Those stored by ``record`` and ``decide`` (source lastmile, but service.deployed); all events once any
        delivery's body was dropped.
        """
        raise NotImplementedError

    def prune(self, before: datetime) -> int:
        """Drop the raw bodies received before ``before`` (events and states stay); how many."""
        raise NotImplementedError

    def forget_person(
        self, person: str | None, accounts: Sequence[str] = (), emails: Sequence[str] = (), names: Sequence[str] = ()
    ) -> Forgotten:
        """Replace a person everywhere by stable pseudonyms; later deliveries that name them are treated the same.

        ``person`` is ``person/<key>``, ``accounts`` are ``github/<login>`` or ``slack/<id>``.
        """
        raise NotImplementedError

    def forget_repository(self, name: str) -> Forgotten:
        """Erase a repository's deliveries, events and states."""
        raise NotImplementedError
