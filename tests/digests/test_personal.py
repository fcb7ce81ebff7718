"""The personal digest leaves alone whom nothing waits for."""

from datetime import timedelta

from assistant.questions import BY_NAME, moves
from assistant.scoped import Scoped
from assistant.scopes import workspace_subject
from digests import BY_ID
from digests.personal import quiet
from storage.facts import Freshness
from tests.builders import COMPANY, NOON, change_of, facts_of, policy_of, turn, viewer

POLICY = policy_of(COMPANY)
DIGEST = BY_ID["personal"]


def answered(*records, person="person/anna", **more):
    asked = Scoped(workspace_subject(POLICY), viewer(policy=POLICY), ("acme/api",), (), person)
    return moves.answer(facts_of(*records, claims=None, **more), asked, POLICY, NOON)


def test_it_goes_to_one_person_and_asks_for_their_moves():
    assert DIGEST.personal
    assert BY_NAME[DIGEST.question] is moves


def test_it_is_silent_when_nothing_waits_for_them():
    theirs = change_of(1, move=turn("review_pending", 1.0, "github/anna"))
    assert not quiet(answered(theirs))
    assert quiet(answered(theirs, person="person/cho"))
    assert quiet(answered())


def test_a_silent_source_is_told_once_a_week_and_is_no_good_news():
    unheard = {"freshness": Freshness({"github": NOON - timedelta(days=31)}, {})}
    first = answered(**unheard)
    assert not quiet(first)
    assert quiet(answered(**unheard, seen=(NOON - timedelta(days=1), moves.outline(first))))
    assert not quiet(answered(**unheard, seen=(NOON - timedelta(days=7), moves.outline(first))))
