"""How does everything that was ever learnt leave the ledger, so that another can learn it again?"""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import BinaryIO

from storage.ledger import Ledger
from storage.sources.lines import write_event, write_line

EVERY = 500  # lines between two words of progress


def export_lines(ledger: Ledger, out: BinaryIO, progress: Callable[[int], None] = lambda _lines: None) -> int:
    """Write all deliveries and decisions as NDJSON that ``lastmile import`` reads, and give their number; streams.

    An empty ledger that imports the lines gives the same answers, but for deliveries whose bodies were pruned.
    Signatures and tokens are never written.
    """
    done = 0
    for line in _lines(ledger):
        out.write(line)
        done += 1
        if done % EVERY == 0:
            progress(done)
    progress(done)
    return done


def _lines(ledger: Ledger) -> Iterator[bytes]:
    return chain(map(write_line, ledger.export()), map(write_event, ledger.recorded()))
