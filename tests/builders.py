"""What do the tests make their people, policies and records from?"""

from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np

from assistant.calendar import Calendar
from assistant.policy import Policy
from assistant.policy.loading import parse_policy
from assistant.scopes import release_subject
from assistant.situation import situation_of
from assistant.viewer import Viewer, viewer_for
from storage.facts import Facts, Freshness, MergedSamples, Samples
from storage.incidents import of_ticket
from storage.records import (
    Account,
    Branch,
    Change,
    ChangeState,
    Commit,
    Deployment,
    DeploymentState,
    Event,
    External,
    Freeze,
    Handoff,
    Incident,
    KnownEvent,
    Milestone,
    Publication,
    Release,
    Repository,
    Ticket,
    Train,
    Turn,
    TurnKind,
)

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday


def at(text: str) -> datetime:
    """An instant of ISO-8601; UTC where it names no zone."""
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)


def policy_of(text: str = "") -> Policy:
    return parse_policy(text)


def viewer(key: str = "person/anna", policy: Policy | None = None, *, inside: bool = True, zone: str = "UTC") -> Viewer:
    return viewer_for(policy or Policy(), key, key.partition("/")[2].title(), zone, inside=inside)


def known(event: Event, known_at: datetime | None = None) -> KnownEvent:
    """An event as the ledger holds it, known when it happened unless told otherwise."""
    moment = event.at or known_at or NOON
    return KnownEvent(
        event.identity,
        event.object,
        event.kind,
        moment,
        known_at or moment,
        event.source,
        event.actor,
        event.repository,
        event.data,
    )


def release_of(version: str = "2.4", product: str = "checkout", **more) -> Release:
    name = f"release:{product}@{version}"
    return Release(name, product, version, more.pop("name", version), more.pop("declared_at", NOON), **more)


def change_of(number: int = 101, repository: str = "acme/api", **more) -> Change:
    subject = f"{repository}#{number}"
    filled = {
        "object": f"change:{subject}",
        "repository": repository,
        "number": number,
        "title": f"Change {number}",
        "url": f"https://github.example/{repository}/pull/{number}",
        "author": "github/bo",
        "state": ChangeState.OPEN,
        "draft": False,
        "opened_at": NOON,
        "ready_at": NOON,
        "base": "main",
        "head": f"topic-{number}",
        "head_sha": f"{number:040x}",
        "last_event_at": NOON,
        "move": Turn(TurnKind.REVIEW_PENDING, NOON, None),
    }
    return Change(**(filled | more))


def ticket_of(number: int = 55, repository: str = "acme/api", **more) -> Ticket:
    filled = {
        "object": f"ticket:{repository}#{number}",
        "repository": repository,
        "number": number,
        "title": f"Ticket {number}",
        "url": f"https://github.example/{repository}/issues/{number}",
        "author": "github/bo",
        "open": True,
        "opened_at": NOON,
        "last_event_at": NOON,
    }
    return Ticket(**(filled | more))


def incident_of(name="PAGE1", source="pagerduty", **more) -> Incident:
    """An incident as a source of incidents tells of it: open since noon, on the service api."""
    filled = {
        "object": f"incident:{source}/{name}",
        "source": source,
        "title": "Checkout is down",
        "open": True,
        "opened_at": NOON,
        "last_event_at": NOON,
        "url": f"https://{source}.example/incidents/{name}",
        "services": ("api",),
    }
    return Incident(**(filled | more))


def freeze_of(name: str = "freeze:api/2026-11-18", **more) -> Freeze:
    filled = {
        "services": ("api",),
        "begins_at": NOON,
        "ends_at": at("2026-11-25"),
        "reason": "Black week",
        "by": "person/anna",
    }
    return Freeze(name, **(filled | more))


def train_of(name: str = "weekly", **more) -> Train:
    filled = {
        "name": name,
        "product": "checkout",
        "weekday": 1,
        "time": "14:00",
        "zone": "UTC",
        "every_weeks": 1,
        "first_on": "2026-11-24",
    }
    return Train(f"train:{name}", **(filled | more))


