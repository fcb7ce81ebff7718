"""How is it shown which releases are not stable yet?"""

import json
from datetime import timedelta

import pytest

from assistant.mentioning import Naming
from assistant.people import people_of
from assistant.showing.pressing import CORRECT_LINK
from assistant.showing.sheet import HEADLINE
from assistant.showing.stabilization import bar, sheet
from assistant.subject import Subject, SubjectKind
from assistant.telling import Reader
from assistant.words import zone_of
from storage.facts import Freshness
from storage.records import Attention, Commit, Mark
from tests.assistant.questions.test_stabilization import (
    CHANGE,
    DAY,
    HOUR,
    LIVE,
    OLD,
    PAGE,
    POLICY,
    RELEASE,
    UNSEEN,
    asked,
    looked,
)
from tests.builders import NOON, deployment_of, incident_of, merged_of, release_of, ticket_of

FIRST = asked(CHANGE, LIVE, after=DAY)
UNWATCHED = asked(CHANGE, LIVE, incidents=(), after=7 * DAY)
LASTING = incident_of("P", title="Checkout is slow", opened_at=NOON + HOUR)


def shown(answer):
    now = answer.asked_at
    return sheet(answer, Reader(zone_of("UTC"), now), Naming(people_of(POLICY, ()), now))


def buttons(row):
    return [
        element
        for block in row.blocks
        for element in (*block.get("elements", ()), block.get("accessory") or {})
        if element.get("type") == "button"
    ]


@pytest.mark.parametrize(
    ("answer", "headline"),
    [
        (FIRST, "🟡 checkout 2.4 shipped Wed 18 Nov: 1 of 6 quiet days"),
        (
            asked(CHANGE, LIVE, after=2 * DAY, seen=looked(FIRST)),
            "🟡 checkout 2.4: 2 of 6 quiet days, stable Tue 24 Nov if nothing happens",
        ),
        (
            asked(CHANGE, LIVE, incidents=(OLD, PAGE), after=2 * DAY, seen=looked(FIRST)),
            "🟠 checkout 2.4 begins its quiet days anew: incident Checkout is down",
        ),
        (
            asked(CHANGE, LIVE, incidents=(ticket_of(9, opened_at=NOON + HOUR),), after=2 * DAY, seen=looked(FIRST)),
            "🔴 checkout 2.4 is not quiet: incident acme/api#9 is not over",
        ),
        (
            asked(CHANGE, LIVE, after=5 * DAY, seen=looked(FIRST)),
            "🟢 checkout 2.4 will be stable Tue 24 Nov 12:00 if nothing happens",
        ),
        (
            asked(CHANGE, LIVE, after=7 * DAY, seen=looked(FIRST)),
            "🟢 checkout 2.4 is stable: 6 quiet days without trouble",
        ),
        (
            asked(CHANGE, LIVE, incidents=(), after=7 * DAY),
            "❔ checkout 2.4: its 6 quiet days are over, but nobody watched all of it for incidents",
        ),
        (
            asked(CHANGE, LIVE, incidents=(), after=8 * DAY, seen=looked(UNWATCHED)),
            "❔ checkout 2.4: its 6 quiet days are over, but nobody watched all of it for incidents",
        ),
        (
            asked(CHANGE, LIVE, UNSEEN, after=7 * DAY),
            "❔ checkout 2.4: its 6 quiet days are over, but whether it is still in production is not known",
        ),
        (asked(CHANGE, UNSEEN, after=DAY), "❔ Whether checkout 2.4 has shipped is not known"),
        (
            asked(CHANGE, LIVE, after=30 * DAY),
            "🟢 Nothing is stabilizing: every release that shipped lately is stable",
        ),
        (asked(), "⚪ No release shipped lately, so nothing is stabilizing"),
    ],
)
def test_the_headline_says_what_matters_most_and_stands_alone(answer, headline):
    assert shown(answer).headline == headline
    assert len(headline) <= HEADLINE


@pytest.mark.parametrize(
    ("records", "more", "headline"),
    [
        ((CHANGE, LIVE), {"days": 1}, "🟡 Not yet: checkout 2.4 has 1 of 6 quiet days, stable Tue 24 Nov if nothing happens"),
        ((CHANGE, LIVE), {"days": 30}, "🟢 Yes: checkout 2.4 is stable since Tue 24 Nov, after 6 quiet days"),
        (
            (CHANGE, LIVE), {"days": 1, "incidents": (LASTING,)},
            "🔴 Not yet: no quiet day of checkout 2.4 counts until incident Checkout is slow is over",
        ),
        (
            (CHANGE, LIVE), {"days": 7, "incidents": ()},
            "❔ Not known: the 6 quiet days of checkout 2.4 are over, but nobody watched all of it for incidents",
        ),
        ((CHANGE, UNSEEN), {"days": 1}, "❔ Not known: nobody can tell whether checkout 2.4 has shipped"),
        ((CHANGE,), {"days": 1}, "⚪ No: checkout 2.4 has not shipped"),
        (
            (CHANGE,), {"days": 31, "freshness": Freshness({"github": NOON}, {})},
            "❔ Not known: checkout 2.4 does not seem to have shipped, but part of it is not known",
        ),
    ],
)  # fmt: skip
def test_asked_about_one_release_it_says_yes_not_yet_or_not_known(records, more, headline):
    days = more.pop("days")
    made = shown(asked(*records, after=days * DAY, subject=RELEASE, **more))
    assert made.headline == headline
    assert len(headline) <= HEADLINE


