"""An empty database becomes the newest by itself, once, whoever starts at the same time."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import inspect

import storage.tables  # noqa: F401  the tables that the metadata then knows
from storage.database import Database
from storage.folding import Folder
from storage.ledger import Ledger, open_ledger
from storage.migrating import HEAD, configuration, migrate, version
from storage.outbox import Owed
from storage.rebuilding import set_meta
from storage.state.fold import fold
from storage.state.rules import FoldRules
from tests.builders import NOON
from tests.ledgers import payloads, states


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/a new one.db"
    return request.getfixturevalue("empty_postgres")


def test_from_empty_to_head_gives_the_tables_that_the_code_knows(empty_url):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlmodel import SQLModel

    database = Database(empty_url)
    assert migrate(database.engine)
    with database.engine.connect() as connection:
        assert version(connection) == HEAD
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    database.close()


def test_head_is_the_newest_of_the_migrations():
    from alembic.script import ScriptDirectory

    assert ScriptDirectory.from_config(configuration()).get_current_head() == HEAD


def test_a_database_at_head_is_left_alone(empty_url):
    database = Database(empty_url)
    migrate(database.engine)
    assert not migrate(database.engine)
    database.close()


def test_of_eight_that_start_at_once_one_migrates(empty_url):
    start = threading.Barrier(8)

    def begin(_):
        database = Database(empty_url)
        start.wait(20)
        try:
            return migrate(database.engine)
        finally:
            database.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(begin, range(8))) == [False] * 7 + [True]


def test_eight_ledgers_opened_at_once_on_nothing_all_work(empty_url):
    start = threading.Barrier(8)

    def begin(_):
        start.wait(20)
        with open_ledger(empty_url, FoldRules()) as ledger:
            return ledger.ready() and not ledger.rules_changed()

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(begin, range(8)))


def test_a_migration_that_fails_leaves_an_empty_database(tmp_path, monkeypatch):
    from alembic import command

    def failing(config, _revision):
        config.attributes["connection"].exec_driver_sql("CREATE TABLE half (done INTEGER)")
        raise ZeroDivisionError

    database = Database(f"sqlite:///{tmp_path}/ledger.db")
    monkeypatch.setattr(command, "upgrade", failing)
    with pytest.raises(ZeroDivisionError):
        migrate(database.engine)
    assert inspect(database.engine).get_table_names() == []
    database.close()


def test_alembic_is_not_imported_for_a_database_at_head(sqlite_url):
    code = (
        "import sys; from storage.ledger import open_ledger; from storage.state.rules import FoldRules;"
        "open_ledger(sys.argv[1], FoldRules()).close(); print([m for m in ('alembic', 'sqlmodel') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, sqlite_url], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_database_from_before_the_outbox_goes_on_answering_and_says_that_a_rebuild_is_due(empty_url):
    database = Database(empty_url)
    bring_to(database, "0001")
    told = Ledger(database, Folder(database, fold, FoldRules()))
    told.append(payloads())
    database.write([], lambda session: set_meta(session, "rules", FoldRules().fingerprint()))
    before = states(told)
    told.close()
    with open_ledger(empty_url, FoldRules()) as ledger:
        assert states(ledger) == before
        assert ledger.rules_changed()
        assert ledger.outbox.owe([Owed("k", "C1", {"text": "Hello"}, NOON, NOON)], NOON) == 1
        ledger.rebuild()
        assert not ledger.rules_changed()
        assert states(ledger) == before
        assert ledger.outbox.figures(NOON).posts == {"owed": 1}


def bring_to(database, revision):
    """Bring an empty database to an earlier migration."""
    from alembic import command

    config = configuration()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
