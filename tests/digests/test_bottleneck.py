"""The daily bottleneck is offered on working mornings, and silent when nothing presses and nothing moved."""

from datetime import timedelta

import pytest

from assistant.questions import BY_NAME
from digests import BY_ID
from digests.bottleneck import DIGEST
from tests.assistant.questions.test_bottleneck import NOON, answered, waits


def test_it_is_declared_for_working_mornings():
    assert (DIGEST.id, DIGEST.title, DIGEST.time, DIGEST.personal) == ("bottleneck", "Daily bottleneck", "09:00", False)
    assert DIGEST.days == (0, 1, 2, 3, 4)
    assert BY_ID["bottleneck"] is DIGEST
    assert DIGEST.question in BY_NAME


@pytest.mark.parametrize(("hours", "quiet"), [(1.0, True), (90.0, False)])
def test_it_is_silent_when_nothing_presses(hours, quiet):
    assert DIGEST.quiet(answered(waits(1, hours))) is quiet


def test_it_speaks_when_something_moved():
    seen = NOON - timedelta(days=1), {"things": {}}
    assert not DIGEST.quiet(answered(waits(1, 1.0), seen=seen))
