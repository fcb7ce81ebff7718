"""What does this answer not know, and what would change that?"""

from collections.abc import Callable, Iterable, Sequence

from assistant.blockers.blocker import BlockerKind
from assistant.blockers.changes import hidden_dependencies
from assistant.blockers.delivery import unsettled_branches
from assistant.counting import plural
from assistant.forecast import Forecast
from assistant.handoffs.enabling import unsaid
from assistant.origin import Origin, origin_of
from assistant.shipping import out_of
from assistant.shipping_gaps import HIDDEN, no_deployments
from assistant.silence import connecting, stale
from assistant.situation import Situation
from assistant.stretches import how_long
from assistant.subject import SubjectKind
from assistant.unknowns import Unknown
from assistant.unseen import unseen
from assistant.untold import untold

NO_EVENTS = Unknown(
    "no_events", "Nothing has been heard from any code forge yet.",
    "Connect a webhook, or run `lastmile backfill github OWNER/REPO --since DATE`.", decides=True,
)  # fmt: skip
_UNTOLD = frozenset({BlockerKind.ENABLEMENT_MISSING.value})  # what is asked for is policy's, so its past is not kept


def gaps(situation: Situation, forecast: Forecast) -> tuple[Unknown, ...]:
    """Every gap of an answer, those that decide the verdict first."""
    found = [gap for finder in _FINDERS for gap in finder(situation)]
    found += [*_deployments(forecast, situation), *_remaining(forecast, situation)]
    return tuple(sorted(found, key=lambda gap: not gap.decides))


def _no_events(situation: Situation) -> Iterable[Unknown]:
    if not situation.facts.events or situation.heard == frozenset():
        yield NO_EVENTS


def _unheard(situation: Situation) -> Iterable[Unknown]:
    """Repositories that never told anything; what a release has in one that is heard says enough of it."""
    if not situation.heard or situation.subject.kind in {SubjectKind.RELEASE, SubjectKind.CHANGE}:
        return
    names = [name for name in situation.subject.repositories or () if name.casefold() not in situation.heard]
    if names := [name for name in names if situation.viewer.may_see(name)]:
        yield Unknown(
            "never_heard", f"Never heard from {', '.join(names)}, so nothing is known of what happens there.",
            connecting(names[0]), unsettles=True,
        )  # fmt: skip


def _nothing_linked(situation: Situation) -> Iterable[Unknown]:
    members, kind = situation.members, situation.subject.kind
    if situation.facts.events and kind is SubjectKind.RELEASE and not (members.changes or members.tickets):
        yield Unknown(
            "nothing_linked", f"No change or ticket says that it is for {situation.subject.name}.",
            "Give them its milestone or a release label.", decides=True,
        )  # fmt: skip


def _backfill(situation: Situation) -> Iterable[Unknown]:
    for repository in situation.facts.repositories:
        done = repository.backfill_done
        if done is not None and done < 1 and situation.viewer.may_see(repository.name):
            said = f"Only {done:.0%} of the history of {repository.name} is read, so something may be missing here."
            yield Unknown("backfill", said, "Wait for the backfill to end.")


def _deployments(forecast: Forecast, situation: Situation) -> Iterable[Unknown]:
    names = sorted({c.repository for c in situation.members.changes})
    if situation.subject.kind is SubjectKind.SERVICE:
        names = list(situation.subject.repositories or ())
    lacking = [name for name in names if not situation.production.has_source(name)]
    untold = [] if forecast.blockers else _untold_of_production(lacking, situation)
    if untold:
        yield no_deployments(untold)
    elif lacking:
        yield Unknown(
            "no_deployment_source", f"When {', '.join(lacking)} is deployed: what is merged counts as shipped once the "
            "release is published, and dates end at the last merge.",
            "Add `lastmile deployed SERVICE SHA ENVIRONMENT` to the pipeline.",
        )  # fmt: skip


