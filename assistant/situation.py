"""What is at hand to work out one subject's answer: facts, members, production, people, and the moment?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.blockers.blocker import Owner
from assistant.branches import Branches
from assistant.membership import Members, members_of
from assistant.people import People, people_of
from assistant.policy import Policy
from assistant.production import Production
from assistant.subject import Subject, SubjectKind
from assistant.viewer import Viewer
from storage.facts import Facts
from storage.records import Attention, Change, Release, Ticket


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that the finders of blockers look at; worked out once for each subject."""

    subject: Subject
    facts: Facts
    policy: Policy
    viewer: Viewer
    now: datetime
    people: People
    members: Members
    branches: Branches
    production: Production
    release: Release | None
    changes: Mapping[str, Change]  # all that was loaded, by full name casefolded
    tickets: Mapping[str, Ticket]
    heard: frozenset[str] | None = None  # the repositories that anything was ever heard of, casefolded; None: not told

    @property
    def partly_hidden(self) -> bool:
        """Whether a repository of the subject may not be seen; of a subject that may be anywhere, any repository.

        Everything that the reader may see leaves nothing out.
        """
        if self.subject.kind is SubjectKind.WORKSPACE:
            return False
        scope = self.subject.repositories
        return any(not self.viewer.may_see(name) for name in (scope if scope is not None else self.heard or ()))

    def change(self, name: str) -> Change | None:
        """A change that was loaded, by its full name in any case."""
        return self.changes.get(name.casefold())

    def ticket(self, name: str) -> Ticket | None:
        """A ticket that was loaded, by its full name in any case."""
        return self.tickets.get(name.casefold())

    def attention(self, name: str) -> Attention | None:
        """What people did about a thing that was brought to them, by its full name; None where nobody did anything."""
        return self.facts.attention.get(name)

    def concerns(self, repository: str) -> bool:
        """Whether what happens in a repository concerns the subject.

        A release of a product that nobody configured may have work anywhere: it is where its members are.
        """
        scope = self.subject.repositories
        if scope is None and self.subject.kind is SubjectKind.RELEASE:
            where = [change.repository for change in self.members.changes]
            scope = (*where, *(ticket.repository for ticket in self.members.tickets))
        return scope is None or repository.casefold() in {name.casefold() for name in scope}

    def owners(self, *groups: Iterable[str | None]) -> tuple[Owner, ...]:
        """The first of these groups in which there is a person or a team; bots own nothing."""
        for group in groups:
            found: dict[str, Owner] = {}
            for key in group:
                if key and not self.people.is_bot(key):
                    owner = self.people.owner(key)
                    found.setdefault(owner.key.casefold(), owner)
            if found:
                return tuple(found.values())
        return ()

    def configured(self, names: Iterable[str]) -> list[str]:
        """The keys of people or teams that the configuration names by their bare keys."""
        return [f"person/{name}" if name in self.policy.people else f"team/{name}" for name in names]

    def waited(self, since: datetime | None, owners: Iterable[Owner]) -> float | None:
        """Business hours since an instant, in the calendar of the owner who has had most of them.

        Any one of several owners could have moved: the wait is that of the one who had the most time to. Nobody
        known: the workspace's calendar. Never negative.
        """
        if since is None:
            return None
        calendars = {self.people.calendar(owner.key) for owner in owners} or {self.people.calendar()}
        return max(calendar.hours_between(since, self.now) for calendar in calendars)


def situation_of(  # noqa: PLR0913  # one argument for each thing that is at hand
    subject: Subject, facts: Facts, policy: Policy, *, viewer: Viewer, now: datetime,
    heard: Iterable[str] | None = None,
) -> Situation:  # fmt: skip
    """Lay out the facts of one subject for this viewer; what they may not see is left out here, once."""
    seen = {change.object.casefold(): change for change in facts.changes if viewer.may_see(change.repository)}
    branches = Branches(facts)
    wanted = (subject.object or "").casefold()
    return Situation(
        subject,
        facts,
        policy,
        viewer,
        now,
        people_of(policy, facts.accounts),
        members_of(subject, facts, policy, viewer),
        branches,
        Production(facts, policy, branches),
        next((release for release in facts.releases if release.object.casefold() == wanted), None),
        seen,
        {ticket.object.casefold(): ticket for ticket in facts.tickets if viewer.may_see(ticket.repository)},
        None if heard is None else frozenset(name.casefold() for name in heard),
    )
