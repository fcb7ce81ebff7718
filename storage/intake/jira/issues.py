"""What happened to an issue: what it holds now, what was changed by whom, what it is linked to, what was said of it?

An issue with a security level is seen by fewer than its project: of such a one neither its title nor its people are
taken in. A comment's delivery does not say whether there is one, so that it tells neither.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from msgspec import UNSET

from storage.intake.bodies import Misfit
from storage.intake.causes import causes
from storage.intake.jira import versions
from storage.intake.jira.shapes import (
    SOURCE,
    Comment,
    Fields,
    Issue,
    Item,
    Link,
    LinkType,
    OfIssue,
    OfLink,
    Reference,
    Status,
    User,
    account,
    instant,
    moment,
)
from storage.intake.making import Scene, event, stamp
from storage.naming import jira_issue, jira_ticket, subject_of
from storage.records import Event, Ignored

_DEPENDS = re.compile(r"\b(?:blocked by|depends (?:up)?on|requires|needs|waits for)\b", re.IGNORECASE)
_MANY = 200  # labels, links, versions or changes of one issue that are looked at, and events of one delivery
_LABEL = 255  # characters of a label, as Jira allows
_LONGEST = 500  # characters of a title
RESTRICTED = "A restricted issue"
_VEILED: dict[str, Any] = {"title": RESTRICTED, "author": None, "author_type": None, "assignees": [], "names": []}
_SITE = re.compile(r"(?P<site>https?://[^\s/|<>]+(?:/[^\s/|<>]+){0,3}?)/rest/")
_HIDDEN = "://api.atlassian.com"  # the door of apps, behind which nobody's browser finds an issue


def read_issue(delivery: OfIssue, verb: str) -> list[Event]:
    """An issue as it stands after what was done, and what was done."""
    issue, at = delivery.issue, _at(delivery, verb)
    name, scene = _named(delivery)
    told = snapshot(issue)
    change = delivery.changelog
    if verb == "created":
        at = instant(issue.fields.created) or at
    key = str(change.id) if change and change.id is not None and verb == "updated" else str(stamp(at))
    whole = _event(scene, name, f"ticket.{verb}", at, key, {"snapshot": told, "action": verb})
    known = _event(Scene(scene.repository), jira_issue(str(issue.id)), "issue.named", at, name, {"name": name})
    said = [_said(scene, name, delivery.comment, issue)] if delivery.comment else []
    items = change.items[:_MANY] if change and verb == "updated" else ()
    changed = (made for item in items for made in _changed(item, scene, name, at, key))
    done = [*islice(changed, _MANY // 2), *said]
    return [whole, known, *islice(_released(scene, issue, at), _MANY - len(done) - 2), *done]


def read_comment(delivery: OfIssue, _verb: str) -> list[Event] | Ignored:
    """A comment, and what its delivery shows of the issue."""
    if delivery.comment is None:
        message = "a comment's delivery without the comment"
        raise Misfit(message)
    name, scene = _named(delivery)
    at = moment(delivery) or instant(delivery.comment.created)
    told = snapshot(delivery.issue)
    if delivery.issue.fields.security is UNSET:
        told = {key: value for key, value in told.items() if key not in _VEILED}
    shown = {"snapshot": told, "action": "commented"}
    return [
        _said(scene, name, delivery.comment, delivery.issue),
        _event(scene, name, "ticket.updated", at, f"comment|{stamp(at)}", shown),
    ]


def read_link(delivery: OfLink, verb: str) -> list[Event] | Ignored:
    """A link made or taken away, kept under the inner number of whichever issue waits for the other."""
    link, at = delivery.issue_link, moment(delivery)
    source, destination = jira_issue(str(link.source_issue_id)), jira_issue(str(link.destination_issue_id))
    waits = _waits(link.issue_link_type)
    if waits is None:
        return Ignored("a link that says neither that one blocks the other nor that it needs it")
    one, other = (source, destination) if waits == "outward" else (destination, source)
    data = {"link": str(link.id), "on": other}
    kind = "issue.linked" if verb == "created" else "issue.unlinked"
    return [_event(Scene("", account(delivery.user)), one, kind, at, str(link.id), data)]


def snapshot(issue: Issue) -> dict[str, Any]:
    """What a delivery tells of an issue; what it does not tell is absent."""
    fields, site = issue.fields, site_of(issue.self)
    told: dict[str, Any] = {"number": int(_ticket(issue.key).rpartition("#")[2]), "issue": jira_issue(str(issue.id))}
    if site:
        told["url"] = f"{site}/browse/{issue.key.upper()}"
    if fields.summary is not UNSET:
        told["title"] = (fields.summary or "")[:_LONGEST]
    for ours, named in (("type", fields.issuetype), ("priority", fields.priority)):
        if named is not UNSET:
            told[ours] = named.name[:100] if named else None
    if fields.labels is not UNSET:
        told["labels"] = [label[:_LABEL] for label in fields.labels[:_MANY]]
    if fields.versions is not UNSET:
        told["versions"] = [version.name for version in fields.versions[:_MANY]]
    told |= _people(fields) | _state(fields) | _linked(fields)
    return told if fields.security is UNSET or fields.security is None else told | _VEILED


def site_of(address: str | None) -> str | None:
    """Where people find what Jira's API calls by this address; None where that can't be told."""
    found = _SITE.match(address or "")
    return found["site"] if found and _HIDDEN not in found["site"] else None


def _people(fields: Fields) -> dict[str, Any]:
    told: dict[str, Any] = {}
    author = fields.reporter or fields.creator
    if isinstance(author, User):
        told |= {"author": account(author), "author_type": "Bot" if author.account_type == "app" else None}
    if fields.assignee is not UNSET:
        whose = account(fields.assignee)
        told["assignees"] = [whose] if whose else []
        told["names"] = [(fields.assignee.display_name or whose)[:100]] if whose and fields.assignee else []
    return told


def _state(fields: Fields) -> dict[str, Any]:
    """Open or not: as the group of its status says, else as its resolution does."""
    created, updated = instant(fields.created), instant(fields.updated)
    told: dict[str, Any] = {"opened_at": stamp(created)} if created else {}
    told |= {"updated_at": stamp(updated)} if updated else {}
    status, resolved = fields.status, instant(fields.resolutiondate)
    if isinstance(status, Status):
        told["status"] = status.name[:100]
        group = status.status_category.key if status.status_category else None
        is_open = group != "done" if group else resolved is None
        told["open"] = is_open
        ended = instant(fields.statuscategorychangedate) or resolved or updated
        told["closed_at"] = None if is_open else stamp(ended)
        resolution = None if fields.resolution is UNSET or is_open else fields.resolution
        told["closed_reason"] = resolution.name[:100] if resolution else None
    return told


def _linked(fields: Fields) -> dict[str, Any]:
    """What it waits for, by the link that says so, and the epic or the story that it is a part of."""
    told: dict[str, Any] = {}
    if fields.issuelinks is not UNSET:
        pairs = ((str(link.id), _waited_for(link)) for link in fields.issuelinks[:_MANY])
        told["links"] = [[id_, name] for id_, name in pairs if name]
    above = fields.parent.key if isinstance(fields.parent, Reference) else fields.epic
    if fields.parent is not UNSET or fields.epic is not UNSET:
        name = jira_ticket(above) if isinstance(above, str) else None
        told["part_of"] = [name] if name else []
    return told


def _waits(kind: LinkType) -> str | None:
    """At which end of such a link the waiting issue is: what the link goes out of (outward) or comes into (inward)."""
    if _DEPENDS.search(kind.inward or kind.inward_name or ""):
        return "inward"
    return "outward" if _DEPENDS.search(kind.outward or kind.outward_name or "") else None


def _waited_for(link: Link) -> str | None:
    waits = _waits(link.type)
    other = {"inward": link.inward_issue, "outward": link.outward_issue}.get(waits or "")
    return jira_ticket(other.key) if other else None


def _changed(item: Item, scene: Scene, name: str, at: datetime | None, key: str) -> Iterator[Event]:
    """What one change of a field amounts to, as an event of its own where anything hangs on it."""
    what = item.field.casefold()
    if what == "status" and item.after:
        data = {"status": item.after[:100], "before": (item.before or "")[:100] or None}
        yield _event(scene, name, "ticket.status", at, key, data)
    elif what == "labels":
        before, after = (_labels(said or "") for said in (item.before, item.after))
        yield from (_aimed(scene, name, "labeled", at, one) for one in after if one not in before)
        yield from (_aimed(scene, name, "unlabeled", at, one) for one in before if one not in after)
    elif what == "key" and item.before and (old := jira_ticket(item.before)) and old != name:
        there = Scene(subject_of(old).rpartition("#")[0], scene.actor)
        yield _event(there, old, "ticket.transferred", at, key, {"to": name})


def _labels(said: str) -> dict[str, None]:
    return dict.fromkeys(label[:_LABEL] for label in said.split(maxsplit=_MANY)[:_MANY])


def _aimed(scene: Scene, name: str, verb: str, at: datetime | None, target: str) -> Event:
    return _event(scene, name, f"ticket.{verb}", at, f"{stamp(at)}|{target}", {"target": target})


def _released(scene: Scene, issue: Issue, at: datetime | None) -> Iterator[Event]:
    """The versions that an issue is to be fixed in, with what it tells of them."""
    site = site_of(issue.self)
    project = site and f"{site}/projects/{scene.repository.rpartition('/')[2]}"
    for version in () if issue.fields.versions is UNSET else issue.fields.versions[:_MANY]:
        yield from versions.milestone(scene, version, at, project or None)


def _said(scene: Scene, name: str, comment: Comment, issue: Issue) -> Event:
    key, site = f"comment/{comment.id}", site_of(issue.self)
    author = account(comment.author)
    app = comment.author is not None and comment.author.account_type == "app"
    data = {
        "id": key,
        "author": author,
        "author_type": "Bot" if app else None,
        "url": f"{site}/browse/{issue.key.upper()}?focusedCommentId={comment.id}" if site else None,
        "root_causes": causes(comment.body if isinstance(comment.body, str) else None),
    }
    return _event(Scene(scene.repository, author), name, "ticket.commented", instant(comment.created), key, data)


def _named(delivery: OfIssue) -> tuple[str, Scene]:
    name = _ticket(delivery.issue.key)
    return name, Scene(subject_of(name).rpartition("#")[0], account(delivery.user))


def _ticket(key: str) -> str:
    name = jira_ticket(key)
    if name is None:
        message = "a key of an issue that is none"
        raise Misfit(message)
    return name


def _at(delivery: OfIssue, verb: str) -> datetime | None:
    """When it happened: as the issue says, which every hook tells alike; one that is gone says nothing of its end."""
    told = None if verb == "deleted" else instant(delivery.issue.fields.updated)
    return told or moment(delivery)


def _event(scene: Scene, name: str, kind: str, at: datetime | None, key: str, data: dict[str, Any]) -> Event:  # noqa: PLR0913, PLR0917  the parts of an event
    return event(scene, name, kind, at, key, data, source=SOURCE)
