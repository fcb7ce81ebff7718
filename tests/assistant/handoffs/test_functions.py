"""Who acts for which function, and who takes what comes this week?"""

from datetime import timedelta

import pytest

from assistant.handoffs.functions import Functions
from tests.builders import NOON, at, policy_of
from tests.handing import company


def functions(more=""):
    return Functions(company(more))


def test_every_company_has_the_usual_functions_and_may_have_its_own():
    own = functions("[functions.legal_affairs]\n")
    assert own.keys == ("engineering", "product", "qa", "design", "customer_success", "sre", "legal_affairs")
    assert own.name("legal_affairs") == "legal affairs"
    assert (own.name("qa"), own.name("customer_success"), own.name("sre")) == ("QA", "Customer success", "SRE")
    assert Functions(policy_of('[functions.qa]\nname = "Quality"')).name("qa") == "Quality"


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("qa", "qa"),
        (" QA ", "qa"),
        ("Quality  assurance", "qa"),
        ("testers", "qa"),
        ("customer success", "customer_success"),
        ("customer_success", "customer_success"),
        ("CS", "customer_success"),
        ("eng", "engineering"),
        ("UX", "design"),
        ("ops", "sre"),
        ("legal affairs", "legal_affairs"),
        ("Law", "legal_affairs"),
        ("", None),
        ("marketing", None),
    ],
)
def test_words_mean_a_function_by_its_key_its_name_or_a_usual_short_form(words, key):
    more = '[functions.legal_affairs]\nname = "Law"\n' if key == "legal_affairs" and words == "Law" else ""
    own = functions(more or "[functions.legal_affairs]\n")
    assert own.meant(words) == key


def test_a_product_may_have_a_lead_of_its_own():
    own = Functions(
        policy_of(
            "[people.bo]\n[people.cho]\n[products.checkout]\n"
            '[functions.qa]\nlead = "bo"\nleads = { checkout = "cho" }\n[functions.design]\nmembers = ["bo"]\n'
        )
    )
    assert own.lead("qa") == own.lead("qa", "billing") == "person/bo"
    assert own.lead("qa", "Checkout") == "person/cho"
    assert own.lead("design") is own.lead("sre") is None


def test_everybody_who_is_named_for_a_function_acts_for_it():
    own = functions('[functions.legal]\non_duty = ["dee"]\nlead = "fay"\nleads = { checkout = "eve" }\n')
    assert own.members("legal") == ("person/dee", "person/fay", "person/eve")
    assert own.members("qa") == ("person/bo", "person/cho")
    assert (own.configured("qa"), own.configured("sre"), own.members("sre")) == (True, False, ())
    assert own.of("person/dee") == ("design", "legal")
    assert own.of("slack/U2") == own.of("github/bo") == ("qa",)
    assert own.of("slack/U9") == ()
    assert own.listed(["qa", "design"]) == "QA, Design"


TURNS = """
[workspace]
zone = "Asia/Tokyo"
[people.bo]
leave = [["2026-11-25", "2026-12-10"]]
[people.cho]
[people.dee]
[functions.qa]
on_duty = ["bo", "cho", "dee"]
"""


def test_those_on_duty_take_turns_week_by_week():
    own = Functions(policy_of(TURNS))
    weeks = [own.on_duty("qa", NOON - timedelta(weeks=back)) for back in range(3)]
    assert sorted(weeks) == ["person/bo", "person/cho", "person/dee"]
    assert own.on_duty("qa", NOON - timedelta(weeks=3)) == weeks[0]
    assert len({own.on_duty("qa", at(f"2026-11-{day}T03:00")) for day in range(16, 21)}) == 1
    assert own.on_duty("design", NOON) is None


def test_a_week_begins_on_monday_where_the_workspace_is():
    own = Functions(policy_of(TURNS))
    sunday_evening = at("2026-11-15T16:00")  # Monday in Tokyo
    assert own.on_duty("qa", sunday_evening) == own.on_duty("qa", NOON)
    assert own.on_duty("qa", sunday_evening - timedelta(hours=2)) != own.on_duty("qa", NOON)


def test_whoever_is_on_leave_is_left_out_and_where_all_are_nobody_is_on_duty():
    own = Functions(policy_of(TURNS))
    away = {own.on_duty("qa", at("2026-11-26T12:00") + timedelta(weeks=week)) for week in range(2)}
    assert away == {"person/cho", "person/dee"}
    alone = Functions(policy_of(TURNS.replace('on_duty = ["bo", "cho", "dee"]', 'on_duty = ["bo"]')))
    assert alone.on_duty("qa", at("2026-11-26T12:00")) is None


def test_turns_go_on_over_the_end_of_a_year_of_53_weeks():
    own = Functions(policy_of(TURNS.replace('["bo", "cho", "dee"]', '["cho", "dee"]')))
    last = at("2026-12-30T12:00")
    assert own.on_duty("qa", last) != own.on_duty("qa", last + timedelta(weeks=1))


def test_a_turn_began_on_its_first_day_however_long_it_lasts():
    own = Functions(policy_of(TURNS.replace('["bo", "cho", "dee"]', '["bo", "cho"]')))
    assert own.on_duty("qa", at("2026-11-25T12:00")) == "person/cho"  # Bo is on leave until the 10th of December
    began = {own.turn_began("qa", at("2026-11-24T16:00") + timedelta(days=days), NOON) for days in range(16)}
    assert len(began) == 1
    assert own.turn_began("qa", at("2026-12-05T12:00"), at("2026-11-28T12:00")) is None  # it was theirs by then
    assert own.turn_began("qa", NOON, NOON) is None
