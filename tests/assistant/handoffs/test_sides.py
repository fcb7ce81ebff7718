"""On which side of a handoff is somebody?"""

import pytest

from assistant.acts.handing import not_receiving, not_sending
from assistant.deciding import Refused
from assistant.handoffs.sides import sides_of
from assistant.people import people_of
from assistant.viewer import shared_in
from storage.records import Account
from tests.builders import release_of
from tests.handing import as_viewer, company, handoff_of

POLICY = company()
PEOPLE = people_of(POLICY)
RELEASE = release_of(owner="person/fay")
HANDOFFS = {
    "to a function": handoff_of(),
    "to a person": handoff_of(receiver="person/eve"),
    "within a function": handoff_of(from_function="qa", sender="person/bo"),
    "to nobody known": handoff_of(to_function="sre"),
    "by nobody known": handoff_of(from_function="sre", sender="slack/U9"),
}


@pytest.mark.parametrize("handoff", HANDOFFS.values(), ids=HANDOFFS)
@pytest.mark.parametrize("who", ["anna", "bo", "cho", "dee", "eve", "fay", "slack/U9"])
def test_it_offers_what_the_acts_allow(handoff, who):
    reader, records = as_viewer(who), {RELEASE.object: RELEASE}
    sides = sides_of(reader, POLICY, PEOPLE, (RELEASE,))
    assert sides.receives(handoff) == (not isinstance(not_receiving(handoff, reader, POLICY, "x"), Refused))
    assert sides.sends(handoff) == (not isinstance(not_sending(handoff, records, reader, POLICY, "x"), Refused))


def test_a_channel_and_whoever_is_no_member_are_on_none():
    for reader in (shared_in(as_viewer("cho"), POLICY, "C1"), as_viewer("gus")):
        sides = sides_of(reader, POLICY, PEOPLE)
        assert not any(sides.receives(one) or sides.sends(one) for one in HANDOFFS.values())


def test_an_account_that_was_proved_is_the_person():
    people = people_of(POLICY, (Account("account:slack/u9", "U9", person="person/cho"),))
    assert sides_of(as_viewer("slack/U9"), POLICY, people).receives(handoff_of(receiver="person/cho"))
