"""Leaders hear of delivery on Mondays at nine, and nothing when nothing happened."""

from datetime import timedelta

from assistant.questions import delivery
from digests import BY_ID
from digests.weekly import DIGEST
from storage.facts import Facts, Freshness
from tests.assistant.questions.test_delivery import WATCHED, answered, scoped
from tests.builders import NOON
from tests.delivered import weekly


def test_it_is_the_delivery_of_the_week_on_mondays_at_nine():
    assert (DIGEST.question, DIGEST.days, DIGEST.time, DIGEST.personal) == (delivery.NAME, (0,), "09:00", False)
    assert BY_ID["weekly"] is DIGEST
    assert DIGEST.title == "Weekly, for leaders"


def test_it_is_silent_when_nothing_merged_was_deployed_or_promised():
    assert DIGEST.quiet(delivery.answer(Facts(events=1), scoped(), WATCHED, NOON))
    assert not DIGEST.quiet(answered(*weekly(1)))


def test_where_nobody_was_heard_silence_is_no_good_news():
    assert not DIGEST.quiet(delivery.answer(Facts(), scoped(), WATCHED, NOON))
    month = Freshness({"github": NOON - timedelta(days=31)}, {})
    assert not DIGEST.quiet(delivery.answer(Facts(events=1, freshness=month), scoped(), WATCHED, NOON))
