"""Is a request that Slack sent before known again?"""

import pytest

from commands.replays import key_of


def test_an_event_is_known_by_its_own_id():
    assert key_of({"event_id": "Ev1", "trigger_id": "t"}) == key_of({"event_id": "Ev1"})
    assert key_of({"event_id": "Ev1"}) != key_of({"event_id": "Ev2"})


def test_a_command_or_button_is_known_by_its_trigger():
    assert key_of({"trigger_id": "1.2", "view": {"id": "V1"}}) == key_of({"trigger_id": "1.2"})
    assert key_of({"trigger_id": "1.2"}) != key_of({"event_id": "1.2"})


def test_a_form_without_a_trigger_is_known_by_its_view_and_what_was_in_it():
    assert key_of({"view": {"id": "V1", "hash": "a"}}) != key_of({"view": {"id": "V1", "hash": "b"}})
    assert key_of({"view": {"id": "V1", "hash": "a"}}) == key_of({"view": {"id": "V1", "hash": "a"}})


@pytest.mark.parametrize("body", [{}, {"view": None}, {"view": {}}, {"type": "ssl_check"}])
def test_what_gives_nothing_to_go_by_has_no_key(body):
    assert key_of(body) is None


def test_a_key_is_short_whatever_slack_sends():
    assert len(key_of({"trigger_id": "x" * 100_000})) < 100
