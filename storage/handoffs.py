"""Which handoffs are open, or were answered lately, and what landed after what those that are done looked at?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from storage.database import MOST, holes
from storage.facts import Needs
from storage.instants import stamp
from storage.naming import kind_of, service_object, subject_of, version_key
from storage.records import Branch, Commit, Handoff, ObjectKind, Repository
from storage.shelf import COLUMNS, Shelf
from storage.state.handoff import SIGNED

MOST_LANDED = 20  # commits handed over that landed in one scope after one signature: the first are what counts
MOST_MERGED = 200  # changes handed over that merged into one release after one signature, likewise
_USUAL = ("main", "master")  # where nobody told which branch is the default
_SERVICE = kind_of(service_object(""))
_HANDOFFS = f"SELECT {COLUMNS} FROM state s WHERE s.kind = 'handoff' AND (s.open = 1 OR s.done_at >= ?)"
_MERGED = (
    f"SELECT {COLUMNS} FROM hint h JOIN state s ON s.object = h.object WHERE h.key IN ({{}}) AND s.kind = 'change'"
    f" AND s.landed_at > ?{{condition}} ORDER BY s.landed_at, s.object LIMIT {MOST_MERGED}"
)
_BRANCHES = (
    f"SELECT {COLUMNS} FROM hint h JOIN state s ON s.object = h.object WHERE h.key IN ({{}}) AND s.kind = 'branch'"
)
_ABOUT = (
    f"SELECT {COLUMNS} FROM link l JOIN state s ON s.object = l.object"
    " WHERE l.target IN ({}) AND l.relation = 'about' AND l.until >= ?"
)
_LANDED = (
    f"SELECT {COLUMNS} FROM state s WHERE s.kind = 'commit' AND s.scope = ? AND s.branch = ? AND s.landed_at > ?"
    f" ORDER BY s.landed_at LIMIT {MOST_LANDED}"
)


class _Stretch(NamedTuple):
    """Everything that landed on a branch of a repository after a moment."""

    scope: str
    branch: str
    since: int


def handoffs(shelf: Shelf, since: datetime) -> tuple[Handoff, ...]:
    """Load them onto the shelf; by name, within the repositories that may be seen."""
    shelf.add(shelf.session.all(_HANDOFFS, (stamp(since),)))
    return shelf.of(Handoff)


def passed_on(shelf: Shelf, needs: Needs, now: datetime) -> tuple[Handoff, ...]:
    """Load the handoffs that are asked for: all of the recent days, or those about what was loaded; by name."""
    since = now - timedelta(days=needs.recent_days)
    if needs.handoffs:
        return handoffs(shelf, since)
    about = [one.about for one in _done(shelf) if kind_of(one.about) == _SERVICE]  # what was passed on again is newer
    if needs.gates:
        things = [record.object for record in shelf.work()]
        about += [*needs.release_objects, *things, *(service_object(service) for service in needs.services)]
    shelf.add(shelf.session.among(_ABOUT, (name.casefold() for name in about), stamp(since)))
    return shelf.of(Handoff)


def merged(shelf: Shelf, needs: Needs) -> None:
    """Load what merged into the releases of handoffs after what was looked at, and the branches of those releases."""
    keys = {name.casefold(): each for name, each in needs.signed_releases.items()}
    signed = {(one.about.casefold(), stamp(one.signed.as_of)) for one in _done(shelf) if one.signed}
    condition, scopes = shelf.condition("h.scope")
    for about, since in sorted(signed):
        if wanted := keys.get(about):
            sql = _MERGED.replace("{}", holes(len(wanted))).replace("{condition}", condition)
            shelf.add(shelf.session.all(sql, (*wanted, since, *scopes)))
    shelf.add(shelf.session.among(_BRANCHES, (key for each in keys.values() for key in each)))


def landings(shelf: Shelf, needs: Needs) -> tuple[Commit, ...]:
    """The first commits that landed in the scope of each handoff that is done after what it looked at, oldest first.

    On the branches of its release, or on the default branch of its service.
    """
    services = {service_object(service): where.casefold() for service, where in needs.repository_of.items()}
    wanted = dict.fromkeys(
        _Stretch(scope, branch, stamp(one.signed.as_of))
        for one in _done(shelf) if one.signed for scope, branch in _branches(one.about, shelf, services)
    )  # fmt: skip
    rows = []
    stretches = [one for one in wanted if shelf.visible([one.scope])]
    for start in range(0, len(stretches), MOST // 4):
        part = stretches[start : start + MOST // 4]
        union = " UNION ALL ".join([f"SELECT * FROM ({_LANDED}) AS landed"] * len(part))
        rows += shelf.session.all(union, [value for stretch in part for value in stretch])
    names = {row[0] for row in rows}
    shelf.add(rows)
    found = (one for one in shelf.of(Commit) if one.object in names)
    return tuple(sorted(found, key=attrgetter("landed_at", "object")))


def _done(shelf: Shelf) -> list[Handoff]:
    return [one for one in shelf.of(Handoff) if one.signed and one.state in SIGNED]


def _branches(about: str, shelf: Shelf, services: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The branches that a thing is on, each with its repository, casefolded."""
    if kind_of(about) == ObjectKind.RELEASE:
        key = subject_of(about).rpartition("@")[2]
        for branch in shelf.of(Branch):
            if branch.exists and version_key(branch.name).endswith(key):
                yield branch.repository.casefold(), branch.name
    elif where := services.get(about.casefold()):
        told = (one.default_branch for one in shelf.of(Repository) if one.name.casefold() == where)
        default = next((name for name in told if name), None)
        yield from ((where, name) for name in ((default,) if default else _USUAL))
