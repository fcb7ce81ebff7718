"""Is the database at the newest migration, and if not, who brings it there?

Alembic costs half as much to import as all the rest, so it is imported only when there is something to do.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.engine import Connection, Engine

HEAD = "0003"  # the newest migration
_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x6C6173746D696C65  # "lastmile"; one migrator at a time on PostgreSQL


def migrate(engine: Engine) -> bool:
    """Bring the database to HEAD under a lock; whether there was anything to do."""
    with engine.connect() as connection:
        if version(connection) == HEAD:
            return False
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        due = version(connection) != HEAD
        if due:
            _upgrade(connection)
        connection.commit()
        return due


def version(connection: Connection) -> str | None:
    """The migration that the database is at, None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if row is None else str(row[0])


def configuration() -> Any:  # noqa: ANN401  alembic's Config, which must not be imported here
    """Alembic's configuration: where the migrations are."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", _FOLDER.as_posix().replace("%", "%%"))
    return config


def _upgrade(connection: Connection) -> None:
    from alembic import command

    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
