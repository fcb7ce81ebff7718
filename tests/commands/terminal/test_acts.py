"""What is typed at a terminal becomes a wish, and what was done is told."""

import argparse
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from assistant.acts import (
    ACTS,
    accept_risk,
    acknowledge,
    board_train,
    close_external,
    correct_bot,
    correct_link,
    correct_origin,
    correct_owner,
    correct_release,
    correct_shipped,
    declare_external,
    declare_freeze,
    decline_move,
    defer,
    end_release,
    end_train,
    estimate,
    freeze_scope,
    lift_freeze,
    plan_release,
    provide_enablement,
    set_train,
    snooze,
    take_review,
    withdraw_risk,
)
from assistant.desk import Done
from assistant.errors import UserError
from assistant.sentences import told
from commands.terminal import acts
from commands.terminal.meant import Meant
from commands.terminal.wishes import wished
from storage.records import Freeze, Release
from tests.builders import NOON, RELEASE, at, change_of, freeze_of, incident_of, office, release_of, ticket_of, viewer

CHANGE, LATER, DUE = "acme/api#101", "release:checkout@2.5", at("2026-12-01T17:00")
FREEZE = "freeze:api/2026-11-18"


def parsed(*words):
    parser = argparse.ArgumentParser()
    acts.add_parsers(parser.add_subparsers(required=True))
    return parser.parse_args(words)


def meant(policy=None, who="person/anna", releases=(), freezes=()):
    company = office()
    objects = ("change:acme/api#101", "ticket:acme/api#55", "change:acme/secret#9", "change:acme/web#55")
    policy = policy or company.policy
    return Meant(
        policy, viewer(who, policy), NOON, releases, freezes,
        lambda number: tuple(name for name in objects if name.endswith(f"#{number}")),
    )  # fmt: skip


def wish_of(*words, **more):
    return wished(parsed(*words), meant(**more))


