"""How does a file of deliveries get into the ledger, whatever its size and whatever is wrong with its lines?"""

import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import IO, cast

from storage.ledger import Ledger
from storage.records import Delivery, Malformed, Outcome, Taken
from storage.sources.judging import judge
from storage.sources.lines import BadLine, Stated, read_line

LONGEST = 36 * 1024 * 1024  # bytes of one line: the largest body there is, in base64, and some more
BATCH = 500  # deliveries to one commit
BATCH_BYTES = 8 * 1024 * 1024
NAMED = 1_000  # bad lines told by their number; the rest are only counted
_MARK = b"\xef\xbb\xbf"  # what some editors put before UTF-8
_GZIP = b"\x1f\x8b"


@dataclass(slots=True)
class Totals:
    """How an import went so far: lines by outcome, and ``bad`` lines as (file, number from 1, why).

    ``bad`` holds the first 1,000; ``malformed`` counts all. ``read`` of ``size`` bytes are done (size None: a pipe).
    """

    new: int = 0
    duplicate: int = 0
    ignored: int = 0
    unknown: int = 0
    malformed: int = 0
    bad: list[tuple[str, int, str]] = field(default_factory=list)
    read: int = 0
    size: int | None = None

    @property
    def lines(self) -> int:
        """How many lines were settled."""
        return self.new + self.duplicate + self.ignored + self.unknown + self.malformed

    def count(self, outcome: Outcome) -> None:
        """Count one settled line."""
        setattr(self, outcome.value, getattr(self, outcome.value) + 1)

    def blame(self, name: str, number: int, why: str) -> None:
        """Name one bad line."""
        if len(self.bad) < NAMED:
            self.bad.append((name, number, why))


class Import:
    """One import in progress, file after file; ``totals`` says how it goes, ``progress`` hears it after each batch."""

    def __init__(
        self,
        ledger: Ledger,
        counted: Callable[[str | None], bool] | None = None,
        progress: Callable[[Totals], None] = lambda _totals: None,
    ) -> None:
        self.totals = Totals()
        self._ledger = ledger
        self._counted = counted
        self._progress = progress
        self._waiting: list[tuple[str, int, Taken]] = []
        self._bytes = 0

    def take(self, name: str, stream: BufferedReader) -> None:
        """Take in one file, gzip or plain, to its end. Memory does not grow with it.

        Each batch is durable before the next is read, so that an import that was stopped is simply begun again.
        """
        before = self.totals.read
        for number, line in enumerate(_lines(_unpacked(stream)), 1):
            self._line(name, number, line)
            if len(self._waiting) >= BATCH or self._bytes >= BATCH_BYTES:
                self._settle()
                self.totals.read = before + _position(stream)
                self._progress(self.totals)
        self._settle()
        self.totals.read = before + _position(stream)
        self._progress(self.totals)

    def _line(self, name: str, number: int, line: bytes | BadLine) -> None:
        read = _read(line)
        if isinstance(read, BadLine):
            self.totals.count(Outcome.MALFORMED)
            self.totals.blame(name, number, str(read))
        elif isinstance(read, Stated):
            fresh = self._ledger.record([read.event], read.known_at)
            self.totals.count(Outcome.NEW if fresh else Outcome.DUPLICATE)
        elif read is not None:
            self._waiting.append((name, number, judge(read)))
            self._bytes += len(read.body)

    def _settle(self) -> None:
        waiting = [taken for _, _, taken in self._waiting]
        outcomes = self._ledger.append(waiting, self._counted) if waiting else []
        for (name, number, taken), outcome in zip(self._waiting, outcomes, strict=True):
            self.totals.count(outcome)
            if isinstance(taken.verdict, Malformed):
                self.totals.blame(name, number, str(taken.verdict))
        self._waiting.clear()
        self._bytes = 0


def import_files(
    paths: Sequence[Path | None],
    ledger: Ledger,
    counted: Callable[[str | None], bool] | None = None,
    progress: Callable[[Totals], None] = lambda _totals: None,
    piped: BufferedReader | None = None,
) -> Totals:
    """Take in files of NDJSON one after the other and say how it went; ``counted`` as in ``Ledger.append``.

    None among the paths is what is ``piped`` in, whose size nobody knows. Raises OSError for a file that cannot be
    read, before anything of any file is taken where it is simply not there.
    """
    running = Import(ledger, counted, progress)
    running.totals.size = None if None in paths else sum(path.stat().st_size for path in paths if path)
    for path in paths:
        if path:
            with path.open("rb") as stream:
                running.take(str(path), stream)
        elif piped:
            running.take("standard input", piped)
    return running.totals


def _read(line: bytes | BadLine) -> Delivery | Stated | BadLine | None:
    if isinstance(line, BadLine):
        return line
    try:
        return read_line(line) if line.strip() else None
    except BadLine as error:
        return error


def _lines(stream: IO[bytes]) -> Iterator[bytes | BadLine]:
    """Each line, or what is wrong with it: longer than any delivery, or where an archive breaks off."""
    mark = _MARK
    try:
        while line := stream.readline(LONGEST):
            if len(line) == LONGEST and not line.endswith(b"\n"):
                while (rest := stream.readline(LONGEST)) and not rest.endswith(b"\n"):
                    pass
                yield BadLine(f"it is longer than {LONGEST} bytes")
            else:
                yield line.removeprefix(mark)
            mark = b""
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield BadLine("the archive breaks off here")


def _unpacked(stream: BufferedReader) -> IO[bytes]:
    if stream.peek(len(_GZIP)).startswith(_GZIP):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=stream))
    return stream


def _position(stream: BufferedReader) -> int:
    return stream.tell() if stream.seekable() else 0