def by_name(*records):
    """Records as acts get them: by object name."""
    return {record.object: record for record in records}


# Events as the ledger holds them. Times are a datetime, or "16T09:00": that day of November 2026 (the 16th is a Monday).

CHANGE = "change:acme/api#101"
TICKET = "ticket:acme/api#55"
BRANCH = "branch:acme/api:topic"
ANNA, BO, CHO = "github/anna", "github/bo", "github/cho"  # bo writes, anna and cho review


def when(text):
    return at(f"2026-11-{text}") if isinstance(text, str) else text


def happened(object_name, kind, time, key=None, /, *, known_at=None, actor=None, **data):
    """An event; without a key it is named by its time, and by its target where it has one."""
    moment = when(time)
    target = f"|{data['target']}" if "target" in data else ""
    identity = f"{object_name}|{kind}|{key or moment.isoformat()}{target}"
    source = "lastmile" if kind.startswith("corrected.") or kind == "account.claimed" else "github"
    repository = object_name.partition(":")[2].partition("#")[0].partition("@")[0].partition(":")[0]
    return KnownEvent(identity, object_name, kind, moment, when(known_at or time), source, actor, repository, data)


def snapshot_of(**more):
    """A change as its payloads show it: opened by bo on Monday at nine, nobody asked."""
    return {
        "number": 101, "title": "Add a button", "url": "https://github.example/acme/api/pull/101", "author": BO,
        "author_type": "User", "author_association": "MEMBER", "state": "open", "draft": False, "merged": False,
        "merged_at": None, "merged_by": None, "merge_sha": None, "base": "main", "base_sha": "b0", "head": "topic",
        "head_sha": "a1", "head_repository": "acme/api", "default_branch": "main", "labels": [], "milestone": None,
        "assignees": [], "asked": [], "asked_teams": [], "mergeable": True, "opened_at": "2026-11-16T09:00:00Z",
        "updated_at": "2026-11-16T09:00:00Z", "closed_at": None, "added": 10, "deleted": 2, "files": 1,
        "depends_on": [], "closes": [], "reverts": [], "evidence": [], "automation": False, "rules_version": "1",
    } | more  # fmt: skip


def opened(time="16T09:00", **more):
    return happened(CHANGE, "change.created", time, snapshot=snapshot_of(**more))


def told(time, **partial):
    """What a payload shows of the change beside its own event: only the attributes given."""
    return happened(CHANGE, "change.updated", time, snapshot=partial)


def did(verb, time, **data):
    """Something done to the change that needs no words: readied, drafted, merged, abandoned, reopened, queued ..."""
    return happened(CHANGE, f"change.{verb}", time, **data)


def pushed(time, sha, before=None, **partial):
    data = {"snapshot": partial | {"head_sha": sha}} if partial else {}
    return happened(CHANGE, "change.pushed", time, f"{before}..{sha}", sha=sha, before=before, **data)


def asked(time, who):
    return did("review_requested", time, target=who)


def reviewed(time, who, state="approved", review_id=None, **more):
    review_id = review_id or f"{who}{time}"
    return happened(CHANGE, "change.reviewed", time, review_id, id=review_id, reviewer=who, state=state, **more)


def dismissed(time, review_id, who=None):
    return happened(CHANGE, "change.review_dismissed", time, review_id, id=review_id, reviewer=who, state=None)


def commented(time, who, **more):
    return happened(CHANGE, "change.commented", time, f"{who}{time}", author=who, **more)


def checked(time, state, name="test", sha="a1", run=1, **more):
    key = f"{name}{run}|{state}|{time}"
    about = f"commit:acme/api@{sha}"
    return happened(about, "check.updated", time, key, name=name, id=f"check_run/{name}{run}", state=state, **more)


def commit_of(sha, *, key=None, merge=False, distinct=True, evidence=(), **more):
    """A commit as pushes list it; ``evidence`` are confidences."""
    marks = [{"rule": "mark", "confidence": sure, "detail": "a mark", "whole": False} for sure in evidence]
    filled = {"sha": sha, "message_key": key or sha, "merge": merge, "distinct": distinct, "evidence": marks}
    return filled | {"automation": False, "signers": [], "reverts": []} | more


