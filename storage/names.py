"""What is called by this name?"""

from collections.abc import Iterable

from storage.database import Session
from storage.facts import NamedRelease
from storage.indexing import SEPARATOR
from storage.naming import subject_of
from storage.records import Milestone, Release
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
    WHERE s.kind IN ('milestone', 'release') AND h.name IN ({}) AND h.field IN ('milestone', 'declared')"""
_NUMBERED = "SELECT object, kind, scope FROM state WHERE number = ? ORDER BY kind, began_at DESC, object"
_WRITTEN = "SELECT repository FROM event WHERE scope = ? ORDER BY at LIMIT 1"
_NO_NAMES = {"assigned"}  # an assignment's key is a declared release, which has its own name


def named(session: Session, key: str | None, repositories: Iterable[str] | None) -> tuple[NamedRelease, ...]:
    """What calls itself by a version key (None: by any), within ``repositories`` (None: all)."""
    if key is None:
        rows = session.all(_NAMES)
    else:
        rows = session.all(_NAMED, (key + SEPARATOR, key + chr(ord(SEPARATOR) + 1)))
    allowed = None if repositories is None else {name.casefold() for name in repositories}
    found = []
    for name, title in rows:
        its_key, field, scope = name.split(SEPARATOR)
        if field not in _NO_NAMES and (not scope or allowed is None or scope in allowed):
            found.append((name, NamedRelease(its_key, title, scope or None, field)))
    standing = _standing(session, [name for name, release in found if release.source in {"milestone", "declared"}])
    return tuple(
        sorted(
            (release for name, plain in found for release in standing.get(name) or [plain]),
            key=lambda release: (release.key, release.source, release.repository or "", release.product or ""),
        )
    )


def find_change(session: Session, number: int, repositories: Iterable[str] | None) -> tuple[str, ...]:
    """The changes, then the tickets, that have a number."""
    allowed = None if repositories is None else {name.casefold() for name in repositories}
    if abs(number) >= _HUGE:
        return ()
    rows = session.all(_NUMBERED, (number,))
    return tuple(name for name, _, scope in rows if allowed is None or scope in allowed)[:MOST_FOUND]


_HUGE = 2**62


def as_written(session: Session, scopes: Iterable[str]) -> tuple[str, ...]:
    """Repositories as their first event wrote them."""
    rows = [session.one(_WRITTEN, (scope,)) for scope in scopes]
    return tuple(row[0] for row in rows if row)


def _standing(session: Session, names: Iterable[str]) -> dict[str, list[NamedRelease]]:
    """What records say of the names that have one: whether it is open, and whose it is."""
    found: dict[str, list[NamedRelease]] = {}
    for name, object_name, record in session.among(_STANDING, names):
        key, field, scope = name.split(SEPARATOR)
        known = decode(object_name, record)
        if isinstance(known, Milestone):
            release = NamedRelease(key, known.title, scope or None, field, open=known.open and not known.deleted)
        elif isinstance(known, Release):
            is_open = known.ended is None and known.shipped_at is None
            product = known.product or subject_of(object_name).partition("@")[0]
            release = NamedRelease(key, known.name, None, field, product=product, open=is_open)
        else:
            continue
        if release not in found.setdefault(name, []):
            found[name].append(release)
    return found
