"""How many durable GitHub webhooks a second does the process take over HTTP, with 8 connections?

Floor: the same server (uvicorn, Starlette, same settings) with one bare route that checks the HMAC of the raw body in
constant time, parses it with ``json``, and commits one insert of id and body into SQLite (WAL, ``synchronous=FULL``)
before it answers. Ours is the whole process as ``lastmile serve`` builds it: routes, counting, the gate, intake,
folding. Real-shaped deliveries of about 20 KB, each sent once; the sender is a process of its own.
"""

import hashlib
import hmac
import itertools
import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn import Config, Server

from assistant.policy import Policy
from bench.client import SECRET
from bench.data import NOW, workspace
from bench.measured import Figure, median
from bench.serving import serving
from bench.shaped import shaped
from commands.settings import Settings
from commands.terminal import serve
from commands.terminal.tools import Tools
from demo.forge import Json
from storage.ledger import open_ledger

CONNECTIONS, ROUNDS, WARM = 8, 7, 1
EACH, QUICK = 1_000, 200  # deliveries in a round


def measure(*, quick: bool) -> list[Figure]:
    """Deliveries a second, ours against the floor, in turn."""
    each = QUICK if quick else EACH
    lines = shaped(workspace(each * (ROUNDS + WARM) // 8))
    speeds: tuple[list[float], list[float]] = [], []
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(dir=_disk())))
        ports = [closing.enter_context(side(folder)) for side in (_ours, _bare)]
        for _ in range(WARM + ROUNDS):
            path = _written(folder, itertools.islice(lines, each))
            for port, found in zip(ports, speeds, strict=True):
                found.append(each / _sent(port, path, each))
    ours, floor = (median(found[WARM:]) for found in speeds)
    return [
        Figure("webhooks a second, 20 KB, 8 connections", f"{ours:.0f}/s", f"{floor:.0f}/s", ours / floor, 0.4,
               at_least=True)
    ]  # fmt: skip


def _disk() -> Path:
    from bench.databases import FOLDER

    FOLDER.mkdir(exist_ok=True)
    return FOLDER


def _written(folder: Path, lines: Iterator[Json]) -> Path:
    path = folder / "deliveries.ndjson"
    with path.open("w") as file:
        for line in lines:
            headers = line["headers"]
            told = [headers["X-GitHub-Event"], headers["X-GitHub-Delivery"], json.dumps(line["payload"])]
            file.write(json.dumps(told) + "\n")
    return path


def _sent(port: int, path: Path, expected: int) -> float:
    command = [sys.executable, "-m", "bench.client", str(port), str(path), str(CONNECTIONS)]
    said = subprocess.run(command, capture_output=True, check=True, timeout=300)  # noqa: S603  our own
    seconds, accepted = json.loads(said.stdout)
    assert accepted == expected, f"{accepted} of {expected} were accepted"
    return float(seconds)


@contextmanager
def _ours(folder: Path) -> Iterator[int]:
    policy = Policy()
    settings = Settings(github_webhook_secret=SECRET, metrics_port=0, metrics_host="127.0.0.1")
    with ExitStack() as closing:
        ledger = closing.enter_context(open_ledger(f"sqlite:///{folder / 'ours.db'}", policy.fold_rules()))
        tools = Tools(settings, lambda: NOW, lambda: policy, lambda: ledger, _no_desk)
        yield closing.enter_context(serving(serve.build(tools, closing)))


def _no_desk() -> object:
    raise AssertionError


@contextmanager
def _bare(folder: Path) -> Iterator[int]:
    database = sqlite3.connect(folder / "bare.db", isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE delivery (id TEXT PRIMARY KEY, body BLOB)")

    async def receive(request: Request) -> Response:
        body = await request.body()
        proof = "sha256=" + hmac.digest(SECRET.encode(), body, hashlib.sha256).hex()
        if not hmac.compare_digest(proof, request.headers.get("x-hub-signature-256", "")):
            return JSONResponse({"error": "not signed"}, 401)
        json.loads(body)
        database.execute("INSERT INTO delivery VALUES (?, ?)", (request.headers["x-github-delivery"], body))
        return JSONResponse({"outcome": "new"})

    app = Starlette(routes=[Route("/webhooks/github", receive, methods=["POST"])])
    yield from _served(app)
    database.close()


def _served(app: Starlette) -> Iterator[int]:
    config = Config(app, log_config=None, access_log=False, server_header=False, lifespan="off")
    with serving(Server(config)) as port:
        yield port
