"""Does nobody see what is not theirs to see?"""

import pytest

from assistant.viewer import Viewer, shared_in, viewer_for
from tests.builders import COMPANY, policy_of

CLOSED = (
    COMPANY
    + '[access]\ndefault = "closed"\n[access.people]\nanna = ["acme/*"]\n[access.teams]\nmoney = ["acme/ledger"]\n'
)


def who(key, text=COMPANY, **more):
    return viewer_for(policy_of(text), key, "Somebody", **more)


def test_by_default_everybody_inside_sees_everything():
    viewer = who("slack/U9")
    assert viewer.sees_all
    assert viewer.may_see("acme/api")
    assert viewer.visible(["acme/api"]) is None


def test_people_of_another_workspace_see_nothing_at_all():
    viewer = who("slack/U9", inside=False)
    assert not viewer.may_see("acme/api")
    assert not viewer.may_see(None)
    assert viewer.visible(["acme/api"]) == frozenset()


def test_people_of_another_workspace_see_nothing_even_where_they_are_configured():
    assert not who("person/anna", CLOSED, inside=False).may_see("acme/api")


def test_a_guest_sees_nothing_although_the_default_is_open():
    assert not who("person/gus", "[people.gus]\nguest = true\n").may_see("acme/api")


def test_a_guest_sees_what_is_named_for_them_and_nothing_of_their_team():
    text = (
        '[people.gus]\nguest = true\n[teams.t]\nmembers = ["gus"]\n'
        '[access.people]\ngus = ["acme/docs"]\n[access.teams]\nt = ["acme/*"]\n'
    )
    assert who("person/gus", text).visible(["acme/docs", "acme/api"]) == {"acme/docs"}


@pytest.mark.parametrize(
    ("key", "sees"),
    [
        ("person/anna", {"acme/api", "acme/ledger"}),
        ("person/cho", {"acme/ledger"}),
        ("person/bo", set()),
        ("slack/U9", set()),
    ],
)
def test_with_a_closed_default_each_sees_what_is_named_for_them_or_their_team(key, sees):
    assert who(key, CLOSED).visible(["acme/api", "acme/ledger", "other/x"]) == sees


def test_globs_match_in_any_case():
    viewer = Viewer("person/x", "X", sees=frozenset({"acme/*"}))
    assert viewer.may_see("Acme/API")
    assert not viewer.may_see("acmex/api")


def test_what_is_shared_is_what_the_channel_may_see():
    policy = policy_of('[access.channels]\nC1 = ["acme/web"]\n')
    shared = shared_in(viewer_for(policy, "slack/U1", "Anna"), policy, "C1")
    assert (shared.key, shared.channel) == ("channel/C1", "C1")
    assert shared.visible(["acme/web", "acme/api"]) == {"acme/web"}


def test_sharing_shows_nobody_what_the_one_who_shares_may_not_see():
    policy = policy_of(CLOSED + '[access.channels]\nC1 = ["acme/*"]\n')
    shared = shared_in(viewer_for(policy, "person/cho", "Cho"), policy, "C1")
    assert shared.visible(["acme/ledger", "acme/api"]) == {"acme/ledger"}


def test_a_channel_that_is_not_named_sees_what_the_default_says():
    for text, seen in ((COMPANY, True), (CLOSED, False)):
        policy = policy_of(text)
        assert shared_in(viewer_for(policy, "person/anna", "Anna"), policy, "C9").may_see("acme/api") is seen


def test_a_channel_with_outsiders_sees_nothing_unless_it_is_named():
    policy = policy_of(COMPANY + '[access.channels]\nC2 = ["acme/web"]\n')
    viewer = viewer_for(policy, "person/anna", "Anna")
    assert not shared_in(viewer, policy, "C9", outsiders=True).may_see("acme/web")
    assert shared_in(viewer, policy, "C2", outsiders=True).may_see("acme/web")


def test_the_zone_is_the_readers_own_then_the_persons_then_the_workspaces():
    text = '[workspace]\nzone = "Europe/Berlin"\n[people.a]\nzone = "Asia/Tokyo"\n[people.b]\n'
    assert who("person/a", text, zone="UTC").zone == "UTC"
    assert who("person/a", text).zone == "Asia/Tokyo"
    assert who("person/b", text).zone == "Europe/Berlin"
