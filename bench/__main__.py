"""Runs the measurements and prints one table: ``python -m bench [--quick] [NAME ...]``.

The exit status is 0 also where a bound is missed (the table says so): only a measurement that could not be made is an
error. ``--quick`` takes smaller data; its figures are no claim.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.measured import Figure

NAMES = ("cold", "health", "webhooks", "importing", "blocking", "digests")
HEAD = ("what", "ours", "floor", "value", "bound", "")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what was named, or everything."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Speed and memory against stated floors.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)} (none: all)")
    parser.add_argument("--quick", action="store_true", help="with smaller data, to try it out")
    asked = parser.parse_args(argv)
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"there is no measurement called {', '.join(sorted(unknown))}")
    figures: list[Figure] = []
    for name in asked.names or NAMES:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        figures += importlib.import_module(f"bench.{name}").measure(quick=asked.quick)
    _print([HEAD, *(figure.row() for figure in figures)])
    return 0


def _print(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    sys.exit(main())
