"""Who may know of a handoff or a round?"""

import pytest

from assistant.handoffs.seeing import may_see, may_see_about
from assistant.viewer import shared_in, viewer_for
from storage.records import Round
from tests.builders import NOON
from tests.handing import as_viewer, company, handoff_of


@pytest.mark.parametrize(
    ("about", "seen"),
    [
        ("release:checkout@2.4", True),
        ("release:vault@1.0", False),
        ("release:Vault@1.0", False),
        ("service:api", True),
        ("service:safe", False),
        ("service:Safe", False),
        ("service:acme/api", True),
        ("service:acme/secret", False),
        ("change:acme/api#101", True),
        ("change:acme/secret#9", False),
        ("ticket:acme/secret#9", False),
        ("ticket:jira/SHOP#12", False),  # Cho is let see two repositories, and no project
    ],
)
def test_whoever_may_know_of_a_thing_may_know_what_is_handed_over_about_it(about, seen):
    cho = as_viewer("cho")
    assert may_see_about(about, cho, company()) is seen
    assert may_see(handoff_of(about=about), cho, company()) is seen
    assert may_see(Round("round:1", about, "person/fay", NOON), cho, company()) is seen
    assert may_see_about(about, as_viewer("bo"), company())  # nothing is hidden from Bo


def test_a_guest_sees_none_and_a_shared_channel_only_what_it_may():
    policy = company('[access.channels]\nC9 = ["acme/web"]\n')
    guest = as_viewer("gus", policy)
    assert not may_see_about("release:checkout@2.4", guest, policy)
    channel = shared_in(as_viewer("bo", policy), policy, "C9")
    assert may_see_about("service:web", channel, policy)
    assert not may_see_about("change:acme/api#101", channel, policy)
    assert may_see_about("release:checkout@2.4", channel, policy)  # it may see a part of the product
    outside = viewer_for(policy, "slack/U8", "X", inside=False)
    assert not may_see_about("service:api", outside, policy)
