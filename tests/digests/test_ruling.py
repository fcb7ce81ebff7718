"""What do the rules make of events that really came, whoever else sweeps at the same time?"""

import json
import threading
from datetime import timedelta

import pytest
import structlog

from assistant.desk import Desk
from assistant.handoffs.pairs import pair_of, usual_due
from digests.ruling import Ruling
from storage.ledger import open_ledger
from storage.records import Delivery, HandoffState
from storage.sources.judging import judge
from storage.state.rules import FoldRules
from tests.builders import at
from tests.deliveries import payload
from tests.handing import act, company
from tests.jira import TICKET, sent, tell

RULES = """
[people.una]
name = "Una Voss"
jira = ["557058:anna-0001"]
[[handoffs.rules]]
source = "jira"
does = "open"
from = "engineering"
to = "qa"
status = "ready for  qa"
[[handoffs.rules]]
source = "jira"
does = "done"
from = "engineering"
to = "qa"
label = "QA-passed"
[[handoffs.rules]]
source = "jira"
does = "return"
from = "engineering"
to = "qa"
status = "In Progress"
[[handoffs.rules]]
source = "jira"
does = "acknowledge"
from = "engineering"
to = "qa"
status = "In Test"
in = ["jira/SHOP"]
[[handoffs.rules]]
source = "cdevents"
does = "open"
from = "engineering"
to = "customer_success"
label = "needs-training"
gating = false
needed = "Train the desk"
[[handoffs.rules]]
source = "github"
does = "open"
from = "engineering"
to = "design"
label = "needs design"
[[handoffs.rules]]
source = "github"
does = "done"
from = "engineering"
to = "design"
review = "approved"
by = "design"
[[handoffs.rules]]
source = "github"
does = "return"
from = "engineering"
to = "design"
review = "changes_requested"
by = "design"
"""
GO_ON = threading.Event()
QA_READY = at("2026-11-17T10:00:05")


class Company:
    """A ledger, a clock that the test turns, and the rules."""

    def __init__(self, ledger, more=RULES):
        self.ledger, self.now = ledger, QA_READY
        self.policy = company(more)
        self.policy.access.people["anna"] = ("acme/*", "jira/*")
        self.desk = Desk(ledger, self.policy, lambda: self.now)
        self.refused = []
        self.rules = self.another()

    def another(self):
        """Another replica."""
        return Ruling(self.desk, lambda rule, event, why: self.refused.append((rule.does, event.kind, why)))

    def sweep(self, now=None, rules=None):
        self.now = now or self.now
        return dict((rules or self.rules).tick(GO_ON))

    def begun(self):
        """Sweep once before anything came, as a process does that starts."""
        self.ledger.remember_seen("rules", "swept", at("2026-11-16T08:00"), None)
        return self

    def handoffs(self):
        return self.ledger.handoffs(at("2026-01-01"))


@pytest.fixture
def real(database_url):
    with open_ledger(database_url, FoldRules()) as ledger:
        yield ledger


@pytest.fixture
def swept(real):
    return Company(real).begun()


UNA = {"accountId": "557058:anna-0001", "displayName": "Una"}


def moved(status, when, number, label=None, who=None):
    """Somebody moves the issue to a status, or adds a label, at a time."""

    def change(told):
        told["timestamp"] = int((when - at("1970-01-01")).total_seconds() * 1000)
        told["issue"]["fields"] |= {"updated": when.strftime("%Y-%m-%dT%H:%M:%S.000+0000")}
        told["changelog"]["id"] = str(number)
        item = {"field": "status", "fromString": "Somewhere", "toString": status}
        if label:
            item = {"field": "labels", "fromString": "payments", "toString": f"payments {label}"}
            told["issue"]["fields"]["labels"] = ["payments", label]
        told["changelog"]["items"] = [item]
        told["user"] = who or told["user"]

    return sent("issue__updated_status", change, hook=str(number), received=when + timedelta(seconds=1))


def test_a_status_of_jira_opens_a_handoff_as_whoever_set_it(swept):
    tell(swept.ledger, "issue__created", "issue__updated_status")
    assert swept.sweep() == {"hand_off": 1}
    (found,) = swept.handoffs()
    assert (found.from_function, found.to_function, found.about) == ("engineering", "qa", TICKET)
    assert found.needed == 'SHOP-12 Retry a payment that timed out: it is "Ready for QA" now in Jira'
    assert (found.rule, found.steps[0].via) == ('Jira status "ready for qa"', "jira")
    assert found.sender == "jira/557058:bo-0002", "an account that nobody maps acts as itself"
    assert found.opened_at == at("2026-11-17T10:00:00.200"), "when it was moved, not when we looked"
    assert found.links == ("https://acme.tracker.example/browse/SHOP-12",)
    (known,) = swept.ledger.history(found.object)
    assert known.known_at == swept.now


