"""What would GitHub send? A small stand-in that keeps pull requests and issues, and writes its deliveries.

Everything it says is made up. The shapes are those of GitHub's webhook documentation, cut to the fields that any
receiver needs; ``size`` pads a delivery towards the 20 KB of a real one, where a measurement wants that.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


def stamp(at: datetime) -> str:
    """Write an instant as GitHub does: seconds, Z."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def user(login: str) -> Json:
    """Describe an account; a login that ends in ``[bot]`` is a bot."""
    return {
        "login": login,
        "type": "Bot" if login.endswith("[bot]") else "User",
        "html_url": f"https://github.example/{login}",
    }


@dataclass
class Forge:
    """One repository's side of the story: methods are what people do, ``sent`` is what the webhook would carry."""

    name: str
    private: bool = False
    size: int = 0
    first_number: int = 100
    sent: list[tuple[datetime, str, Json]] = field(default_factory=list)
    milestones: dict[str, Json] = field(default_factory=dict)
    _ids: int = 0

    def __post_init__(self) -> None:
        self._numbers = self.first_number
        self.heads: dict[str, str] = {"main": self.sha("main")}

    def sha(self, *words: object) -> str:
        """Make up a commit's name that is the same in every run."""
        return hashlib.sha1(repr((self.name, *words)).encode(), usedforsecurity=False).hexdigest()

    def next_id(self) -> int:
        """Hand out ids that differ between repositories, as the forge's do."""
        self._ids += 1
        return int(self.sha("id")[:7], 16) * 1_000_000 + self._ids

    def url(self, *path: object) -> str:
        """Address a thing of this repository."""
        return "/".join(["https://github.example", self.name, *map(str, path)])

    def send(self, event: str, at: datetime, sender: str, payload: Json) -> None:
        """Put one delivery on the way."""
        repository = {
            "full_name": self.name,
            "private": self.private,
            "default_branch": "main",
            "html_url": self.url(),
            "pushed_at": int(at.timestamp()) if event == "push" else stamp(at),
        }
        if self.size:
            repository["description"] = self.sha("padding") * (self.size // 40)
        self.sent.append((at, event, {**payload, "repository": repository, "sender": user(sender)}))

    def milestone(self, at: datetime, title: str, due: datetime | None, who: str) -> None:
        """Open a milestone."""
        number = len(self.milestones) + 1
        self.milestones[title] = {
            "number": number,
            "title": title,
            "state": "open",
            "html_url": self.url("milestone", number),
            "due_on": stamp(due) if due else None,
            "created_at": stamp(at),
            "updated_at": stamp(at),
            "closed_at": None,
        }
        self.send("milestone", at, who, {"action": "created", "milestone": dict(self.milestones[title])})

    def close_milestone(self, at: datetime, title: str, who: str) -> None:
        """Close a milestone."""
        self.milestones[title] |= {"state": "closed", "closed_at": stamp(at), "updated_at": stamp(at)}
        self.send("milestone", at, who, {"action": "closed", "milestone": dict(self.milestones[title])})

    def push(self, at: datetime, branch: str, who: str, messages: list[str], paths: tuple[str, ...] = ()) -> str:
        """Push commits that touch these paths to a branch; returns its new head."""
        before = self.heads.get(branch, "0" * 40)
        commits = [
            {
                "id": self.sha("commit", branch, stamp(at), index),
                "message": message,
                "timestamp": stamp(at),
                "author": {"name": who, "email": f"{who}@tidewater.example", "username": who},
                "added": [],
                "modified": list(paths),
                "removed": [],
            }
            for index, message in enumerate(messages)
        ]
        after = commits[-1]["id"]
        self.heads[branch] = after
        self.send("push", at, who, {
            "ref": f"refs/heads/{branch}", "before": before, "after": after, "created": before == "0" * 40,
            "deleted": False, "forced": False, "commits": commits, "head_commit": commits[-1], "pusher": {"name": who},
        })  # fmt: skip
        return after

    def check(self, started: datetime, ended: datetime, pull: "Pull", name: str, conclusion: str) -> None:
        """Run one check on a pull request's head, from its start to its conclusion."""
        run = {
            "id": self.next_id(),
            "name": name,
            "head_sha": pull.data["head"]["sha"],
            "started_at": stamp(started),
            "html_url": self.url("runs", self._ids),
            "pull_requests": [{"number": pull.number, "head": {"sha": pull.data["head"]["sha"]}}],
            "check_suite": {"id": self.next_id(), "head_branch": pull.data["head"]["ref"]},
        }
        begun = {**run, "status": "in_progress", "conclusion": None, "completed_at": None}
        done = {**run, "status": "completed", "conclusion": conclusion, "completed_at": stamp(ended)}
        bot = "github-actions[bot]"
        self.send("check_run", started, bot, {"action": "created", "check_run": begun})
        self.send("check_run", ended, bot, {"action": "completed", "check_run": done})

    def issue(
        self, at: datetime, who: str, title: str, labels: tuple[str, ...], milestone: str | None = None,
        assignee: str | None = None, body: str = "",
    ) -> "Issue":  # fmt: skip
        """Open an issue."""
        self._numbers += 1
        issue = Issue(self, self._numbers, {
            "number": self._numbers, "title": title, "body": body, "html_url": self.url("issues", self._numbers),
            "user": user(who), "author_association": "MEMBER", "state": "open", "state_reason": None,
            "labels": [{"name": label} for label in labels], "assignees": [user(assignee)] if assignee else [],
            "milestone": self.milestones.get(milestone or ""), "created_at": stamp(at), "updated_at": stamp(at),
            "closed_at": None,
        })  # fmt: skip
        issue.tell("opened", at, who)
        return issue

    def pull(
        self, at: datetime, who: str, title: str, branch: str, *, messages: list[str], body: str = "",
        draft: bool = False, labels: tuple[str, ...] = (), milestone: str | None = None,
        size: tuple[int, int, int] = (40, 10, 3), base: str = "main", association: str = "MEMBER",
        paths: tuple[str, ...] = (),
    ) -> "Pull":  # fmt: skip
        """Push a branch and open a pull request from it."""
        self._numbers += 1
        head = self.push(at, branch, who, messages, paths)
        added, deleted, files = size
        pull = Pull(self, self._numbers, {
            "number": self._numbers, "title": title, "body": body, "html_url": self.url("pull", self._numbers),
            "user": user(who), "author_association": association, "state": "open", "draft": draft, "merged": False,
            "base": {"ref": base, "sha": self.heads.get(base), "repo": {"full_name": self.name}},
            "head": {"ref": branch, "sha": head, "repo": {"full_name": self.name}},
            "labels": [{"name": label} for label in labels], "milestone": self.milestones.get(milestone or ""),
            "assignees": [], "requested_reviewers": [], "requested_teams": [], "mergeable": True,
            "mergeable_state": "blocked", "merged_at": None, "merged_by": None, "merge_commit_sha": None,
            "closed_at": None, "created_at": stamp(at), "updated_at": stamp(at),
            "additions": added, "deletions": deleted, "changed_files": files,
        }, paths)  # fmt: skip
        pull.tell("opened", at, who)
        return pull

    def deploy(self, at: datetime, ended: datetime, sha: str, who: str, state: str = "success") -> None:
        """Deploy a commit to production, from its start to its end."""
        deployment = {
            "id": self.next_id(), "sha": sha, "ref": "main", "task": "deploy", "environment": "production",
            "creator": user(who), "created_at": stamp(at), "updated_at": stamp(at), "payload": {},
        }  # fmt: skip
        self.send("deployment", at, who, {"action": "created", "deployment": deployment})
        status = {
            "id": self.next_id(), "state": state, "environment": "production", "creator": user(who),
            "created_at": stamp(ended), "updated_at": stamp(ended), "target_url": self.url("deployments"),
        }  # fmt: skip
        self.send(
            "deployment_status", ended, who,
            {"action": "created", "deployment": deployment, "deployment_status": status},
        )  # fmt: skip

    def publish(self, at: datetime, tag: str, who: str) -> None:
        """Publish a release of a tag."""
        release = {
            "id": self.next_id(), "tag_name": tag, "name": tag, "draft": False, "prerelease": False,
            "target_commitish": "main", "html_url": self.url("releases/tag", tag), "author": user(who),
            "created_at": stamp(at), "published_at": stamp(at),
        }  # fmt: skip
        self.send("release", at, who, {"action": "published", "release": release})


@dataclass
class Issue:
    """An issue and what people do to it."""

    forge: Forge
    number: int
    data: Json

    def tell(self, action: str, at: datetime, who: str, **more: object) -> None:
        """Say what was done, with the issue as it is now."""
        self.data["updated_at"] = stamp(at)
        self.forge.send("issues", at, who, {"action": action, "issue": dict(self.data), **more})

    def close(self, at: datetime, who: str) -> None:
        """Close the issue as completed."""
        self.data |= {"state": "closed", "state_reason": "completed", "closed_at": stamp(at)}
        self.tell("closed", at, who)


@dataclass
class Pull:
    """A pull request and what people do to it; ``paths`` are what its commits touch."""

    forge: Forge
    number: int
    data: Json
    paths: tuple[str, ...] = ()

    def tell(self, action: str, at: datetime, who: str, **more: object) -> None:
        """Say what was done, with the pull request as it is now."""
        self.data["updated_at"] = stamp(at)
        payload = {"action": action, "number": self.number, "pull_request": dict(self.data), **more}
        self.forge.send("pull_request", at, who, payload)

    def ready(self, at: datetime, who: str) -> None:
        """Leave draft."""
        self.data["draft"] = False
        self.tell("ready_for_review", at, who)

    def ask(self, at: datetime, who: str, reviewer: str) -> None:
        """Ask a reviewer."""
        others = [one for one in self.data["requested_reviewers"] if one["login"] != reviewer]
        self.data["requested_reviewers"] = [*others, user(reviewer)]
        self.tell("review_requested", at, who, requested_reviewer=user(reviewer))

    def review(self, at: datetime, who: str, state: str, body: str = "") -> None:
        """Submit a review: approved, changes_requested or commented."""
        left = [one for one in self.data["requested_reviewers"] if one["login"] != who]
        self.data["requested_reviewers"] = left
        review = {
            "id": self.forge.next_id(), "user": user(who), "state": state, "submitted_at": stamp(at), "body": body,
            "author_association": "MEMBER", "html_url": f"{self.data['html_url']}#review-{self.forge.next_id()}",
        }  # fmt: skip
        self.data["updated_at"] = stamp(at)
        self.forge.send("pull_request_review", at, who, {
            "action": "submitted", "review": review, "pull_request": dict(self.data),
        })  # fmt: skip

    def comment(self, at: datetime, who: str, text: str) -> None:
        """Comment in the conversation."""
        self.data["updated_at"] = stamp(at)
        issue = {
            key: self.data[key] for key in ("number", "title", "html_url", "user", "state", "created_at", "updated_at")
        }
        comment = {
            "id": self.forge.next_id(), "user": user(who), "body": text, "created_at": stamp(at),
            "updated_at": stamp(at), "author_association": "MEMBER", "html_url": f"{self.data['html_url']}#comment",
        }  # fmt: skip
        self.forge.send("issue_comment", at, who, {
            "action": "created", "comment": comment,
            "issue": {**issue, "labels": [], "pull_request": {"html_url": self.data["html_url"]}},
        })  # fmt: skip

    def update(self, at: datetime, who: str, messages: list[str]) -> None:
        """Push more commits to the pull request's branch."""
        before = self.data["head"]["sha"]
        after = self.forge.push(at, self.data["head"]["ref"], who, messages, self.paths)
        self.data["head"] = {**self.data["head"], "sha": after}
        self.tell("synchronize", at, who, before=before, after=after)

    def conflict(self, at: datetime, who: str) -> None:
        """Get into conflict with the base: seen when someone edits the pull request."""
        self.data |= {"mergeable": False, "mergeable_state": "dirty"}
        self.tell("edited", at, who, changes={})

    def merge(self, at: datetime, who: str) -> str:
        """Merge as one squashed commit; returns its name."""
        said = [f"{self.data['title']} (#{self.number})"]
        sha = self.forge.push(at, self.data["base"]["ref"], who, said, self.paths)
        self.data |= {
            "state": "closed", "merged": True, "merged_at": stamp(at), "closed_at": stamp(at),
            "merged_by": user(who), "merge_commit_sha": sha,
        }  # fmt: skip
        self.tell("closed", at, who)
        return sha

    def abandon(self, at: datetime, who: str) -> None:
        """Close unmerged."""
        self.data |= {"state": "closed", "closed_at": stamp(at)}
        self.tell("closed", at, who)


def deliveries(forges: list[Forge], until: datetime) -> Iterator[Json]:
    """Yield what the forges sent by ``until``, oldest first, one import line each."""
    sent = [(at, forge.name, index, event, payload)
            for forge in forges for index, (at, event, payload) in enumerate(forge.sent) if at <= until]  # fmt: skip
    for at, name, index, event, payload in sorted(sent, key=lambda one: one[:3]):
        delivery = hashlib.sha256(f"{name}/{index}".encode()).hexdigest()[:32]
        yield {
            "source": "github",
            "headers": {"X-GitHub-Event": event, "X-GitHub-Delivery": delivery},
            "received_at": stamp(at),
            "payload": payload,
        }


def write_lines(lines: Iterator[Json]) -> Iterator[str]:
    """Write import lines as NDJSON, one at a time."""
    for line in lines:
        yield json.dumps(line, separators=(",", ":")) + "\n"
