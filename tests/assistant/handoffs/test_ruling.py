"""Which events does a rule speak of, and what does it ask for?"""

from datetime import timedelta

import pytest

from assistant.handoffs.ruling import KINDS, actor_of, fits, kinds_of, said, told, too_late, wishes
from assistant.handoffs.standing import standing_of
from assistant.people import people_of
from assistant.policy.handing import RuleEntry
from assistant.policy.loading import PolicyError
from storage.records import HandoffState, KnownEvent
from tests.builders import NOON, change_of, ticket_of
from tests.handing import company, handoff_of

POLICY = company()
HOUR = timedelta(hours=1)


def rule(**more):
    given = {"source": "github", "does": "open", "from": "engineering", "to": "design", "label": "needs design"}
    given |= more
    if {"status", "review"} & more.keys():
        del given["label"]
    return RuleEntry.model_validate(given)


def happened(kind="change.labeled", source="github", about="change:acme/api#101", actor="github/anna", **data):
    repository = about.partition(":")[2].partition("#")[0]
    said = data or {"target": "Needs  design"}
    return KnownEvent(f"{about}|{kind}|1", about, kind, NOON, NOON, source, actor, repository, said)


def speaks(one, event, policy=POLICY, before=()):
    return fits(one, event, told(event, before), policy)


def test_a_label_that_was_just_added_fits_in_any_case_and_spacing():
    assert speaks(rule(), happened())
    assert not speaks(rule(), happened(target="needs more"))
    assert not speaks(rule(), happened("change.unlabeled"))
    assert not speaks(rule(source="jira"), happened())


@pytest.mark.parametrize(("globs", "fit"), [(["acme/api"], True), (["ACME/*"], True), (["acme/web", "x/*"], False)])
def test_a_rule_may_be_of_some_repositories(globs, fit):
    assert speaks(rule(**{"in": globs}), happened()) is fit


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("ticket.closed", "closed"),
        ("ticket.reopened", "open"),
        ("change.merged", "merged"),
        ("change.abandoned", "closed"),
    ],
)
def test_what_happens_on_github_is_a_status_too(kind, status):
    assert speaks(rule(status=status), happened(kind, snapshot={"title": "Any"}))
    assert not speaks(rule(status="elsewhere"), happened(kind, snapshot={"title": "Any"}))


@pytest.mark.parametrize(
    ("by", "actor", "association", "fit"),
    [
        (None, "github/cho", "MEMBER", True),
        (None, "github/stranger", "NONE", False),
        (None, "github/checker[bot]", "MEMBER", False),
        ("qa", "github/cho", "NONE", True),
        ("qa", "github/anna", "OWNER", False),
        ("qa", None, "OWNER", False),
    ],
)
def test_a_review_counts_of_the_function_or_of_whom_the_repository_trusts(by, actor, association, fit):
    event = happened("change.reviewed", actor=actor, state="approved", association=association)
    assert speaks(rule(review="approved", by=by), event) is fit
    assert not speaks(rule(review="changes_requested", by=by), event)


def test_a_label_too_may_count_of_one_function_only():
    assert not speaks(rule(by="qa"), happened())
    assert speaks(rule(by="qa"), happened(actor="github/Cho"))


def test_a_new_issue_of_jira_has_its_first_status_and_labels_just_now():
    event = happened("ticket.created", "jira", snapshot={"labels": ["needs design"], "status": "To Do"})
    assert speaks(rule(source="jira"), event)
    assert speaks(rule(source="jira", status="to do"), event)
    shown = happened("ticket.updated", "jira", snapshot={"labels": ["needs design"], "status": "To Do"})
    assert not speaks(rule(source="jira"), shown), "what is only shown is not new"


def test_of_cdevents_only_what_was_not_there_before_is_new():
    event = happened("ticket.updated", "cdevents", snapshot={"labels": ["bug", "needs design"], "status": "Ready"})
    before = happened("ticket.created", "cdevents", snapshot={"labels": ["bug"], "status": "Ready"})
    assert told(event, (before,)).labels == ("needs design",)
    assert told(event, (before,)).status is None
    assert told(event).status == "Ready"
    assert told(happened("ticket.closed", "cdevents", snapshot={"number": 1})).status == "closed"


def test_only_the_kinds_of_events_of_the_rules_are_looked_at():
    assert kinds_of(POLICY) == ()
    some = company('[[handoffs.rules]]\nsource = "jira"\ndoes = "open"\nfrom = "qa"\nto = "sre"\nlabel = "x"\n')
    assert kinds_of(some) == KINDS["jira"]


def test_what_is_older_than_two_days_is_history():
    assert not too_late(happened(), NOON + 48 * HOUR)
    assert too_late(happened(), NOON + 49 * HOUR)


def asked(one, event=None, *handoffs, thing=None, later=()):
    stands = [standing_of(each, later, people_of(POLICY), NOON) for each in handoffs]
    return wishes(one, event or happened(), thing or change_of(), stands)


def open_one(**more):
    given = {"from_function": "engineering", "to_function": "design", "about": "change:acme/api#101"}
    return handoff_of(**(given | {"opened_at": NOON - HOUR, "state_at": NOON - HOUR} | more))


