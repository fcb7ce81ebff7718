"""How long does one question take from cold, as a whole process?

Floor: ``python -c "import sqlmodel"`` with the same interpreter, in turn. Ours is the command with its database, asked
"what's blocking release 2.4" of a workspace that knows the release.
"""

import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from bench.blocking import SMALL
from bench.databases import FOLDER, workspace_of
from bench.measured import Figure, alternating, median, timed

RUNS, QUICK, WARM = 11, 3, 2
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"  # both sides have their bytecode after the warm-up, as installed software has
ROOT = Path(__file__).parent.parent


def measure(*, quick: bool) -> list[Figure]:
    """The median of whole processes."""
    installed = Path(sysconfig.get_path("scripts")) / "lastmile"
    command = [str(installed)] if installed.exists() else [sys.executable, str(ROOT / "app.py")]
    asked = [*command, "ask", "what's blocking release 2.4"]
    settings = {"LASTMILE_DATABASE_URL": f"sqlite:///{workspace_of(SMALL)}"}
    floor = [sys.executable, "-c", "import sqlmodel"]
    times = QUICK if quick else RUNS
    ours, bare = alternating((lambda: _run(asked, settings), lambda: _run(floor, {})), WARM, times)
    return [
        Figure("lastmile ask, from cold", f"{median(ours):.2f} s", f"{median(bare):.2f} s",
               median(ours) / median(bare), 1.7)
    ]  # fmt: skip


def _run(command: list[str], settings: dict[str, str]) -> float:
    kept = {key: value for key, value in os.environ.items() if key != _NO_BYTECODE}  # noqa: TID251  a person's own
    environment = {**kept, **settings}
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:  # where no .env lies
        return timed(lambda: subprocess.run(  # noqa: S603  our own
            command, cwd=folder, env=environment, check=True, capture_output=True, timeout=60,
        ))  # fmt: skip
