"""How far did a deployment get?"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from storage.records import Deployment, DeploymentState, Folded, KnownEvent
from storage.state.rules import FoldRules
from storage.state.stated import instant, word

_STATES = {state.value: state for state in DeploymentState}
_PURPOSES = {"rollback": "rollback", "revert": "rollback", "hotfix": "hotfix"}
_WORD = re.compile(r"[a-z]+")
_FINISHED = frozenset({DeploymentState.SUCCEEDED, DeploymentState.FAILED})


def fold_deployment(object_name: str, events: Sequence[KnownEvent], _: FoldRules) -> Folded:
    """Fold a deployment's events, ordered. The newest state holds, with one exception.

    Forges call a deployment inactive once another took its place: one that succeeded stays a success, one that failed
    a failure. ``finished_at`` is when it came to that. One that only names an artifact follows what is told of that:
    its commit is the newest that was.
    """
    told: dict[str, object] = {}
    own = [event for event in events if event.object == object_name]
    state, finished_at = DeploymentState.PENDING, None
    for event in own:
        told.update({key: value for key, value in event.data.items() if value is not None})
        reported = _STATES.get(str(event.data.get("state")))
        if reported is None or (reported is DeploymentState.INACTIVE and state in _FINISHED):
            continue
        finished_at = _finished_at(reported, event, finished_at if state is reported else None)
        state = reported
    exposure, sha, artifact = told.get("exposure"), word(told, "sha"), word(told, "artifact")
    follows = (artifact,) if artifact and sha is None else ()
    built_from = [word(event.data, "sha") for event in events if event.object in follows]
    return Folded(
        Deployment(
            object=object_name,
            repository=next((event.repository for event in own if event.repository), None),
            service=word(told, "service"),
            environment=word(told, "environment") or "",
            sha=sha or next((found for found in reversed(built_from) if found), None),
            ref=word(told, "ref"),
            state=state,
            created_at=min(instant(told, "created_at") or own[0].at, own[0].at),
            finished_at=finished_at,
            deployer=word(told, "deployer"),
            url=word(told, "environment_url") or word(told, "log_url") or word(told, "url"),
            exposure=float(exposure) if isinstance(exposure, int | float) else None,
            purpose=_purpose(told),
        ),
        follows=follows,
    )


def _purpose(told: Mapping[str, object]) -> str | None:
    """Rollback or hotfix, as its source says it outright, else as the pipeline calls what it does."""
    said = word(told, "purpose")
    if said in _PURPOSES:
        return said
    words = _WORD.findall((word(told, "task") or "").casefold())
    return next((_PURPOSES[one] for one in words if one in _PURPOSES), None)


def _finished_at(state: DeploymentState, event: KnownEvent, before: datetime | None) -> datetime | None:
    return (before or event.at) if state in _FINISHED else None
