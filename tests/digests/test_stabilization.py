"""When is the stabilization digest worth a post?"""

from digests import BY_ID
from digests.stabilization import DIGEST
from tests.assistant.questions.test_stabilization import CHANGE, DAY, HOUR, LIVE, OLD, PAGE, asked, looked
from tests.builders import NOON, incident_of

FIRST = asked(CHANGE, LIVE, after=DAY)


def test_it_answers_the_question_of_its_name_every_working_day():
    assert BY_ID["stabilization"] is DIGEST
    assert (DIGEST.question, DIGEST.days, DIGEST.personal) == ("stabilization", (0, 1, 2, 3, 4), False)


def test_it_is_quiet_where_nothing_is_stabilizing_or_nothing_changed():
    assert DIGEST.quiet(asked())
    assert DIGEST.quiet(asked(CHANGE, LIVE, after=30 * DAY))
    assert DIGEST.quiet(asked(CHANGE, LIVE, after=2 * DAY, seen=looked(FIRST)))


def test_it_speaks_when_something_shipped_began_anew_is_stable_or_about_to_be():
    assert not DIGEST.quiet(FIRST)
    assert not DIGEST.quiet(asked(CHANGE, LIVE, incidents=(OLD, PAGE), after=2 * DAY, seen=looked(FIRST)))
    assert not DIGEST.quiet(asked(CHANGE, LIVE, after=5 * DAY, seen=looked(FIRST)))
    assert not DIGEST.quiet(asked(CHANGE, LIVE, after=7 * DAY, seen=looked(FIRST)))


def test_it_speaks_each_day_on_which_an_incident_of_a_release_is_still_open():
    lasting = (incident_of("PAGE3", opened_at=NOON + HOUR),)
    first = asked(CHANGE, LIVE, incidents=lasting, after=DAY)
    assert not DIGEST.quiet(asked(CHANGE, LIVE, incidents=lasting, after=2 * DAY, seen=looked(first)))
