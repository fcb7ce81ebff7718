"""What does a payload tell of a change, a ticket or a milestone as it stood then?

A snapshot holds only what the payload told: an absent key was not told, a null is known to be none. The keys are the
contract with ``storage.state``.
"""

from typing import Any

from msgspec import UNSET, to_builtins

from storage import attribution
from storage.attribution import RULES_VERSION
from storage.intake.directives import NONE, TRUSTED, Directives, from_prose, prose, worked_on
from storage.intake.github.shapes import Issue, Milestone, Pull, User
from storage.intake.making import account, stamp, utc

_OPTIONAL = {
    "draft": "draft",
    "additions": "added",
    "deletions": "deleted",
    "changed_files": "files",
    "commits": "commits",
}


def of_pull(pull: Pull, repository: str) -> dict[str, Any]:
    """The snapshot of a pull request: its fields, what its text asks for, and the marks of AI on it as a whole."""
    plain = prose(pull.body) if pull.body else ""
    merged = pull.merged_at is not None
    base = pull.base.repo
    return {
        **_common(pull),
        "state": pull.state,
        "merged": merged,
        "merged_at": stamp(pull.merged_at),
        "merge_sha": pull.merge_commit_sha if merged else None,
        "base": pull.base.ref,
        "base_sha": pull.base.sha,
        "head": pull.head.ref,
        "head_sha": pull.head.sha,
        "head_repository": pull.head.repo.full_name if pull.head.repo else None,
        **({"default_branch": base.default_branch} if base and base.default_branch else {}),
        **{ours: value for field, ours in _OPTIONAL.items() if (value := getattr(pull, field)) is not UNSET},
        **_asked(pull),
        **_mergeable(pull),
        **_worked(_directed(plain, repository, pull.author_association), pull),
        **_marked(pull, plain),
    }


def of_issue(issue: Issue, repository: str) -> dict[str, Any]:
    """The snapshot of an issue: its fields and what its text asks for."""
    told: dict[str, Any] = {}
    if issue.state is not UNSET:
        told["open"] = issue.state == "open"
        told["closed_reason"] = None if told["open"] else issue.state_reason
    if issue.type is not UNSET:
        told["type"] = issue.type.name if issue.type else None
    return {
        **_common(issue),
        **told,
        **_directed(prose(issue.body) if issue.body else "", repository, issue.author_association),
    }


def of_milestone(milestone: Milestone) -> dict[str, Any]:
    """The snapshot of a milestone."""
    return {
        "number": milestone.number,
        "title": milestone.title,
        "url": milestone.html_url,
        "open": milestone.state == "open",
        "due_at": stamp(milestone.due_on),
        "created_at": stamp(milestone.created_at),
        "closed_at": stamp(milestone.closed_at),
        "updated_at": stamp(milestone.updated_at),
    }


def login(user: User | None) -> str | None:
    """The account of a user, None where GitHub no longer knows them."""
    return account(user.login) if user else None


def _common(item: Pull | Issue) -> dict[str, Any]:
    told: dict[str, Any] = {
        "number": item.number,
        "title": item.title,
        "url": item.html_url,
        "author": login(item.user),
        "author_type": item.user.type if item.user else None,
        "author_association": item.author_association,
        "opened_at": stamp(item.created_at),
        "updated_at": stamp(item.updated_at),
        "closed_at": stamp(item.closed_at),
    }
    if item.labels is not UNSET:
        told["labels"] = [label.name for label in item.labels]
    if item.assignees is not UNSET:
        told["assignees"] = [account(user.login) for user in item.assignees]
    if item.milestone is not UNSET:
        told["milestone"] = item.milestone.title if item.milestone else None
        told["milestone_number"] = item.milestone.number if item.milestone else None
    return told


def _asked(pull: Pull) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if pull.requested_reviewers is not UNSET:
        told["asked"] = [account(user.login) for user in pull.requested_reviewers]
    if pull.requested_teams is not UNSET:
        told["asked_teams"] = [team.slug for team in pull.requested_teams]
    if pull.merged_by is not UNSET:
        told["merged_by"] = login(pull.merged_by)
    if pull.auto_merge is not UNSET:
        told["auto_merge"] = pull.auto_merge is not None
    return told


def _mergeable(pull: Pull) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if pull.mergeable_state is not UNSET:
        told["mergeable_state"] = pull.mergeable_state
    if pull.mergeable_state == "dirty":
        told["mergeable"] = False
    elif pull.mergeable is not UNSET:
        told["mergeable"] = pull.mergeable
    return told


def _directed(plain: str, repository: str, association: str | None) -> dict[str, Any]:
    found = from_prose(plain, repository) if plain and association in TRUSTED else NONE
    return listed(found)


def _worked(told: dict[str, Any], pull: Pull) -> dict[str, Any]:
    """The same, closing also the tickets of Jira's that its title and its branch name, where its author is trusted."""
    tickets = worked_on(pull.title, pull.head.ref) if pull.author_association in TRUSTED else ()
    return {**told, "closes": list(dict.fromkeys([*told["closes"], *tickets]))}


def listed(found: Directives) -> dict[str, Any]:
    """Directives as the lists that events carry."""
    return {
        "depends_on": list(found.depends_on),
        "closes": list(found.closes),
        "reverts": list(found.reverts),
        "root_causes": list(found.root_causes),
        "part_of": list(found.part_of),
    }


def _marked(pull: Pull, plain: str) -> dict[str, Any]:
    address = attribution.account_address(pull.user.login, pull.user.id) if pull.user else ""
    marks = attribution.of_change(address, pull.head.ref, plain, utc(pull.created_at).date())
    return {
        "evidence": [to_builtins(one) for one in marks.evidence],
        "automation": marks.automation,
        "rules_version": RULES_VERSION,
    }