def branch_pushed(time, before, after, *commits, forced=False, created=False, branch=BRANCH):
    data = {"before": before, "after": after, "forced": forced, "created": created, "commits": list(commits)}
    return happened(branch, "branch.pushed", time, f"{before}..{after}", deleted=False, default=False, **data)


def ticket_opened(time="16T09:00", **more):
    shown = {
        "number": 55, "title": "It breaks", "url": "https://github.example/acme/api/issues/55", "author": BO,
        "author_type": "User", "open": True, "labels": [], "milestone": None, "assignees": [], "closed_at": None,
        "opened_at": "2026-11-16T09:00:00Z", "updated_at": "2026-11-16T09:00:00Z", "depends_on": [], "root_causes": [],
    }  # fmt: skip
    return happened(TICKET, "ticket.created", time, snapshot=shown | more)


# A small company that decides: anna, bo, cem and dee are inside, gus is a guest. Its secret product nobody but dee sees.

DECIDERS = """
[people.anna]
name = "Anna Berg"
github = ["anna"]
email = "anna@acme.example"
slack = "U0ANNA"
[people.bo]
github = ["Bo-Dev"]
[people.cem]
[people.dee]
[people.gus]
guest = true
[teams.web]
members = ["anna", "bo"]
lead = "bo"
repositories = ["acme/api"]
services = ["api"]
[products.checkout]
name = "Checkout App"
repositories = ["acme/api"]
[products.vault]
repositories = ["acme/secret"]
[services.api]
repository = "acme/api"
[services.safe]
repository = "acme/secret"
[access.people]
anna = ["acme/api"]
bo = ["acme/api"]
cem = ["acme/api"]
"""
RELEASE = "release:checkout@2.4"


class Office:
    """Acts decided and folded in memory, as the desk and the ledger do it: what each act finds is what came before."""

    def __init__(self, policy: Policy, *records):
        self.policy, self.given, self.events = policy, by_name(*records), []

    def records(self):
        from storage.state.decisions import fold_decision

        folded = {name: fold_decision(name, self.events).record for name in {e.object for e in self.events}}
        return self.given | {name: record for name, record in folded.items() if record}

    def act(self, act, wish, who="person/anna", now=NOON, *, inside=True, zone="UTC"):
        """What the act says: its events, kept, or its refusal."""
        asker = viewer(who, self.policy, inside=inside, zone=zone)
        loaded = {name: record for name, record in self.records().items() if name in act.objects(wish)}
        outcome = act.decide(loaded, wish, asker, self.policy, now)
        if isinstance(outcome, tuple):
            self.events += [known(event) for event in outcome]
        return outcome

    def refusal(self, act, wish, who="person/anna", now=NOON, **more):
        """Why the act refused; it must have."""
        outcome = self.act(act, wish, who, now, **more)
        assert not isinstance(outcome, tuple), outcome
        return outcome.reason

    def kinds(self, act, wish, who="person/anna", now=NOON, **more):
        """The kinds of event of an act that went through."""
        outcome = self.act(act, wish, who, now, **more)
        assert isinstance(outcome, tuple), outcome
        return [event.kind for event in outcome]

    @property
    def release(self):
        return self.records()[RELEASE]


def office(*records, more=""):
    return Office(policy_of(DECIDERS + more), *records)


# A company, and facts about it as questions get them.

COMPANY = """
[workspace]
zone = "UTC"
[people.anna]
name = "Anna Berg"
github = ["anna"]
slack = "U1"
[people.bo]
github = ["bo"]
[people.cho]
github = ["cho"]
[products.checkout]
repositories = ["acme/api", "acme/web"]
channels = ["C1"]
[products.billing]
repositories = ["acme/ledger"]
[teams.core]
members = ["anna", "bo"]
lead = "anna"
repositories = ["acme/api", "acme/web"]
channels = ["C1"]
[teams.money]
members = ["cho"]
repositories = ["acme/ledger"]
[services.api]
repository = "acme/api"
owner = "anna"
[services.web]
repository = "acme/web"
"""
_MANY = {
    Change: "changes", Ticket: "tickets", Release: "releases", Freeze: "freezes", Train: "trains",
    Milestone: "milestones", Publication: "publications", Commit: "commits", Branch: "branches",
    Deployment: "deployments", External: "externals", Account: "accounts", Repository: "repositories",
    Handoff: "handoffs",
}  # fmt: skip


