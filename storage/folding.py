"""What must be folded anew when events arrive, and from which events?"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

import msgspec

from storage.database import Database, Row, Session
from storage.indexing import LATE, lock_of, place
from storage.instants import FOREVER, instant, stamp
from storage.naming import kind_of
from storage.records import Folded, KnownEvent
from storage.state.rules import FoldRules
from storage.states import Fresh, States

Fold = Callable[[str, Sequence[KnownEvent], FoldRules], Folded]
Events = dict[str, list[KnownEvent]]

PUSHES = 100  # newest events of a branch that a change is folded with
LIVE = States()
_FOLLOWED = frozenset({"commit", "branch", "artifact", "issue", "version"})
_ROUNDS = 2  # of following: the branch of a change tells of heads that its own events did not
AT_ONCE = 500  # objects folded together: bounds memory
_COLUMNS = "identity, object, kind, at, known_at, source, actor, repository, data"
_OF_OBJECTS = f"SELECT {_COLUMNS} FROM event WHERE object IN ({{}}) AND counted = 1"
_OF_BRANCH = (
    f"SELECT {_COLUMNS} FROM event WHERE object = ? AND at <= ? AND counted = 1 ORDER BY at DESC, identity DESC LIMIT ?"
)
_FOLLOWERS = "SELECT object, target, until FROM link WHERE relation = 'follows' AND target IN ({}) AND until >= ?"
_BOTS = "SELECT object, target FROM link{suffix} WHERE relation = 'bot'"
_BOT = "SELECT object, target FROM link WHERE object IN ({}) AND relation = 'bot'"
_PARTIES = "SELECT object FROM link WHERE relation = 'party' AND target IN ({})"
_REBUILDING = "SELECT 1 FROM meta WHERE key = 'rebuilding'"
_DIRTY = "INSERT INTO dirty (object) VALUES (?) ON CONFLICT DO NOTHING"
_order = attrgetter("at", "identity")


class Folder:
    """Folds objects from their stored events into the state tables. ``rules`` are the configured ones."""

    def __init__(self, database: Database, fold: Fold, rules: FoldRules) -> None:
        self._database = database
        self._fold = fold
        self.rules = rules

    def on(self, database: Database) -> "Folder":
        """The same folding, on another database."""
        return Folder(database, self._fold, self.rules)

    def refold(self, session: Session, touched: Mapping[str, int]) -> None:
        """Fold what was touched, and what follows it; ``touched`` maps objects to their earliest new event's stamp.

        The caller holds the touched objects. An account whose bot flag changes refolds all that it took part in.
        """
        objects = [*touched, *(name for name in followers(session, touched) if name not in touched)]
        self._database.hold(session, {lock_of(name) for name in objects} - {lock_of(name) for name in touched})
        accounts = [name for name in objects if kind_of(name) == "account"]
        if accounts:
            objects = [*accounts, *self._after_accounts(session, accounts, objects)]
        rules = self.effective_rules(session)
        if session.one(_REBUILDING):
            session.many(_DIRTY, [(name,) for name in (*accounts, *objects)])
        for start in range(0, len(objects), AT_ONCE):
            LIVE.write(session, self.folded(session, objects[start : start + AT_ONCE], rules))

    def folded(self, session: Session, objects: Sequence[str], rules: FoldRules) -> list[Fresh]:
        """Each object folded from its own events and those of what it follows."""
        own = events_of(session, objects)
        known = {name: own.get(name, []) for name in objects}
        folds = {name: self._fold(name, known[name], rules) for name in objects}
        asked: dict[str, set[str]] = {}
        for _ in range(_ROUNDS):
            wanted = {name: [t for t in f.follows if t not in asked.get(name, ())] for name, f in folds.items()}
            heard = events_of(session, (t for each in wanted.values() for t in each if kind_of(t) != "branch"))
            for name, targets in wanted.items():
                until = _until(folds[name])
                more = [event for target in targets for event in _heard(session, heard, target, until)]
                asked.setdefault(name, set()).update(targets)
                if more:
                    known[name] = sorted(known[name] + more, key=_order)
                    folds[name] = self._fold(name, known[name], rules)
        return [Fresh(name, folds[name], own.get(name, [])) for name in objects]

    def effective_rules(self, session: Session, states: States = LIVE) -> FoldRules:
        """The configured rules, and what people said of accounts: that they are bots, or that they are not."""
        rows = session.all(_BOTS.format(suffix=states.suffix))
        said = [(name.rpartition("/")[2].casefold(), word) for name, word in rows]
        if not said:
            return self.rules
        bots, people = (frozenset(login for login, word in said if word == wanted) for wanted in ("yes", "no"))
        return replace(self.rules, bots=(self.rules.bots | bots) - people, people=(self.rules.people | people) - bots)

    def _after_accounts(self, session: Session, accounts: Sequence[str], objects: Sequence[str]) -> list[str]:
        """Fold accounts first; then also whatever those took part in whose bot flag is another now."""
        before: dict[str, str] = dict(session.among(_BOT, accounts))
        LIVE.write(session, self.folded(session, accounts, self.rules))
        after: dict[str, str] = dict(session.among(_BOT, accounts))
        changed = [name.partition(":")[2].casefold() for name in accounts if before.get(name) != after.get(name)]
        parties = [row[0] for row in session.among(_PARTIES, changed)]
        self._database.hold(session, {lock_of(name) for name in parties})
        return [name for name in dict.fromkeys([*objects, *parties]) if kind_of(name) != "account"]


def events_of(session: Session, objects: Iterable[str]) -> Events:
    """The counted events of each object, in (at, identity) order."""
    events: Events = {}
    for row in session.among(_OF_OBJECTS, objects):
        events.setdefault(row[1], []).append(_event(row))
    for known in events.values():
        known.sort(key=_order)
    return events


def followers(session: Session, touched: Mapping[str, int]) -> list[str]:
    """The objects that are also folded from the events of those touched (objects with their earliest new stamp)."""
    heard = {name: at for name, at in touched.items() if kind_of(name) in _FOLLOWED}
    if not heard:
        return []
    rows = session.among(_FOLLOWERS, heard, min(heard.values()))
    return list(dict.fromkeys(name for name, target, until in rows if until >= heard[target]))


def _heard(session: Session, heard: Events, target: str, until: int) -> list[KnownEvent]:
    if kind_of(target) == "branch":
        return [_event(row) for row in session.all(_OF_BRANCH, (target, until, PUSHES))]
    return [event for event in heard.get(target, ()) if stamp(event.at) <= until]


def _until(folded: Folded) -> int:
    done = place(folded.record).done if folded.record else None
    return FOREVER if done is None else stamp(done) + LATE


def _event(row: Row) -> KnownEvent:
    identity, object_name, kind, at, known_at, source, actor, repository, data = row
    return KnownEvent(
        identity, object_name, kind, instant(at), instant(known_at), source, actor, repository,
        msgspec.json.decode(data),
    )  # fmt: skip
