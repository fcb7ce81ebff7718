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
from tests.assistant.questions.test_delivery import OTHER, PAST, WATCHED, answered, scoped, with_qa
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
    assert "Mon 19 Oct to Sun 15 Nov: the middle of 6 changes, beside the four weeks before" in told
    assert "• Review (to merge): *1.0 days*, was 6 h; 3 working hours\n" in told
    assert "• Unknown: coding (0), testing (0); 5 changes are needed of each" in told


def test_the_whole_way_from_request_to_production_is_said():
    assert "• All of it, request to production: *24.1 days*, was " in said(answered(*SLOW, *QUICK))
    assert "request to production (0)" in said(answered(*weekly(6)))


def test_what_stayed_the_same_is_not_repeated():
    told = said(answered(*weekly(6, 1), *weekly(6, 6, first=20)))
    assert "• Deploying (to production): *2 h*, as before" in told


def test_a_stage_of_fewer_changes_than_most_says_how_many():
    ways = (*weekly(6, 1), *weekly(6, 2, first=20, requested=NOON - 60 * DAY))
    assert "the middle of 12 changes" in said(answered(*ways))
    assert "working hours (6 changes)" in said(answered(*ways))


def test_all_of_it_is_short_enough_for_a_phone():
    laid = shown(answered(*SLOW, *QUICK))
    assert max(len(line) for part in laid.summary for line in part.splitlines()) <= 160
    assert sum(len(part.splitlines()) for part in (*laid.summary, *laid.told)) <= 26


def test_what_is_never_recorded_is_one_line_and_what_can_be_mended_stands_above_it():
    told = shown(answered(*weekly(6))).told
    assert told[-1] == "_Not recorded yet: promises to customers, tests by people, work before a change is opened._"
    assert "Promises made to customers are not recorded" not in "".join(told)
    assert "none says which issue it closes" in told[-2]


def test_the_time_with_qa_is_told_with_its_waiting_and_what_of_it_was_beside_other_stages():
    ways = weekly(6)
    answer = answered(*ways, handoffs=tuple(with_qa(ways)))
    told = said(answer)
    assert (
        "• Testing (with QA, and checks): *6 h*; 1 working hour until QA took it up; 2 h of it beside other stages\n"
        in told
    )
    assert shown(answer).told[-1] == "_Not recorded yet: promises to customers, work before a change is opened._"
    assert "testing (overlaps)" in shown(answer).picture.alt


def test_without_overlaps_the_picture_says_testing():
    checks = tuple(
        replace(way, turns=((TurnKind.CHECKS_RUNNING, way.merged - HOUR, way.merged),)) for way in weekly(6, 1)
    )
    assert "testing 0.0" in shown(answered(*checks)).picture.alt


def test_what_still_lasts_is_said_beside_the_recovery():
    ways = weekly(6, 1)
    over = [
        incident_of(str(n), opened_at=way.out, open=False, closed_at=way.out + HOUR, root_causes=(way.object,))
        for n, way in enumerate(ways[:5])
    ]
    lasting = incident_of("L", opened_at=ways[5].out, root_causes=(ways[5].object,))
    told = said(answered(*ways, incidents=(*over, lasting, PAST, OTHER)))
    assert "• Recovery: *1 h*; 1 more lasts still, and is not in it" in told


def test_of_fewer_than_five_the_number_is_unknown_and_says_what_is_needed():
    told = said(answered(*weekly(3)))
    assert "Change lead time, opening to production: *unknown* (3 changes; 5 are needed)" in told
    assert "review (3), " in told


def test_waiting_for_reviewers_stands_apart():
    assert "*Waiting in review*: 100% for reviewers (" in said(answered(*SLOW))


def test_doras_five_are_all_there():
    told = said(answered(*weekly(6, 1)))
    for name in ("Deployment frequency: *1.5 a week*", "Change lead time, opening to production: *1.1 days*",
                 "of 6 deployments", "Change fail rate: *0%*", "Recovery: *unknown* (0 failures)", "Rework rate: *0%*"):  # fmt: skip
        assert name in told


def test_a_fail_rate_that_is_a_range_says_from_what_to_what():
    ways = weekly(6, 1)
    hurt = incident_of("X", opened_at=ways[0].out + HOUR, open=False, closed_at=ways[0].out + 2 * HOUR)
    told = said(answered(*ways, incidents=(PAST, OTHER, hurt)))
    assert "Change fail rate (from sure to possible): *0-" in told


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
    kept = release_of("2.4", target=NOON - 20 * DAY, shipped_at=NOON - 21 * DAY)
    broken = release_of("2.5", target=NOON - 12 * DAY, shipped_at=NOON - 11 * DAY)
    told = said(answered(records=(kept, broken), versions=("2.4", "2.5")))
    assert "*Promises kept*: 1 of 2 releases shipped by the first date and stayed quiet." in told
    assert "• checkout 2.5: first promised for Fri 6 Nov, shipped Sat 7 Nov" in told
    assert "no release was promised for these weeks" in said(answered(*weekly(6)))


def test_promises_that_are_not_decided_or_not_known_are_counted_apart():
    settling = release_of("2.4", target=NOON - 5 * DAY, shipped_at=NOON - 6 * DAY)
    untold = release_of("2.5", target=NOON - 12 * DAY)
    told = said(answered(records=(settling, untold), versions=("2.4", "2.5")))
    assert "*Promises kept*: none is decided; 1 shipped in time and is not stable yet; of 1 nobody can tell." in told
    assert "0 of" not in told


def test_a_promise_that_was_not_quiet_in_time_says_so():
    made = release_of("2.4", target=NOON - 20 * DAY, shipped_at=NOON - 21 * DAY)
    hurt = incident_of(opened_at=NOON - 20.5 * DAY, open=False, closed_at=NOON - 19 * DAY)
    linked = replace(hurt, corrections=replace(hurt.corrections, linked=(made.object,)))
    told = said(answered(records=(made,), versions=("2.4",), incidents=(PAST, OTHER, linked)))
    assert "first promised for Thu 29 Oct, shipped Wed 28 Oct, but not quiet by then" in told


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
