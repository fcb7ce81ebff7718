"""What would GitHub's REST API answer? A stand-in on loopback, with pages, limits and bad minutes."""

import json
from collections import Counter, deque
from datetime import UTC, datetime
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class FakeGitHub:
    """Serves ``data`` (path -> list or object), and first whatever ``script`` holds.

    Lists come in pages with Link headers, filtered by ``since`` and sorted as asked where items have ``updated_at``.
    ``script`` is a queue of (part of a path, status, headers, body): the first whose part fits a request is its answer.
    ``left`` is what x-ratelimit-remaining begins at, ``reset`` the epoch second at which it is full again.
    """

    def __init__(self, data, *, token="t0ken", left=5_000, largest_page=100):
        self.data = data
        self.token = token
        self.left = left
        self.reset = 0
        self.largest_page = largest_page
        self.script = deque()
        self.asked = []
        self.app = Starlette(routes=[Route("/{path:path}", self.answer)])

    @property
    def counts(self):
        """How often each path was asked for, whatever the page."""
        return Counter(path for path, _ in self.asked)

    async def answer(self, request):
        path = "/" + request.path_params["path"]
        self.asked.append((path, dict(request.query_params)))
        if request.headers.get("authorization") not in {f"token {self.token}", f"Bearer {self.token}"}:
            return JSONResponse({"message": "Bad credentials"}, 401)
        for planned in self.script:
            if planned[0] in path:
                self.script.remove(planned)
                return Response(json.dumps(planned[3]), planned[1], planned[2], "application/json")
        if self.left <= 0:
            return JSONResponse({"message": "API rate limit exceeded"}, 403, self.limits())
        self.left -= 1
        if path not in self.data:
            return JSONResponse({"message": "Not Found"}, 404, self.limits())
        found = self.data[path]
        return self.page(request, found) if isinstance(found, list) else JSONResponse(found, 200, self.limits())

    def limits(self):
        return {
            "x-ratelimit-limit": "5000",
            "x-ratelimit-remaining": str(self.left),
            "x-ratelimit-reset": str(int(self.reset)),
        }

    def page(self, request, items):
        asked = dict(request.query_params)
        items = _sorted(_since(items, asked), asked)
        size, number = min(int(asked.get("per_page", "30")), self.largest_page), int(asked.get("page", "1"))
        headers = self.limits()
        if number * size < len(items):
            following = urlencode({**asked, "page": number + 1})
            headers["link"] = f'<{request.url.replace(query=following)}>; rel="next"'
        page = items[(number - 1) * size : number * size]
        key = request.url.path.rsplit("/", 1)[-1].replace("-", "_")
        wrapped = {"total_count": len(items), key: page} if key in {"check_runs", "statuses_of"} else page
        return JSONResponse(wrapped, 200, headers)


def _since(items, asked):
    since = asked.get("since")
    if since is None:
        return items
    floor = datetime.fromisoformat(since)
    return [item for item in items if datetime.fromisoformat(_time(item)) >= floor]


def _sorted(items, asked):
    if asked.get("sort") != "updated":
        return items
    return sorted(items, key=_time, reverse=asked.get("direction", "desc") == "desc")


def _time(item):
    return item["updated_at"] if "updated_at" in item else item["commit"]["committer"]["date"]


def data_of(forge):
    """What the API shows of a repository of demo.forge now, after all that was sent as webhooks."""
    name, root = forge.name, f"/repos/{forge.name}"
    data = {
        root: {"id": 1, "full_name": name, "private": forge.private, "default_branch": "main"},
        f"{root}/milestones": [{"id": one["number"], **one} for one in forge.milestones.values()],
        f"{root}/branches": [{"name": branch} for branch in forge.heads],
        **{f"{root}/{each}": [] for each in ("activity", "pulls", "issues", "releases", "deployments", "commits")},
    }
    for _, event, payload in forge.sent:
        _TOLD.get(event, _nothing)(data, root, payload)
    for one in [*data[f"{root}/pulls"], *data[f"{root}/issues"]]:
        one["comments"] = len(data.get(f"{root}/issues/{one['number']}/comments", []))
    for one in data[f"{root}/pulls"]:
        data[f"{root}/pulls/{one['number']}/commits"] = data.get(f"pushed to {one['head']['ref']}", [])
        data.setdefault(f"{root}/commits/{one['head']['sha']}/check-runs", [])
        data.setdefault(f"{root}/commits/{one['head']['sha']}/statuses", [])
    for pages in (f"{root}/deployments", f"{root}/activity", f"{root}/commits"):
        data[pages].reverse()
    return data


_ENTRIES = {
    "labeled": "label", "unlabeled": "label", "assigned": "assignee", "unassigned": "assignee",
    "review_requested": "requested_reviewer", "review_request_removed": "requested_reviewer",
    "milestoned": "milestone", "demilestoned": "milestone", "ready_for_review": "", "converted_to_draft": "",
    "closed": "", "reopened": "",
}  # fmt: skip


def _nothing(_data, _root, _payload):
    pass