WISHES = [
    (
        "release set 2.4 --target 2026-12-01 --owner me --delegate bo --delegate cem --why Fair",
        (plan_release, plan_release.Wish("checkout", "2.4", None, DUE, owner="me", delegates=("bo", "cem"), why="Fair")),
    ),
    ("release set 2.4 --no-target --no-delegates", (plan_release, plan_release.Wish("checkout", "2.4", no_target=True, delegates=()))),
    ("release set 2.4 --impact high --why x", (plan_release, plan_release.Wish("checkout", "2.4", why="x", impact="high"))),
    (
        "enablement provide 2.4 training --url https://acme.example/t",
        (provide_enablement, provide_enablement.Wish(RELEASE, "training", "https://acme.example/t", via="terminal")),
    ),
    (
        "enablement provide 2.4 training --no --why x",
        (provide_enablement, provide_enablement.Wish(RELEASE, "training", None, there=False, why="x", via="terminal")),
    ),
    ("release set checkout@2.4.0 --name Winter", (plan_release, plan_release.Wish("checkout", "2.4.0", "Winter"))),
    ("release freeze-scope 2.4", (freeze_scope, freeze_scope.Wish(RELEASE))),
    ("release freeze-scope 2.4 --open --why x", (freeze_scope, freeze_scope.Wish(RELEASE, frozen=False, why="x"))),
    ("release cancel v2.4 --why x", (end_release, end_release.Wish(RELEASE, "cancelled", "x"))),
    ("release supersede 2.4 --by 2.5", (end_release, end_release.Wish(RELEASE, "superseded", "", "2.5"))),
    ("release board 2.4 --train weekly", (board_train, board_train.Wish(RELEASE, "weekly"))),
    ("release board 2.4 --off", (board_train, board_train.Wish(RELEASE, None))),
    ("freeze declare --service api --until 2026-12-01 --why x", (declare_freeze, declare_freeze.Wish(("api",), NOON, DUE, "x"))),
    (
        "freeze declare --from tomorrow --until 2026-12-01",
        (declare_freeze, declare_freeze.Wish((), at("2026-11-19T17:00"), DUE, "")),
    ),
    ("freeze lift api/2026-11-18 --why x", (lift_freeze, lift_freeze.Wish(FREEZE, "x"))),
    (
        "train set weekly --on tue --at 14:00 --zone Europe/Berlin --every 2 --first 2026-11-24 --owner bo",
        (set_train, set_train.Wish("weekly", "checkout", 1, time(14), "Europe/Berlin", 2, date(2026, 11, 24), "bo")),
    ),
    ("train end weekly --why x", (end_train, end_train.Wish("weekly", "x"))),
    ("accept 2.4 acme/api#101 --why x", (accept_risk, accept_risk.Wish(RELEASE, f"change:{CHANGE}", "x"))),
    ("accept 2.4 #101 --until 2026-12-01", (accept_risk, accept_risk.Wish(RELEASE, f"change:{CHANGE}", "", DUE))),
    ("accept 2.4 ACME/Api#101", (accept_risk, accept_risk.Wish(RELEASE, f"change:{CHANGE}", ""))),
    ("accept 2.4 https://github.com/acme/api/issues/55#x", (accept_risk, accept_risk.Wish(RELEASE, "ticket:acme/api#55", ""))),
    (f"accept 2.4 {FREEZE}", (accept_risk, accept_risk.Wish(RELEASE, FREEZE, ""))),
    ("defer 2.4 acme/api#101 --to 2.5 --why x", (defer, defer.Wish(RELEASE, f"change:{CHANGE}", LATER, "x"))),
    ("withdraw 2.4 acme/api#101", (withdraw_risk, withdraw_risk.Wish(RELEASE, f"change:{CHANGE}"))),
    ("attend acknowledge acme/api#101", (acknowledge, acknowledge.Wish(f"change:{CHANGE}"))),
    ("attend acknowledge pagerduty/Q1", (acknowledge, acknowledge.Wish("incident:pagerduty/Q1"))),
    ("attend snooze ACME/api#101", (snooze, snooze.Wish(f"change:{CHANGE}", "tomorrow"))),
    ("attend snooze #101 --until next-week", (snooze, snooze.Wish(f"change:{CHANGE}", "next week"))),
    ("attend decline release:checkout@2.4", (decline_move, decline_move.Wish(RELEASE))),
    ("attend take https://github.com/acme/api/pull/101", (take_review, take_review.Wish(f"change:{CHANGE}"))),
    ("estimate 2.4 acme/api#101 2026-12-01", (estimate, estimate.Wish(RELEASE, f"change:{CHANGE}", DUE))),
    (
        "external declare 2.4 Legal --until 2026-12-01 --owner bo --url https://x.example",
        (declare_external, declare_external.Wish(RELEASE, "Legal", DUE, "bo", "https://x.example")),
    ),
    ("external close 2.4 Legal", (close_external, close_external.Wish(RELEASE, "Legal"))),
    ("correct owner acme/api#101 bo --why x", (correct_owner, correct_owner.Wish(f"change:{CHANGE}", "bo", "x"))),
    ("correct origin acme/api#101 AI-heavy --why x", (correct_origin, correct_origin.Wish(f"change:{CHANGE}", "ai_heavy", "x"))),
    (
        "correct release acme/api#101 2.5 --not --why x",
        (correct_release, correct_release.Wish(f"change:{CHANGE}", LATER, belongs=False, why="x")),
    ),
    (
        "correct link acme/api#101 acme/api#55 --why x",
        (correct_link, correct_link.Wish(f"change:{CHANGE}", "ticket:acme/api#55", linked=True, why="x")),
    ),
    ("correct shipped acme/api#101 --why x", (correct_shipped, correct_shipped.Wish(f"change:{CHANGE}", "x"))),
    ("correct shipped 2.4 --at today --why x", (correct_shipped, correct_shipped.Wish(RELEASE, "x", at("2026-11-18T17:00")))),
    ("correct bot @robo --not --why x", (correct_bot, correct_bot.Wish("@robo", is_bot=False, why="x"))),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), WISHES, ids=[line for line, _ in WISHES])
def test_a_line_is_a_wish(line, expected):
    act, wish = expected
    assert wish_of(*line.split()) == (act.NAME, wish)


def test_every_act_but_linking_and_those_of_other_commands_has_its_line_above():
    of_digests = {"subscribe", "pause_subscription", "resume_subscription", "end_subscription"}  # `lastmile digest`
    others = {name for name in ACTS if name.endswith(("_handoff", "_round"))} | {"hand_off"}  # … `handoff`, `round`
    assert {act.NAME for _, (act, _) in WISHES} | {"link_account"} | of_digests | others == set(ACTS)