def test_a_release_that_is_stable_is_shown_with_since_when_to_who_asks_about_it():
    made = shown(asked(CHANGE, LIVE, after=30 * DAY, subject=RELEASE))
    assert "🟢 Stable since *Tue 24 Nov 12:00*." in made.rows[0].text
    assert made.summary == ()


def test_a_single_change_has_no_quiet_days():
    subject = Subject(SubjectKind.CHANGE, "acme/api#1", "acme/api#1", CHANGE.object, repositories=("acme/api",))
    assert shown(asked(CHANGE, LIVE, after=DAY, subject=subject)).headline.startswith("⚪ Quiet days are counted for")


def test_a_release_of_which_nobody_can_tell_has_its_row_with_the_reason():
    made = shown(asked(CHANGE, UNSEEN, after=DAY))
    assert made.rows[0].text.splitlines() == [
        "*checkout 2.4*",
        "❔ Whether it has shipped is not known, so no quiet day is counted.",
        (
            "• Whether 1 merged change reached production: since 2026-11-18 13:00 UTC api runs eeeeeeeeeeee, which was never "
            "seen to land."
        ),
    ]
    assert json.loads(buttons(made.rows[0])[0]["value"]) == {"about": "release:checkout@2.4"}


def test_what_is_not_quiet_comes_before_what_nobody_can_tell():
    web = release_of("2.3", shipped_at=NOON - DAY)
    made = shown(asked(CHANGE, UNSEEN, web, incidents=(LASTING,), versions=("2.4", "2.3"), after=DAY))
    assert made.headline.startswith("🔴 checkout 2.3 is not quiet: incident Checkout is slow is not over")
    assert made.headline.endswith("; whether checkout 2.4 has shipped is not known")


def test_an_incident_without_number_and_address_says_how_it_is_called():
    named = incident_of(
        "errors-7@monitoring/prod", source="cdevents", url=None, open=False, opened_at=NOON + DAY,
        closed_at=NOON + DAY + HOUR,
    )  # fmt: skip
    (row,) = shown(asked(CHANGE, LIVE, incidents=(OLD, named), after=2 * DAY)).rows
    assert "Incident Checkout is down (cdevents/errors-7@monitoring/prod), Thu 19 Nov 12:00" in row.text


def test_where_nothing_was_ever_heard_it_is_not_said_that_nothing_shipped():
    made = shown(asked(versions=(), events=0))
    assert made.headline == "❔ Nothing seems to be stabilizing, but part of it is not known"
    assert "Nothing has been heard from any code forge yet." in made.told[0]


def test_other_releases_are_counted_in_the_headline_and_told_below_it():
    other = release_of("2.3", shipped_at=NOON - 12 * DAY)
    told = shown(asked(CHANGE, LIVE, other, versions=("2.4", "2.3"), after=DAY))
    assert told.headline.endswith("; 1 more release is stabilizing")
    assert told.headline.startswith("🟢 checkout 2.3 will be stable")
    assert told.summary == ("*Also new*\n• 🟡 checkout 2.4 shipped Wed 18 Nov: 1 of 6 quiet days",)


def test_a_row_says_how_quiet_it_was_why_so_many_days_and_when_they_end():
    (row,) = shown(asked(CHANGE, LIVE, after=3 * DAY)).rows
    assert row.object == "release:checkout@2.4"
    assert row.text.splitlines() == [
        "*checkout 2.4* ▰▰▰▰▰▱▱▱▱▱ 3 of 6 quiet days",
        "Stable *Tue 24 Nov 12:00* if nothing happens.",
        (
            "Shipped Wed 18 Nov 12:00, by its deployments. Why 6 quiet days: its riskiest change "
            "<https://github.example/acme/api/pull/1|acme/api#1> is of low risk, and AI wrote most of it."
        ),
    ]


def test_an_incident_has_its_link_its_tier_and_the_button_that_corrects_it():
    (row,) = shown(asked(CHANGE, LIVE, incidents=(OLD, PAGE), after=2 * DAY)).rows
    assert (
        "Incident <https://pagerduty.example/incidents/PAGE2|Checkout is down>, Thu 19 Nov 12:00, ended Thu 19 Nov 13:00: "
        "likely from it, for acme/api was deployed 24 hours before it began." in row.text
    )
    first, *others = buttons(row)
    assert (first["action_id"], first["text"]["text"]) == (CORRECT_LINK, "Correct the link")
    assert json.loads(first["value"]) == {"incident": PAGE.object, "release": "release:checkout@2.4"}
    assert [json.loads(button["value"]) for button in others] == [{"about": "release:checkout@2.4"}] * 4


