"""How do deliveries come in from files, and leave again?"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from assistant.errors import UserError
from commands.terminal.speaking import Progress, say, tell

if TYPE_CHECKING:
    import io

    from commands.terminal.tools import Tools
    from storage.sources.importing import Totals

_BAD_LINES = 20  # told by number; the rest are counted


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `import` and `export`."""
    parser = commands.add_parser("import", help="learn from files of deliveries, one JSON object a line")
    parser.add_argument("files", nargs="+", metavar="FILE", help="NDJSON, plain or gzip; - reads standard input")
    parser.set_defaults(run=import_)
    parser = commands.add_parser("export", help="write all that was learnt, as `import` reads it")
    parser.add_argument("--to", type=Path, metavar="FILE", help="a new file instead of standard output")
    parser.set_defaults(run=export)


def import_(arguments: argparse.Namespace, tools: "Tools") -> int:
    """Take files in and say how many deliveries were new, duplicate, ignored, unknown and malformed."""
    from storage.sources.importing import import_files

    line = Progress()
    paths = [None if name == "-" else Path(name) for name in arguments.files]
    piped = cast("io.BufferedReader", sys.stdin.buffer) if None in paths else None
    try:
        totals = import_files(
            paths, tools.ledger(), tools.policy().counts, lambda totals: line.show(_so_far(totals)), piped
        )
    except OSError as error:
        raise UserError(_unreadable(error)) from error
    finally:
        line.done()
    say(_at_the_end(totals))
    return 0


def export(arguments: argparse.Namespace, tools: "Tools") -> int:
    """Write every delivery that is kept and every decision; signatures and tokens are never among them."""
    from storage.sources.exporting import export_lines

    line = Progress()
    ledger = tools.ledger()
    try:
        if arguments.to is None:
            done = export_lines(ledger, sys.stdout.buffer, lambda done: line.show(f"{done:,} lines"))
        else:
            with arguments.to.open("xb") as out:
                done = export_lines(ledger, out, lambda done: line.show(f"{done:,} lines"))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UserError(_unreadable(error)) from error
    finally:
        line.done()
    tell(f"{done:,} lines written")
    return 0


def _unreadable(error: OSError) -> str:
    return f"{error.filename or 'the file'}: {error.strerror or error}"


def _so_far(totals: "Totals") -> str:
    part = f", {totals.read / totals.size:.0%}" if totals.size else ""
    return f"{totals.lines:,} lines{part}, {totals.new:,} new"


def _at_the_end(totals: "Totals") -> str:
    counts = ", ".join(
        f"{getattr(totals, name):,} {name}" for name in ("new", "duplicate", "ignored", "unknown", "malformed")
    )
    lines = [f"{totals.lines:,} lines: {counts}"]
    lines += [f"malformed: {name} line {number}: {why}" for name, number, why in totals.bad[:_BAD_LINES]]
    if totals.malformed > len(totals.bad[:_BAD_LINES]):
        lines.append(f"and {totals.malformed - _BAD_LINES:,} more malformed")
    if totals.unknown:
        lines.append("`lastmile doctor` shows what is unknown")
    return "\n".join(lines)
