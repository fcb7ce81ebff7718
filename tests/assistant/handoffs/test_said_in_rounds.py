"""What functions answered in a round stands under "Worth knowing" of its release, and decides nothing."""

from datetime import timedelta

import pytest

from assistant.handoffs.rounds import next_round
from assistant.handoffs.said_in_rounds import LATELY
from tests.builders import NOON
from tests.handing import MORNING, RELEASE, act, as_viewer, changed, desk_of, planned

FAY = as_viewer("fay")
HOUR = timedelta(hours=1)
UNREADY = "QA says that it is not ready: Safari is untested (Bo Cole, 18 Nov 10:00)."


@pytest.fixture
def release(ledger):
    changed(ledger, milestone="2.4")
    planned(ledger, target=NOON + timedelta(days=9), impact="none")
    return ledger


def begun(ledger, at=MORNING, before=(), release=RELEASE):
    name = next_round(release, before)
    act(ledger, "open_round", "fay", at, name, release)
    return name


def answered(ledger, name, function="qa", by="bo", at=MORNING + HOUR, **more):
    filled = {"readiness": "not_ready", "not_ready": "Safari is untested"} | more
    act(ledger, "answer_round", by, at, round=name, function=function, **filled)


def blocking(ledger, who=FAY, now=NOON, about="checkout 2.4"):
    return desk_of(ledger, now=now).blocking(about, who, now)


def told(ledger, **more):
    return blocking(ledger, **more).answer.risks


def test_who_is_not_ready_and_who_accepts_a_risk_stand_there_in_the_order_they_were_asked(release):
    name = begun(release)
    answered(release, name, "customer_success", "eve", readiness="ready_with_risk", not_ready="", risk="No training")
    answered(release, name)
    answered(release, name, "engineering", "anna", readiness="ready", not_ready="")
    assert told(release) == (
        UNREADY, "Customer success is ready with a risk that it accepts: No training (Eve Odell, 18 Nov 10:00).",
    )  # fmt: skip
    assert UNREADY in blocking(release).message.text + str(blocking(release).message.blocks)


def test_it_changes_neither_the_verdict_nor_what_blocks(release):
    before = blocking(release).answer
    answered(release, begun(release))
    after = blocking(release).answer
    assert (after.verdict, after.blockers) == (before.verdict, before.blockers)
    assert after.as_data()["risks"] == [UNREADY]


def test_the_time_is_that_of_the_reader(release):
    answered(release, begun(release))
    assert told(release, who=as_viewer("fay", zone="Europe/Berlin")) == (UNREADY.replace("10:00", "11:00"),)


def test_what_is_waited_for_says_it_too_and_a_long_answer_leaves_room_for_who_gave_it(release):
    answered(release, begun(release), not_ready="x" * 400, waits_for="sandbox keys")
    (said,) = told(release)
    assert said.startswith("QA says that it is not ready: sandbox keys; not ready: xxx")
    assert said.endswith("… (Bo Cole, 18 Nov 10:00).")
    assert len(said) < 200


def test_a_newer_round_has_the_last_word(release):
    first = begun(release)
    answered(release, first)
    act(release, "close_round", "fay", MORNING + 2 * HOUR, first, "", RELEASE)
    assert told(release) == (UNREADY,)
    begun(release, NOON, [release.get((first,))[first]])
    assert told(release, now=NOON + HOUR) == ()


def test_what_was_closed_long_ago_is_told_no_more(release):
    name = begun(release)
    answered(release, name)
    act(release, "close_round", "fay", NOON, name, "", RELEASE)
    assert told(release, now=NOON + LATELY) == (UNREADY,)
    assert told(release, now=NOON + LATELY + HOUR) == ()


def test_a_round_of_another_release_says_nothing_of_this_one(release):
    planned(release, "2.5")
    answered(release, begun(release, release="release:checkout@2.5"))
    assert told(release) == ()
    assert told(release, about="checkout 2.5") == (UNREADY,)


def test_what_is_asked_about_a_change_tells_of_no_round(release):
    answered(release, begun(release))
    assert told(release, about="acme/api#101") == ()