def test_a_certain_link_says_what_was_named():
    named = incident_of("P", open=False, opened_at=NOON + HOUR, closed_at=NOON + 2 * HOUR, root_causes=(CHANGE.object,))
    (row,) = shown(asked(CHANGE, LIVE, incidents=(named,), after=DAY)).rows
    assert ": linked for certain, to acme/api#1." in row.text


def test_a_link_without_any_deployment_says_so():
    (row,) = shown(asked(release_of(shipped_at=NOON), CHANGE, incidents=(PAGE,), after=2 * DAY)).rows
    assert "likely from it, for it began on the same service within 72 hours." in row.text


def test_other_causes_are_named_with_when_they_happened():
    before = Commit("commit:acme/api@" + "a" * 40, "acme/api", "a" * 40, "main", NOON - DAY)
    at = NOON + DAY
    again = ticket_of(6, labels=("release-blocker",), reopened_at=at, open=False, closed_at=at + HOUR)
    records = (
        release_of(shipped_at=NOON), CHANGE, LIVE, before, again,
        deployment_of("a" * 40, "2", created_at=at, finished_at=at),
        deployment_of("b" * 40, "3", created_at=at + HOUR, finished_at=at + HOUR, purpose="hotfix"),
        merged_of(8, merged_at=at, reverts=(CHANGE.object,)),
    )  # fmt: skip
    (row,) = shown(asked(*records, after=2 * DAY)).rows
    assert "• <https://github.example/deployments/2|A rollback of api>, Thu 19 Nov 12:00, not over yet" in row.text
    assert "|A hotfix of api>, Thu 19 Nov 13:00: likely, it came on the same service within 72 hours." in row.text
    assert "|acme/api#8> reverted a change of it, Thu 19 Nov 12:00." in row.text
    assert "|acme/api#6> was opened again, Thu 19 Nov 12:00, ended Thu 19 Nov 13:00." in row.text
    assert "No day counts until rollback of api is over" in row.text


def test_many_incidents_are_cut_and_counted():
    many = [
        incident_of(f"P{n}", open=False, opened_at=NOON + n * HOUR, closed_at=NOON + (n + 1) * HOUR) for n in range(6)
    ]
    (row,) = shown(asked(CHANGE, LIVE, incidents=many, after=DAY)).rows
    assert sum(button["action_id"] == CORRECT_LINK for button in buttons(row)) == 4
    assert "and 2 more incidents" in json.dumps(row.blocks)


def test_what_was_snoozed_says_until_when():
    mark = Mark("person/anna", NOON, NOON + 3 * DAY)
    about = "release:checkout@2.4"
    kept = {about: Attention(f"attention:{about}", about, None, NOON, snoozed=(mark,))}
    (row,) = shown(asked(CHANGE, LIVE, after=DAY, attention=kept)).rows
    assert "(snoozed until Sat 21 Nov 12:00)" in row.text


def test_where_nothing_shipped_it_is_said_what_counts_as_a_release():
    assert "Quiet days are counted for releases" in shown(asked()).summary[0]
    assert "The clock starts when the next one ships." in shown(asked(CHANGE, LIVE, after=30 * DAY)).summary[0]


def test_what_nobody_watches_is_told_below():
    (told,) = shown(asked(CHANGE, LIVE, incidents=(), after=7 * DAY)).told
    assert "Nobody is known to watch api for incidents" in told


@pytest.mark.parametrize(("days", "cells"), [(0, 0), (3, 5), (5.99, 9), (6, 10), (40, 10)])
def test_the_bar_is_full_only_once_all_days_are_over(days, cells):
    (row,) = asked(CHANGE, LIVE, incidents=(), after=days * DAY).settling
    assert bar(row).count("▰") == cells


def test_titles_are_words_and_nothing_else():
    told = incident_of("P", title="<!channel> *fire*", opened_at=NOON + HOUR)
    laid = shown(asked(CHANGE, LIVE, incidents=(told,), after=timedelta(days=1)))
    assert "<!channel>" not in json.dumps([laid.headline, *(row.blocks for row in laid.rows)])


def test_where_a_source_is_silent_nothing_is_called_good():
    answer = asked(versions=(), after=31 * DAY, freshness=Freshness({"github": NOON}, {}))
    made = shown(answer)
    assert made.headline.startswith("❔")
    assert "seems to be stabilizing, but part of it is not known" in made.headline
    assert "no good news" in made.summary[0]
    assert "github was last heard 31 days ago" in made.told[0]
