"""Is it said why nobody can tell whether a release has shipped?"""

from datetime import timedelta

import pytest

from assistant.blockers.finding import find
from assistant.shipping import out_of
from assistant.shipping_gaps import shipping_gaps
from assistant.standing import standing_of
from tests.builders import NOON, change_of, deployment_of, merged_of, situation

HOUR = timedelta(hours=1)
CHANGE = merged_of(1)
UNSEEN = deployment_of("e" * 40, "2", created_at=NOON + HOUR, finished_at=NOON + HOUR)
UNNAMED = deployment_of(None, "2", created_at=NOON + HOUR, finished_at=NOON + HOUR)


def gaps(*records, **more):
    told = situation(*records, **more)
    return [gap.says for gap in shipping_gaps(told, out_of(told))]


@pytest.mark.parametrize(
    ("deployed", "runs"),
    [
        (UNSEEN, "api runs eeeeeeeeeeee, which was never seen to land"),
        (UNNAMED, "api runs something of which nobody named the commit"),
    ],
)
def test_a_commit_that_nobody_saw_land_or_named_leaves_it_open(deployed, runs):
    said = f"Whether 1 merged change reached production: since 2026-11-18 13:00 UTC {runs}."
    assert gaps(CHANGE, deployed) == [said]
    told = standing_of(situation(CHANGE, deployed), ())
    assert (told.shipped_at, [gap.says for gap in told.untold]) == (None, [said])


def test_what_was_in_production_before_has_shipped_then():
    told = situation(CHANGE, deployment_of(CHANGE.merge_sha), UNSEEN)
    assert list(shipping_gaps(told, out_of(told))) == []
    assert standing_of(told, ()).shipped_at == NOON


def test_so_does_a_repository_beside_it_of_which_nobody_tells():
    web = merged_of(2, repository="acme/web")
    (said,) = gaps(CHANGE, web, deployment_of(CHANGE.merge_sha), deploying=("acme/api",))
    assert "what of acme/web is in production" in said
    assert gaps(web, deploying=()) == []  # nothing of it is out: it waits to be published


def test_where_something_is_known_to_be_left_it_has_not_shipped():
    told = situation(CHANGE, change_of(2), UNSEEN)
    assert standing_of(told, tuple(find(told))).untold == ()