# Names


def test_a_version_that_several_products_have_is_asked_back():
    releases = (release_of("2.4"), release_of("2.4", "shop"))
    with pytest.raises(UserError, match=r"is checkout 2.4 or shop 2.4: say which with --product"):
        wish_of("release", "cancel", "2.4", releases=releases)


def test_a_planned_release_is_meant_by_its_version_name_or_product_and_version():
    releases = (release_of("3", "shop", name="Spring"), release_of("2.4"))
    for text in ("3", "spring", "shop 3", "shop@3", "v3.0", "release:shop@3"):
        assert wish_of("release", "cancel", text, releases=releases)[1].release == "release:shop@3"


def test_a_product_is_named_by_its_key_or_name():
    for product in ("checkout", "Checkout App", "CHECKOUT"):
        assert wish_of("release", "cancel", "2.4", "--product", product)[1].release == RELEASE


def test_a_new_version_of_one_of_several_products_is_asked_back_by_those_one_may_see():
    with pytest.raises(UserError, match=r"one of: checkout, vault"):
        wish_of("release", "set", "9", who="person/dee")


def test_where_no_product_is_configured_everything_is_the_workspaces():
    from assistant.policy import Policy

    assert wish_of("release", "set", "9", policy=Policy())[1] == plan_release.Wish("workspace", "9")


def test_the_plan_of_a_known_release_keeps_its_written_version():
    release = Release(RELEASE, "checkout", "2.4.0", "2.4.0", NOON)
    assert wish_of("release", "set", "v2.4", releases=(release,))[1].version == "2.4.0"


def test_a_number_that_several_repositories_have_is_asked_back():
    with pytest.raises(UserError, match="acme/api#55 or acme/web#55: say which"):
        wish_of("correct", "owner", "#55", "bo", who="person/dee")


def test_a_number_of_a_hidden_repository_is_no_answer():
    assert wish_of("accept", "2.4", "#9")[1].blocker == "#9"
    assert wish_of("accept", "2.4", "acme/secret#9")[1].blocker == "acme/secret#9"


def test_a_freeze_is_meant_by_its_service_where_only_one_stands():
    one, other = freeze_of(FREEZE), freeze_of("freeze:api/2026-12-24")
    assert wish_of("freeze", "lift", "API", freezes=(one,))[1].freeze == FREEZE
    with pytest.raises(UserError, match="say which"):
        wish_of("freeze", "lift", "api", freezes=(one, other))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("train set w --on noday --at 14:00", "no day of the week"),
        ("train set w --on m --at 14:00", "no day of the week"),
        ("train set w --on mon --at 25:00", "no time of day"),
        ("train set w --on mon --at 14:00 --first soon", "is no day"),
        ("estimate 2.4 #101 3/4", "could be two dates"),
        ("freeze declare --until soon", "no date I can read"),
    ],
)
def test_words_that_mean_no_time_are_refused_with_how_to_write_one(line, said):
    with pytest.raises(UserError, match=said):
        wish_of(*line.split())


TWO = ("incident:cdevents/errors-7@monitoring", "incident:cdevents/errors-8@ci", "incident:cdevents/errors-8@probe")


def test_an_incident_is_meant_by_its_id_where_only_one_is_called_so():
    reading = replace(meant(), incidents=lambda name: tuple(one for one in TWO if name in {one, one.partition("@")[0]}))
    assert reading.subject("cdevents/errors-7") == TWO[0]
    assert reading.subject("cdevents/errors-8@ci") == TWO[1]
    assert reading.subject("cdevents/errors-9") == "cdevents/errors-9"
    with pytest.raises(UserError, match="is cdevents/errors-8@ci or cdevents/errors-8@probe: say which"):
        reading.subject("cdevents/errors-8")


def test_the_help_of_a_link_says_what_the_other_is_and_that_incidents_are_meant_too(capsys):
    with pytest.raises(SystemExit):
        parsed("correct", "link", "--help")
    said = " ".join(capsys.readouterr().out.split())
    assert "an incident, such as pagerduty/Q1 or cdevents/errors-7" in said
    assert "OTHER the other of the two; what an incident came from is a change (acme/api#101)" in said


