"""What does Jira tell of an issue, a link and a version, and can none of its deliveries do harm?"""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.intake import READERS, Malformed, jira
from storage.intake.jira.issues import site_of
from storage.records import Event, Ignored, UnknownEvent
from tests.builders import at
from tests.deliveries import PAYLOADS, payload
from tests.hostile import JSON, mutated, survives

OURS = sorted(path.stem for path in (PAYLOADS / "jira").glob("*.json"))
IDLE = {
    "comment__deleted", "issuelink__relates", "project__updated", "sprint__started", "user__updated",
    "worklog__created",
}  # fmt: skip
ANNA, BO = "jira/557058:anna-0001", "jira/557058:bo-0002"


def read(body):
    return READERS["jira"]({}, body if isinstance(body, bytes) else json.dumps(body).encode())


def reads(name, change=None):
    told = payload(f"jira/{name}")
    if change:
        change(told)
    return read(told)


def one(name, kind, change=None):
    """The only event of a kind that a delivery gives."""
    (event,) = [event for event in reads(name, change) if event.kind == kind]
    return event


def fields(**more):
    return lambda told: told["issue"]["fields"].update(more)


def snapshot(name="issue__updated_status", change=None):
    kind = f"ticket.{'created' if name == 'issue__created' else 'updated'}"
    return one(name, kind, change).data["snapshot"]


def test_one_delivery_makes_few_events_however_much_it_tells():
    def much(told):
        told["changelog"]["items"] = [
            {"field": "labels", "fromString": "", "toString": " ".join(f"{n}.{m}" for m in range(300))}
            for n in range(300)
        ]
        told["issue"]["fields"]["fixVersions"] = [{"id": str(n), "name": f"2.{n}"} for n in range(300)]

    kinds = [event.kind for event in reads("issue__updated_status", much)]
    assert len(kinds) == 200
    assert {"ticket.updated", "issue.named", "milestone.updated", "ticket.labeled"} <= set(kinds)


def test_a_label_is_as_long_as_jira_allows():
    def long(told):
        told["issue"]["fields"]["labels"] = ["l" * 5_000]
        told["changelog"]["items"] = [{"field": "labels", "fromString": "", "toString": "l" * 5_000}]

    assert one("issue__updated_status", "ticket.updated", long).data["snapshot"]["labels"] == ["l" * 255]
    assert one("issue__updated_status", "ticket.labeled", long).data["target"] == "l" * 255


@pytest.mark.parametrize("name", OURS)
def test_every_payload_is_handled_or_ignored_with_a_reason(name):
    verdict = reads(name)
    if name in IDLE:
        assert isinstance(verdict, Ignored)
        assert verdict.reason
        return
    assert verdict
    for event in verdict:
        assert isinstance(event, Event)
        assert event.identity.startswith(f"{event.object}|{event.kind}|")
        assert event.source == "jira"
        assert json.loads(json.dumps(event.data)) == event.data


def test_an_issue_says_what_it_is_whose_it_is_and_for_which_release():
    event = one("issue__updated_status", "ticket.updated")
    assert (event.object, event.repository) == ("ticket:jira/SHOP#12", "jira/SHOP")
    assert (event.at, event.actor) == (at("2026-11-17T10:00:00.200"), BO)
    assert event.data["snapshot"] == {
        "number": 12, "issue": "issue:jira/10012", "url": "https://acme.tracker.example/browse/SHOP-12",
        "title": "Retry a payment that timed out", "type": "Story", "priority": "Medium", "labels": ["payments"],
        "versions": ["checkout 2.4"], "author": BO, "author_type": None, "assignees": [ANNA], "names": ["Anna Berg"],
        "opened_at": "2026-11-16T09:00:00Z", "updated_at": "2026-11-17T10:00:00.200000Z", "status": "Ready for QA",
        "open": True, "closed_at": None, "closed_reason": None, "links": [["10301", "ticket:jira/SHOP#11"]],
        "part_of": ["ticket:jira/SHOP#1"],
    }  # fmt: skip


