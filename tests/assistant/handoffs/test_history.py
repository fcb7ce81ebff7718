"""When a handoff was open, whose it was then, and when it was taken up, is worked out from its own steps."""

from datetime import timedelta

from assistant.handoffs.history import Stretch, named, open_since, stretches
from storage.records import HandoffState, Step
from tests.handing import MORNING, Hands, done_of, handoff_of

HOUR = timedelta(hours=1)


def at(hours):
    return MORNING + hours * HOUR


def lived(*acts, records=()):
    """The stretches of Anna's handoff to QA after these acts, each (who, hours later, act, what it needs)."""
    hands = Hands.with_one(*records)
    for who, hours, name, *values in acts:
        outcome = hands.act(name, who, at(hours), "handoff:1", *values)
        assert isinstance(outcome, tuple), outcome
    return stretches(hands.handoff())


def test_what_nobody_answered_is_open_since_it_was_handed_off():
    assert stretches(handoff_of()) == (Stretch("qa", MORNING),)


def test_it_lasts_until_it_is_done_and_was_taken_up_with_the_first_answer():
    found = lived(("cho", 1, "acknowledge_handoff"), ("cho", 3, "finish_handoff", "build 812"))
    assert found == (Stretch("qa", MORNING, at(3), at(1), done=True),)


def test_done_without_a_word_before_was_taken_up_then():
    assert lived(("cho", 3, "finish_handoff", "build 812")) == (Stretch("qa", MORNING, at(3), at(3), done=True),)


def test_returned_and_sent_again_is_one_stretch():
    found = lived(("cho", 1, "return_handoff", "It does not start"), ("anna", 2, "resend_handoff"))
    assert found == (Stretch("qa", MORNING, None, at(1)),)


def test_what_was_withdrawn_ended_undone():
    assert lived(("anna", 2, "withdraw_handoff")) == (Stretch("qa", MORNING, at(2)),)


def test_passed_on_to_another_function_it_begins_anew_there():
    found = lived(("bo", 1, "reassign_handoff", "design"), ("dee", 4, "finish_handoff", "the mock-up"))
    assert found == (Stretch("qa", MORNING, at(1)), Stretch("design", at(1), at(4), at(4), done=True))


def test_given_to_another_person_of_the_function_it_goes_on():
    assert lived(("bo", 1, "reassign_handoff", None, "bo")) == (Stretch("qa", MORNING),)


def test_reminders_and_due_times_change_nothing():
    moved = ("anna", 1, "reschedule_handoff", MORNING + timedelta(days=9))
    assert lived(moved, ("cho", 2, "snooze_handoff", "tomorrow")) == (Stretch("qa", MORNING),)


def test_taken_up_after_it_went_stale_it_is_open_again():
    again = Step("handoff.acknowledged", "person/cho", at(9), "slack")
    handoff = done_of(state=HandoffState.ACKNOWLEDGED, state_at=at(9), steps=(*done_of().steps, again))
    assert stretches(handoff) == (
        Stretch("qa", MORNING, at(2), at(2), done=True), Stretch("qa", at(9), None, at(9)),
    )  # fmt: skip


def test_signed_anew_at_once_it_was_open_from_when_it_went_stale():
    again = Step("handoff.done", "person/cho", at(9), "slack", "build 813", since=at(7))
    assert stretches(done_of(at=at(9), steps=(*done_of().steps, again))) == (
        Stretch("qa", MORNING, at(2), at(2), done=True), Stretch("qa", at(7), at(9), at(9), done=True),
    )  # fmt: skip
    unknown = Step("handoff.done", "person/cho", at(9), "slack", "build 813")
    assert len(stretches(done_of(at=at(9), steps=(*done_of().steps, unknown)))) == 1


def test_it_is_open_since_it_was_handed_over_however_often_it_was_passed_on():
    hands = Hands.with_one()
    hands.act("reassign_handoff", "bo", at(1), "handoff:1", "design")
    hands.act("reassign_handoff", "dee", at(2), "handoff:1", "customer success")
    assert open_since(hands.handoff()) == MORNING
    again = Step("handoff.acknowledged", "person/cho", at(9), "slack", since=at(7))
    taken = done_of(state=HandoffState.ACKNOWLEDGED, state_at=at(9), steps=(*done_of().steps, again))
    assert open_since(taken) == at(7)


def test_of_data_without_steps_its_state_says_when_it_ended():
    old = done_of(steps=())
    assert stretches(old) == (Stretch("qa", MORNING, at(2), at(2), done=True),)
    withdrawn = handoff_of(state=HandoffState.WITHDRAWN, state_at=at(1), steps=())
    assert stretches(withdrawn) == (Stretch("qa", MORNING, at(1), at(1)),)


def test_a_clock_that_went_back_makes_no_stretch_of_less_than_nothing():
    early = Step("handoff.done", "person/cho", MORNING - HOUR, "slack", "build 812")
    (only,) = stretches(done_of(steps=(*handoff_of().steps, early)))
    assert only.ended == only.began == MORNING


def test_a_step_is_named_without_what_it_happened_to():
    assert named("handoff.done") == "done"
