"""What do the tests tell a ledger, and what does it then hold?"""

import json
from datetime import timedelta

from storage.database import Database
from storage.folding import Folder
from storage.ledger import Ledger
from storage.records import Delivery, Event, External, Folded, Taken
from storage.sources.judging import judge
from storage.state.rules import FoldRules
from tests.builders import NOON
from tests.deliveries import PAYLOADS

EVENT_COLUMNS = (
    "identity, object, kind, at, known_at, given_at, source, actor, repository, scope, counted, digest, data"
)


def event(name="external:store", kind="external.noted", key="1", at=NOON, /, **more):
    """An event by itself, about nothing in particular."""
    key, at = more.pop("key", key), more.pop("at", at)
    about = {name: more.pop(name, None) for name in ("actor", "repository")}
    return Event(f"{name}|{kind}|{key}", name, kind, at, more.pop("source", "lastmile"), data=more, **about)


def delivered(*events, number=1, received=NOON, source="github", body=b"{}"):
    """A delivery beside what its reader made of it."""
    return Taken(Delivery(source, f"delivery-{number}", {"X-GitHub-Event": "made_up"}, body, received), events)


def as_told(known):
    """A KnownEvent of the builders as a source would tell it."""
    return Event(
        known.identity, known.object, known.kind, known.at, known.source, known.actor, known.repository, known.data
    )  # fmt: skip


def payloads(received=NOON):
    """Every made-up delivery of GitHub, read by the real reader, each received a minute after the one before."""
    taken = []
    for minute, path in enumerate(sorted((PAYLOADS / "github").glob("*.json"))):
        headers = {"X-GitHub-Event": path.stem.partition("__")[0], "X-GitHub-Delivery": path.stem}
        body = json.dumps(json.loads(path.read_text())).encode()
        taken.append(judge(Delivery("github", path.stem, headers, body, received + timedelta(minutes=minute))))
    return taken


def again(taken, name, received):
    """The same body under another delivery id, received at another time."""
    delivery = taken.delivery
    return judge(Delivery(delivery.source, name, delivery.headers, delivery.body, received))


def listing(object_name, events, rules):
    """A fold that says which events it saw, and nothing else."""
    seen = ",".join(sorted(event.identity.rpartition("|")[2] for event in events))
    return Folded(External(object_name, "", seen, "", NOON)) if events else Folded(None)


def seen_by(ledger, name="external:store"):
    """The keys of the events that the state of ``name`` was folded from, by the ``listing`` fold."""
    return ledger.get([name])[name].title.split(",")


def ledger_at(url, fold=listing, *, locks=True, rules=None):
    """A ledger on a migrated database with a fold of the test's own; without locks it loses what others write."""
    database = Database(url, locks=locks)
    return Ledger(database, Folder(database, fold, rules or FoldRules()))


def states(ledger):
    """Everything that is folded, as rows in order."""
    with ledger._database.reading() as session:
        return {
            table: sorted(session.all(f"SELECT * FROM {table}"), key=repr)
            for table in ("state", "turn", "hint", "link")
        }


def events(ledger):
    """Every event as it is held, in order."""
    with ledger._database.reading() as session:
        return sorted(session.all(f"SELECT {EVENT_COLUMNS} FROM event"))


def stored(ledger):
    """Every byte that the ledger keeps, bodies decompressed, for tests of what must not be there."""
    import zstandard

    text = []
    with ledger._database.reading() as session:
        for table in ("delivery", "event", "state", "turn", "hint", "link", "seen", "person", "post"):
            for row in session.all(f"SELECT * FROM {table}"):
                for value in row:
                    raw = value if isinstance(value, bytes) else str(value).encode()
                    text.append(zstandard.decompress(raw) if raw.startswith(zstandard.FRAME_HEADER) else raw)
    return b"\n".join(text)
