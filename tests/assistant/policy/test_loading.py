"""Does the writer of the configuration file learn what is wrong with it?"""

import pytest

from assistant.errors import UserError
from assistant.policy import Policy, PolicyError, load_policy
from assistant.policy.loading import parse_policy


def problems(text):
    with pytest.raises(PolicyError) as caught:
        parse_policy(text, "lastmile.toml")
    return str(caught.value)


def test_no_file_is_the_defaults_of_the_definitions():
    policy = load_policy(None)
    assert policy == Policy()
    assert (policy.hours.start.hour, policy.hours.end.hour, policy.hours.days) == (9, 17, (0, 1, 2, 3, 4))
    assert policy.service_levels.ai_heavy == policy.service_levels.unknown == (8, 12, 24)
    assert (policy.forecast.samples, policy.forecast.days, policy.forecast.least) == (500, 365, 20)
    assert policy.stabilization.quiet_days == (3, 7, 14)


def test_a_file_is_read_from_its_path(tmp_path):
    path = tmp_path / "lastmile.toml"
    path.write_text('[workspace]\nname = "Acme"\n')
    assert load_policy(path).workspace.name == "Acme"


def test_a_file_that_is_not_there_is_the_writers_mistake(tmp_path):
    with pytest.raises(UserError, match=r"absent\.toml can't be read"):
        load_policy(tmp_path / "absent.toml")


def test_text_that_is_no_toml_says_so():
    assert "lastmile.toml is no TOML" in problems("[workspace")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[people.anna]\nnmae = "x"', "unknown key 'nmae' in [people.anna]; did you mean 'name'?"),
        ("[foercast]", "unknown key 'foercast' in the file; did you mean 'forecast'?"),
        ('[hours]\nstrat = "08:00"', "unknown key 'strat' in [hours]; did you mean 'start'?"),
        ('[repositories."acme/api"]\napproval = 2', "unknown key 'approval' in [repositories.\"acme/api\"]"),
        ("[stabilization]\nzzz = 1", "unknown key 'zzz' in [stabilization]"),
    ],
)
def test_an_unknown_key_is_named_with_its_table_and_what_was_probably_meant(text, said):
    assert said in problems(text)


def test_all_problems_are_told_at_once():
    told = problems('[hours]\ndays = ["mon", "xx"]\nstrat = 1\n[people.anna]\nnmae = 2')
    assert told.count("\n- ") == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[workspace]\nzone = "Mars/X"', "workspace.zone: 'Mars/X' is no time zone"),
        ("[hours]\ndays = []", "hours.days"),
        ('[hours]\nholidays = ["XX"]', "'XX' is neither a date like 2026-12-24 nor a country"),
        ('[hours]\nholidays = ["DE-QQ"]', "'DE-QQ' is neither"),
        ("[people.x]\nleave = [[2026-01-05, 2026-01-01]]", "leave from 2026-01-05 ends before it begins"),
        ('[attribution]\nidentities = [{pattern = "("}]', "can't be read"),
        ('[access]\ndefault = "shut"', "access.default"),
        ('[repositories."api"]\napprovals = 1', "repositories.api"),
        ("[forecast]\nsamples = 0", "forecast.samples"),
    ],
)
def test_a_value_that_cannot_be_is_named(text, said):
    assert said in problems(text)


def test_a_claim_outlasts_a_picture_and_the_message_that_shows_it():
    assert "digests.lease_seconds" in problems("[digests]\nlease_seconds = 40")
    assert parse_policy("[digests]\nlease_seconds = 45").digests.lease_seconds == 45
    said = parse_policy("[digests]\npace = 60\nlate_hours = 0.5").digests
    assert (said.pace, said.late_hours, said.lease_seconds) == (60, 0.5, 60)


def test_holidays_may_be_dates_countries_and_regions_together():
    policy = parse_policy('[hours]\nholidays = [2026-12-24, "nl", "DE-BY", "2026-12-31"]')
    assert policy.hours.holidays == ("2026-12-24", "NL", "DE-BY", "2026-12-31")


def test_midnight_at_the_end_of_a_day_may_be_written_as_24_00():
    assert parse_policy('[hours]\nend = "24:00"').hours.end.hour == 0


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[services.api]\nrepository = "acme/api"\npaths = ["api/**"]', "paths"),
        ('[labels]\nfeature = ["feature"]', "feature"),
    ],
)
def test_there_is_no_key_that_nothing_reads(text, key):
    assert f"unknown key {key!r}" in problems(text)