def _untold_of_production(lacking: list[str], situation: Situation) -> Sequence[str]:
    """The repositories of which it would have to be known what is in production, and nobody tells.

    A release of which nothing is out yet may still be published as a whole.
    """
    if situation.subject.kind is SubjectKind.SERVICE:
        return lacking
    out = out_of(situation)
    return () if situation.subject.kind is SubjectKind.RELEASE and out.at is None else out.untold


def _branches(situation: Situation) -> Iterable[Unknown]:
    if count := unsettled_branches(situation):
        yield Unknown(
            "branch_unsettled", f"Whether {plural(count, 'merged change')} reached the release's branch: nobody saw "
            "it begin.", "Backfill the repository, or correct the changes that are not on it.", unsettles=True,
        )  # fmt: skip


def _people(situation: Situation) -> Iterable[Unknown]:
    seen = [login if "/" in login else f"github/{login}" for login in situation.facts.accounts_seen]
    mapped = sum(situation.people.person(account) is not None for account in seen)
    if mapped < len(seen):
        missing = len(seen) - mapped
        yield Unknown(
            "people_unmapped", f"{missing} of {len(seen)} active people {'is' if missing == 1 else 'are'} not mapped: "
            "their login is shown, and the workspace's hours are used.",
            "Add them under [people], or have them link themselves.", in_settings=True,
        )  # fmt: skip


def _unassigned(situation: Situation) -> Iterable[Unknown]:
    facts = situation.facts
    if situation.subject.kind is SubjectKind.RELEASE and facts.recent_without_release:
        yield Unknown(
            "without_release", f"{facts.recent_without_release} of {facts.recent_changes} recent changes have no "
            "release, so some blockers may be missing here.", "Give them a milestone or a release label.",
        )  # fmt: skip


def _origins(situation: Situation) -> Iterable[Unknown]:
    changes = situation.members.changes
    unknown = sum(origin_of(change, situation.policy) is Origin.UNKNOWN for change in changes)
    if unknown:
        yield Unknown(
            "origin", f"Whether people or AI wrote {_of_these(unknown, len(changes), situation.subject.kind)}.",
            'Set attribution_since under [repositories."owner/name"] once its tools leave their marks.',
            in_settings=True,
        )  # fmt: skip


def _hidden(situation: Situation) -> Iterable[Unknown]:
    if situation.partly_hidden or any(hidden_dependencies(change, situation) for change in situation.members.changes):
        yield HIDDEN


def _left_out(situation: Situation) -> Iterable[Unknown]:
    if situation.facts.left_out:
        yield Unknown(
            "too_many", f"It has {situation.facts.left_out} more items than are looked at; the newest open ones are.",
            "Ask about a part of it: a service, a team or a change.",
        )  # fmt: skip


def _remaining(forecast: Forecast, situation: Situation) -> Iterable[Unknown]:
    least = situation.policy.forecast.least
    for missing in forecast.missing:
        long, told = f"How long {how_long([missing.turn])}", missing.turn not in _UNTOLD
        past = f"{least} past cases are needed, there are {missing.samples}" if told else "no past case is known"
        wait = ", or wait for more history; a backfill brings it at once" if told else ""
        yield Unknown("remaining_time", f"{long}: {past}.", f"Give an estimate of it{wait}.", unsettles=True)
    if not forecast.missing and (forecast.earliest is None or forecast.earliest.p85 is None):
        what, share = ("When it could ship", "half") if forecast.earliest is None else ("How late it may get", "15%")
        yield Unknown(
            "open_ended", f"{what}: in {share} of the simulated runs something takes longer than any like case so far.",
            "Give an estimate of what has waited longest, or close what is dead.", unsettles=forecast.earliest is None,
        )  # fmt: skip


def _of_these(count: int, total: int, kind: SubjectKind) -> str:
    return "this change" if kind is SubjectKind.CHANGE else f"{count} of this {kind}'s {plural(total, 'change')}"


_FINDERS: tuple[Callable[[Situation], Iterable[Unknown]], ...] = (
    _no_events, _unheard, _nothing_linked, stale, _backfill, unseen, _branches, untold, _people, _unassigned, _origins,
    _hidden, _left_out, unsaid,
)  # fmt: skip
