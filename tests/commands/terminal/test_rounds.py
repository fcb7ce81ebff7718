"""Asking from a terminal whether a release is ready, answering, closing, looking."""

import pytest

from tests.handing import POLICY


@pytest.fixture
def typed(clean, lastmile):
    """Type a command about rounds of the company of tests/handing.py."""
    (clean / "lastmile.toml").write_text(POLICY)
    lastmile("release", "set", "2.4", "--product", "checkout", "--as", "fay")

    def typing(act, *words, by="fay"):
        return lastmile("round", act, "checkout 2.4", *words, "--as", by)

    return typing


def test_a_round_is_opened_answered_shown_and_closed(typed):
    assert typed("show").out == "Nobody has asked whether checkout 2.4 is ready.\n"
    assert typed("open").out.startswith("I ask Engineering, QA, Customer success whether checkout 2.4 is ready.")
    done = typed(
        "answer", "qa", "not-ready", "--waits-for", "sandbox keys", "--from", "sre", "--by", "in 3 days",
        "--customers", "Nothing", by="bo",
    )  # fmt: skip
    assert done.out == "QA: not ready. You can change this until the round is closed.\n"
    shown = typed("show").out
    assert "Is checkout 2.4 ready?" in shown
    assert "QA: not ready (Bo Cole, today " in shown
    assert "Waits for: sandbox keys, from sre, by " in shown
    assert typed("close").out == "The round about checkout 2.4 is closed.\n"
    assert "How ready checkout 2.4 is" in typed("show").out


def test_a_second_one_reads_who_was_first(typed):
    typed("open", "--function", "qa", "--function", "eng", "--due", "in 2 days", "--channel", "C1")
    done = typed("open", by="anna")
    assert done.status == 2
    assert done.err.startswith("A round about checkout 2.4 was begun already, by Fay Lund on ")
    typed("close")
    assert typed("open", by="anna").status == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["9.8"], 'I know nothing called "9.8". '),
        (["9.8", "--product", "checkout"], 'I know nothing called "checkout 9.8". Did you mean release checkout 2.4?'),
        (["service api"], "Say which release you ask about, such as 2.4 or checkout 2.4."),
    ],
)
def test_nobody_is_asked_about_a_release_that_nobody_knows(typed, lastmile, words, said):
    done = lastmile("round", "open", *words, "--as", "fay")
    assert (done.status, done.err.startswith(said)) == (2, True), done.err
    assert "checkout 2.4" in done.err


def test_a_release_may_be_named_as_it_is_kept(typed, lastmile):
    assert lastmile("round", "open", "release:checkout@2.4", "--as", "fay").status == 0


def test_a_risk_is_named(typed):
    typed("open")
    assert typed("answer", "quality", "ready-with-risk", by="bo").err == "Name the risk that you accept.\n"
    assert typed("answer", "quality", "ready-with-risk", "--risk", "By hand", by="bo").status == 0
    assert "Risk that Bo Cole accepts: By hand" in typed("show").out


@pytest.mark.parametrize("act", [("close",), ("answer", "qa", "ready")])
def test_where_none_is_open_it_says_how_to_begin_one(typed, act):
    assert typed(*act).err == ("No round about checkout 2.4 is open: `lastmile round open checkout 2.4` begins one.\n")


def test_a_function_that_nobody_knows_is_answered_with_those_there_are(typed):
    said = typed("open", "--function", "astrology").err
    assert said.startswith('There is no function "astrology". There are: engineering, product, qa')


def test_whoever_acts_for_no_function_does_not_answer_for_it(typed):
    typed("open")
    assert typed("answer", "qa", "ready", by="anna").err == (
        "Only Bo Cole or Cho Min may answer for QA. Ask one of them.\n"
    )
