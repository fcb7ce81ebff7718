"""Which release, blocker, freeze or moment do the words of a command mean?

Whoever acts gets one thing or a sentence that says how to name it; a guess would decide about the wrong one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from assistant.acts.authority import product_key, sees_product
from assistant.acts.correct_link import named
from assistant.acts.waiving import candidates
from assistant.errors import UserError
from assistant.policy import Policy
from assistant.policy.fields import WEEKDAYS
from assistant.scopes import split_version, whole_workspace
from assistant.viewer import Viewer
from assistant.when import When, read_when
from storage.naming import kind_of, release_object, subject_of, ticket_meant, version_key
from storage.records import Freeze, ObjectKind, Release

_NUMBERED = re.compile(
    r"(?:https?://[^/\s]+/)?(?P<repository>[\w.-]+/[\w.-]+)?(?:#|/(?:pull|issues)/)(?P<number>\d{1,18})(?:[/?#].*)?"
)


@dataclass(frozen=True, slots=True)
class Meant:
    """Reads words as ``who`` means them at ``now``; ``releases`` and ``freezes`` are those that they may see.

    ``find`` gives the objects that a number of any repository may be, ``incidents`` those that an incident's name or id
    may be.
    """

    policy: Policy
    who: Viewer
    now: datetime
    releases: tuple[Release, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    find: Callable[[int], tuple[str, ...]] = lambda _number: ()
    incidents: Callable[[str], tuple[str, ...]] = lambda _name: ()

    def when(self, text: str | None) -> datetime | None:
        """The moment of a text, None without one; a day ends with the working day."""
        return self._when(text).at if text else None

    def moment(self, text: str) -> datetime:
        """The moment of a text that has to hold one."""
        return self._when(text).at

    def release(self, text: str, product: str | None = None) -> str:
        """The release of a name like ``2.4`` or ``checkout 2.4``: one that was planned, else a new one's name."""
        if kind_of(text) == "release":
            return text
        if product:
            its, version = self.product(product), split_version(self.policy, text)[1]
            return release_object(its, version)
        known = sorted({r.object for r in self.releases if _is_called(r, text)})
        if len(known) > 1:
            several = " or ".join(" ".join(subject_of(name).rsplit("@", 1)) for name in known)
            raise UnclearError(text, f"is {several}: say which with --product")
        if known:
            return known[0]
        named_in_words, version = split_version(self.policy, text)
        return release_object(named_in_words or self.product(None), version)

    def product(self, text: str | None) -> str:
        """The product of a key or name; without one, the only product that there is to see."""
        seen = [key for key in self.policy.products if sees_product(key, self.who, self.policy)]
        if text:
            named = (k for k in seen if (self.policy.products[k].name or k).casefold() == text.casefold())
            return next(named, product_key(text, self.policy))
        if not self.policy.products:
            return whole_workspace(self.policy)
        if len(seen) == 1:
            return seen[0]
        message = f"Which product? Say --product, one of: {', '.join(seen) or 'none that you may see'}"
        raise UserError(message)

    def subject(self, text: str) -> str:
        """A change, ticket, incident or other object, by its name as stored, however the repository was typed."""
        if ticket := ticket_meant(text):
            return ticket
        if incident := self._incident(text):
            return incident
        found = _NUMBERED.fullmatch(text.strip())
        if found is None or candidates(text) == (text,):
            return text.strip()
        wanted = (found["repository"] or "").casefold()
        names = [name for name in self.find(int(found["number"])) if self._fits(name, wanted)]
        subjects = sorted({subject_of(name) for name in names})
        if len(subjects) > 1:
            raise UnclearError(text, f"is {' or '.join(subjects)}: say which")
        if not subjects:
            return f"{found['repository'] or ''}#{found['number']}"
        return names[0] if len(names) == 1 else subjects[0]

    def _incident(self, text: str) -> str | None:
        """The incident that is called so, by its id alone where only one has it; None where none is."""
        name = named(text)
        found = self.incidents(name) if kind_of(name) == ObjectKind.INCIDENT else ()
        if len(found) > 1:
            raise UnclearError(text, f"is {' or '.join(map(subject_of, found))}: say which")
        return found[0] if found else None

    def freeze(self, text: str) -> str:
        """A freeze by its name as ``freeze list`` shows it, or by the one service that is frozen."""
        wanted = text.casefold().removeprefix("freeze:")
        found = [f.object for f in self.freezes if subject_of(f.object).casefold() == wanted]
        found = found or [f.object for f in self.freezes if wanted in {s.casefold() for s in f.services}]
        if len(found) > 1:
            raise UnclearError(text, f"is frozen by {' and '.join(map(subject_of, found))}: say which")
        return found[0] if found else f"freeze:{wanted}"

    def _when(self, text: str) -> When:
        return read_when(text, self.who.zone, self.now, self.policy.hours.end)

    def _fits(self, name: str, repository: str) -> bool:
        where = subject_of(name).rpartition("#")[0]
        return self.who.may_see(where) and repository in {"", where.casefold()}


class UnclearError(UserError):
    """Words that mean several things."""

    def __init__(self, text: str, what: str) -> None:
        super().__init__(f'"{text[:100]}" {what}')


def _is_called(release: Release, text: str) -> bool:
    names = {release.version, release.name, f"{release.product} {release.version}", subject_of(release.object)}
    return version_key(text) in {version_key(name) for name in names}


def weekday(text: str) -> int:
    """The number of a day of the week, 0 for Monday."""
    wanted = text.strip().casefold()
    found = [number for number, name in enumerate(WEEKDAYS) if len(wanted) > 1 and name.startswith(wanted)]
    if not found:
        message = f'"{text[:50]}" is no day of the week; write it like mon or monday'
        raise UserError(message)
    return found[0]


def time_of_day(text: str) -> time:
    """A time like 14:00."""
    try:
        return time.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        message = f'"{text[:50]}" is no time of day; write it like 14:00'
        raise UserError(message) from None


def day(text: str) -> date:
    """A day like 2026-12-01."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        message = f'"{text[:50]}" is no day; write it like 2026-12-01'
        raise UserError(message) from None
