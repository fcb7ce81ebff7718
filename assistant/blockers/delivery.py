"""What is merged and still not with the customer: not on the branch, not deployed, failed, or only partly exposed?"""

from collections.abc import Iterable

from assistant.blockers.blocker import Blocker, BlockerKind, NextAction
from assistant.blockers.changes import author_of
from assistant.origin import origin_of
from assistant.production import Place
from assistant.risk import risk_of
from assistant.situation import Situation
from storage.naming import subject_of
from storage.records import Change, ChangeState, Deployment

# How long something merged took to reach production is one stretch, whatever held it up: see forecast.py.
MERGED_TURN = "merged"


def of_delivery(situation: Situation) -> Iterable[Blocker]:
    """Blockers of the member changes that are merged, and of the places that they must reach."""
    held: dict[str, list[Change]] = {}
    failed: dict[str, tuple[Deployment, Place]] = {}
    for change in situation.members.changes:
        if change.state is not ChangeState.MERGED or change.corrections.shipped_at is not None:
            continue
        if _on_branch(change, situation) is False:
            yield from _not_in_branch(change, situation)
        elif situation.production.lacks(change):
            attempt = _failed_with(change, situation)
            if attempt is None:
                yield _awaiting_deploy(change, situation)
            else:
                failed[attempt[0].object] = attempt
                held.setdefault(attempt[0].object, []).append(change)
    for name, (deployment, place) in failed.items():
        yield _deploy_failed(deployment, place, held[name], situation)
    yield from _rollouts(situation)


def unsettled_branches(situation: Situation) -> int:
    """How many merged members may or may not be on their release's branch: its beginning was never seen.

    What was in production all the same has shipped, by whatever branch.
    """
    merged = [change for change in situation.members.changes if change.merged_at]
    return sum(
        _on_branch(change, situation) is None and situation.production.shipped(change) is None for change in merged
    )


def _on_branch(change: Change, situation: Situation) -> bool | None:
    branch = situation.branches.of_release(change.repository, situation.subject.keys)
    return True if branch is None else situation.branches.holds(change, branch.name)


def _not_in_branch(change: Change, situation: Situation) -> Iterable[Blocker]:
    """A merged change that is not on the release's branch; an open one that brings it there blocks in its place."""
    branch = situation.branches.of_release(change.repository, situation.subject.keys)
    if branch is not None and not situation.branches.brought(change, branch.name, ChangeState.OPEN):
        owners = [owner.key for owner in author_of(change, situation)]
        said = f"merged to {change.base}, not on {branch.name}"
        yield _of(change, situation, BlockerKind.NOT_IN_BRANCH, NextAction.BRING_TO_BRANCH, owners, said)


def _awaiting_deploy(change: Change, situation: Situation) -> Blocker:
    places = situation.production.places(change.repository)
    owners = [key for place in places for key in _deployers(place, situation)]
    return _of(change, situation, BlockerKind.AWAITING_DEPLOY, NextAction.DEPLOY, owners, None)


def _failed_with(change: Change, situation: Situation) -> tuple[Deployment, Place] | None:
    """The deployment that failed and holds the change, or may: whatever it holds, it has to be mended first."""
    for place in situation.production.places(change.repository):
        failed = place.failed
        if failed is not None and situation.production.holds(failed, change) is not False:
            return failed, place
    return None


def _deploy_failed(deployment: Deployment, place: Place, held: list[Change], situation: Situation) -> Blocker:
    since = min(deployment.finished_at or deployment.created_at, situation.now)
    owners = situation.owners(_deployers(place, situation))
    began = min((change.merged_at for change in held if change.merged_at), default=since)
    return Blocker(
        kind=BlockerKind.DEPLOY_FAILED,
        object=deployment.object,
        subject=place.service,
        title=f"Deployment of {place.service} to {deployment.environment} failed",
        url=deployment.url,
        owners=owners,
        waiting_since=since,
        waiting_hours=situation.waited(since, owners),
        next_action=NextAction.MEND_DEPLOY,
        turn=MERGED_TURN,
        turn_began_at=min(began, since),
        repository=place.repository,
        detail=", ".join(subject_of(change.object) for change in held),
        unblocks=len(held),
    )


def _rollouts(situation: Situation) -> Iterable[Blocker]:
    """Places where something of the subject is deployed and not yet exposed to everybody."""
    repositories = sorted({c.repository for c in situation.members.changes if c.state is ChangeState.MERGED})
    for repository in repositories:
        for place in situation.production.places(repository):
            newest = place.newest
            if newest is not None and newest.exposure is not None and newest.exposure < 1:
                yield _rollout(newest, newest.exposure, place, situation)


def _rollout(deployment: Deployment, exposure: float, place: Place, situation: Situation) -> Blocker:
    since = min(deployment.finished_at or deployment.created_at, situation.now)
    owners = situation.owners(_deployers(place, situation))
    return Blocker(
        kind=BlockerKind.ROLLOUT_INCOMPLETE,
        object=deployment.object,
        subject=place.service,
        title=f"{place.service} is exposed to {exposure:.0%} in {deployment.environment}",
        url=deployment.url,
        owners=owners,
        waiting_since=since,
        waiting_hours=situation.waited(since, owners),
        next_action=NextAction.RAISE_EXPOSURE,
        turn=BlockerKind.ROLLOUT_INCOMPLETE,
        turn_began_at=since,
        repository=place.repository,
    )


def _deployers(place: Place, situation: Situation) -> list[str]:
    """Who deploys a service: its configured owner, else who deployed it last, else the owners of its repository."""
    if place.owner:
        return situation.configured([place.owner])
    last = next((d.deployer for d in place.attempts if d.deployer and not situation.people.is_bot(d.deployer)), None)
    return [last] if last else situation.configured(situation.policy.repository(place.repository).owners)


def _of(  # noqa: PLR0913, PLR0917  # the parts of a blocker that its kind decides
    change: Change, situation: Situation, kind: BlockerKind, action: NextAction, owners: list[str], detail: str | None
) -> Blocker:
    movers = situation.owners((change.corrections.owner,), owners)
    since = min(change.merged_at or situation.now, situation.now)
    return Blocker(
        kind=kind,
        object=change.object,
        subject=subject_of(change.object),
        title=change.title,
        url=change.url,
        owners=movers,
        waiting_since=since,
        waiting_hours=situation.waited(since, movers),
        next_action=action,
        turn=MERGED_TURN,
        turn_began_at=since,
        repository=change.repository,
        origin=origin_of(change, situation.policy),
        risk=risk_of(change).band,
        detail=detail,
    )
