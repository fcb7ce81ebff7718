"""What disturbed a release after it shipped, and how sure is it that it came of that release?

An attributed incident, a hotfix, a rollback, a revert of its change, or a release blocker of its own that was opened
again. Source: definitions, "Stabilization".
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from assistant.coverage import Concerned, Coverage, Watch, concerned
from assistant.incidents import in_production, may_see
from assistant.links import WINDOW, Link, Tier, is_bare, is_commit
from assistant.membership import labelled
from assistant.mending import Mending, Purpose, out_at, successes
from assistant.mending import place_of as placed
from assistant.situation import Situation
from assistant.stabilization import Cause, Disturbance, Stabilization, quiet_from, quiet_period, stabilize
from assistant.struck import Place, place_of, struck
from assistant.unknowns import Unknown
from assistant.unseen import doubts
from assistant.weeks import Span
from storage.naming import called, subject_of
from storage.records import Change, Deployment, Incident, Ticket


@dataclass(frozen=True, slots=True)
class Attributed:
    """An incident that a release is taken to have caused, and by which link."""

    incident: Incident
    link: Link

    @property
    def tier(self) -> Tier:
        """How sure that is."""
        return self.link.tier


class Shipped:
    """A release that shipped: its merged changes, the services that these concern, and what brought them out."""

    def __init__(self, at: datetime, changes: Sequence[Change], situation: Situation, name: str | None = None) -> None:
        """``name`` is its object, where it is not the subject; without changes it is all of the subject."""
        self.at, self.changes, self._situation = at, tuple(changes), situation
        self._name = (name or situation.subject.object or "").casefold()

    @cached_property
    def concerned(self) -> Concerned:
        """The services that have to be quiet."""
        situation = self._situation
        if self.changes:
            return concerned((change.repository for change in self.changes), situation.policy)
        return concerned(situation.subject.repositories or (), situation.policy, situation.subject.services)

    @cached_property
    def place(self) -> Place:
        """The same as what incidents may strike."""
        return place_of(self.concerned.services, self.concerned.repositories, self._situation.policy)

    @cached_property
    def deployments(self) -> dict[str, Deployment]:
        """The deployments that brought its changes out, by name."""
        each = (one for change in self.changes for one in self._situation.production.brought_by(change))
        return {one.object: one for one in each}

    def attributed(self) -> Iterator[Attributed]:
        """The incidents that it is taken to have caused, by when they began."""
        policy, viewer = self._situation.policy, self._situation.viewer
        for incident in sorted(self._situation.facts.incidents, key=lambda one: (one.opened_at, one.object)):
            over_at = self.at if incident.open else incident.closed_at or incident.last_event_at
            counts = over_at >= self.at and in_production(incident, policy) and may_see(incident, viewer, policy)
            if counts and (link := self._link(incident)):
                yield Attributed(incident, link)

    def clock(self, tickets: Iterable[Ticket]) -> Stabilization:
        """How quiet it has been; ``tickets`` are its own."""
        situation = self._situation
        disturbances, period = self.disturbances(tickets), quiet_period(self.changes, situation.policy)
        began = quiet_from(self.at, disturbances)
        quiet = Span(began, max(began, min(began + period.needed, situation.now)))
        watched = Watch(situation.facts, situation.policy).over(self.concerned, quiet)
        if gap := self._doubt(began + period.needed):
            watched = Coverage(watched.sources, gap)
        return stabilize(self.at, period, disturbances, situation.now, watched)

    def _doubt(self, until: datetime) -> Unknown | None:
        """What went out in its quiet days that nobody saw land, so that it may have been taken back in them."""
        production = self._situation.production
        told = {one for change in self.changes for _, one in production.unsettled(change) if out_at(one) < until}
        return next(iter(doubts(self.changes, self._situation)), None) if told else None

    def disturbances(self, tickets: Iterable[Ticket]) -> list[Disturbance]:
        """Everything that disturbed it; ``tickets`` are its own."""
        incidents = [_by_incident(one) for one in self.attributed()]
        return [*incidents, *self._mended(), *self._reverts(), *self._reopened(tickets)]

    def _link(self, incident: Incident) -> Link | None:
        own = self._name
        if own in {name.casefold() for name in incident.corrections.not_linked}:
            return None
        if own in {name.casefold() for name in incident.corrections.linked}:
            return Link(incident, Tier.EXPLICIT, named=own)
        links = self._situation.production.links.of(incident)
        if any(link.tier is Tier.EXPLICIT for link in links):
            return next((link for link in links if self._names(link)), None)
        near = (link for link in links if link.deployment and link.deployment.object in self.deployments)
        return next(near, None) or self._by_time(incident)

    def _names(self, link: Link) -> bool:
        """Whether an explicit link names something of it; one that names another's change does not."""
        if link.change is not None:
            return any(change.object == link.change.object for change in self.changes)
        if not is_bare(link.named) and any(is_commit(link.named, change) for change in self.changes):
            return True
        return link.deployment is not None and link.deployment.object in self.deployments

    def _by_time(self, incident: Incident) -> Link | None:
        """By when it shipped, on its own service: where no deployment tells which one brought it there."""
        hit = struck(incident, self._situation.policy)
        told = any(self._situation.production.links.on(one, hit) for one in self.deployments.values())
        if told or not self.place.hit_by(incident) or not self.at <= incident.opened_at <= self.at + WINDOW:
            return None
        return Link(incident, Tier.SAME_SERVICE)

    def _mended(self) -> Iterator[Disturbance]:
        for mending in self._situation.production.links.mendings:
            one = mending.deployment
            if one.object in self.deployments or not self._situation.production.links.on(one, self.place.where):
                continue
            if mending.purpose is Purpose.ROLLBACK and (taken := self._taken_out(mending)):
                tier, over_at = Tier.EXPLICIT, self._back(one, taken)
            elif mending.mends and mending.mends.object in self.deployments:
                tier, over_at = Tier.EXPLICIT if mending.purpose is Purpose.ROLLBACK else Tier.SAME_SERVICE, out_at(one)
            elif self._soon(one) and not (mending.purpose is Purpose.ROLLBACK and self._held(one)):
                tier, over_at = Tier.SAME_SERVICE, out_at(one)
            else:
                continue
            cause = Cause(mending.purpose.value)
            yield Disturbance(cause, one.object, one.created_at, over_at, _called(one), one.url, tier)

    def _held(self, deployment: Deployment) -> bool:
        """Whether all of it is known to be out with a deployment, which then took none of it back."""
        holds = self._situation.production.holds
        return bool(self.changes) and all(holds(deployment, change) for change in self.changes)

    def _taken_out(self, rollback: Mending) -> Change | None:
        """A change of it that was out before a rollback and is known not to be after."""
        holds = self._situation.production.holds
        if rollback.mends is None:
            return None
        both = ((change, holds(rollback.mends, change), holds(rollback.deployment, change)) for change in self.changes)
        return next((change for change, before, after in both if before and after is False), None)

    def _back(self, rollback: Deployment, change: Change) -> datetime | None:
        """When a change that was rolled back was out again."""
        later = (
            one
            for one in successes(self._situation.facts.deployments)
            if placed(one) == placed(rollback) and out_at(one) > out_at(rollback)
        )
        return next((out_at(one) for one in later if self._situation.production.holds(one, change)), None)

    def _soon(self, one: Deployment) -> bool:
        """Whether a deployment that mends came soon after what was shipped there."""
        out = [out_at(own) for own in self.deployments.values() if placed(own) == placed(one)] or [self.at]
        return any(at <= one.created_at <= at + WINDOW for at in out)

    def _reverts(self) -> Iterator[Disturbance]:
        names = {change.object.casefold() for change in self.changes}
        for change in self._situation.changes.values():
            undone = {name.casefold() for name in change.reverts}
            if change.merged_at and (
                names & undone or any(is_commit(name, own) for name in change.reverts for own in self.changes)
            ):
                at = change.merged_at
                yield Disturbance(Cause.REVERT, change.object, at, at, subject_of(change.object), change.url)

    def _reopened(self, tickets: Iterable[Ticket]) -> Iterator[Disturbance]:
        for ticket in tickets:
            if ticket.reopened_at and labelled(ticket, self._situation.policy.labels.blocker):
                name, over_at = called(ticket.object), None if ticket.open else ticket.closed_at
                yield Disturbance(Cause.REOPENED, ticket.object, ticket.reopened_at, over_at, name, ticket.url)


def _by_incident(one: Attributed) -> Disturbance:
    incident = one.incident
    over_at = None if incident.open else incident.closed_at or incident.last_event_at
    named = called(incident.object) if "#" in incident.object else incident.title
    at, url = incident.opened_at, incident.url
    return Disturbance(Cause.INCIDENT, incident.object, at, over_at, named, url, one.tier, one.link)


def _called(deployment: Deployment) -> str:
    return deployment.service or (deployment.repository or deployment.environment).rpartition("/")[2]
