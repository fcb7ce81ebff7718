"""Is nobody told of what they saw before and may not see now?"""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.recalling import recalled, remembered, visible
from tests.builders import NOON, viewer

READER = viewer()
CHANGED = [
    {"sees": frozenset({"acme/api"})},
    {"within": frozenset({"acme/api"})},
    {"sees": frozenset()},
    {"within": frozenset()},
    {"inside": False},
]


def kept(reader=READER):
    return NOON, json.loads(json.dumps(remembered({"things": {"a": "review"}}, reader)))


def test_whoever_sees_as_before_is_told_what_they_saw():
    assert recalled(kept(), READER) == (NOON, {"things": {"a": "review"}})
    narrow = replace(READER, sees=frozenset({"acme/web", "acme/api"}), within=frozenset({"acme/*"}))
    assert recalled(kept(narrow), narrow) == (NOON, {"things": {"a": "review"}})


def test_another_name_zone_or_channel_is_the_same_sight():
    assert recalled(kept(), replace(READER, name="Else", zone="Asia/Tokyo", channel="C1")) is not None


@pytest.mark.parametrize("more", CHANGED, ids=str)
def test_whoever_sees_less_or_more_than_before_starts_anew(more):
    assert recalled(kept(), replace(READER, **more)) is None
    assert recalled(kept(replace(READER, **more)), READER) is None


@pytest.mark.parametrize("seen", [None, (NOON, "old"), (NOON, {"things": {}}), (NOON, {"sight": 3}), (NOON, None)])
def test_of_what_was_remembered_without_a_sight_nothing_is_told(seen):
    assert recalled(seen, READER) is None


def test_when_it_was_seen_stays():
    at = NOON - timedelta(days=3)
    assert recalled((at, remembered({}, READER)), READER) == (at, {})


@pytest.mark.parametrize("name", ["change:acme/secret#1", "ticket:Acme/Secret#2", "commit:acme/secret@1f2e"])
def test_things_of_hidden_repositories_are_left_out(name):
    reader = replace(READER, sees=frozenset({"acme/api"}))
    assert visible({name: 1, "change:Acme/API#1": 2, "freeze:1": 3}, reader) == {"change:Acme/API#1": 2, "freeze:1": 3}
    assert visible({name: 1, "freeze:1": 3}, replace(READER, sees=frozenset(), inside=False)) == {}
