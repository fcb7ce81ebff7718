"""Leaders read one thing that moved, then the numbers, each with how many it counts; unknown is said as unknown."""

from dataclasses import replace

import pytest

from assistant.blocks import MOST_TEXT
from assistant.measures import Compared, Measure
from assistant.mentioning import Naming
from assistant.people import people_of
from assistant.questions import delivery
from assistant.risen import most_moved
from assistant.showing.delivery import sheet
from assistant.subject import Subject, SubjectKind
from assistant.telling import Reader
from assistant.words import zone_of
from storage.facts import Facts
from storage.records import TurnKind
from tests.assistant.questions.test_delivery import OTHER, PAST, WATCHED, answered, scoped
from tests.builders import NOON, incident_of, release_of
from tests.delivered import DAY, HOUR, weekly

READER = Reader(zone_of("UTC"), NOON)
NAMING = Naming(people_of(WATCHED), NOON)
SLOW = tuple(
    way
    for n in range(6)
    for way in weekly(
        1, 2, first=n + 1, requested=NOON - 40 * DAY,
        turns=((TurnKind.REVIEW_PENDING, NOON - 18 * DAY, NOON - 9 * DAY),),
    )
)  # fmt: skip
QUICK = tuple(replace(way, opened=way.merged - 6 * HOUR) for way in weekly(6, 6, first=20, requested=NOON - 80 * DAY))


def shown(answer):
    return sheet(answer, READER, NAMING)


def said(answer):
    laid = shown(answer)
    return "\n".join((laid.headline, *laid.summary, *laid.told, laid.fresh))


def named(answer, name):
    return replace(answer, subject=Subject(SubjectKind.TEAM, name, "team core"))


def moving(**numbers):
    answer = answered(*SLOW, *QUICK)
    changed = replace(answer.numbers, numbers={**answer.numbers.numbers, **numbers}, stages=())
    return replace(answer, numbers=replace(changed, stages=answer.numbers.stages), moved=most_moved(changed))


def test_the_headline_is_what_moved_most_with_its_number():
    assert (
        shown(answered(*SLOW, *QUICK)).headline
        == "🔴 core: review rose from 6 h to 1.0 days against the four weeks before"
    )


@pytest.mark.parametrize(
    ("numbers", "headline"),
    [
        (
            {"change_fail_rate": Compared(Measure(0.4, high=0.6), Measure(0.2))},
            "🔴 core: change fail rate rose from 20% to 40-60% against the four weeks before",
        ),
        (
            {"deployment_frequency": Compared(Measure(1.0), Measure(9.0))},
            "🔴 core: deployments fell from 9.0 a week to 1.0 a week against the four weeks before",
        ),
    ],
)
def test_rates_and_frequencies_are_said_in_their_own_unit(numbers, headline):
    steady = {name: Compared(Measure(None), Measure(None)) for name in answered().numbers.numbers}
    assert shown(moving(**(steady | numbers))).headline == headline


def test_the_headline_stands_alone_in_150_characters_whatever_the_name():
    for name in ("Team " + "x" * 300, "*_`~<!channel>" * 20):
        headline = shown(named(answered(*SLOW, *QUICK), name)).headline
        assert len(headline) <= 150
        assert "<!channel>" not in headline


def test_what_is_steady_too_little_or_unknown_is_said_so():
    assert "is as steady as four weeks ago" in shown(answered(*weekly(6, 1), *weekly(6, 6, first=20))).headline
    assert "too little reached production" in shown(answered(*weekly(6, 1))).headline
    assert shown(delivery.answer(Facts(), scoped(), WATCHED, NOON)).headline.startswith("❔ core: nothing is known")


def test_each_stage_says_its_days_what_it_was_and_how_many_changes():
    told = said(answered(*SLOW, *QUICK))
    assert "• Review (ready to merge): *1.0 days*, was 6 h (6 changes), 3 working hours" in told
    assert "• Coding (opening to ready): *unknown* (0 changes)" in told
    assert "Mon 19 Oct to Sun 15 Nov" in told


def test_of_fewer_than_five_the_number_is_unknown_and_says_what_is_needed():
    assert "*unknown* (3 changes; 5 are needed)" in said(answered(*weekly(3)))


def test_waiting_for_reviewers_stands_apart():
    assert "• 100% waiting for reviewers: " in said(answered(*SLOW))


def test_doras_five_are_all_there():
    told = said(answered(*weekly(6, 1)))
    for name in ("Deployment frequency: *1.5 a week*", "Change lead time, from opening to production: *1.1 days*",
                 "Change fail rate: *0%* (6 deployments)", "Recovery from a failed deployment: *unknown* (0 failures)",
                 "Deployment rework rate: *0%*"):  # fmt: skip
        assert name in told


def test_a_fail_rate_that_is_a_range_says_from_what_to_what():
    ways = weekly(6, 1)
    hurt = incident_of("X", opened_at=ways[0].out + HOUR, open=False, closed_at=ways[0].out + 2 * HOUR)
    told = said(answered(*ways, incidents=(PAST, OTHER, hurt)))
    assert "from what is sure to all that the same service could have failed by: *0-" in told


def test_what_failed_can_be_opened_and_the_rest_is_counted():
    ways = weekly(8, 1)
    hurt = [
        incident_of(str(n), opened_at=way.out, open=False, closed_at=way.out, root_causes=(way.object,))
        for n, way in enumerate(ways)
    ]
    told = said(answered(*ways, incidents=(*hurt, OTHER)))
    assert "*What failed*\n• <https://github.example/deployments/" in told
    assert "and 3 more" in told


def test_promises_are_counted_and_the_broken_ones_named():
    kept = release_of("2.4", target=NOON - 10 * DAY, shipped_at=NOON - 11 * DAY)
    broken = release_of("2.5", target=NOON - 12 * DAY)
    told = said(answered(records=(kept, broken)))
    assert "*Promises kept*: 1 of 2 releases shipped by the first date." in told
    assert "• checkout 2.5: first promised for Fri 6 Nov, not shipped as far as is known" in told
    assert "no release was promised for these weeks" in said(answered(*weekly(6)))


def test_when_nothing_happened_one_sentence_says_so():
    laid = shown(delivery.answer(Facts(), scoped(), WATCHED, NOON))
    assert laid.summary == ("Nothing was merged, deployed or promised in these weeks, as far as is known.",)
    assert laid.picture is None


def test_the_picture_has_its_numbers_in_words():
    picture = shown(answered(*SLOW, *QUICK)).picture
    assert picture.draw().startswith(b"\x89PNG")
    assert (
        "Week of 2 Nov: review 1.0, deploying 0.1, stabilizing 0.0, deciding 23.0. Week of 9 Nov: not known."
        in picture.alt
    )
    assert len(picture.alt) <= 2_000


def test_it_fits_a_thread_of_slack():
    laid = shown(answered(*SLOW, *QUICK))
    assert len(laid.lead().text) <= 150
    posts = laid.thread()
    assert all(len(post.text) <= MOST_TEXT for post in posts)
    assert posts[0].files == (laid.picture,)
