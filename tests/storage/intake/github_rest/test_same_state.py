"""Does a backfill end in the state that the webhooks would have led to?"""

import copy
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.intake import github, github_rest
from storage.records import KnownEvent
from storage.state.fold import fold
from storage.state.rules import FoldRules
from tests.deliveries import payload

ANNA, BEN, CLEO = (
    {"login": f"{name}-acme", "id": number, "type": "User"} for number, name in enumerate(("anna", "ben", "cleo"), 501)
)
TEAM = {"id": 81, "name": "Payments", "slug": "payments"}
BUG = {"id": 1, "name": "bug"}
START = datetime(2026, 9, 14, 9, tzinfo=UTC)


def committed(sha, at):
    who = {"name": "Anna", "email": "anna@acme.example", "date": at}
    return {"event": "committed", "sha": sha, "message": "More", "author": who, "committer": who}


class Story:
    """A pull request that lives: every step is told by webhook at once, and remembered as the REST API does."""

    def __init__(self):
        self.pull = payload("github/pull_request__opened")["pull_request"]
        self.now = START
        self.timeline, self.pushes, self.events = [committed(self.pull["head"]["sha"], "2026-09-14T08:00:00Z")], [], []
        self.tell("pull_request", "opened", CLEO)

    def tell(self, event, action, sender, **parts):
        self.pull["updated_at"] = self.time()
        told = {
            "action": action,
            "pull_request": self.pull,
            "repository": {"full_name": "acme/api"},
            "sender": sender,
            **parts,
        }
        self.events += github.read({"X-GitHub-Event": event}, json.dumps(told).encode())

    def time(self):
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def step(self, name):
        self.now += timedelta(minutes=7)
        getattr(self, name)()

    def listed(self, key, value, words, part):
        has = value in self.pull[key]
        self.pull[key] = [one for one in self.pull[key] if one != value] + ([] if has else [value])
        self.past(words[has], ANNA, **{part: value})
        self.tell("pull_request", words[has], ANNA, **{part: value})

    def past(self, event, actor, **parts):
        self.timeline.append({"event": event, "created_at": self.time(), "actor": actor, **copy.deepcopy(parts)})

    def label(self):
        self.listed("labels", BUG, ("labeled", "unlabeled"), "label")

    def assign(self):
        self.listed("assignees", CLEO, ("assigned", "unassigned"), "assignee")

    def ask(self):
        self.listed("requested_reviewers", BEN, ("review_requested", "review_request_removed"), "requested_reviewer")

    def ask_team(self):
        self.listed("requested_teams", TEAM, ("review_requested", "review_request_removed"), "requested_team")

    def turn(self):
        self.pull["draft"] = not self.pull["draft"]
        self.past("convert_to_draft" if self.pull["draft"] else "ready_for_review", ANNA)
        self.tell("pull_request", "converted_to_draft" if self.pull["draft"] else "ready_for_review", ANNA)

    def rename(self):
        before, self.pull["title"] = self.pull["title"], f"Euros at {self.time()}"
        self.past("renamed", ANNA, rename={"from": before, "to": self.pull["title"]})
        self.tell("pull_request", "edited", ANNA, changes={"title": {"from": before}})

    def push(self):
        before, after = self.pull["head"]["sha"], f"{len(self.pushes) + 1:040x}"
        self.pull["head"]["sha"] = after
        self.pushes.append({"before": before, "after": after, "ref": "refs/heads/euros", "timestamp": self.time(),
                            "activity_type": "push", "actor": ANNA})  # fmt: skip
        self.timeline.append(committed(after, self.time()))
        self.tell("pull_request", "synchronize", ANNA, before=before, after=after)

    def review(self, state="approved"):
        said = {
            "id": 9000 + len(self.events),
            "user": BEN,
            "state": state,
            "submitted_at": self.time(),
            "author_association": "MEMBER",
        }
        self.pull["requested_reviewers"] = [one for one in self.pull["requested_reviewers"] if one != BEN]
        self.timeline.append({**said, "event": "reviewed"})
        self.tell("pull_request_review", "submitted", BEN, review=said)

    def refuse(self):
        self.review("changes_requested")

    def close(self):
        shut = self.pull["state"] == "open"
        self.pull |= {"state": "closed" if shut else "open", "closed_at": self.time() if shut else None}
        self.past("closed" if shut else "reopened", ANNA)
        self.tell("pull_request", "closed" if shut else "reopened", ANNA)

    def merge(self):
        self.pull |= {"state": "closed", "closed_at": self.time(), "merged_at": self.time(), "merged": True, "merged_by": BEN,
                      "merge_commit_sha": "f" * 40}  # fmt: skip
        self.past("merged", BEN)
        self.past("closed", BEN)
        self.tell("pull_request", "closed", BEN)

    def read_by_rest(self):
        return github_rest.pull_events("acme/api", self.pull, timeline=self.timeline, pushes=self.pushes)

    def read_apart(self):
        """The pushes as events of the branch, as a backfill reads them: in one list for the whole repository."""
        change = github_rest.pull_events("acme/api", self.pull, timeline=self.timeline)
        return [*change, *github_rest.activity_events("acme/api", "main", self.pushes)]


def folded(events):
    once = {event.identity: event for event in events}.values()
    known = [
        KnownEvent(e.identity, e.object, e.kind, e.at, e.at, e.source, e.actor, e.repository, e.data) for e in once
    ]
    return fold("change:acme/api#7", sorted(known, key=lambda one: (one.at, one.identity)), FoldRules())


def without_commits(record):
    """The record without what only the commits of a change tell: a webhook tells them with the branch's push."""
    return replace(record, attribution=replace(record.attribution, share=None, commits_seen=0, commits_with_evidence=0))


STEPS = st.lists(
    st.sampled_from(["label", "assign", "ask", "ask_team", "turn", "rename", "push", "review", "refuse", "close"]),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.booleans())
def test_a_change_read_by_rest_has_the_state_and_the_turns_of_one_that_was_watched(steps, merged):
    story = Story()
    for name in steps:
        if story.pull["state"] == "open" or name == "close":
            story.step(name)
    if merged and story.pull["state"] == "open":
        story.step("merge")
    watched, read, apart = folded(story.events), folded(story.read_by_rest()), folded(story.read_apart())
    assert without_commits(read.record) == watched.record
    assert without_commits(apart.record) == watched.record
    assert read.turns == apart.turns == watched.turns
    for both in ([*story.read_by_rest(), *story.events], [*story.events, *story.read_apart()]):
        assert without_commits(folded(both).record) == watched.record
        assert folded(both).turns == watched.turns
