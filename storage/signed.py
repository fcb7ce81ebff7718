"""What landed in the scope of each handoff that is done after what its receiver looked at?

Read on a shelf of its own that holds all there is: a signature goes stale for everybody at once, whoever may read by
what. It is loaded in one way whatever is asked, so that every answer says the same of it.
"""

from collections.abc import Iterable, Iterator
from operator import attrgetter

from storage.database import Row, holes
from storage.facts import MOST_LANDED, Facts, Needs, ReleaseScope
from storage.gathering import claims, links
from storage.handoffs import about
from storage.instants import stamp
from storage.naming import built_from, kind_of, service_object, subject_of, version_key
from storage.records import Branch, Change, Commit, Handoff, ObjectKind, Release, Repository, Ticket
from storage.shelf import COLUMNS, Shelf
from storage.state.handoff import SIGNED

_COMMITS, _CHANGES = MOST_LANDED + 2, 3 * MOST_LANDED  # loaded: some is what was looked at, some is no part of it
_TOGETHER = 16  # selects of one statement
_LEVELS = 2  # stories of an epic, tasks of a story
_USUAL = ("main", "master")  # where nobody told which branch is the default
_SERVICE = kind_of(service_object(""))
_RECORDED = {ObjectKind.CHANGE, ObjectKind.TICKET, ObjectKind.RELEASE}
_MERGED = f"SELECT {COLUMNS} FROM state s WHERE s.kind = 'change' AND {{}} AND s.landed_at > ? ORDER BY s.landed_at"
_MEMBERS = "s.object IN (SELECT h.object FROM hint h WHERE h.key IN ({}){})"
_ASSIGNED = (
    f"SELECT {COLUMNS} FROM hint h JOIN state s ON s.object = h.object"
    " WHERE h.key IN ({}) AND h.field = 'assigned' AND s.kind = 'change' AND s.landed_at IS NOT NULL"
)
_BRANCHES = (
    f"SELECT {COLUMNS} FROM hint h JOIN state s ON s.object = h.object WHERE h.key IN ({{}}) AND s.kind = 'branch'"
)
_LANDED = (
    f"SELECT {COLUMNS} FROM state s WHERE s.kind = 'commit' AND s.scope = ? AND s.branch = ? AND s.landed_at > ?"
    " ORDER BY s.landed_at"
)
_Select = tuple[str, tuple[object, ...]]


def since_signed(shelf: Shelf, needs: Needs) -> Facts | None:
    """Everything that tells whether the signatures among the loaded handoffs hold; None where there are none."""
    done = [one for one in shelf.of(Handoff) if one.signed and one.state in SIGNED]
    if not done:
        return None
    found = _Since(shelf, needs, done)
    found.read()
    return found.facts()