@pytest.mark.parametrize(
    "line", ["accept", "accept 2.4", "release", "release board 2.4", "freeze declare", "link gitlab x"]
)
def test_half_a_line_is_refused_by_the_grammar(line, capsys):
    with pytest.raises(SystemExit):
        parsed(*line.split())
    assert "usage" in capsys.readouterr().err


# Doing it


class InMemory:
    """A desk over an office: the same acts, folds and sentences, without a database."""

    def __init__(self, *records):
        self.office, self.ledger = office(*records), self
        self.policy = self.office.policy

    def act(self, name, wish, who, now):
        outcome = self.office.act(ACTS[name], wish, who.key, now)
        if not isinstance(outcome, tuple):
            raise UserError(outcome.reason)
        return Done(told(outcome, who, self.policy), outcome)

    def known_releases(self, _who, _now):
        return tuple(record for record in self.office.records().values() if isinstance(record, Release))

    def known_freezes(self, _who, _now):
        return tuple(record for record in self.office.records().values() if isinstance(record, Freeze))

    def known_incidents(self, name, _who):
        return tuple(one for one in self.office.records() if one == name or one.startswith(f"{name}@"))

    def find_change(self, number):
        return tuple(name for name in self.office.records() if name.endswith(f"#{number}"))


def do(desk, line, who="person/anna", hours=0):
    return acts.perform(parsed(*line.split()), desk, viewer(who, desk.policy), NOON + timedelta(hours=hours))


def test_a_release_is_planned_and_a_hard_gate_let_through_by_two():
    desk = InMemory(ticket_of(55, labels=("blocker",)))
    assert "is due Tuesday 1 December 2026, 17:00 (UTC)" in do(desk, "release set 2.4 --target 2026-12-01")
    assert "hard gate" in do(desk, "accept 2.4 #55 --why Rare", hours=1)
    with pytest.raises(UserError, match="second person"):
        do(desk, "accept 2.4 #55 --why Rare", hours=2)
    assert "confirmed by you" in do(desk, "accept 2.4 #55", "person/bo", hours=3)


def test_a_link_is_corrected_of_an_incident_that_is_called_by_its_id():
    desk = InMemory(incident_of("errors-7@monitoring/prod", source="cdevents", url=None), change_of())
    assert do(desk, "correct link cdevents/errors-7 acme/api#101 --why Seen")
    assert desk.office.events[-1].object == "incident:cdevents/errors-7@monitoring/prod"


def test_a_refusal_reaches_the_person():
    desk = InMemory(change_of())
    do(desk, "release set 2.4")
    with pytest.raises(UserError, match="Only Anna Berg may decide"):
        do(desk, "release cancel 2.4 --why x", "person/bo")


def test_freezes_are_listed_by_the_name_that_lifts_them():
    desk = InMemory()
    assert do(desk, "freeze list") == "Nothing is frozen."
    do(desk, "freeze declare --until 2026-12-01 --why Sale", "person/bo")
    assert do(desk, "freeze list") == (
        "all/2026-11-18  every service  Wednesday 18 November 2026, 12:00 (UTC) to "
        "Tuesday 1 December 2026, 17:00 (UTC): Sale"
    )
    assert "lifted" in do(desk, "freeze lift all/2026-11-18 --why Over", "person/bo", hours=1)


def test_claiming_an_account_gives_a_new_code_each_time():
    desk = InMemory()
    first, second = do(desk, "link github eve-dev"), do(desk, "link github eve-dev", hours=1)
    assert "lastmile-link: " in first
    assert first != second


# Through the command line


def test_the_command_line_plans_and_refuses(lastmile):
    done = lastmile("release", "set", "2.4", "--product", "checkout", "--target", "in 3 days")
    assert (done.status, done.err) == (0, "")
    assert "checkout 2.4 is planned." in done.out
    moved = lastmile("release", "set", "2.4", "--product", "checkout", "--target", "in 9 days")
    assert moved.status == 2
    assert "say why it moves" in moved.err
    assert lastmile("freeze", "list").out == "Nothing is frozen.\n"
