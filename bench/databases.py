"""Which databases are measured? Built once by the real import, kept in .bench/ by their size, and used again."""

import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bench.data import workspace
from demo.forge import Json
from storage.ledger import open_ledger
from storage.migrating import HEAD
from storage.sources.importing import BATCH, Import, Totals
from storage.state.rules import FoldRules

FOLDER = Path(__file__).parent.parent / ".bench"


class Stream(io.RawIOBase):
    """Lines made while they are read, so that a large workspace needs neither memory nor a file."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines, self._rest = lines, b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader hands over
        """Fill the buffer with what there is of a line."""
        self._rest = self._rest or next(self._lines, b"")
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def stream_of(lines: Iterable[Json]) -> io.BufferedReader:
    """The lines as a file that is being read."""
    return io.BufferedReader(Stream(json.dumps(line).encode() + b"\n" for line in lines), 1 << 20)


def workspace_of(changes: int) -> Path:
    """The SQLite file of a workspace with so many changes (ten deliveries each)."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"workspace-{changes}-{HEAD}.db"
    if not path.exists():
        part = path.with_suffix(".part")
        clear(part)
        with open_ledger(f"sqlite:///{part}", FoldRules()) as ledger:
            Import(ledger, progress=_shown(changes * 10)).take("workspace", stream_of(workspace(changes)))
        part.rename(path)
    return path


def clear(path: Path) -> None:
    """Delete a SQLite file and what lies beside it."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _shown(expected: int) -> Callable[[Totals], None]:
    def progress(totals: Totals) -> None:
        if totals.lines % 50_000 < BATCH:
            print(f"  building the database once: {totals.lines:,} of {expected:,}", file=sys.stderr, flush=True)

    return progress


if __name__ == "__main__":
    print(workspace_of(int(sys.argv[1])))
