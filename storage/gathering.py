"""Which changes, tickets and releases does a question's release or scope consist of?"""

from collections.abc import Iterable, Sequence

from storage.database import Row, Session, holes
from storage.facts import Needs
from storage.instants import FOREVER, stamp
from storage.naming import release_object
from storage.shelf import COLUMNS, Shelf

MOST_WORK = 2000  # records handed over of one kind of need; beyond, they are only counted
NEWEST = 20  # declared releases of one product
_MEMBERS = "FROM hint h JOIN state s ON s.object = h.object WHERE h.key IN ({})"
_OPEN = "FROM state s WHERE s.open = 1 AND s.kind = 'change' AND s.scope IN ({})"
_OPENED = (
    f"SELECT {COLUMNS} FROM state s WHERE s.kind = 'ticket' AND s.scope IN ({{}}) AND s.began_at >= ?"
    f" ORDER BY s.began_at DESC LIMIT {MOST_WORK}"
)
_LINKED = f"SELECT {COLUMNS} FROM link l JOIN state s ON s.object = l.object WHERE l.target IN ({{}})"
_OF_PRODUCT = (
    f"SELECT {COLUMNS} FROM state s WHERE s.object >= ? AND s.object < ? ORDER BY s.began_at DESC LIMIT {NEWEST}"
)
_ALL_RELEASES = f"SELECT {COLUMNS} FROM state s WHERE s.kind = 'release'"


def gather(shelf: Shelf, needs: Needs) -> int:
    """Load the members of releases, what was named, and the releases themselves; how many were left out."""
    keys = (*needs.release_keys, *needs.release_objects)
    condition, scopes = shelf.condition("h.scope")
    left_out = _most(shelf, _MEMBERS, keys, condition, scopes)
    shelf.fetch((*needs.objects, *needs.release_objects))
    for product in needs.releases_of:
        start = release_object(product, "")
        shelf.add(shelf.session.all(_OF_PRODUCT, (start, f"{start[:-1]}A")))
    if needs.all_releases:
        shelf.add(shelf.session.all(_ALL_RELEASES))
    return left_out


def open_work(shelf: Shelf, needs: Needs) -> int:
    """Load the open changes, release-blocking and new tickets of repositories; how many were left out."""
    blocked = shelf.visible((*needs.open_in, *needs.blockers_in))
    links(shelf, "label", needs.blocker_labels, FOREVER, blocked)
    if needs.tickets_since is not None:
        shelf.add(shelf.session.among(_OPENED, shelf.visible(needs.tickets_in), stamp(needs.tickets_since)))
    return _most(shelf, by_open(_OPEN, shelf.session), shelf.visible(needs.open_in), "", [])


def by_open(sql: str, session: Session) -> str:
    """The same, with SQLite told to find what is open by its index: it would read everything that ever was instead."""
    return sql.replace("FROM state s", "FROM state s INDEXED BY state_open") if session.sqlite else sql


def links(
    shelf: Shelf, relation: str, targets: Iterable[str], since: int, repositories: Sequence[str] | None
) -> set[str]:
    """Load what says ``relation`` of one of ``targets`` and still mattered at ``since``; its names.

    Limited to ``repositories`` (None: whatever may be seen).
    """
    wanted = [target.casefold() if relation == "label" else target for target in targets]
    rows: list[Row] = []
    if repositories is None or repositories:
        sql = f"{_LINKED} AND l.relation = ? AND l.until >= ? ORDER BY l.until DESC LIMIT {MOST_WORK}"
        rows = shelf.session.among(sql, wanted, relation, since)
    if repositories is not None:
        rows = [row for row in rows if row[1] in repositories]
    shelf.add(rows)
    return {row[0] for row in rows} & shelf.records.keys()


def claims(session: Session, objects: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By which words changes and tickets say which release they are for."""
    hints: dict[str, tuple[str, ...]] = {}
    rows = session.among("SELECT object, field, title FROM hint WHERE object IN ({})", objects)
    for name, field, title in sorted(set(rows)):
        hints[name] = (*hints.get(name, ()), f"{field}:{title}")
    return hints


def _most(shelf: Shelf, source: str, values: Sequence[str], condition: str, more: Sequence[str]) -> int:
    """Load the rows of a source, open and newest first, as many as are handed over; how many more there are."""
    if not values:
        return 0
    found = source.replace("{}", holes(len(values))) + condition
    bound = (*values, *more)
    order = f"ORDER BY s.open DESC, s.began_at DESC, s.object LIMIT {MOST_WORK}"
    rows = shelf.session.all(f"SELECT {COLUMNS} {found} {order}", bound)
    shelf.add(rows)
    if len(rows) < MOST_WORK:
        return 0
    counted = shelf.session.one(f"SELECT count(*) {found}", bound)
    return int(counted[0]) - MOST_WORK if counted else 0