def turns_lasting(*hours, still=(), until=NOON):
    """Past turns on a working Monday to Friday of nine to five: those over after ``hours``, those that still last."""
    day = Calendar()
    ends = [until.timestamp()] * len(hours) + [float("nan")] * len(still)
    began = [_before(day, until, h) for h in (*hours, *still)]
    return Samples(np.array(began), np.array(ends), np.array(ends))


def _before(calendar, until, hours):
    back = 0
    while calendar.hours_between(until - timedelta(hours=back), until) < hours:
        back += 1
    return (until - timedelta(hours=back)).timestamp()


@cache
def steady(hours=8.0, count=25):
    """Past turns of every kind that all took the same, and the same to production."""
    one = turns_lasting(*[hours] * count)
    kinds = [kind.value for kind in TurnKind] + ["blocker_bug", "incident_open"]
    merged = turns_lasting(*[4.0] * count)
    return {"workspace": dict.fromkeys(kinds, one)}, {"workspace": MergedSamples(merged.began, merged.ended)}


def facts_of(*records, claims="milestone:2.4", incidents=(), now=NOON, **more):
    """Facts made of these records; each change and ticket is claimed by release 2.4, the past is steady and known."""
    sorted_in = {name: tuple(r for r in records if isinstance(r, kind)) for kind, name in _MANY.items()}
    work = (*sorted_in["changes"], *sorted_in["tickets"])
    samples, merged = steady()
    filled = {
        "hints": {record.object: (claims,) for record in work if claims},
        "incidents": tuple(of_ticket(one) if isinstance(one, Ticket) else one for one in incidents),
        "landed": {(c.repository.casefold(), c.sha): {c.landed_on: c.landed_at} for c in sorted_in["commits"]},
        "freshness": Freshness({"github": now}, {"github": now}),
        "samples": samples,
        "merged": merged,
        "events": 1,
        "deploying": ("acme/api", "acme/web"),
    }
    told = (more.get("freshness") or filled["freshness"]).newest_event
    filled["heard"] = {source: ((NOON - timedelta(days=400), at),) for source, at in told.items()}
    commits = more.pop("landings", ())
    held = Facts(**(sorted_in | {"commits": commits, "hints": more.get("hints", filled["hints"])}))
    return Facts(**(sorted_in | filled | {"signed": held} | more))


def merged_of(number=101, merged_at=NOON - timedelta(days=2), **more):
    return change_of(
        number,
        **({"state": ChangeState.MERGED, "move": None, "merged_at": merged_at, "merge_sha": f"{number:039x}f"} | more),
    )


def deployment_of(sha=None, name="1", **more):
    """A deployment of the api to production that succeeded at noon."""
    filled = {
        "repository": "acme/api", "service": None, "environment": "production", "sha": sha, "ref": "main",
        "state": DeploymentState.SUCCEEDED, "created_at": NOON, "finished_at": NOON, "deployer": "github/bo",
        "url": f"https://github.example/deployments/{name}",
    }  # fmt: skip
    return Deployment(f"deployment:github/{name}", **(filled | more))


def turn(kind, hours_ago=0.0, *movers, now=NOON):
    return Turn(TurnKind(kind), now - timedelta(hours=hours_ago), None, movers)


def checkout(policy, version="2.4"):
    return release_subject(policy, "checkout", version)


def situation(*records, policy=None, subject=None, now=NOON, reader=None, **more):
    """The situation of release checkout 2.4 (or another subject) with these records."""
    policy = policy or policy_of(COMPANY)
    reader = reader or viewer(policy=policy)
    facts = facts_of(*records, now=now, **more)
    return situation_of(subject or checkout(policy), facts, policy, viewer=reader, now=now)
