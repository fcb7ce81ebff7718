"""Which change or ticket of a forge does an event speak of, and what does it say of it?

CDEvents name them as their tools do. Where a repository and a number can be told from that, they are our changes and
tickets; what an event does not say (an author, a verdict) is not made up.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from msgspec import UNSET

from storage.intake.bodies import fit
from storage.intake.cdevents.shapes import CDEvent, Change, Named, Ticket
from storage.intake.making import account
from storage.naming import is_tracker, jira_ticket, subject_of

_FULL = r"(?P<repository>[\w.-]+/[\w.-]+)"
_CHANGE = re.compile(
    rf"(?:{_FULL}|.*://[^/\s]+/(?P<far>[\w.-]+/[\w.-]+)/(?:-/)?(?:pull|merge_requests)/)?[#!]?(?P<number>\d{{1,9}})"
)
_ISSUE = re.compile(r"https?://[^/\s]+/(?P<repository>[\w.-]+/[\w.-]+)/(?:-/)?issues/(?P<number>\d{1,9})/?")
_JIRA = re.compile(r"https?://[^\s?#]+/browse/(?P<key>[\w-]+)/?")
_REPOSITORY = re.compile(_FULL)
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")
_TITLE = 250  # characters


def change_of(told: CDEvent) -> tuple[str, int, dict[str, Any]] | None:
    """The repository, the number and what is told of a change; None where the first two can't be told."""
    content = fit(told.subject.content, Change)
    named = _CHANGE.fullmatch(told.subject.id)
    repository = named and (named["repository"] or named["far"] or _repository(content.repository))
    if not named or not repository or not int(named["number"]):
        return None
    number = int(named["number"])
    snapshot: dict[str, Any] = {"number": number}
    if told.context.type.startswith("dev.cdevents.change.created."):
        lines = (content.description or "").strip().splitlines()
        snapshot["title"] = lines[0][:_TITLE] if lines else ""
    if named["far"]:
        snapshot["url"] = told.subject.id
    return repository, number, snapshot


def ticket_of(told: CDEvent) -> tuple[str, int, dict[str, Any]] | None:
    """The repository, the number and what is told of a ticket; None where its address is no issue that we know.

    CDEvents has no word for the status of a ticket: ``customData.status`` says it, where somebody does.
    """
    content = fit(told.subject.content, Ticket)
    found = _which(content.uri or "")
    if found is None:
        return None
    repository, number = found
    snapshot: dict[str, Any] = {"number": number, "url": content.uri}
    if content.summary:
        snapshot["title"] = content.summary
    whose = (lambda name: f"jira/{name}") if is_tracker(repository) else account
    if content.creator and _LOGIN.fullmatch(content.creator):
        snapshot["author"] = whose(content.creator)
    if content.assignees is not UNSET and all(_LOGIN.fullmatch(name) for name in content.assignees):
        snapshot["assignees"] = [whose(name) for name in content.assignees]
    if content.labels is not UNSET:
        snapshot["labels"] = list(content.labels)
    custom = told.custom_data if isinstance(told.custom_data, Mapping) else {}
    if isinstance(status := custom.get("status"), str) and status:
        snapshot["status"] = status[:100]
    if told.context.type.startswith("dev.cdevents.ticket.closed."):
        snapshot |= {"open": False, "closed_reason": content.resolution}
    return repository, number, snapshot


def _which(address: str) -> tuple[str, int] | None:
    """The repository and the number of an issue of a forge, or of one of Jira's, by its address."""
    found, named = _ISSUE.fullmatch(address), _JIRA.fullmatch(address)
    if found and int(found["number"]):
        return found["repository"], int(found["number"])
    name = jira_ticket(named["key"]) if named else None
    repository, _, number = subject_of(name).rpartition("#") if name else ("", "", "")
    return (repository, int(number)) if name else None


def _repository(named: Named | None) -> str | None:
    """A repository by its id, ``acme/api``, or by its id at the address of its owner."""
    if named is None:
        return None
    if _REPOSITORY.fullmatch(named.id):
        return named.id
    try:
        owner = urlsplit(named.source or "").path.strip("/")
    except ValueError:
        return None
    full = f"{owner}/{named.id}"
    return full if _REPOSITORY.fullmatch(full) else None
