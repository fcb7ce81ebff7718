"""What was decided, told back to whoever decided it."""

from datetime import time, timedelta

import pytest

from assistant import sentences
from assistant.acts import (
    accept_risk,
    close_external,
    correct_bot,
    correct_link,
    correct_origin,
    correct_owner,
    correct_release,
    correct_shipped,
    declare_external,
    declare_freeze,
    defer,
    end_release,
    estimate,
    freeze_scope,
    plan_release,
    set_train,
    withdraw_risk,
)
from assistant.sentences import told
from tests.builders import NOON, RELEASE, at, change_of, office, ticket_of, viewer
from tests.handing import Hands, as_viewer

CHANGE, BUG, DUE = "acme/api#101", "acme/api#55", at("2026-12-01T16:00")


def said(steps, who="person/anna"):
    """What the last of several acts is told back as, in Berlin."""
    company = office(change_of(), ticket_of(labels=("blocker",)))
    outcome = ()
    for hour, (act, wish, *by) in enumerate(steps):
        outcome = company.act(act, wish, by[0] if by else who, NOON + timedelta(hours=hour))
        assert isinstance(outcome, tuple), outcome
    return told(outcome, viewer(who, company.policy, zone="Europe/Berlin"), company.policy)


PLAN = (plan_release, plan_release.Wish("checkout", "2.4", target=DUE, delegates=("bo",)))


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (
            [PLAN],
            (
                "checkout 2.4 is planned. checkout 2.4 is due Tuesday 1 December 2026, 17:00 (Europe/Berlin). "
                "Anna Berg owns checkout 2.4. bo may decide about checkout 2.4 too."
            ),
        ),
        (
            [PLAN, (plan_release, plan_release.Wish("checkout", "2.4", no_target=True, why="x"))],
            "checkout 2.4 has no target.",
        ),
        ([PLAN, (plan_release, plan_release.Wish("checkout", "2.4", delegates=()))], "checkout 2.4 has no delegates."),
        ([PLAN, (freeze_scope, freeze_scope.Wish(RELEASE))], "The scope of checkout 2.4 is frozen."),
        ([PLAN, (end_release, end_release.Wish(RELEASE, "cancelled", "x"))], "checkout 2.4 is cancelled."),
        (
            [PLAN, (accept_risk, accept_risk.Wish(RELEASE, CHANGE, "x", DUE))],
            "acme/api#101 is an accepted risk of checkout 2.4 until Tuesday 1 December 2026, 17:00 (Europe/Berlin).",
        ),
        (
            [PLAN, (accept_risk, accept_risk.Wish(RELEASE, BUG, "x", DUE))],
            (
                "acme/api#55 is a hard gate: it still blocks checkout 2.4 until somebody else confirms by doing the same. "
                "Proposed until Tuesday 1 December 2026, 17:00 (Europe/Berlin)."
            ),
        ),
        (
            [
                PLAN,
                (accept_risk, accept_risk.Wish(RELEASE, BUG, "x", DUE)),
                (accept_risk, accept_risk.Wish(RELEASE, BUG, ""), "person/cem"),
            ],
            (
                "acme/api#55 is an accepted risk of checkout 2.4 until Tuesday 1 December 2026, 17:00 (Europe/Berlin), "
                "proposed by Anna Berg and confirmed by you."
            ),
        ),
        (
            [PLAN, (defer, defer.Wish(RELEASE, CHANGE, "release:checkout@2.5", "x", DUE))],
            "acme/api#101 is deferred from checkout 2.4 to checkout 2.5 until Tuesday 1 December 2026, 17:00 (Europe/Berlin).",
        ),
        (
            [
                PLAN,
                (accept_risk, accept_risk.Wish(RELEASE, CHANGE, "x")),
                (withdraw_risk, withdraw_risk.Wish(RELEASE, CHANGE)),
            ],
            "acme/api#101 blocks checkout 2.4 again.",
        ),
        (
            [(estimate, estimate.Wish(RELEASE, CHANGE, DUE))],
            "Your estimate: acme/api#101 is gone by Tuesday 1 December 2026, 17:00 (Europe/Berlin).",
        ),
        (
            [(declare_freeze, declare_freeze.Wish((), NOON, DUE, "x"), "person/bo")],
            (
                "Deployments of every service are frozen from Wednesday 18 November 2026, 13:00 (Europe/Berlin) "
                "to Tuesday 1 December 2026, 17:00 (Europe/Berlin)."
            ),
        ),
        (
            [(set_train, set_train.Wish("Weekly", "checkout", 1, time(14), "UTC", 2))],
            "Weekly leaves every 2 weeks on Tuesday at 14:00 (UTC), from 2026-11-24 on.",
        ),
        ([(declare_external, declare_external.Wish(RELEASE, "Legal"))], "checkout 2.4 waits for Legal."),
        (
            [
                (declare_external, declare_external.Wish(RELEASE, "Legal")),
                (close_external, close_external.Wish(RELEASE, "Legal")),
            ],
            "That wait is over.",
        ),
        ([(correct_owner, correct_owner.Wish(CHANGE, "bo", "x"))], "The next move on acme/api#101 is bo's."),
        (
            [(correct_owner, correct_owner.Wish(CHANGE, None, "x"))],
            "The next move on acme/api#101 is whose it was found to be.",
        ),
        ([(correct_origin, correct_origin.Wish(CHANGE, "ai_heavy", "x"))], "The origin of acme/api#101 is ai-heavy."),
        (
            [(correct_release, correct_release.Wish(CHANGE, RELEASE, belongs=False, why="x"))],
            "acme/api#101 does not belong to checkout 2.4.",
        ),
        (
            [(correct_link, correct_link.Wish(CHANGE, BUG, linked=False, why="x"))],
            "acme/api#101 is not linked to acme/api#55.",
        ),
        ([(correct_shipped, correct_shipped.Wish(CHANGE, "x", shipped=False))], "acme/api#101 has not shipped."),
        ([(correct_bot, correct_bot.Wish("robo", is_bot=True, why="x"))], "github/robo is a bot."),
    ],
)
def test_each_act_is_told_back_in_the_zone_of_whoever_did_it(steps, words):
    assert said(steps) == words


