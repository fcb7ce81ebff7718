"""What does a delivery of Jira's (Cloud; Server and Data Center send nearly the same) say happened?

Every event of Jira's is read here, or known and ignored with its reason, or unknown: then it is kept and shown.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from storage.intake.bodies import Misfit, Reader
from storage.intake.jira.issues import read_comment, read_issue, read_link
from storage.intake.jira.shapes import OfIssue, OfLink, OfVersion
from storage.intake.jira.versions import read_version
from storage.records import Event, Ignored, UnknownEvent

__all__ = ["HANDLED", "IGNORED", "IGNORED_LOUDLY", "read"]

_Read = Callable[[Any, str], list[Event] | Ignored]
HANDLED: dict[str, tuple[type[Any], _Read, str]] = {
    "jira:issue_created": (OfIssue, read_issue, "created"),
    "jira:issue_updated": (OfIssue, read_issue, "updated"),
    "jira:issue_deleted": (OfIssue, read_issue, "deleted"),
    "comment_created": (OfIssue, read_comment, "created"),
    "comment_updated": (OfIssue, read_comment, "updated"),
    "issuelink_created": (OfLink, read_link, "created"),
    "issuelink_deleted": (OfLink, read_link, "deleted"),
    "jira:version_created": (OfVersion, read_version, "created"),
    "jira:version_updated": (OfVersion, read_version, "updated"),
    "jira:version_moved": (OfVersion, read_version, "moved"),
    "jira:version_released": (OfVersion, read_version, "released"),
    "jira:version_unreleased": (OfVersion, read_version, "unreleased"),
    "jira:version_deleted": (OfVersion, read_version, "deleted"),
}

_SPRINT = "a sprint is no release: what ships is told by versions"
_BOARD = "how a board is arranged moves nothing"
_PEOPLE = "who is who is configured here, not there"
_WORK = "how long somebody worked does not say whose move it is"
_FILE = "a file beside an issue moves nothing"
_SETTING = "what Jira itself can do changes no issue"
_PROJECT = "which projects count is seen by their issues"
IGNORED: dict[str, str] = {
    **dict.fromkeys(
        ("sprint_created", "sprint_updated", "sprint_started", "sprint_closed", "sprint_deleted"), _SPRINT
    ),
    **dict.fromkeys(
        ("board_created", "board_updated", "board_deleted", "board_configuration_changed", "filter_created",
         "filter_updated", "filter_deleted"), _BOARD,
    ),
    **dict.fromkeys(("user_created", "user_updated", "user_deleted"), _PEOPLE),
    **dict.fromkeys(("worklog_created", "worklog_updated", "worklog_deleted", "jira:worklog_updated"), _WORK),
    **dict.fromkeys(("attachment_created", "attachment_deleted"), _FILE),
    **dict.fromkeys(
        ("option_voting_changed", "option_watching_changed", "option_unassigned_issues_changed",
         "option_subtasks_changed", "option_attachments_changed", "option_issuelinks_changed",
         "option_timetracking_changed", "option_timetracking_provider_changed"), _SETTING,
    ),
    **dict.fromkeys(("project_created", "project_deleted", "project_soft_deleted", "project_restored_deleted",
                     "project_archived", "project_restored_archived"), _PROJECT),
    "issue_property_set": "a property that an app keeps beside an issue is its own",
    "issue_property_deleted": "a property that an app keeps beside an issue is its own",
    "comment_deleted": "a comment that was taken back was still made",
    "jira_expression_evaluation_failed": "an app of somebody else's could not work something out",
}  # fmt: skip
# What somebody has to do something about.
IGNORED_LOUDLY: dict[str, str] = {
    "project_updated": (
        "where a project's key changed, its issues are kept under the new one from now on: write the new key in the "
        "configuration"
    ),
}


class _Any(msgspec.Struct, rename="camel"):
    """Any delivery: of one that is not read further, only what happened matters."""

    webhook_event: str


_any = Reader(_Any)
_readers = {name: (Reader(shape), by, verb) for name, (shape, by, verb) in HANDLED.items()}


def read(_headers: Mapping[str, str], body: bytes) -> tuple[Event, ...] | Ignored | UnknownEvent:
    """Read one delivery. Raises ``Malformed`` when the body is no JSON object; nothing else, whatever was sent."""
    name = "an event without a name"
    try:
        name = _any.read(body).webhook_event
        reason = IGNORED.get(name) or IGNORED_LOUDLY.get(name)
        if reason:
            return Ignored(reason)
        if name not in _readers:
            return UnknownEvent(f"an event that is not known: {name[:50]}")
        reader, by, verb = _readers[name]
        events = by(reader.read(body), verb)
    except Misfit as error:
        return UnknownEvent(f"{name[:50]}: {error}")
    return events if isinstance(events, Ignored) else tuple(events)
