"""What is typed about a handoff becomes a wish about the one that is meant."""

import argparse
from datetime import timedelta

import pytest

from assistant.acts import (
    acknowledge_handoff,
    finish_handoff,
    hand_off,
    reassign_handoff,
    reschedule_handoff,
    resend_handoff,
    return_handoff,
    snooze_handoff,
    withdraw_handoff,
)
from assistant.errors import UserError
from commands.handing.signing import UNKNOWN_BUILD
from commands.terminal import handing
from commands.terminal.handoff_wishes import Saying, new_handoff, ticked, told, wished
from tests.builders import NOON, at
from tests.handing import CHANGE, RELEASE, as_viewer, changed, desk_of, done, handed, planned

ONE, VIA = "handoff:a1b2c3d4e5f60718", {"via": "terminal"}
POINTS = ("What needs testing", "Risky areas", "Test data", "Rollback")


@pytest.fixture
def desk(sqlite_ledger):
    made = desk_of(sqlite_ledger)
    planned(made)
    changed(sqlite_ledger, head_sha="ab12cd34" * 5)
    handed(made, handoff=ONE)
    return made


def parsed(*words):
    parser = argparse.ArgumentParser()
    handing.add_parsers(parser.add_subparsers(required=True))
    return parser.parse_args(["handoff", *words])


def wish_of(desk, *words, who="anna"):
    return wished(parsed(*words), Saying(desk, as_viewer(who), NOON))


WISHES = [
    ("ack a1b2", (acknowledge_handoff, acknowledge_handoff.Wish(ONE, **VIA))),
    ("ack HANDOFF:A1", (acknowledge_handoff, acknowledge_handoff.Wish(ONE, **VIA))),
    ("return a1 --why Broken", (return_handoff, return_handoff.Wish(ONE, "Broken", **VIA))),
    ("resend a1 --why Mended", (resend_handoff, resend_handoff.Wish(ONE, "Mended", **VIA))),
    ("withdraw a1", (withdraw_handoff, withdraw_handoff.Wish(ONE, "", **VIA))),
    ("reassign a1 --to design --why Colours", (reassign_handoff, reassign_handoff.Wish(ONE, "design", None, "Colours", **VIA))),
    ("reassign a1 --receiver bo", (reassign_handoff, reassign_handoff.Wish(ONE, None, "bo", **VIA))),
    ("due a1 2026-12-01", (reschedule_handoff, reschedule_handoff.Wish(ONE, at("2026-12-01T17:00"), **VIA))),
    ("snooze a1", (snooze_handoff, snooze_handoff.Wish(ONE, "tomorrow", **VIA))),
    ("snooze a1 --until next-week", (snooze_handoff, snooze_handoff.Wish(ONE, "next week", **VIA))),
    ("done a1 v1", (finish_handoff, finish_handoff.Wish(ONE, "v1", **VIA))),
    (
        "done a1 v1 --tick 1 --tick risky --risk Rare --url https://x.example --as-of 2026-11-17",
        (
            finish_handoff,
            finish_handoff.Wish(ONE, "v1", POINTS[:2], "Rare", at("2026-11-17T17:00"), "https://x.example", **VIA),
        ),
    ),
    ("done a1 v1 --all", (finish_handoff, finish_handoff.Wish(ONE, "v1", POINTS, **VIA))),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), WISHES, ids=[line for line, _ in WISHES])
def test_a_line_is_a_wish(desk, line, expected):
    act, wish = expected
    assert wish_of(desk, *line.split()) == (act.NAME, wish)


@pytest.mark.parametrize(
    ("about", "meant"),
    [
        ("2.4", RELEASE), ("release checkout 2.4", RELEASE), ("service api", "service:api"), ("acme/api#101", CHANGE),
        ("#101", CHANGE),
    ],
)  # fmt: skip
def test_it_is_about_what_the_words_mean(desk, about, meant):
    name, wish = wish_of(desk, "new", about, "Test it", "--to", "qa")
    assert (name, wish.about, wish.needed, wish.via) == (hand_off.NAME, meant, "Test it", "terminal")
    assert wish.handoff.startswith("handoff:")


def test_what_is_not_said_is_as_the_pair_says(desk):
    wish = wish_of(desk, "new", "2.4", "Test it", "--to", "qa")[1]
    said = (wish.from_function, wish.to_function, wish.receiver, wish.due_at, wish.gating, wish.checklist, wish.links)
    assert said == ("engineering", "qa", None, None, None, None, ())
    assert wish_of(desk, "new", "2.4", "Test it", "--to", "cs", who="bo")[1].from_function == "qa"
    assert wish_of(desk, "new", "2.4", "Test it", "--to", "cs", who="slack/U9")[1].from_function == "engineering"


