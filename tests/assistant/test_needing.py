"""A subject's answer is made of what it needs, within what its reader may see."""

from dataclasses import replace

import pytest

from assistant.needing import Reach, needs_of, seen_by
from assistant.scopes import release_subject, team_subject, workspace_subject
from tests.builders import COMPANY, policy_of, viewer

POLICY = policy_of(COMPANY)
KNOWN = ("acme/api", "acme/web", "acme/ledger", "acme/other")
ALL = viewer(policy=POLICY)
SOME = replace(ALL, sees=frozenset({"acme/web", "acme/other"}))


def needed(subject, reader=ALL):
    return needs_of((subject,), POLICY, Reach(reader, KNOWN))


def test_all_that_is_in_hand_anywhere_is_needed_for_the_workspace():
    needs = needed(workspace_subject(POLICY))
    assert needs.open_in == needs.undeployed_in == needs.blockers_in == KNOWN
    assert set(needs.services) == {"api", "web"}
    assert needs.release_keys == ()


def test_all_that_a_team_has_in_hand_is_needed_for_it():
    assert needed(team_subject(POLICY, "core")).open_in == ("acme/api", "acme/web")


@pytest.mark.parametrize("subject", [workspace_subject(POLICY), team_subject(POLICY, "core")], ids=lambda s: s.kind)
def test_nothing_is_needed_of_what_may_not_be_seen(subject):
    needs = needed(subject, SOME)
    assert set(needs.open_in) <= {"acme/web", "acme/other"}
    assert needs.repositories == frozenset({"acme/web", "acme/other"})


def test_a_release_needs_its_members_and_nothing_that_is_only_in_hand():
    needs = needed(release_subject(POLICY, "checkout", "2.4"))
    assert "2.4" in needs.release_keys
    assert (needs.open_in, needs.undeployed_in) == ((), ())


@pytest.mark.parametrize(
    ("subject", "asked"),
    [(release_subject(POLICY, "checkout", "2.4"), True), (team_subject(POLICY, "core"), False)],
    ids=["release", "team"],
)
def test_only_of_a_release_has_to_be_known_with_what_it_was_first_out_and_who_was_heard_since(subject, asked):
    assert needed(subject).first_out is asked
    assert (needed(subject).heard_within is not None) is asked


def test_what_was_seen_is_needed_of_this_reader_under_this_key():
    needs = seen_by(needed(workspace_subject(POLICY)), ALL, "bottleneck:workspace")
    assert (needs.seen_by, needs.seen_key) == (ALL.key, "bottleneck:workspace")