def test_a_new_status_is_an_event_of_its_own():
    event = one("issue__updated_status", "ticket.status")
    assert event.data == {"status": "Ready for QA", "before": "In Progress"}
    assert event.identity.endswith("|20010"), "by Jira's number of the change, so that two hooks tell one event"


def test_labels_that_were_added_and_taken_away_are_events():
    added = [event.data["target"] for event in reads("issue__updated_labels") if event.kind == "ticket.labeled"]
    assert added == ["release-blocker", "qa-passed"]

    def turned(told):
        told["changelog"]["items"] = [{"field": "labels", "fromString": "payments old", "toString": "payments"}]

    assert one("issue__updated_labels", "ticket.unlabeled", turned).data["target"] == "old"


@pytest.mark.parametrize(
    ("status", "resolved", "is_open"),
    [
        ({"name": "Odd", "statusCategory": {"key": "indeterminate"}}, "2026-11-17T10:00:00.000+0000", True),
        ({"name": "Odd", "statusCategory": {"key": "done"}}, None, False),
        ({"name": "Odd"}, None, True),
        ({"name": "Odd", "statusCategory": None}, "2026-11-17T10:00:00.000+0000", False),
    ],
)
def test_an_issue_is_open_until_its_status_is_one_of_the_done_ones(status, resolved, is_open):
    told = snapshot(change=fields(status=status, resolutiondate=resolved))
    assert told["open"] is is_open
    assert (told["closed_at"] is None) is is_open


def test_one_that_is_done_says_since_when_and_as_what():
    told = snapshot("issue__updated_done")
    assert (told["open"], told["closed_at"], told["closed_reason"]) == (False, "2026-11-19T16:00:00.200000Z", "Done")


def test_what_a_delivery_does_not_tell_is_absent():
    told = one("comment__created", "ticket.updated").data["snapshot"]
    assert told["status"] == "Ready for QA"
    assert not {"labels", "versions", "links", "part_of", "opened_at", "author"} & told.keys()


@pytest.mark.parametrize("level", [{"name": "Board only"}, "10001", {}])
def test_of_an_issue_that_fewer_may_see_neither_title_nor_people_are_taken_in(level):
    told = snapshot(change=fields(security=level))
    assert (told["title"], told["author"], told["assignees"], told["names"]) == ("A restricted issue", None, [], [])
    assert (told["status"], told["number"]) == ("Ready for QA", 12)
    assert "Retry" not in json.dumps([event.data for event in reads("issue__updated_status", fields(security=level))])
    assert snapshot(change=fields(security=None))["title"] == "Retry a payment that timed out"


def test_a_comment_tells_title_and_people_only_where_it_says_that_nothing_is_restricted():
    told = one("comment__created", "ticket.updated").data["snapshot"]
    assert not {"title", "author", "assignees", "names"} & told.keys()
    told = one("comment__created", "ticket.updated", fields(security=None)).data["snapshot"]
    assert (told["title"], told["names"]) == ("Retry a payment that timed out", ["Anna Berg"])
    told = one("comment__created", "ticket.updated", fields(security={"name": "Board"})).data["snapshot"]
    assert (told["title"], told["names"]) == ("A restricted issue", [])


def test_only_what_it_waits_for_is_a_dependency():
    def needs(told):
        kind = {"inward": "is required by", "outward": "depends on"}
        told["issue"]["fields"]["issuelinks"] = [
            {"id": "1", "type": kind, "outwardIssue": {"key": "PAY-3"}},
            {"id": "2", "type": kind, "inwardIssue": {"key": "PAY-4"}},
            {"id": "3", "type": {"inward": "relates to", "outward": "relates to"}, "inwardIssue": {"key": "PAY-5"}},
        ]

    assert snapshot(change=needs)["links"] == [["1", "ticket:jira/PAY#3"]]


def test_an_epic_is_what_it_is_part_of_wherever_jira_says_so():
    alone = payload("jira/issue__created")
    del alone["issue"]["fields"]["parent"]
    (made,) = [event for event in read(alone) if event.kind == "ticket.created"]
    assert made.data["snapshot"]["part_of"] == ["ticket:jira/SHOP#1"], "by the older field"
    none = snapshot(change=fields(parent=None, customfield_10014=None))
    assert none["part_of"] == []
    assert snapshot(change=fields(parent=None, customfield_10014={"odd": 1}))["part_of"] == []