def test_all_that_can_be_said_is_in_it(desk):
    wish = wish_of(
        desk, "new", "2.4", "Tell support", "--from", "qa", "--to", "cs", "--receiver", "eve", "--due", "2026-12-01",
        "--no-gating", "--check", "Brief", "--check", "Limits", "--link", "https://x.example", "--after", "a1",
    )[1]  # fmt: skip
    assert (wish.from_function, wish.to_function, wish.receiver, wish.due_at) == (
        "qa",
        "cs",
        "eve",
        at("2026-12-01T17:00"),
    )
    assert (wish.gating, wish.checklist, wish.links, wish.previous) == (
        False,
        ("Brief", "Limits"),
        ("https://x.example",),
        ONE,
    )


def test_it_is_handed_on_about_the_same(desk):
    wish = wish_of(desk, "done", "a1", "v1", "--then", "cs", "--need", "Tell support", "--receiver", "eve")[1]
    then = wish.then
    assert (then.from_function, then.to_function, then.about, then.needed) == ("qa", "cs", RELEASE, "Tell support")
    assert (then.receiver, then.previous, then.handoff != ONE) == ("eve", ONE, True)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ack zz", "no such handoff"),
        ("ack handoff:", "no such handoff"),
        ("done a1 v1 --need Tell", "Say with --then"),
        ("done a1 v1 --tick 9", r'"9" is no point of the checklist. There are: 1 What needs testing; 2 Risky'),
        ("due a1 soon", "no date I can read"),
        ("new everything Test --to qa", "can't be handed off as a whole"),
        ("new 9.9 Test --to qa", 'nothing called "9.9"'),
        ("new 2.4 Test --to qa --after zz", "no such handoff"),
    ],
)
def test_words_that_mean_nothing_are_refused_with_what_to_say(desk, line, said):
    with pytest.raises(UserError, match=said):
        wish_of(desk, *line.split())


@pytest.mark.parametrize("line", ["", "new 2.4", "new 2.4 Test", "return a1", "done a1", "due a1", "show", "sing a1"])
def test_half_a_line_is_refused_by_the_grammar(line, capsys):
    with pytest.raises(SystemExit):
        parsed(*line.split())
    assert "usage" in capsys.readouterr().err


def test_an_id_that_several_begin_with_is_asked_back_and_a_whole_one_never(desk):
    handed(desk, handoff="handoff:a1")
    handed(desk, handoff="handoff:a1ff")
    with pytest.raises(UserError, match='With "a" several handoffs begin: a1, a1b2c3d4e5f60718, a1ff'):
        wish_of(desk, "ack", "a")
    assert wish_of(desk, "ack", "a1")[1].handoff == "handoff:a1"


def test_a_handoff_that_is_hidden_is_as_unknown_as_none(desk):
    handed(desk, about="service:safe", handoff="handoff:c0ffee", by="fay")
    assert wish_of(desk, "ack", "c0", who="fay")[1].handoff == "handoff:c0ffee"
    with pytest.raises(UserError, match="no such handoff"):
        wish_of(desk, "ack", "c0", who="cho")


def test_one_that_was_answered_long_ago_is_found_by_its_whole_id(desk):
    done(desk, ONE)
    later = NOON + timedelta(days=400)
    with pytest.raises(UserError, match="no such handoff"):
        Saying(desk, as_viewer("anna"), later).handoff("a1b2")
    assert Saying(desk, as_viewer("anna"), later).handoff(ONE).handoff.object == ONE


def test_the_commit_that_was_looked_at_dates_it_where_nobody_says_otherwise(desk):
    handed(desk, about=CHANGE, handoff="handoff:d1")
    assert wish_of(desk, "done", "d1", "build 8")[1].as_of is None
    assert wish_of(desk, "done", "d1", "build of ab12cd34")[1].as_of == NOON
    assert wish_of(desk, "done", "d1", "ab12cd34", "--as-of", "2026-11-17")[1].as_of == at("2026-11-17T17:00")


@pytest.mark.parametrize(
    ("said", "meant"),
    [(["2"], ("Risky areas",)), (["test data"], ("Test data",)), (["1", "What"], ("What needs testing",)), ([], ())],
)
def test_points_are_ticked_by_number_or_beginning(said, meant):
    assert ticked(said, POINTS) == meant


@pytest.mark.parametrize("said", ["0", "5", "-1", "r", "", " ", "x", "²", "9" * 5_000])
def test_a_point_that_is_none_or_several_is_refused(said):
    with pytest.raises(UserError, match="is no point of the checklist"):
        ticked([said], POINTS)


def test_what_is_new_is_told_by_its_id_and_what_nobody_can_date_is_said():
    then = hand_off.Wish("handoff:9", "qa", "customer_success", RELEASE, "Tell support")
    assert list(told(then)) == ["It is handoff 9."]
    assert list(told(finish_handoff.Wish(ONE, "v1", then=then))) == [UNKNOWN_BUILD, "It went on as handoff 9."]
    assert list(told(finish_handoff.Wish(ONE, "v1", as_of=NOON))) == []
    assert list(told(acknowledge_handoff.Wish(ONE))) == []
    assert new_handoff() != new_handoff()
