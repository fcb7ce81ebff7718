"""How does what arrives become events and states, in one transaction, whoever else is writing?"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from storage.appending import Counted, Prepared, prepare, prepare_events, store, unreadable
from storage.database import EVERYTHING, Database, Session
from storage.folding import Folder
from storage.indexing import lock_of
from storage.naming import kind_of
from storage.records import Event, Outcome, Record, Taken
from storage.shelf import Shelf
from storage.veiling import Veil, veil_of

Answer = TypeVar("Answer")


class Learner:
    """Appends, records and decides: the three ways in."""

    def __init__(self, database: Database, folder: Folder) -> None:
        self._database, self._folder = database, folder
        self._veil = Veil()

    def append(self, taken: Sequence[Taken], counted: Counted | None) -> list[Outcome]:
        """Store a batch in one transaction; when that fails, each delivery in its own."""
        if not taken:
            return []

        def prepared(veil: Veil) -> list[Prepared]:
            return [prepare(each, counted, veil) for each in taken]

        try:
            return self._stored(prepared)[0]
        except self._database.failures:
            raise
        except Exception as error:  # noqa: BLE001  a fold may fail in any way on one delivery, and takes no other down
            if len(taken) == 1:
                return self._kept_whole(taken[0], counted, error)
            return [outcome for each in taken for outcome in self.append([each], counted)]

    def record(self, events: Sequence[Event], at: datetime) -> int:
        """Store events known from ``at``; how many were new."""
        return self._stored(lambda veil: [prepare_events(events, at, veil)])[1]

    def decide(
        self, objects: Sequence[str], decide: Callable[[Mapping[str, Record]], Sequence[Event] | Answer], at: datetime
    ) -> tuple[Event, ...] | Answer:
        """Hold objects, let a pure function decide on their records, store what it decided."""

        def work(session: Session) -> tuple[Event, ...] | Answer:
            decided = decide(records(session, objects))
            if not isinstance(decided, tuple | list):
                return decided  # type: ignore[return-value]  # a Sequence of events is a tuple or a list
            touched = {event.object for event in decided}
            self._database.hold(session, {lock_of(name) for name in touched - set(objects)})
            if _says_who_is_a_bot(touched - set(objects)):
                self._database.hold(session, [EVERYTHING])
            self._store(session, [prepare_events(decided, at, veil_of(session, self._veil))])
            return tuple(decided)

        return self._database.write({lock_of(name) for name in objects}, work, alone=_says_who_is_a_bot(objects))

    def _stored(self, prepared: Callable[[Veil], list[Prepared]]) -> tuple[list[Outcome], int]:
        first = prepared(self._veil)
        objects = {name for each in first for name in each.objects}

        def work(session: Session) -> tuple[list[Outcome], int]:
            veil = veil_of(session, self._veil)
            if veil is self._veil:
                return self._store(session, first)
            again = prepared(veil)
            self._veil = veil
            return self._store(session, again)

        return self._database.write({lock_of(name) for name in objects}, work, alone=_says_who_is_a_bot(objects))

    def _store(self, session: Session, batch: Sequence[Prepared]) -> tuple[list[Outcome], int]:
        outcomes, touched, new = store(session, batch)
        if touched:
            self._folder.refold(session, touched)
        return outcomes, new

    def _kept_whole(self, taken: Taken, counted: Counted | None, error: Exception) -> list[Outcome]:
        """Keep a delivery whose events could not be stored or folded; the doctor shows it."""
        alone = Taken(taken.delivery, ())
        return self._stored(lambda veil: [unreadable(prepare(alone, counted, veil), error)])[0]


def records(session: Session, objects: Iterable[str]) -> dict[str, Record]:
    """The records of those objects that exist."""
    shelf = Shelf(session, None)
    shelf.fetch(objects)
    return shelf.records


def _says_who_is_a_bot(objects: Iterable[str]) -> bool:
    """A word on an account changes how everything it took part in is folded, so nobody else may fold meanwhile."""
    return any(kind_of(name) == "account" for name in objects)
