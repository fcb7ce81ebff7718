"""What waits for QA, for design, for customer success, and what do they wait for themselves?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.desk import Desk
from assistant.questions import queues
from assistant.router import Asked, route
from assistant.scoped import Scoped
from assistant.scopes import release_subject, workspace_subject
from storage.facts import Facts
from storage.records import HandoffState
from tests.builders import NOON, change_of, facts_of, merged_of, policy_of, release_of, ticket_of, turn
from tests.handing import POLICY as SETTINGS
from tests.handing import as_viewer, company, done_of, handoff_of

MORE = '[labels]\ndesign_debt = ["design-debt"]\n'
POLICY = company(MORE)
KNOWN = ("acme/api", "acme/web")
RELEASES = (release_subject(POLICY, "checkout", "2.4"), release_subject(POLICY, "checkout", "2.3"))


def asked(part="qa", passed=(), who="anna", subject=None, releases=()):
    subject = subject or workspace_subject(POLICY)
    return Scoped(subject, as_viewer(who, POLICY), KNOWN, releases, None, tuple(passed), part)


def answered(part="qa", *passed, records=(), policy=POLICY, releases=(), subject=None, who="anna", **more):
    facts = replace(facts_of(*records, **more), handoffs=passed)
    return queues.answer(facts, asked(part, passed, who, subject, releases), policy, NOON)


def queue(part="qa", *passed, **more):
    (found,) = answered(part, *passed, **more).queues
    return found


def names(things):
    return [one.handoff.object for one in things]


def test_what_waits_is_in_hand_was_returned_or_goes_stale_is_each_in_its_list():
    moved = merged_of(7, merged_at=NOON - timedelta(minutes=5))
    found = queue(
        "qa",
        handoff_of("handoff:1"),
        handoff_of("handoff:2", state=HandoffState.ACKNOWLEDGED),
        handoff_of("handoff:3", state=HandoffState.RETURNED),
        done_of("handoff:4"),
        done_of("handoff:5", about="service:web"),
        handoff_of("handoff:6", from_function="qa", to_function="product"),
        handoff_of("handoff:7", from_function="qa", to_function="product", state=HandoffState.RETURNED),
        handoff_of("handoff:8", to_function="design"),
        records=(moved,),
    )
    assert names(found.waiting) == ["handoff:1", "handoff:4"]
    assert names(found.in_hand) == ["handoff:2"]
    assert names(found.returned) == ["handoff:3"]
    assert names(found.waits_for) == ["handoff:6"]
    assert names(found.came_back) == ["handoff:7"]
    assert found.moves == 4


def test_of_a_release_only_its_own_are_counted():
    passed = (handoff_of(), handoff_of("handoff:2", about="release:checkout@2.5"))
    assert names(queue("qa", *passed, subject=RELEASES[0]).waiting) == ["handoff:1"]


def test_the_reviews_that_its_team_at_the_forge_is_asked_for_wait_for_it_too():
    mine = change_of(1, asked_teams=("ACME/Testers",), move=turn("review_pending", 30))
    other = change_of(2, asked_teams=("acme/others",), move=turn("review_pending", 30))
    done = change_of(3, asked_teams=("acme/testers",), move=turn("ready_to_merge", 30))
    found = queue("qa", records=(mine, other, done))
    assert [one.object for one in found.reviews] == [mine.object]
    assert queue("design", records=(mine, other, done)).reviews == ()


def test_design_has_the_debt_that_open_tickets_note():
    noted = ticket_of(1, labels=("Design-Debt",))
    records = (noted, ticket_of(2), ticket_of(3, labels=("design-debt",), open=False))
    assert [one.name for one in queue("design", records=records).debt] == ["acme/api#1"]
    assert queue("qa", records=records).debt == ()


def test_customer_success_has_what_open_releases_lack():
    open_one = release_of(impact="high", owner="person/fay")
    found = queue("customer_success", records=(open_one, change_of()), releases=RELEASES[:1]).enabling
    assert {one.what for one in found.missing} >= {"training", "support brief", "release notes"}
    assert {one.release.name for one in found.missing} == {"checkout 2.4"}


def test_customer_success_has_what_was_reported_since_the_newest_launch():
    out = release_of("2.3", shipped_at=NOON - timedelta(days=3))
    older = release_of("2.2", shipped_at=NOON - timedelta(days=30))
    tickets = (
        ticket_of(1, opened_at=NOON - timedelta(days=2)),
        ticket_of(2, opened_at=NOON - timedelta(days=1), open=False),
        ticket_of(3, opened_at=NOON - timedelta(days=9)),
        ticket_of(4, opened_at=NOON - timedelta(days=1), type="Epic"),
        ticket_of(5, "acme/other", opened_at=NOON - timedelta(days=1)),
    )
    releases = (RELEASES[1], release_subject(POLICY, "checkout", "2.2"))
    found = queue("customer_success", records=(out, older, *tickets), releases=releases, claims=None).enabling
    (launch,) = found.launches
    assert (launch.release, [one.name for one in launch.tickets]) == ("checkout 2.3", ["acme/api#2", "acme/api#1"])


OUT = release_of("2.3", shipped_at=NOON - timedelta(days=3))
SINCE = NOON - timedelta(days=1)


def reported(*records, known=KNOWN, policy=POLICY, who="anna"):
    """What is told of tickets since checkout 2.3 shipped, and the gaps of that."""
    subject = release_subject(policy, "checkout", "2.3")
    scoped = replace(asked("customer_success", (), who, workspace_subject(policy), (subject,)), known=known)
    told = queues.answer(facts_of(OUT, *records, claims=None), scoped, policy, NOON)
    (launch,) = told.queues[0].enabling.launches
    return launch.tickets and [one.name for one in launch.tickets], [gap.key for gap in told.unknown], told


def with_tracker():
    """The company, where what is reported about checkout is kept in Jira."""
    api_and_web = 'repositories = ["acme/api", "acme/web"]\nchannels = ["C1"]\n[products.vault]'
    assert api_and_web in SETTINGS
    return policy_of(SETTINGS.replace(api_and_web, api_and_web.replace("acme/web", "jira/SHOP")))


def test_where_no_source_tells_of_tickets_how_many_were_reported_is_not_known():
    elsewhere = ticket_of(7, "jira/SHOP", object="ticket:jira/SHOP#SHOP-7", opened_at=SINCE)
    found, unknown, told = reported(elsewhere, known=(*KNOWN, "jira/SHOP"))
    assert (found, unknown) == (None, ["no_ticket_source"])
    assert told.as_data()["queues"][0]["since_launch"][0]["tickets"] is None


def test_a_tracker_of_the_product_or_any_ticket_there_tells_of_them():
    policy = with_tracker()
    assert reported(known=(*KNOWN, "jira/SHOP"), policy=policy, who="fay")[:2] == ((), [])
    assert reported(policy=policy, who="fay")[0] is None  # nothing was ever heard of that project
    assert reported(ticket_of(1, opened_at=NOON - timedelta(days=30)))[:2] == ((), [])


def test_a_tracker_that_one_may_not_see_tells_them_nothing():
    policy = with_tracker()
    assert reported(known=(*KNOWN, "jira/SHOP"), policy=policy, who="cho")[0] is None


def test_without_a_function_every_one_that_has_anything_is_listed():
    passed = (handoff_of(), handoff_of("handoff:2", to_function="design"))
    told = answered("", *passed)
    assert [one.function for one in told.queues] == ["engineering", "qa", "design"]
    assert answered("").queues == ()


# What is not known


def test_a_function_that_nobody_acts_for_is_said_to_reach_nobody():
    assert "nobody_in_function" in {gap.key for gap in answered("sre").unknown}
    assert "nobody_in_function" not in {gap.key for gap in answered("qa").unknown}


def test_without_a_team_at_the_forge_its_reviews_are_not_known():
    assert [gap.key for gap in answered("design").unknown] == ["no_review_team"]
    assert answered("qa").unknown == ()


def test_where_nothing_was_ever_heard_what_rests_on_it_is_not_known():
    told = queues.answer(Facts(), asked("customer_success"), POLICY, NOON)
    assert "no_events" in {gap.key for gap in told.unknown}


# What is asked, and loaded


@pytest.mark.parametrize(
    ("text", "part", "scope"),
    [
        ("what is QA waiting for?", "qa", ""),
        ("what's waiting for design?", "design", ""),
        ("what is customer success waiting for", "customer_success", ""),
        ("what is waiting for the design team", "design", ""),
        ("what is waiting for testing in release 2.4", "qa", "release 2.4"),
        ("what is QA waiting for in 2.4", "qa", "2.4"),
        ("what are the testers waiting for", "qa", ""),
        ("what does support wait for", "customer_success", ""),
        ("what waits for SRE", "sre", ""),
        ("QA queue", "qa", ""),
        ("show the queue of design", "design", ""),
        ("queues", "", ""),
        ("what do we wait for", "", ""),
    ],
)
def test_words_ask_for_the_queue_of_a_function(text, part, scope):
    told = route(text)
    assert isinstance(told, Asked)
    assert told.question == "queues"
    assert queues.parted(told.parameters["about"], POLICY) == (part, scope)
    assert queues.asks(told.parameters["about"], POLICY)


@pytest.mark.parametrize(("text", "question"), [("what is waiting for me", "moves"), ("what waits for me", "moves"),
                                                ("what is waiting for review", "stalled"), ("what is left for 2.4", "blocking")])  # fmt: skip
def test_what_others_ask_stays_theirs(text, question):
    assert route(text).question == question


def test_a_function_that_only_this_company_has_is_known_by_its_name():
    policy = company('[functions.legal]\nname = "Law and order"\n')
    assert queues.parted("law and order in 2.4", policy) == ("legal", "2.4")
    assert queues.parted("legal", policy) == ("legal", "")


def test_whatever_is_no_function_is_asked_what_blocks_it(ledger):
    desk = Desk(ledger, POLICY, lambda: NOON)
    told = desk.ask("what is team core waiting for", as_viewer("anna"), NOON)
    assert told.answer.as_data()["question"] == "blocking"


def test_a_name_that_means_several_things_is_asked_back_for_the_same_function(ledger):
    desk = Desk(ledger, POLICY, lambda: NOON)
    told = desk.ask("what is QA waiting for in service ap", as_viewer("anna"), NOON)
    assert told.answer is None
    assert "qa in service api" in str(told.message.blocks)


def test_only_what_a_function_rests_on_is_loaded():
    light = queues.needs(asked("product"), POLICY, NOON)
    assert (light.open_in, light.blockers_in, light.tickets_since, light.samples if hasattr(light, "samples") else {}) == (
        (), (), None, {},
    )  # fmt: skip
    assert queues.needs(asked("qa"), POLICY, NOON).open_in == KNOWN
    assert "design-debt" in queues.needs(asked("design"), POLICY, NOON).blocker_labels
    since = queues.needs(asked("customer_success"), POLICY, NOON).tickets_since
    assert since == NOON - timedelta(days=60)


def test_each_queue_is_remembered_by_itself_and_what_changed_is_told():
    assert len({queues.seen_key(asked(part)) for part in ("", "qa", "design")}) == 3
    before = queues.outline(answered("qa", handoff_of()))
    told = answered("qa", handoff_of(state=HandoffState.ACKNOWLEDGED), seen=(NOON - timedelta(hours=1), before))
    assert [(one.before, one.after) for one in told.since.differences] == [("open", "acknowledged")]


def test_the_data_says_each_list():
    out = release_of("2.3", shipped_at=NOON - timedelta(days=3))
    told = answered(
        "customer_success", handoff_of(to_function="customer_success"), releases=RELEASES, claims=None,
        records=(out, release_of(impact="some"), ticket_of(1, opened_at=NOON)),
    ).as_data()  # fmt: skip
    (only,) = told["queues"]
    assert (told["function"], only["name"], len(only["waiting"])) == ("customer_success", "Customer success", 1)
    assert only["enablement_missing"][0]["release"] == "checkout 2.4"
    assert only["since_launch"][0]["tickets"][0]["subject"] == "acme/api#1"
