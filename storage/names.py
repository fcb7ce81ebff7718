"""What is called by this name?"""

from collections.abc import Iterable
from datetime import datetime

from storage.database import Session
from storage.facts import NamedRelease
from storage.indexing import SEPARATOR
from storage.instants import instant
from storage.naming import subject_of
from storage.records import Milestone, Record, Release
from storage.shelf import decode

MOST_FOUND = 20
_NAMES = """
    WITH RECURSIVE names(name) AS (
        SELECT min(name) FROM hint UNION ALL
        SELECT (SELECT min(h.name) FROM hint h WHERE h.name > names.name) FROM names WHERE name IS NOT NULL
    ) SELECT name, (SELECT min(h.title) FROM hint h WHERE h.name = names.name) FROM names WHERE name IS NOT NULL"""
_NAMED = "SELECT name, min(title) FROM hint WHERE name >= ? AND name < ? GROUP BY name"
_STANDING = """
    SELECT h.name, s.object, s.record FROM hint h JOIN state s ON s.object = h.object
    WHERE s.kind IN ('milestone', 'release') AND h.field IN ('milestone', 'declared')"""
_PUBLISHED = """
    SELECT h.name, min(s.began_at) FROM hint h JOIN state s ON s.object = h.object
    WHERE s.kind = 'publication' AND h.field = 'published'"""
_NUMBERED = "SELECT object, kind, scope FROM state WHERE number = ? ORDER BY kind, began_at DESC, object"
_INCIDENTS = (
    "SELECT object FROM state WHERE kind = 'incident' AND (object = ? OR (object >= ? AND object < ?)) ORDER BY object"
)
_WRITTEN = "SELECT repository FROM event WHERE scope = ? ORDER BY at LIMIT 1"
_HUGE = 2**62  # no column holds a larger number
_NO_NAMES = {"assigned"}  # an assignment's key is a declared release, which has its own name


def named(session: Session, key: str | None, repositories: Iterable[str] | None) -> tuple[NamedRelease, ...]:
    """What calls itself by a version key (None: by any), within ``repositories`` (None: all)."""
    span = () if key is None else (key + SEPARATOR, key + chr(ord(SEPARATOR) + 1))
    rows = session.all(_NAMED if span else _NAMES, span)
    allowed = None if repositories is None else {name.casefold() for name in repositories}
    published = _published(session, key)
    found = []
    for name, title in rows:
        its_key, field, scope = name.split(SEPARATOR)
        if field not in _NO_NAMES and (not scope or allowed is None or scope in allowed):
            found.append((name, NamedRelease(its_key, title, scope or None, field, at=published.get(name))))
    standing = _standing(session, key)
    return tuple(
        sorted(
            (release for name, plain in found for release in standing.get(name) or [plain]),
            key=lambda release: (release.key, release.source, release.repository or "", release.product or ""),
        )
    )


def standing(session: Session, kind: str) -> tuple[Record, ...]:
    """Every record of one kind, by name."""
    rows = session.all("SELECT object, record FROM state WHERE kind = ? ORDER BY object", (kind,))
    return tuple(decode(name, record) for name, record in rows)


def find_change(session: Session, number: int, repositories: Iterable[str] | None) -> tuple[str, ...]:
    """The changes, then the tickets, that have a number."""
    allowed = None if repositories is None else {name.casefold() for name in repositories}
    if abs(number) >= _HUGE:
        return ()
    rows = session.all(_NUMBERED, (number,))
    return tuple(name for name, _, scope in rows if allowed is None or scope in allowed)[:MOST_FOUND]


def find_incidents(session: Session, name: str) -> tuple[str, ...]:
    """The incidents of exactly this object name, else those of this id, whoever calls them so."""
    rows = session.all(_INCIDENTS, (name, f"{name}@", f"{name}{chr(ord('@') + 1)}"))
    found = tuple(object_name for (object_name,) in rows)
    return (name,) if name in found else found[:MOST_FOUND]


def as_written(session: Session, scopes: Iterable[str]) -> tuple[str, ...]:
    """Repositories as their first event wrote them."""
    rows = [session.one(_WRITTEN, (scope,)) for scope in scopes]
    return tuple(row[0] for row in rows if row)


def _standing(session: Session, key: str | None) -> dict[str, list[NamedRelease]]:
    """What records say of the names that have one: whether it is open, and whose it is."""
    found: dict[str, list[NamedRelease]] = {}
    rows = session.all(_STANDING) if key is None else session.all(f"{_STANDING} AND h.key = ?", (key,))
    for name, object_name, record in rows:
        its_key, field, scope = name.split(SEPARATOR)
        known = decode(object_name, record)
        if isinstance(known, Milestone):
            is_open = known.open and not known.deleted
            release = NamedRelease(its_key, known.title, scope or None, field, open=is_open, at=known.closed_at)
        elif isinstance(known, Release):
            is_open = known.ended is None and known.shipped_at is None
            product = known.product or subject_of(object_name).partition("@")[0]
            release = NamedRelease(its_key, known.name, None, field, product=product, open=is_open, at=known.shipped_at)
        else:
            continue
        if release not in found.setdefault(name, []):
            found[name].append(release)
    return found


def _published(session: Session, key: str | None) -> dict[str, datetime]:
    """When each name that a forge published was first published."""
    of_one = "" if key is None else " AND h.key = ?"
    rows = session.all(f"{_PUBLISHED}{of_one} GROUP BY h.name", () if key is None else (key,))
    return {name: instant(at) for name, at in rows if at is not None}
