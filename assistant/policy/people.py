"""How does the configuration describe people, teams, products, services and repositories?"""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from assistant.policy.fields import Count, Holidays, RepositoryName, Section, TimeOfDay, Weekday, Zone


class PersonEntry(Section):
    """``[people.KEY]``: a person and the accounts that are theirs; hours default to ``[hours]``."""

    name: str | None = None
    github: tuple[str, ...] = ()
    email: str | None = None
    slack: str | None = None
    pagerduty: tuple[str, ...] = ()
    jira: tuple[str, ...] = ()
    zone: Zone | None = None
    days: tuple[Weekday, ...] | None = Field(default=None, min_length=1)
    start: TimeOfDay | None = None
    end: TimeOfDay | None = None
    holidays: Holidays | None = None
    leave: tuple[tuple[date, date], ...] = ()
    guest: bool = False

    @model_validator(mode="after")
    def _leave_ends_after_it_begins(self) -> Self:
        for first, last in self.leave:
            if last < first:
                message = f"leave from {first} ends before it begins, on {last}"
                raise ValueError(message)
        return self


class TeamEntry(Section):
    """``[teams.KEY]``: who is in it, who leads it, and what is its own."""

    name: str | None = None
    members: tuple[str, ...] = ()
    lead: str | None = None
    repositories: tuple[RepositoryName, ...] = ()
    services: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


class ProductEntry(Section):
    """``[products.KEY]``: what has releases; a set of repositories."""

    name: str | None = None
    repositories: tuple[RepositoryName, ...] = ()
    channels: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


class ServiceEntry(Section):
    """``[services.KEY]``: what is deployed; ``environments`` are production, ``targets`` those it must all reach.

    ``incidents`` are the names or ids by which sources of incidents call it, beside its key; ``watched_by`` those
    sources that would tell if anything happened to it.
    """

    repository: RepositoryName
    owner: str | None = None
    environments: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    watched_by: tuple[Literal["github", "jira", "pagerduty", "cdevents"], ...] = ()


class RepositoryEntry(Section):
    """``[repositories."owner/name"]``: what its forge does not tell us."""

    required_checks: tuple[str, ...] | None = None
    approvals: Count | None = None
    owners: tuple[str, ...] = ()
    attribution_since: date | None = None
    merger: str | None = None
