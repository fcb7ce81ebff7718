"""Is risk told in bands of a repository's own usual, and what is missing said?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.origin import Origin
from assistant.risk import PUBLIC_BASE_RATE, Band, risk_of, service_level, worst
from storage.records import Size
from tests.builders import change_of, policy_of


def risk(added, deleted=0, files=1, fix=False, base=None):
    return risk_of(change_of(size=Size(added, deleted, files), fix=fix), base)


def test_a_line_is_low_a_hundred_are_medium_and_a_thousand_high():
    assert [risk(added, added // 5).band for added in (1, 100, 1000)] == [Band.LOW, Band.MEDIUM, Band.HIGH]


def test_a_fix_is_riskier_than_other_work_of_its_size():
    assert risk(100, fix=True).probability > risk(100).probability
    assert risk(100, fix=True).band is Band.HIGH


def test_the_published_weights_give_the_published_probability():
    # logistic(-1.878 - 0.995 + 0.430 ln 101 + 0.092 ln 21 + 0.006 ln 5)
    assert risk(100, 20, 4).probability == pytest.approx(0.3546, abs=1e-3)


def test_features_that_no_source_gave_are_named_and_left_out():
    assert risk(1).missing == ("folders", "entropy")
    partly = risk_of(change_of(size=Size(added=100)))
    assert partly.missing == ("deleted", "files", "folders", "entropy")
    assert partly.band is Band.MEDIUM


def test_a_change_of_unknown_size_has_unknown_risk():
    told = risk_of(change_of(fix=True))
    assert (told.band, told.probability) == (Band.UNKNOWN, None)


def test_bands_are_relative_to_the_repositorys_own_rate():
    assert risk(100, base=0.02).probability < risk(100).probability
    assert risk(100, base=0.02).band is risk(100).band is Band.MEDIUM


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**4), st.booleans(), st.floats(0, 1))
def test_a_risk_is_a_probability_and_grows_with_the_lines(added, deleted, files, fix, base):
    told = risk(added, deleted, files, fix, base)
    assert 0 <= told.probability <= 1
    assert risk(added + 100, deleted, files, fix, base).probability >= told.probability


def test_the_riskiest_decides_and_unknown_never_hides_high():
    assert worst([Band.LOW, Band.MEDIUM]) is Band.MEDIUM
    assert worst([Band.LOW, Band.UNKNOWN]) is Band.UNKNOWN
    assert worst([Band.UNKNOWN, Band.HIGH]) is Band.HIGH
    assert worst([]) is Band.UNKNOWN


@pytest.mark.parametrize(
    ("origin", "band", "hours"),
    [
        (Origin.HUMAN_HEAVY, Band.LOW, 8), (Origin.HUMAN_HEAVY, Band.HIGH, 16), (Origin.MIXED, Band.MEDIUM, 8),
        (Origin.AI_HEAVY, Band.MEDIUM, 12), (Origin.AI_HEAVY, Band.HIGH, 24), (Origin.UNKNOWN, Band.LOW, 8),
        (Origin.UNKNOWN, Band.UNKNOWN, 12), (Origin.AUTOMATION, Band.HIGH, 24),
    ],
)  # fmt: skip
def test_service_levels_go_by_origin_and_risk(origin, band, hours):
    assert service_level(origin, band, policy_of()) == hours


def test_service_levels_can_be_changed_in_the_file():
    assert service_level(Origin.MIXED, Band.LOW, policy_of("[service_levels]\nmixed = [1, 2, 3]")) == 1


def test_the_base_rate_without_own_history_is_the_public_one():
    assert risk(10).base_rate == PUBLIC_BASE_RATE
