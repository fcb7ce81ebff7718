"""Which deliveries say what? One pure module per source: (headers, body) -> events."""

from collections.abc import Callable, Mapping

from storage.intake import cdevents, github, github_rest, jira, lastmile, pagerduty
from storage.records import Event, Ignored, Malformed, UnknownEvent

__all__ = ["READERS", "Malformed"]

READERS: dict[str, Callable[[Mapping[str, str], bytes], tuple[Event, ...] | Ignored | UnknownEvent]] = {
    "github": github.read,
    "github_rest": github_rest.read,
    "lastmile": lastmile.read,
    "pagerduty": pagerduty.read,
    "cdevents": cdevents.read,
    "jira": jira.read,
}
