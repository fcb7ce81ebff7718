"""Which records were loaded for a question so far, and which may be?"""

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

import msgspec

from storage.database import Row, Session, holes
from storage.indexing import RECORDS
from storage.records import Change, Record, Ticket

Kind = TypeVar("Kind", bound=Record)

COLUMNS = "s.object, s.scope, s.record"
_NAMED = f"SELECT {COLUMNS} FROM state s WHERE s.object IN ({{}})"


@cache
def _decoder(kind: str) -> msgspec.json.Decoder[Record]:
    return msgspec.json.Decoder(RECORDS[kind])


def decode(object_name: str, record: bytes) -> Record:
    """The record of a row of the state table."""
    return _decoder(object_name.partition(":")[0]).decode(record)


class Shelf:
    """The records loaded so far, by object, none of a repository that the asker may not see.

    ``repositories`` is None where everything may be seen; ``scopes`` are the repositories' names, casefolded.
    """

    def __init__(self, session: Session, repositories: Iterable[str] | None) -> None:
        self.session = session
        self.scopes = None if repositories is None else frozenset(name.casefold() for name in repositories)
        self.records: dict[str, Record] = {}
        self._kinds: dict[type, dict[str, Any]] = {kind: {} for kind in RECORDS.values()}

    def visible(self, names: Iterable[str]) -> list[str]:
        """Those of the repositories that may be seen, casefolded, in order."""
        wanted = dict.fromkeys(name.casefold() for name in names)
        return [name for name in wanted if self.scopes is None or name in self.scopes]

    def condition(self, column: str) -> tuple[str, list[str]]:
        """The condition that a row's scope may be seen, and what is bound to it."""
        if self.scopes is None:
            return "", []
        scopes = sorted(self.scopes)
        return (
            f" AND ({column} IS NULL OR substr({column}, 1, 8) = 'service:' OR {column} IN ({holes(len(scopes))}))",
            scopes,
        )

    def add(self, rows: Iterable[Row]) -> None:
        """Decode rows of COLUMNS that are not on the shelf yet and may be seen."""
        records, kinds, everything = self.records, self._kinds, self.scopes is None
        for name, scope, record in rows:
            if name not in records and (everything or self._may(scope)):
                records[name] = found = decode(name, record)
                kinds[type(found)][name] = found

    def fetch(self, objects: Iterable[str]) -> None:
        """Load objects by name."""
        self.add(self.session.among(_NAMED, [name for name in objects if name not in self.records]))

    def of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """The records of one kind, by object name."""
        found: dict[str, Kind] = self._kinds[kind]
        return tuple(found[name] for name in sorted(found))

    def work(self) -> list[Change | Ticket]:
        """The changes and tickets."""
        return [*self.of(Change), *self.of(Ticket)]

    def _may(self, scope: str | None) -> bool:
        return self.scopes is None or scope is None or scope in self.scopes or ":" in scope
