"""What does a delivery look like with everything that the forge puts into it? About 20 KB, most of it no use to us."""

import json
import random
from collections.abc import Iterable, Iterator
from typing import Any

from demo.forge import Json

SIZE = 20_000  # bytes of a body
_OF_USER = (
    "followers", "following{/other_user}", "gists{/gist_id}", "starred{/owner}{/repo}", "subscriptions", "orgs",
    "repos", "events{/privacy}", "received_events",
)  # fmt: skip
_OF_REPOSITORY = (
    "forks", "keys{/key_id}", "collaborators{/collaborator}", "teams", "hooks", "issues/events{/number}", "events",
    "assignees{/user}", "branches{/branch}", "tags", "git/blobs{/sha}", "git/tags{/sha}", "git/refs{/sha}",
    "git/trees{/sha}", "statuses/{sha}", "languages", "stargazers", "contributors", "subscribers", "subscription",
    "commits{/sha}", "git/commits{/sha}", "comments{/number}", "issues/comments{/number}", "contents/{+path}",
    "compare/{base}...{head}", "merges", "{archive_format}{/ref}", "downloads", "issues{/number}", "pulls{/number}",
    "milestones{/number}", "notifications{?since,all,participating}", "labels{/name}", "releases{/id}", "deployments",
)  # fmt: skip
_FACTS = {
    "fork": False, "size": 4821, "stargazers_count": 3, "watchers_count": 3, "language": "Python", "has_issues": True,
    "has_projects": True, "has_downloads": True, "has_wiki": False, "has_pages": False, "forks_count": 0,
    "archived": False, "disabled": False, "open_issues_count": 12, "license": None, "allow_forking": True,
    "is_template": False, "web_commit_signoff_required": False, "topics": ["service", "checkout"],
    "visibility": "private", "allow_squash_merge": True, "allow_merge_commit": False, "allow_rebase_merge": False,
    "allow_auto_merge": False, "delete_branch_on_merge": True, "squash_merge_commit_title": "PR_TITLE",
}  # fmt: skip
_TEXT = (
    "the retry reads a stale row when two workers take one order at once so this holds it until the payment settles and"
    " adds a test that fails without the lock reviewers please look at how the queue is drained first"
)
_WORDS = _TEXT.split()


def shaped(lines: Iterable[Json], size: int = SIZE) -> Iterator[Json]:
    """Fill deliveries with what a real one has: addresses, accounts, repositories, and long texts."""
    draw = random.Random(7)  # noqa: S311 - made-up text, no secret
    for line in lines:
        payload = _filled(line["payload"])
        missing = size - len(json.dumps(payload))
        if missing > 0:
            _lengthen(payload, " ".join(draw.choices(_WORDS, k=missing // 5)))
        yield {**line, "payload": payload}


def _filled(value: Any) -> Any:  # noqa: ANN401  any JSON
    if isinstance(value, list):
        return [_filled(one) for one in value]
    if not isinstance(value, dict):
        return value
    filled = {key: _filled(one) for key, one in value.items()}
    if "login" in value:
        address = f"https://api.github.example/users/{value['login']}"
        urls = {f"{path.partition('{')[0]}_url": f"{address}/{path}" for path in _OF_USER}
        return {**filled, "node_id": f"U_{value['login']}", "url": address, **urls, "site_admin": False}
    if "full_name" in value:
        owner = _filled({"login": value["full_name"].partition("/")[0], "type": "Organization"})
        return {**filled, **_FACTS, "owner": owner, **_addresses(value["full_name"])}
    if "merge_commit_sha" in value:
        filled["head"] |= {"repo": _filled({**value["head"]["repo"]}), "label": f"acme:{value['head']['ref']}"}
    return filled


def _addresses(name: str) -> Json:
    address = f"https://api.github.example/repos/{name}"
    return {f"{path.partition('{')[0].replace('/', '_')}_url": f"{address}/{path}" for path in _OF_REPOSITORY}


def _lengthen(payload: Json, text: str) -> None:
    """Put a long text where this kind of delivery has one."""
    if "review" in payload:
        payload["review"]["body"] = text
    elif "pull_request" in payload:
        payload["pull_request"]["body"] = text
    elif "check_run" in payload:
        payload["check_run"]["output"] = {"title": "Passed", "summary": "", "text": text}
    elif "deployment" in payload:
        payload["deployment"]["payload"] = {"notes": text}
    elif "commits" in payload:
        payload["commits"][0]["modified"] = [f"src/{word}/{place}.py" for place, word in enumerate(text.split()[::4])]
    else:
        payload["repository"]["description"] = text
