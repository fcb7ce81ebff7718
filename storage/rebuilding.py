"""How are all states folded anew while the ledger goes on learning and answering?

Beside the live tables, in batches; what is touched meanwhile is noted (see folding.py) and folded again in the
transaction that swaps the tables. A killed rebuild leaves only tables that the next one drops.
"""

from collections.abc import Callable, Iterable, Iterator

from storage.database import Database, Session
from storage.folding import AT_ONCE, Folder
from storage.sampling import scopes
from storage.state.rules import FoldRules
from storage.states import TABLES, States

Progress = Callable[[int, int], None]
Counted = Callable[[str | None], bool]

NEXT = States("_next")
_OBJECTS = "SELECT DISTINCT object FROM event WHERE counted = 1 AND object > ? ORDER BY object LIMIT ?"
_HOW_MANY = "SELECT count(*) FROM (SELECT DISTINCT object FROM event WHERE counted = 1) AS objects"
_META = "SELECT value FROM meta WHERE key = ?"
_SET_META = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"


class Overtaken(RuntimeError):  # noqa: N818  what happened to a rebuild, nobody's mistake
    """Another rebuild, or a person's wish to be forgotten, came in between: this rebuild was dropped."""


def rebuild(database: Database, folder: Folder, progress: Progress, counted: Counted | None) -> int:
    """Fold every object into the tables beside the live ones, then swap; how many objects."""
    generation = database.write([], lambda session: _begin(session, database, counted), alone=True)
    done = fold_all(database, folder, NEXT, progress)
    database.write([], lambda session: _swap(session, folder, generation), alone=True)
    return done


def begin(database: Database, rules: FoldRules) -> None:
    """Note the rules that states rest on from now, while there are no states yet."""
    with database.reading() as session:
        due = get_meta(session, "rules") != rules.fingerprint() and not session.one("SELECT 1 FROM event LIMIT 1")
    if due:
        database.write([], lambda session: set_meta(session, "rules", rules.fingerprint()))


def fold_all(database: Database, folder: Folder, states: States, progress: Progress) -> int:
    """Fold every object that has events into ``states``, accounts first, for they say who is a bot; how many."""
    with database.reading() as session:
        total = int(session.all(_HOW_MANY)[0][0])
    done = 0
    for start, stop in (("account:", "account;"), ("", "account:"), ("account;", "")):
        for objects in _batches(database, start, stop):
            with database.reading() as session:
                fresh = folder.folded(session, objects, folder.effective_rules(session, states))
            database.write([], lambda session, fresh=fresh: states.write(session, fresh))  # type: ignore[misc]
            done += len(objects)
            progress(done, max(done, total))
    return done


def get_meta(session: Session, key: str) -> str | None:
    """One thing that the ledger knows of itself."""
    row = session.one(_META, (key,))
    return None if row is None else str(row[0])


def set_meta(session: Session, key: str, value: str) -> None:
    """Remember one thing of the ledger itself."""
    session.run(_SET_META, (key, value))


def stop_rebuilding(session: Session) -> None:
    """Make a rebuild that is under way give up before it swaps."""
    session.run("DELETE FROM meta WHERE key = 'rebuilding'")


def _batches(database: Database, start: str, stop: str) -> Iterator[list[str]]:
    last = start
    while True:
        with database.reading() as session:
            objects = [row[0] for row in session.all(_OBJECTS, (last, AT_ONCE))]
        inside = [name for name in objects if not stop or name < stop]
        if inside:
            yield inside
        if len(inside) < AT_ONCE:
            return
        last = inside[-1]


def _begin(session: Session, database: Database, counted: Counted | None) -> str:
    generation = str(int(get_meta(session, "generation") or 0) + 1)
    set_meta(session, "generation", generation)
    set_meta(session, "rebuilding", generation)
    session.run("DELETE FROM dirty")
    for statement in _ddl(database, generation):
        session.run(statement)
    if counted is not None:
        for scope in scopes(session):
            written = session.all("SELECT repository FROM event WHERE scope = ? LIMIT 1", (scope,))[0][0]
            counts = int(counted(written))
            session.run("UPDATE event SET counted = ? WHERE scope = ? AND counted <> ?", (counts, scope, counts))
    return generation


def _swap(session: Session, folder: Folder, generation: str) -> None:
    if get_meta(session, "rebuilding") != generation:
        message = "another rebuild began, or somebody was forgotten: run it again"
        raise Overtaken(message)
    dirty = sorted(row[0] for row in session.all("SELECT object FROM dirty"))
    dirty.sort(key=lambda name: not name.startswith("account:"))
    for start in range(0, len(dirty), AT_ONCE):
        objects = dirty[start : start + AT_ONCE]
        NEXT.write(session, folder.folded(session, objects, folder.effective_rules(session)))
    for table in TABLES:
        session.run(f"DROP TABLE {table}")
        session.run(f"ALTER TABLE {table}{NEXT.suffix} RENAME TO {table}")
    session.run("DELETE FROM dirty")
    stop_rebuilding(session)
    set_meta(session, "rules", folder.rules.fingerprint())


def _ddl(database: Database, generation: str) -> Iterable[str]:
    """Statements that make the tables beside the live ones; names of indexes carry the generation, being global."""
    from sqlalchemy import MetaData
    from sqlalchemy.schema import CreateIndex, CreateTable
    from sqlalchemy.sql.elements import quoted_name
    from sqlmodel import SQLModel

    import storage.tables  # noqa: F401  the tables that the metadata then knows

    for name in TABLES:
        beside = f"{name}{NEXT.suffix}"
        yield f"DROP TABLE IF EXISTS {beside}"
        table = SQLModel.metadata.tables[name].to_metadata(MetaData(), name=beside)
        table.primary_key.name = f"{name}_{generation}_pkey"
        yield str(CreateTable(table).compile(dialect=database.engine.dialect))
        for index in table.indexes:
            index.name = quoted_name(f"{index.name}_{generation}", quote=None)
            yield str(CreateIndex(index).compile(dialect=database.engine.dialect))