def _timeline(data, root, number):
    return data.setdefault(f"{root}/issues/{number}/timeline", [])


def _pull(data, root, payload):
    pull, action = payload["pull_request"], payload.get("action")
    whole = {"id": pull["number"], **pull, "comments": 0, "review_comments": 0}
    whole.pop("commits", None)
    data[f"{root}/pulls"] = [one for one in data[f"{root}/pulls"] if one["number"] != pull["number"]] + [whole]
    data[f"{root}/pulls/{pull['number']}"] = whole
    for part in ("reviews", "comments", "commits"):
        data.setdefault(f"{root}/pulls/{pull['number']}/{part}", [])
    timeline = _timeline(data, root, pull["number"])
    timeline += _from_the_start(payload, pull) if action == "opened" else []
    if action in _ENTRIES and "number" in payload:
        entry = {"event": action, "created_at": pull["updated_at"], "actor": payload["sender"]}
        entry["event"] = "convert_to_draft" if action == "converted_to_draft" else action
        if action == "closed" and pull["merged_at"]:
            timeline.append({**entry, "event": "merged", "created_at": pull["merged_at"]})
        part = _ENTRIES[action]
        timeline.append({**entry, **({part: payload.get(part) or pull[part]} if part else {})})


def _from_the_start(payload, one):
    """What it was opened with stands in its timeline as if it had been done in that moment."""
    entry = {"created_at": one["created_at"], "actor": payload["sender"]}
    milestone = [{**entry, "event": "milestoned", "milestone": one["milestone"]}] if one["milestone"] else []
    labels = [{**entry, "event": "labeled", "label": label} for label in one["labels"]]
    return [*milestone, *labels, *({**entry, "event": "assigned", "assignee": who} for who in one["assignees"])]


def _review(data, root, payload):
    _pull(data, root, {"pull_request": payload["pull_request"]})
    number, review = payload["pull_request"]["number"], payload["review"]
    told = {**review, "state": review["state"].upper()}
    data[f"{root}/pulls/{number}/reviews"].append(told)
    _timeline(data, root, number).append({**told, "state": review["state"], "event": "reviewed"})


def _issue(data, root, payload):
    issue, action = payload["issue"], payload["action"]
    whole = {"id": issue["number"], **issue, "comments": 0}
    data[f"{root}/issues"] = [one for one in data[f"{root}/issues"] if one["number"] != issue["number"]] + [whole]
    data[f"{root}/issues/{issue['number']}"] = whole
    timeline = _timeline(data, root, issue["number"])
    timeline += _from_the_start(payload, issue) if action == "opened" else []
    if action in _ENTRIES:
        part = _ENTRIES[action]
        entry = {"event": action, "created_at": issue["updated_at"], "actor": payload["sender"]}
        reason = {"state_reason": issue["state_reason"]} if action == "closed" else {}
        timeline.append({**entry, **reason, **({part: payload.get(part) or issue[part]} if part else {})})


def _comment(data, root, payload):
    number, comment = payload["issue"]["number"], payload["comment"]
    _timeline(data, root, number).append({**comment, "event": "commented", "actor": comment["user"]})
    data.setdefault(f"{root}/issues/{number}/comments", []).append(comment)
    for one in (data.get(f"{root}/{kind}/{number}") for kind in ("pulls", "issues")):
        if one:
            one["updated_at"] = comment["updated_at"]


def _push(data, root, payload):
    kind = "branch_creation" if payload["created"] else "push"
    at = datetime.fromtimestamp(payload["repository"]["pushed_at"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    data[f"{root}/activity"].append({
        "id": len(data[f"{root}/activity"]), "before": payload["before"], "after": payload["after"],
        "ref": payload["ref"], "timestamp": at, "activity_type": kind, "actor": payload["sender"],
    })  # fmt: skip
    branch = payload["ref"].removeprefix("refs/heads/")
    path = f"{root}/commits" if branch == "main" else f"pushed to {branch}"
    data.setdefault(path, []).extend({"sha": one["id"], "commit": _git(one)} for one in payload["commits"])


def _git(commit):
    who = {**commit["author"], "date": commit["timestamp"]}
    return {"message": commit["message"], "author": who, "committer": who}


def _check(data, root, payload):
    run = payload["check_run"]
    path = f"{root}/commits/{run['head_sha']}/check-runs"
    data[path] = [one for one in data.get(path, []) if one["id"] != run["id"]] + [run]


def _deployment(data, root, payload):
    data[f"{root}/deployments"].append(payload["deployment"])
    data[f"{root}/deployments/{payload['deployment']['id']}/statuses"] = []


def _status(data, root, payload):
    data[f"{root}/deployments/{payload['deployment']['id']}/statuses"].append(payload["deployment_status"])


def _release(data, root, payload):
    data[f"{root}/releases"].append(payload["release"])


_TOLD = {
    "pull_request": _pull, "pull_request_review": _review, "issues": _issue, "issue_comment": _comment,
    "push": _push, "check_run": _check, "deployment": _deployment, "deployment_status": _status, "release": _release,
}  # fmt: skip
