"""Is the made-up company the same in every run, and does the real intake understand all of it?"""

import json
from itertools import islice

from demo.company import NOW, company
from demo.forge import deliveries, write_lines
from storage.records import Delivery
from storage.sources.judging import judge


def told():
    return list(write_lines(deliveries(company(), NOW)))


def test_every_run_tells_the_same_story():
    assert told() == told()


def test_the_intake_understands_every_delivery():
    for line in islice(told(), 0, None, 7):
        one = json.loads(line)
        headers = one["headers"]
        taken = judge(
            Delivery("github", headers["X-GitHub-Delivery"], headers, json.dumps(one["payload"]).encode(), NOW)
        )
        assert isinstance(taken.verdict, tuple), (headers, taken.verdict)


def test_the_only_bug_that_holds_a_release_up_this_morning_is_the_one_that_nobody_owns():
    issues = {}
    for line in deliveries(company(), NOW):
        if issue := line["payload"].get("issue"):
            issues[issue["html_url"]] = issue
    labels = {url: {label["name"] for label in issue["labels"]} for url, issue in issues.items()}
    blockers = [issue for url, issue in issues.items() if "release-blocker" in labels[url]]
    assert len(blockers) > 10
    (left,) = [issue for issue in blockers if issue["state"] == "open"]
    assert (left["title"], left["assignees"]) == ("Checkout total is wrong with two vouchers", [])


def test_bugs_that_are_open_at_once_have_titles_of_their_own():
    opened = {}
    for line in deliveries(company(), NOW):
        if line["headers"]["X-GitHub-Event"] == "issues":
            issue = line["payload"]["issue"]
            opened[issue["html_url"]] = issue["title"] if issue["state"] == "open" else None
    titles = [title for title in opened.values() if title]
    assert len(titles) == len(set(titles))


def test_nothing_in_it_is_from_after_the_morning_it_is_told():
    assert max(json.loads(line)["received_at"] for line in told()) <= NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