def test_the_versions_of_an_issue_are_milestones_of_its_project():
    event = one("issue__updated_fix_version", "milestone.updated")
    assert event.object == "milestone:jira/SHOP#10100"
    assert event.data == {
        "snapshot": {
            "number": 10100, "title": "checkout 2.4", "open": True, "due_at": "2026-11-30T12:00:00Z",
            "closed_at": None, "url": "https://acme.tracker.example/projects/SHOP/versions/10100",
        },
        "version": "version:jira/10100",
    }  # fmt: skip
    again = one("issue__updated_labels", "milestone.updated")
    assert again.identity == event.identity, "said again by every issue, noted once"


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        ("created", "created", {"open": True, "due_at": "2026-11-30T12:00:00Z"}),
        ("updated", "updated", {"open": True, "due_at": "2026-12-02T12:00:00Z"}),
        ("released", "closed", {"open": False, "closed_at": "2026-12-01T15:00:00.100000Z"}),
        ("unreleased", "opened", {"open": True, "closed_at": None}),
        ("deleted", "deleted", {"title": "checkout 2.4"}),
    ],
)
def test_what_happens_to_a_version_is_kept_under_its_number(name, kind, told):
    (event,) = reads(f"version__{name}")
    assert (event.object, event.kind) == ("version:jira/10100", f"milestone.{kind}")
    assert event.data["snapshot"].items() >= told.items()


def test_a_version_with_an_odd_day_has_none():
    (event,) = reads("version__updated", lambda told: told["version"].update(releaseDate="soon"))
    assert event.data["snapshot"]["due_at"] is None


def test_a_link_is_kept_with_the_issue_that_waits():
    (made,) = reads("issuelink__created")
    assert (made.object, made.kind) == ("issue:jira/10012", "issue.linked")
    assert made.data == {"link": "10303", "on": "issue:jira/10014"}
    (gone,) = reads("issuelink__deleted")
    assert (gone.object, gone.kind, gone.data) == (made.object, "issue.unlinked", made.data)

    def depends(told):
        told["issueLink"]["issueLinkType"] = {"outwardName": "depends on", "inwardName": "is needed for"}

    (other,) = reads("issuelink__created", depends)
    assert (other.object, other.data["on"]) == ("issue:jira/10014", "issue:jira/10012")


def test_a_comment_tells_once_who_wrote_it_and_what_it_came_from():
    event = one("comment__created", "ticket.commented")
    assert (event.actor, event.at) == (ANNA, at("2026-11-17T12:00:00.100"))
    assert event.data["root_causes"] == ["change:acme/api#101"]
    assert event.data["url"].endswith("/browse/SHOP-12?focusedCommentId=10402")
    assert one("comment__updated", "ticket.commented").identity == event.identity
    assert one("issue__updated_commented", "ticket.commented").data["id"] == "comment/10401"
    written = one("comment__created", "ticket.commented", lambda told: told["comment"].update(body={"type": "doc"}))
    assert written.data["root_causes"] == []


def test_an_issue_that_moves_to_another_project_leaves_its_old_name():
    gone = one("issue__moved", "ticket.transferred")
    assert (gone.object, gone.data["to"], gone.repository) == ("ticket:jira/SHOP#12", "ticket:jira/PAY#3", "jira/SHOP")
    assert one("issue__moved", "ticket.updated").object == "ticket:jira/PAY#3"


def test_a_deleted_issue_is_gone_when_it_was_deleted_not_when_it_was_last_changed():
    assert one("issue__deleted", "ticket.deleted").at == at("2026-11-21T09:00:00.500")