def test_what_is_opened_late_is_due_its_usual_hours_after_we_know_of_it(swept):
    tell(swept.ledger, "issue__created", "issue__updated_status")
    known = QA_READY + timedelta(hours=30)
    assert swept.sweep(known) == {"hand_off": 1}
    (found,) = swept.handoffs()
    usual = pair_of("engineering", "qa", swept.policy)
    assert found.due_at == usual_due(usual, "qa", None, swept.policy, known)
    assert found.opened_at == at("2026-11-17T10:00:00.200")


def test_looking_again_changes_nothing_in_this_process_and_in_any_other(swept):
    tell(swept.ledger, "issue__created", "issue__updated_status")
    swept.sweep()
    assert swept.sweep(QA_READY + timedelta(minutes=1)) == {}
    assert swept.sweep(rules=swept.another()) == {}, "somebody has it in hand"
    act(swept.desk, "finish_handoff", "bo", QA_READY + timedelta(minutes=2), swept.handoffs()[0].object, "build 7")
    assert swept.sweep(QA_READY + timedelta(minutes=3), swept.another()) == {}, "the status was set before it was done"
    assert len(swept.handoffs()) == 1
    assert swept.refused == []


def test_two_replicas_at_once_leave_one_handoff(swept):
    tell(swept.ledger, "issue__created", "issue__updated_status")
    both = [threading.Thread(target=swept.another().tick, args=(GO_ON,)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(swept.handoffs()) == 1
    assert len(swept.handoffs()[0].steps) == 1


def test_one_that_was_killed_in_the_middle_goes_on_where_it_was(swept, monkeypatch):
    tell(swept.ledger, "issue__created", "issue__updated_status")
    monkeypatch.setattr(swept.ledger, "remember_seen", _killed)
    with pytest.raises(KeyboardInterrupt):
        swept.rules.tick(GO_ON)
    monkeypatch.undo()
    assert swept.sweep(rules=swept.another()) == {}
    assert len(swept.handoffs()) == 1


def _killed(*_arguments):
    raise KeyboardInterrupt


def test_the_whole_way_through_a_function_can_be_told_by_jira(swept):
    tell(swept.ledger, "issue__created", "issue__updated_status")
    tell(swept.ledger, moved("In Test", at("2026-11-17T10:10"), 30010))
    tell(swept.ledger, moved("In Progress", at("2026-11-17T10:20"), 30020))
    assert swept.sweep(at("2026-11-17T10:30")) == {"hand_off": 1, "acknowledge_handoff": 1, "return_handoff": 1}
    (found,) = swept.handoffs()
    assert (found.state, found.returned_why) == (HandoffState.RETURNED, 'it is "In Progress" now in Jira')
    tell(swept.ledger, moved("Ready for QA", at("2026-11-17T11:00"), 30030))
    assert swept.sweep(at("2026-11-17T11:01")) == {"resend_handoff": 1}
    tell(swept.ledger, moved(None, at("2026-11-17T12:00"), 30040, label="qa-passed", who=UNA))
    assert swept.sweep(at("2026-11-17T12:01")) == {"finish_handoff": 1}
    (found,) = swept.handoffs()
    assert found.state is HandoffState.DONE
    assert (found.signed.looked_at, found.signed.as_of) == ('SHOP-12, Jira label "QA-passed"', at("2026-11-17T12:00"))
    assert [step.via for step in found.steps] == ["jira"] * 5
    tell(swept.ledger, moved("Ready for QA", at("2026-11-17T13:00"), 30050))
    assert swept.sweep(at("2026-11-17T13:01")) == {"hand_off": 1}, "handed over anew once it was done"
    assert len(swept.handoffs()) == 2


def test_whoever_handed_it_over_does_not_sign_it_by_a_rule(swept):
    tell(swept.ledger, "issue__created", "issue__updated_status")
    tell(swept.ledger, moved(None, at("2026-11-17T10:10"), 30010, label="qa-passed"))
    assert swept.sweep(at("2026-11-17T10:30")) == {"hand_off": 1, "refused": 1}
    assert swept.handoffs()[0].state is HandoffState.OPEN
    ((does, kind, why),) = swept.refused
    assert (does, kind) == ("done", "ticket.labeled")
    assert why.endswith(" handed this over: somebody else has to say that it is done.")


def test_where_a_source_never_says_who_a_rule_still_signs(swept):
    def nameless(told):
        told.pop("user", None)

    tell(swept.ledger, "issue__created", sent("issue__updated_status", nameless))
    assert swept.sweep() == {"hand_off": 1}
    assert swept.handoffs()[0].sender == "jira/Jira"
    tell(swept.ledger, moved(None, at("2026-11-17T10:10"), 30010, label="qa-passed", who={"accountId": ""}))
    assert swept.sweep(at("2026-11-17T10:30")) == {"finish_handoff": 1}


def test_what_people_did_since_has_the_last_word(swept):
    tell(swept.ledger, "issue__created", "issue__updated_status")
    swept.sweep()
    (found,) = swept.handoffs()
    late = at("2026-11-17T10:30")
    act(swept.desk, "return_handoff", "bo", late, found.object, "It does not start")
    act(swept.desk, "resend_handoff", "anna", late + timedelta(minutes=1), found.object)
    tell(swept.ledger, moved("In Test", at("2026-11-17T10:20"), 30010))
    assert swept.sweep(late + timedelta(minutes=2)) == {}
    assert swept.handoffs()[0].state is HandoffState.OPEN


def test_a_known_person_acts_under_their_own_name(swept):
    tell(swept.ledger, "issue__created")
    who = {"accountId": "557058:anna-0001", "displayName": "Una"}
    tell(swept.ledger, sent("issue__updated_status", lambda told: told.update(user=who)))
    swept.sweep()
    assert swept.handoffs()[0].sender == "person/una"


def test_history_and_what_a_backfill_brings_open_nothing(real):
    later = Company(real)
    tell(real, "issue__created", "issue__updated_status")
    assert later.sweep(at("2026-11-17T11:00")) == {}, "the first look begins with what comes from now on"
    old = Company(real).begun()
    assert old.sweep(at("2026-11-19T10:00:01")) == {}, "older than two days"
    assert later.handoffs() == ()


def test_a_delivery_that_came_late_still_counts(real):
    late = Company(real)
    late.sweep(at("2026-11-17T12:00"))
    tell(real, sent("issue__updated_status", received=at("2026-11-17T12:10")))
    assert late.sweep(at("2026-11-17T12:11")) == {"hand_off": 1}


def test_without_rules_nothing_is_looked_at(real, monkeypatch):
    quiet = Company(real, "")
    monkeypatch.setattr(real, "learnt", None)
    assert quiet.sweep() == {}


def test_a_refusal_is_told_once_and_never_tried_for_ever(swept, monkeypatch):
    guest = {"accountId": "557058:anna-0001"}
    policy = company(RULES.replace('name = "Una Voss"', 'name = "Una Voss"\nguest = true'))
    monkeypatch.setattr(swept.desk, "policy", policy)
    tell(swept.ledger, sent("issue__updated_status", lambda told: told.update(user=guest)))
    strict = Ruling(swept.desk)
    with structlog.testing.capture_logs() as logs:
        assert dict(strict.tick(GO_ON)) == {"refused": 1}
        assert dict(strict.tick(GO_ON)) == {}
    (line,) = logs
    assert (line["action"], line["object"]) == ("rule", TICKET)
    assert "members of this workspace" in line["why"]


def test_what_always_fails_holds_up_nothing_else(swept, monkeypatch):
    tell(swept.ledger, "issue__created", "issue__updated_status")
    monkeypatch.setattr(swept.desk, "act", _broken)
    for _ in range(3):
        assert swept.sweep() == {"failed": 1}
        assert swept.ledger.seen("rules", "swept")[0] < swept.now, "it is looked at again"
    assert swept.sweep() == {}
    assert swept.ledger.seen("rules", "swept")[0] == swept.now


def test_one_event_that_fails_does_not_stop_the_others(swept, monkeypatch):
    tell(swept.ledger, "issue__created", "issue__updated_status")
    swept.sweep()
    tell(swept.ledger, moved("In Test", QA_READY + timedelta(minutes=1), 50))
    tell(swept.ledger, moved(None, QA_READY + timedelta(minutes=2), 51, label="qa-passed", who=UNA))
    whole = swept.rules._event
    monkeypatch.setattr(
        swept.rules, "_event", lambda event, now: _broken() if event.kind == "ticket.status" else whole(event, now)
    )
    found = swept.sweep(QA_READY + timedelta(minutes=3))
    assert found["failed"] == 2
    assert found["finish_handoff"] == 1


def test_where_everything_fails_it_is_not_the_events(swept, monkeypatch):
    tell(swept.ledger, *(moved("Ready for QA", QA_READY + timedelta(seconds=n), 60 + n) for n in range(30)))
    monkeypatch.setattr(swept.desk, "act", _broken)
    assert swept.sweep(QA_READY + timedelta(minutes=3)) == {"failed": 20}


def _broken(*_arguments, **_more):
    raise RuntimeError


def test_it_stops_when_it_is_told_to(swept):
    tell(swept.ledger, "issue__created", "issue__updated_status")
    stopping = threading.Event()
    stopping.set()
    assert dict(swept.rules.tick(stopping)) == {}
    assert swept.handoffs() == ()


# CDEvents


def cdevent(swept, kind, number, **content):
    told = payload(f"cdevents/ticket__{kind}")
    told["context"] |= {"id": f"c{number}", "timestamp": f"2026-11-17T10:00:{number:02}Z"}
    told["subject"]["content"] |= {"uri": "https://acme.tracker.example/browse/SHOP-12"} | content
    body = json.dumps(told).encode()
    headers = {"content-type": "application/json"}
    return judge(Delivery("cdevents", f"c{number}", headers, body, at(f"2026-11-17T10:01:{number:02}")))


def test_a_label_of_a_cdevents_ticket_counts_when_it_is_new_there(swept):
    tell(swept.ledger, cdevent(swept, "created", 1, labels=["bug"]))
    assert swept.sweep(at("2026-11-17T10:02")) == {}
    tell(swept.ledger, cdevent(swept, "updated", 2, labels=["bug", "needs-training"]))
    assert swept.sweep(at("2026-11-17T10:03")) == {"hand_off": 1}
    (found,) = swept.handoffs()
    assert (found.about, found.needed, found.gating) == (TICKET, "Train the desk", False)
    assert (found.sender, found.steps[0].via) == ("cdevents/CDEvents", "cdevents")
    act(swept.desk, "finish_handoff", "eve", at("2026-11-17T10:04"), found.object, "the course")
    tell(swept.ledger, cdevent(swept, "updated", 3, labels=["bug", "needs-training"], summary="Longer"))
    assert swept.sweep(at("2026-11-17T10:05")) == {}, "the label was there before"


# GitHub


def github(swept, name, when, change):
    told = payload(f"github/{name}")
    change(told)
    body = json.dumps(told).encode()
    headers = {"x-github-event": name.partition("__")[0]}
    taken = judge(Delivery("github", f"{name}-{when}", headers, body, at(when)))
    assert isinstance(taken.verdict, tuple)
    return taken


def labelled(told):
    told["label"] = {"name": "Needs Design"}
    told["pull_request"]["updated_at"] = "2026-11-17T10:00:00Z"


def reviewed(login, state, when, association="MEMBER"):
    def change(told):
        told["review"] |= {
            "user": {"login": login}, "state": state, "submitted_at": when, "author_association": association,
            "id": hash((login, when)) % 10**9, "commit_id": "a" * 40,
        }  # fmt: skip

    return change


def test_a_label_opens_and_the_review_of_the_right_function_closes(real):
    more = RULES + '[teams.pixels]\nmembers = ["cho"]\n'
    swept = Company(real, more.replace("[people.una]", "[people.una]\ngithub = ['una']")).begun()
    tell(real, github(swept, "pull_request__labeled", "2026-11-17T10:00:01", labelled))
    assert swept.sweep(at("2026-11-17T10:01")) == {"hand_off": 1}
    (found,) = swept.handoffs()
    assert (found.about.partition(":")[0], found.to_function) == ("change", "design")

    def review(login, state, minute):
        when = f"2026-11-17T10:{minute}:00Z"
        tell(real, github(swept, "pull_request_review__submitted", f"2026-11-17T10:{minute}:01",
                          lambda told: _on(told, found.about, reviewed(login, state, when))))  # fmt: skip
        return swept.sweep(at(f"2026-11-17T10:{minute}:30"))

    assert review("anna", "approved", 10) == {}, "she designs nothing"
    swept.policy.functions["design"].__dict__["teams"] = ("acme/Pixels",)
    assert review("cho", "changes_requested", 20) == {"return_handoff": 1}, "the forge's team of the function"
    act(swept.desk, "resend_handoff", "anna", at("2026-11-17T10:25"), found.object)
    assert review("cho", "approved", 30) == {"finish_handoff": 1}
    (found,) = swept.handoffs()
    assert (found.signed.looked_at, found.signed.by) == ("a" * 12, "person/cho")


def _on(told, about, change):
    repository, _, number = about.partition(":")[2].rpartition("#")
    told["repository"]["full_name"] = repository
    told["pull_request"] |= {"number": int(number)}
    change(told)