class _Since:
    """A shelf of its own, and what is looked for on it."""

    def __init__(self, shelf: Shelf, needs: Needs, done: list[Handoff]) -> None:
        self._shelf, self._services = Shelf(shelf.session, None), needs.repository_of
        self._repositories = shelf.of(Repository)
        self._done = [(one.about, stamp(one.signed.as_of)) for one in done if one.signed]
        self._releases = {name.casefold(): scope for name, scope in needs.signed_releases.items()}
        self._commits: list[Row] = []

    def read(self) -> None:
        """Load it all."""
        shelf = self._shelf
        abouts = list(dict.fromkeys(name for name, _ in self._done))
        shelf.fetch(name for name in abouts if kind_of(name) in _RECORDED)
        if services := [name for name in abouts if kind_of(name) == _SERVICE]:
            about(shelf, services, 0)  # where the same was passed on anew, that one is to be looked at
        signed = {name: self._releases[name.casefold()] for name in abouts if name.casefold() in self._releases}
        keys = dict.fromkeys(key for scope in signed.values() for key in scope.keys)
        shelf.add(shelf.session.among(_BRANCHES, keys))
        shelf.add(shelf.session.among(_ASSIGNED, signed))
        self._closing([name for name in abouts if kind_of(name) == ObjectKind.TICKET])
        shelf.add(self._all(self._merged(), _CHANGES))
        self._commits = self._all(self._landed(), _COMMITS)
        shelf.add(self._commits)

    def facts(self) -> Facts:
        """What was loaded."""
        shelf, names = self._shelf, {row[0] for row in self._commits}
        changes, landed = shelf.of(Change), (one for one in shelf.of(Commit) if one.object in names)
        return Facts(
            changes=changes,
            tickets=shelf.of(Ticket),
            commits=tuple(sorted(landed, key=attrgetter("landed_at", "object"))),
            branches=shelf.of(Branch),
            releases=shelf.of(Release),
            repositories=self._repositories,
            hints=claims(shelf.session, (change.object for change in changes)),
            handoffs=shelf.of(Handoff),
        )

    def _closing(self, tickets: list[str]) -> None:
        """What closes these tickets, or a part of them."""
        if not tickets:
            return
        whole = set(tickets)
        for _ in range(_LEVELS):
            whole = links(self._shelf, "part_of", whole, 0, None) if whole else whole
        links(self._shelf, "closes", [one.object for one in self._shelf.of(Ticket)], 0, None)

    def _merged(self) -> Iterator[_Select]:
        """What merged into each release or repository after each signature."""
        for name, since in dict.fromkeys(self._done):
            scope = self._releases.get(name.casefold())
            where = self._built_from(name)
            if scope is not None and kind_of(name) == ObjectKind.RELEASE:
                yield _of_release(scope, since)
            elif where is not None:
                yield _MERGED.replace("{}", "s.scope = ?"), (where, since)

    def _landed(self) -> Iterator[_Select]:
        """What landed on each branch after each signature."""
        wanted = ((where, branch, since) for name, since in self._done for where, branch in self._branches(name))
        yield from ((_LANDED, one) for one in dict.fromkeys(wanted))

    def _branches(self, name: str) -> Iterator[tuple[str, str]]:
        """The branches that a thing is on, each with its repository, casefolded."""
        scope, where = self._releases.get(name.casefold()), self._built_from(name)
        if scope is not None and kind_of(name) == ObjectKind.RELEASE:
            for branch in self._shelf.of(Branch):
                if branch.exists and version_key(branch.name) in scope.keys and _is_in(branch.repository, scope):
                    yield branch.repository.casefold(), branch.name
        elif where is not None:
            told = (one.default_branch for one in self._repositories if one.name.casefold() == where)
            default = next((name for name in told if name), None)
            yield from ((where, branch) for branch in ((default,) if default else _USUAL))

    def _built_from(self, name: str) -> str | None:
        where = built_from(subject_of(name), self._services) if kind_of(name) == _SERVICE else None
        return where.casefold() if where else None

    def _all(self, selects: Iterable[_Select], most: int) -> list[Row]:
        """The first rows of each select, a few selects at a time."""
        each, rows = list(selects), list[Row]()
        for start in range(0, len(each), _TOGETHER):
            part = each[start : start + _TOGETHER]
            union = " UNION ALL ".join(f"SELECT * FROM ({sql} LIMIT {most}) AS first_of" for sql, _ in part)
            rows += self._shelf.session.all(union, [value for _, values in part for value in values])
        return rows


def _of_release(scope: ReleaseScope, since: int) -> _Select:
    """The members that merged later: by their own words in the product's repositories, by a person's anywhere."""
    where = [name.casefold() for name in scope.repositories or ()]
    within = "" if scope.repositories is None else f" AND (h.field = 'assigned' OR h.scope IN ({holes(len(where))}))"
    members = _MEMBERS.replace("{}", holes(len(scope.keys)), 1).replace("{}", within, 1)
    return _MERGED.replace("{}", members), (*scope.keys, *where, since)


def _is_in(repository: str, scope: ReleaseScope) -> bool:
    return scope.repositories is None or repository.casefold() in {name.casefold() for name in scope.repositories}