def test_a_server_of_ones_own_names_people_by_their_names():
    event = one("issue__server", "ticket.updated")
    assert (event.actor, event.data["snapshot"]["assignees"]) == ("jira/bo", ["jira/anna"])
    assert event.data["snapshot"]["url"] == "https://jira.acme.example/jira/browse/SHOP-12"
    assert one("issue__server", "ticket.status").identity == one("issue__updated_status", "ticket.status").identity


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://acme.atlassian.net/rest/api/2/10012", "https://acme.atlassian.net"),
        ("https://jira.acme.example/jira/rest/api/2/issue/1", "https://jira.acme.example/jira"),
        ("https://api.atlassian.com/ex/jira/1f2e/rest/api/3/issue/1", None),
        ("javascript:alert(1)/rest/", None),
        ("https://a|b/rest/", None),
        ("", None),
        (None, None),
    ],
)
def test_where_an_issue_is_found_is_told_by_where_its_data_came_from(address, site):
    assert site_of(address) == site


@pytest.mark.parametrize("name", [name for name in OURS if name not in IDLE])
def test_a_second_hook_tells_the_same_events(name):
    told = reads(name, lambda told: told.update(timestamp=told["timestamp"] + 7) if "issue" in told else None)
    same = {event.identity for event in told} & {event.identity for event in reads(name)}
    assert same, "what the issue itself dates is one event"
    if name.startswith("issue__") and name != "issue__deleted":
        assert same == {event.identity for event in reads(name)}


def test_nothing_is_both_handled_and_ignored():
    assert not set(jira.HANDLED) & (set(jira.IGNORED) | set(jira.IGNORED_LOUDLY))


@pytest.mark.parametrize("kind", ["jira:issue_teleported", "x" * 5000, ""])
def test_an_event_that_is_new_to_us_is_unknown_and_named(kind):
    verdict = reads("issue__created", lambda told: told.update(webhookEvent=kind))
    assert verdict == UnknownEvent(f"an event that is not known: {kind[:50]}")


@pytest.mark.parametrize(
    "wrong",
    [
        {"issue": None}, {"issue": {}}, {"issue": {"id": "1", "key": "no key"}}, {"issue": {"id": "1", "key": "A-1"}},
        {"issue": {"id": [], "key": "SHOP-1"}}, {"issue": {"id": "1", "key": f"SHOP-{'9' * 60}"}},
        {"timestamp": 10**30}, {"timestamp": "now"}, {"changelog": {"items": [{"field": 7}]}}, {"user": "bo"},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_unknown_and_says_of_which_event(wrong):
    verdict = reads("issue__updated_status", lambda told: told.update(wrong))
    assert isinstance(verdict, UnknownEvent)
    assert verdict.reason.startswith("jira:issue_updated: ")


@pytest.mark.parametrize("time", ["yesterday", "2026-13-01T00:00:00.000+0000", "", "0001-01-01T00:00:00.000+1400"])
def test_a_time_that_is_none_breaks_nothing(time):
    verdict = reads("issue__updated_status", fields(updated=time))
    assert isinstance(verdict, UnknownEvent | tuple)


def test_a_comment_without_the_comment_and_a_body_without_an_event_are_unknown():
    assert isinstance(reads("comment__created", lambda told: told.pop("comment")), UnknownEvent)
    assert isinstance(read({}), UnknownEvent)
    assert isinstance(read({"webhookEvent": 7}), UnknownEvent)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"no", b'{"a"', b"\xff\xfe\x00"])
def test_a_body_that_is_no_object_is_malformed(body):
    with pytest.raises(Malformed):
        read(body)


def test_a_name_that_is_no_account_is_nobodys_and_everything_is_bounded():
    told = snapshot(change=fields(assignee={"name": "a b\n"}, summary="x" * 9000, labels=["l"] * 9000))
    assert (told["assignees"], told["names"]) == ([], [])
    assert (len(told["title"]), len(told["labels"])) == (500, 200)


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_no_json_crashes_the_reader(body):
    survives(read, json.dumps(body).encode())


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_mutation_of_a_payload_crashes_the_reader(draw):
    name = draw.draw(st.sampled_from(OURS))
    survives(read, json.dumps(mutated(draw, payload(f"jira/{name}"))).encode())