LEFT = "Not ticked: What needs testing, Risky areas, Test data, Rollback."
HANDED = [
    (
        [("hand_off", "bo", ("handoff:2", "qa", "customer_success", RELEASE, "Tell them"), {"gating": False})],
        'Customer success gets "Tell them", about checkout 2.4, due Thursday 19 November 2026, 23:00 (Europe/Berlin).',
    ),
    (
        [
            (
                "hand_off",
                "bo",
                ("handoff:2", "qa", "product", "ticket:jira/SHOP#12", "Look"),
                {"receiver": "fay", "due_at": DUE},
            )
        ],
        (
            'Fay Lund gets "Look", about SHOP-12, due Tuesday 1 December 2026, 17:00 (Europe/Berlin). '
            "Until it is done, it holds that up."
        ),
    ),
    ([("acknowledge_handoff", "bo", (), {})], "You have it."),
    ([("finish_handoff", "bo", ("build 812",), {})], f"Done, having looked at build 812. {LEFT}"),
    (
        [("finish_handoff", "bo", ("build 812",), {"ticked": ("Risky areas", "Rollback")})],
        "Done, having looked at build 812. Not ticked: What needs testing, Test data.",
    ),
    (
        [("hand_off", "bo", ("handoff:1b", "qa", "sre", RELEASE, "Go"), {"gating": False, "due_at": DUE})],
        'SRE gets "Go", about checkout 2.4, due Tuesday 1 December 2026, 17:00 (Europe/Berlin).',
    ),
    (
        [("finish_handoff", "bo", ("build 812",), {"risk": "no tablets"})],
        "Done, having looked at build 812, with a risk that you accept: no tablets. " + LEFT,
    ),
    ([("return_handoff", "bo", ("It does not start",), {})], "Returned: It does not start"),
    (
        [("return_handoff", "bo", ("x",), {}), ("resend_handoff", "anna", (), {})],
        "Sent again, due Friday 20 November 2026, 14:00 (Europe/Berlin).",
    ),
    (
        [("return_handoff", "bo", ("x",), {}), ("resend_handoff", "anna", (), {"due_at": DUE})],
        "Sent again, due Tuesday 1 December 2026, 17:00 (Europe/Berlin).",
    ),
    ([("withdraw_handoff", "anna", (), {})], "Withdrawn: nobody has to do it any more."),
    ([("reassign_handoff", "bo", ("design",), {})], "Design has it now."),
    ([("reassign_handoff", "bo", (None, "cho"), {})], "Cho Min has it now."),
    ([("reschedule_handoff", "anna", (DUE,), {})], "It is due Tuesday 1 December 2026, 17:00 (Europe/Berlin)."),
    (
        [("snooze_handoff", "bo", ("tomorrow",), {})],
        "You are not reminded of it until Thursday 19 November 2026, 09:00 (Europe/Berlin).",
    ),
]


@pytest.mark.parametrize(("steps", "words"), HANDED)
def test_what_somebody_does_about_a_handoff_is_told_back_to_them(steps, words):
    hands, outcome, who = Hands.with_one(ticket_of(12, "jira/SHOP")), (), "anna"
    for hour, (name, who, values, more) in enumerate(steps):
        wish = values if name == "hand_off" else ("handoff:1", *values)
        outcome = hands.act(name, who, NOON + timedelta(hours=hour), *wish, zone="Europe/Berlin", **more)
        assert isinstance(outcome, tuple), outcome
    assert told(outcome, as_viewer(who, hands.policy, "Europe/Berlin"), hands.policy) == words


def test_where_seconds_are_configured_the_proposal_names_the_others():
    company = office(ticket_of(labels=("blocker",)), more='[decide]\nseconds = ["anna", "dee"]')
    company.act(*PLAN)
    events = company.act(accept_risk, accept_risk.Wish(RELEASE, BUG, "x"))
    assert "until dee confirms" in told(events, viewer("person/anna", company.policy), company.policy)


def test_every_kind_that_an_act_can_state_has_its_sentence():
    import re
    from pathlib import Path

    import assistant.acts

    prefixes = "release|risk|blocker|freeze|train|external|corrected|account|subscription|attention|handoff|round"
    stated = {
        kind
        for path in Path(assistant.acts.__file__).parent.glob("*.py")
        for kind in re.findall(rf'"((?:{prefixes})\.[a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(stated) > 20
    assert stated <= set(sentences._SAID)
