"""Which functions are there, who are they, who leads them, and who of them takes what comes this week?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.people import people_of
from assistant.policy import Policy
from assistant.policy.handing import FUNCTIONS, FunctionEntry
from assistant.policy.people import PersonEntry

_NOTHING_SAID = FunctionEntry()
_DAY, _WEEK = timedelta(days=1), 7
_SHORT = {
    "eng": "engineering", "dev": "engineering", "developers": "engineering", "pm": "product",
    "quality": "qa", "quality assurance": "qa", "testing": "qa", "test": "qa", "testers": "qa", "ux": "design",
    "cs": "customer_success", "support": "customer_success", "success": "customer_success", "ops": "sre",
    "operations": "sre", "reliability": "sre",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Functions:
    """The functions of a company: those that every company has, and those that it configures."""

    policy: Policy

    @property
    def keys(self) -> tuple[str, ...]:
        """Every function, the usual ones first."""
        return tuple(dict.fromkeys([*FUNCTIONS, *self.policy.functions]))

    def entry(self, function: str) -> FunctionEntry:
        """What is configured of a function; nothing where nobody said anything."""
        return self.policy.functions.get(function, _NOTHING_SAID)

    def name(self, function: str) -> str:
        """What people call it."""
        return self.entry(function).name or FUNCTIONS.get(function) or function.replace("_", " ")

    def meant(self, words: str) -> str | None:
        """The function that words mean, by key, name or a usual short form; None for anything else."""
        said = " ".join(words.casefold().replace("_", " ").split())
        for key in self.keys:
            if said in {key.replace("_", " ").casefold(), self.name(key).casefold()}:
                return key
        return _SHORT.get(said)

    def lead(self, function: str, product: str | None = None) -> str | None:
        """Who leads it (for a product, where that has a lead of its own), as ``person/<key>``; None: nobody."""
        entry = self.entry(function)
        own = next((who for key, who in entry.leads.items() if product and key.casefold() == product.casefold()), None)
        found = own or entry.lead
        return f"person/{found}" if found else None

    def on_duty(self, function: str, now: datetime) -> str | None:
        """Who of it takes what comes this week: in turn by the week, whoever is on leave left out; None: nobody."""
        return self._on(function, now.astimezone(self.zone).date())

    def turn_began(self, function: str, now: datetime, after: datetime) -> datetime | None:
        """The beginning of the day since which whoever is on duty is so without a break.

        None where they were when ``after`` was. The same while the turn lasts, however long that is.
        """
        first, last = after.astimezone(self.zone).date(), now.astimezone(self.zone).date()
        who, day = self._on(function, last), last
        while day > first and self._on(function, day - _DAY) == who:
            day -= _DAY
        return datetime.combine(day, time(), self.zone).astimezone(UTC) if day > first else None

    @property
    def zone(self) -> ZoneInfo:
        """Where weeks and days begin, for turns."""
        return ZoneInfo(self.policy.workspace.zone or self.policy.hours.zone or "UTC")

    def _on(self, function: str, day: date) -> str | None:
        here = [key for key in self.entry(function).on_duty if not _away(self.policy.people.get(key), day)]
        week = (day.toordinal() - 1) // _WEEK  # counted through: the weeks of a year are 52 or 53
        return f"person/{here[week % len(here)]}" if here else None

    def members(self, function: str) -> tuple[str, ...]:
        """Everybody who acts for it, as ``person/<key>``: members, those on duty, its leads."""
        entry = self.entry(function)
        named = (*entry.members, *entry.on_duty, *filter(None, [entry.lead]), *entry.leads.values())
        return tuple(dict.fromkeys(f"person/{key}" for key in named))

    def of(self, person: str) -> tuple[str, ...]:
        """The functions that a person acts for."""
        people = people_of(self.policy)
        return tuple(key for key in self.keys if any(people.same(person, one) for one in self.members(key)))

    def configured(self, function: str) -> bool:
        """Whether anybody is known who acts for it."""
        return bool(self.members(function))

    def listed(self, functions: Iterable[str]) -> str:
        """Several of them, as a sentence names them."""
        return ", ".join(map(self.name, functions))


def _away(entry: PersonEntry | None, today: date) -> bool:
    return entry is not None and any(first <= today <= last for first, last in entry.leave)
