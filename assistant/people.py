"""Which person is an account, what are they called, and when do they work?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assistant.blockers.blocker import Owner
from assistant.calendar import Calendar
from assistant.policy import Policy
from assistant.policy.people import PersonEntry
from storage.records import Account
from storage.state.bots import is_bot
from storage.state.rules import FoldRules


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who can be named: the configuration first, then accounts that their owners proved.

    Keys are ``person/<key>``, ``github/<login>``, ``jira/<id>``, ``pagerduty/<id>``, ``slack/<U..>``, ``team/<key>``;
    they compare in any case. How somebody is reached in Slack, and who has which e-mail there, is known where Slack is
    spoken with (commands).
    """

    policy: Policy
    rules: FoldRules
    persons: Mapping[str, str] = field(default_factory=dict)  # account or Slack key, casefolded -> person key
    bots: frozenset[str] = frozenset()
    humans: frozenset[str] = frozenset()
    _calendars: dict[str | None, Calendar] = field(default_factory=dict, compare=False, repr=False)  # made once each

    def person(self, key: str) -> str | None:
        """The ``person/<key>`` that an account is, None while nobody told."""
        return key if key.startswith("person/") else self.persons.get(key.casefold())

    def settled(self, key: str) -> str:
        """The person that an account is, else the account itself."""
        return self.person(key) or key

    def same(self, one: str | None, other: str | None) -> bool:
        """Whether two keys are one person."""
        return one is not None and other is not None and self._plain(one) == self._plain(other)

    def name(self, key: str) -> str:
        """What people read: the configured name, else the person's key, else the login, which is no name in Jira."""
        settled = self.settled(key)
        kind, _, rest = settled.partition("/")
        if kind == "jira" and rest != "Jira":  # who acts where Jira does not say who
            return "somebody in Jira"
        if kind == "team":
            team = self.policy.teams.get(rest)
            return (team.name if team else None) or rest
        entry = self._entry(settled)
        return (entry.name if entry else None) or rest or settled

    def owner(self, key: str) -> Owner:
        """The owner of a next move, as answers name them."""
        return Owner(self.settled(key), self.name(key))

    def is_bot(self, key: str) -> bool:
        """Whether an account is no person: said by a person, by its name, by the configuration or by its type."""
        folded = key.casefold()
        if folded in self.bots or folded in self.humans:
            return folded in self.bots
        return is_bot(key, None, self.rules)

    def calendar(self, key: str | None = None) -> Calendar:
        """When somebody works; without a key, or for an unknown account, when the workspace does."""
        if key not in self._calendars:
            self._calendars[key] = self._calendar(key)
        return self._calendars[key]

    def _calendar(self, key: str | None) -> Calendar:
        if key is None:
            return calendar_of(self.policy, None)
        kind, _, rest = self.settled(key).partition("/")
        if kind == "team" and rest in self.policy.teams:
            lead = self.policy.teams[rest].lead
            return calendar_of(self.policy, self.policy.people.get(lead or ""))
        return calendar_of(self.policy, self._entry(self.settled(key)))

    def zoned(self, key: str) -> bool:
        """Whether the configuration says in which zone somebody works."""
        entry = self._entry(self.settled(key))
        return entry is not None and entry.zone is not None

    def _entry(self, settled: str) -> PersonEntry | None:
        kind, _, rest = settled.partition("/")
        return self.policy.people.get(rest) if kind == "person" else None

    def _plain(self, key: str) -> str:
        return self.settled(key).casefold()


def people_of(policy: Policy, accounts: Iterable[Account] = ()) -> People:
    """Gather everybody: an account that the configuration gives to somebody stays theirs whatever is proved of it."""
    known = tuple(accounts)
    persons = {account.object.partition(":")[2].casefold(): account.person for account in known if account.person}
    for key, entry in policy.people.items():
        person = f"person/{key}"
        persons |= {f"github/{login}".casefold(): person for login in entry.github}
        persons |= {f"pagerduty/{user}".casefold(): person for user in entry.pagerduty}
        persons |= {f"jira/{user}".casefold(): person for user in entry.jira}
        persons |= {f"slack/{entry.slack}".casefold(): person} if entry.slack else {}
    said = {account.object.partition(":")[2].casefold(): account.is_bot for account in known}
    return People(
        policy,
        policy.fold_rules(),
        persons,
        bots=frozenset(key for key, is_bot in said.items() if is_bot),
        humans=frozenset(key for key, is_bot in said.items() if is_bot is False),
    )


def calendar_of(policy: Policy, entry: PersonEntry | None) -> Calendar:
    """The working time of one person of the configuration; what they leave out is the workspace's."""
    hours = policy.hours
    zone = hours.zone or policy.workspace.zone or "UTC"
    if entry is None:
        return Calendar(zone, frozenset(hours.days), hours.start, hours.end, hours.holidays)
    return Calendar(
        entry.zone or zone,
        frozenset(hours.days if entry.days is None else entry.days),
        entry.start or hours.start,
        entry.end or hours.end,
        hours.holidays if entry.holidays is None else entry.holidays,
        entry.leave,
    )
