"""Which events do releases, deployments, checks and branches amount to that were read by REST?"""

from collections.abc import Iterable, Sequence

from storage.intake.bodies import fit
from storage.intake.github import checks, commits, deployments, publications, snapshots
from storage.intake.github_rest.items import Json
from storage.intake.github_rest.pulls import RestCommit
from storage.intake.github_rest.steps import Activity
from storage.intake.making import Scene
from storage.records import Event

_HEADS = "refs/heads/"


def release_events(repository: str, release: Json) -> list[Event]:
    """The events of one published release. Raises ``Misfit``."""
    whole = fit(release, publications.Release)
    verbs = ["created", *(["published"] if whole.published_at else [])]
    return [publications.release_event(Scene(repository), whole, verb) for verb in verbs]


def deployment_events(repository: str, deployment: Json, statuses: Sequence[Json] = ()) -> list[Event]:
    """The events of one deployment and the reports on it. Raises ``Misfit``."""
    whole = fit(deployment, deployments.Deployment)
    reports = [fit(status, deployments.DeploymentStatus) for status in statuses]
    asked = deployments.deployment_event(Scene(repository, snapshots.login(whole.creator)), whole)
    by = [Scene(repository, snapshots.login(report.creator)) for report in reports]
    return [asked, *(deployments.status_event(b, whole, report) for b, report in zip(by, reports, strict=True))]


def check_run_events(repository: str, runs: Iterable[Json]) -> list[Event]:
    """The events of check runs. Raises ``Misfit``."""
    return [checks.check_run_event(Scene(repository), fit(run, checks.CheckRun)) for run in runs]


def status_events(repository: str, sha: str, statuses: Iterable[Json]) -> list[Event]:
    """The events of the statuses of one commit. Raises ``Misfit``."""
    return [checks.status_event(Scene(repository), sha, fit(status, checks.Status)) for status in statuses]


def activity_events(repository: str, default_branch: str | None, activity: Iterable[Json]) -> list[Event]:
    """The pushes to branches, as their activity lists them. Raises ``Misfit``.

    Their commits are not told here: so they are other events than the webhooks', and their ``commits`` is null.
    """
    moves = [fit(move, Activity) for move in activity]
    return [_moved(repository, default_branch, move) for move in moves if move.ref.startswith(_HEADS)]


def landed_events(repository: str, branch: str, commits_of: Iterable[Json], *, default: bool) -> list[Event]:
    """The commits of a branch from which releases are made, dated by their committing. Raises ``Misfit``."""
    events = []
    for one in (fit(commit, RestCommit) for commit in commits_of):
        author, message = one.signed(), one.commit.message
        facts = commits.facts(repository, one.sha, message, author, author.date)
        events.append(
            commits.landed_event(Scene(repository), branch, one.commit.committer.date, facts, default=default)
        )
    return events


def _moved(repository: str, default_branch: str | None, move: Activity) -> Event:
    name = move.ref.removeprefix(_HEADS)
    data = {
        "before": move.before,
        "after": move.after,
        "forced": move.activity_type == "force_push",
        "created": move.activity_type == "branch_creation",
        "deleted": move.activity_type == "branch_deletion",
        "default": name == default_branch,
        "commits": None,
    }
    scene = Scene(repository, snapshots.login(move.actor))
    return commits.pushed_event(scene, name, move.timestamp, data, listed=True)