def test_it_is_opened_under_a_name_that_only_this_rule_and_event_give():
    (first,), (again,) = asked(rule()), asked(rule())
    assert first.act == "hand_off"
    assert first.wish == again.wish
    assert first.wish.handoff != asked(rule(does="open", to="qa"))[0].wish.handoff
    assert (first.wish.rule, first.wish.via) == ('GitHub label "needs design"', "github")
    assert first.wish.needed == 'acme/api#101 Change 101: it got the label "needs design" in GitHub'
    assert asked(rule(needed="Look at it"))[0].wish.needed == "Look at it"
    assert asked(rule(gating=False))[0].wish.gating is False


@pytest.mark.parametrize("state", [HandoffState.OPEN, HandoffState.ACKNOWLEDGED])
def test_nothing_is_opened_that_somebody_has_in_hand(state):
    assert asked(rule(), None, open_one(state=state)) == ()
    assert len(asked(rule(), None, open_one(state=state, about="change:acme/api#102"))) == 1
    assert len(asked(rule(), None, open_one(state=state, to_function="qa"))) == 1


def test_what_was_returned_is_sent_again_and_what_is_done_is_handed_over_anew():
    assert [one.act for one in asked(rule(), None, open_one(state=HandoffState.RETURNED))] == ["resend_handoff"]
    assert [one.act for one in asked(rule(), None, open_one(state=HandoffState.DONE))] == ["hand_off"]
    assert asked(rule(), None, open_one(state=HandoffState.DONE, state_at=NOON + HOUR)) == (), "decided since"


@pytest.mark.parametrize(
    ("does", "state", "act"),
    [
        ("acknowledge", HandoffState.OPEN, "acknowledge_handoff"),
        ("acknowledge", HandoffState.ACKNOWLEDGED, None),
        ("done", HandoffState.OPEN, "finish_handoff"),
        ("done", HandoffState.ACKNOWLEDGED, "finish_handoff"),
        ("done", HandoffState.RETURNED, None),
        ("done", HandoffState.WITHDRAWN, None),
        ("return", HandoffState.ACKNOWLEDGED, "return_handoff"),
        ("return", HandoffState.DONE, None),
    ],
)
def test_only_what_waits_for_an_answer_gets_one(does, state, act):
    assert [one.act for one in asked(rule(does=does), None, open_one(state=state))] == ([act] if act else [])


def test_what_was_decided_after_the_event_stays():
    assert asked(rule(does="done"), None, open_one(state_at=NOON + HOUR)) == ()


def test_done_names_the_commit_that_was_reviewed_or_where_the_change_stood():
    event = happened("change.reviewed", state="approved", sha="b" * 40, url="https://github.example/r")
    (made,) = asked(rule(does="done", review="approved"), event, open_one())
    assert (made.wish.looked_at, made.wish.as_of, made.wish.url) == ("b" * 12, NOON, "https://github.example/r")
    (made,) = asked(rule(does="done"), None, open_one(), thing=change_of(head_sha="c" * 40))
    assert made.wish.looked_at == "c" * 12
    (made,) = asked(rule(does="done"), None, open_one(), thing=ticket_of(12, "jira/SHOP"))
    assert made.wish.looked_at == 'SHOP-12, GitHub label "needs design"'


def test_what_goes_back_says_why():
    event = happened("change.reviewed", state="changes_requested", sha="b" * 40)
    (made,) = asked(rule(does="return", review="changes_requested"), event, open_one())
    assert made.wish.why == "acme/api#101: changes were asked for in a review on GitHub"
    assert said(rule(review="changes_requested")) == "GitHub review: changes requested"


@pytest.mark.parametrize(
    ("actor", "key", "sees"),
    [
        ("github/anna", "person/anna", {"acme/*", "acme/api"}),
        ("github/eve", "github/eve", {"acme/api"}),
        (None, "github/GitHub", {"acme/api"}),
    ],
)
def test_whoever_did_it_there_is_who_acts_here(actor, key, sees):
    who = actor_of(happened(actor=actor), POLICY)
    assert (who.key, who.by_rule, who.sees) == (key, True, frozenset(sees))


def test_a_guest_stays_one():
    policy = company('[people.pat]\ngithub = ["pat"]\nguest = true\n')
    assert not actor_of(happened(actor="github/pat"), policy).inside


@pytest.mark.parametrize(
    "more",
    [
        'source = "jira"\ndoes = "open"\nfrom = "qa"\nto = "sre"',
        'source = "jira"\ndoes = "open"\nfrom = "qa"\nto = "sre"\nlabel = "x"\nstatus = "y"',
        'source = "jira"\ndoes = "done"\nfrom = "qa"\nto = "sre"\nreview = "approved"',
        'source = "jira"\ndoes = "open"\nfrom = "nobody"\nto = "sre"\nlabel = "x"',
    ],
)
def test_a_rule_that_says_too_little_or_too_much_is_refused(more):
    with pytest.raises(PolicyError):
        company(f"[[handoffs.rules]]\n{more}\n")
