"""How far did a deployment get?"""

from collections.abc import Sequence
from datetime import datetime

from storage.records import Deployment, DeploymentState, Folded, KnownEvent
from storage.state.rules import FoldRules
from storage.state.stated import instant, word

_STATES = {state.value: state for state in DeploymentState}
_FINISHED = frozenset({DeploymentState.SUCCEEDED, DeploymentState.FAILED})


def fold_deployment(object_name: str, events: Sequence[KnownEvent], _: FoldRules) -> Folded:
    """Fold a deployment's events, ordered. The newest state holds, with one exception.

    Forges call a deployment inactive once another took its place: one that succeeded stays a success, one that failed
    a failure. ``finished_at`` is when it came to that.
    """
    told: dict[str, object] = {}
    state, finished_at = DeploymentState.PENDING, None
    for event in events:
        told.update({key: value for key, value in event.data.items() if value is not None})
        reported = _STATES.get(str(event.data.get("state")))
        if reported is None or (reported is DeploymentState.INACTIVE and state in _FINISHED):
            continue
        finished_at = _finished_at(reported, event, finished_at if state is reported else None)
        state = reported
    exposure = told.get("exposure")
    return Folded(
        Deployment(
            object=object_name,
            repository=next((event.repository for event in events if event.repository), None),
            service=word(told, "service"),
            environment=word(told, "environment") or "",
            sha=word(told, "sha"),
            ref=word(told, "ref"),
            state=state,
            created_at=min(instant(told, "created_at") or events[0].at, events[0].at),
            finished_at=finished_at,
            deployer=word(told, "deployer"),
            url=word(told, "environment_url") or word(told, "log_url") or word(told, "url"),
            exposure=float(exposure) if isinstance(exposure, int | float) else None,
        )
    )


def _finished_at(state: DeploymentState, event: KnownEvent, before: datetime | None) -> datetime | None:
    return (before or event.at) if state in _FINISHED else None
