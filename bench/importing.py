"""How fast is an import of real-shaped deliveries (about 20 KB each), and how much memory and disk does it take?

Floor: parse the same lines of the same file with ``json`` and ``sqlite3.executemany`` them, 500 to a commit, into one
table of SQLite (WAL, ``synchronous=FULL``) with id, event, receipt and the line itself. Ours is ``lastmile import``:
every delivery judged, stored compressed, its events stored and folded. Each run is a process of its own with an empty
database; peak memory is the process's largest resident set.

``python -m bench.importing ours|floor FILE DATABASE`` is one such run; it prints seconds and peak memory in KB.
"""

import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path
from time import perf_counter

from bench.data import workspace
from bench.databases import FOLDER, clear
from bench.measured import Figure, median
from bench.shaped import shaped

LARGE, SMALL, QUICK = 50_000, 5_000, 2_000  # deliveries
ROUNDS = 3
BATCH = 500


def measure(*, quick: bool) -> list[Figure]:
    """Deliveries a second against the floor, peak memory at ten times the lines, and bytes on disk."""
    few, many = (QUICK // 4, QUICK) if quick else (SMALL, LARGE)
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as name:
        folder = Path(name)
        small, large = lines_of(folder, few), lines_of(folder, many)
        runs = [(run("ours", small, folder), run("floor", small, folder)) for _ in range(ROUNDS)]
        peak = run("ours", large, folder, keep=True)[1]
        on_disk = (folder / "ours.db").stat().st_size / many
        raw = large.stat().st_size / many
    ours, floor = (few / median([pair[side][0] for pair in runs]) for side in (0, 1))
    before = median([ours[1] for ours, _ in runs])
    return [
        Figure("import, 20 KB a line", f"{ours:.0f}/s", f"{floor:.0f}/s", ours / floor, 0.2, at_least=True),
        Figure(f"import: peak memory, {many:,} lines against {few:,}", _mb(peak), _mb(before), peak / before, 1.2),
        Figure("import: bytes on disk per delivery", f"{on_disk:,.0f}", f"raw {raw:,.0f}", on_disk),
    ]  # fmt: skip


def _mb(kilobytes: float) -> str:
    return f"{kilobytes / 1024:.0f} MB"


def lines_of(folder: Path, count: int) -> Path:
    """A file of so many import lines."""
    path = folder / f"{count}.ndjson"
    with path.open("w") as file:
        for line in islice(shaped(workspace(max(20, count // 8))), count):
            file.write(json.dumps(line) + "\n")
    return path


def run(side: str, path: Path, folder: Path, *, keep: bool = False) -> tuple[float, float]:
    """Seconds and peak memory (KB) of one process on an empty database."""
    database = folder / f"{side}.db"
    clear(database)
    command = [sys.executable, "-m", "bench.importing", side, str(path), str(database)]
    said = subprocess.run(command, capture_output=True, check=True, timeout=1800)  # noqa: S603  our own
    if not keep:
        clear(database)
    seconds, peak = json.loads(said.stdout)
    return seconds, peak


def ours(path: Path, database: Path) -> float:
    """Import as the command does, into a new and migrated database; seconds."""
    from storage.ledger import open_ledger
    from storage.sources.importing import import_files
    from storage.state.rules import FoldRules

    with open_ledger(f"sqlite:///{database}", FoldRules()) as ledger:
        began = perf_counter()
        assert import_files([path], ledger).new > 0, "nothing was taken"
        return perf_counter() - began


def bare(path: Path, database: Path) -> float:
    """Parse and insert, and nothing else; seconds."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE delivery (id TEXT PRIMARY KEY, event TEXT, at TEXT, line BLOB)")
    began = perf_counter()
    with path.open("rb") as file:
        while lines := list(islice(file, BATCH)):
            rows = []
            for line in lines:
                told = json.loads(line)
                headers = told["headers"]
                rows.append((headers["X-GitHub-Delivery"], headers["X-GitHub-Event"], told["received_at"], line))
            connection.executemany("INSERT INTO delivery VALUES (?, ?, ?, ?)", rows)
            connection.commit()
    taken = perf_counter() - began
    connection.close()
    return taken


def main() -> None:
    """One run."""
    side, path, database = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    seconds = (ours if side == "ours" else bare)(path, database)
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))


if __name__ == "__main__":
    main()
