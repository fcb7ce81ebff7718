"""What do the events of an incident amount to, in whatever order and however often they come?"""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.intake import READERS
from storage.records import Corrections
from storage.state.fold import fold
from storage.state.rules import FoldRules
from tests.builders import at, happened, known, when
from tests.deliveries import payload

INCIDENT = "incident:pagerduty/PINC100"
START = when("17T09:00")


def told(*names, source="pagerduty"):
    """Events of our payloads, as the ledger holds them."""
    read = READERS[source]
    return [known(event) for name in names for event in read({}, json.dumps(payload(f"{source}/{name}")).encode())]


def folded(events, name=INCIDENT):
    return fold(name, events, FoldRules()).record


def incident(*steps):
    """An incident of the steps (verb, time, data) of one day."""
    return folded([happened(INCIDENT, f"incident.{verb}", time, **data) for verb, time, data in steps])


def test_an_incident_that_was_detected_is_open_since_its_impact_began():
    found = folded(told("incident__triggered"))
    assert (found.source, found.title, found.open) == ("pagerduty", "Checkout answers with errors", True)
    assert found.opened_at == at("2026-11-17T09:58:40"), "when it was created, a moment before it was told"
    assert found.services == ("Checkout API", "PAPI111")
    assert (found.assignees, found.names) == (("pagerduty/PANNA01",), ("Anna Berg",))
    assert (found.closed_at, found.acknowledged_at, found.reopened_at) == (None, None, None)


def test_its_whole_story_ends_resolved_with_what_it_came_from():
    steps = ("triggered", "acknowledged", "annotated", "service_updated", "resolved")
    found = folded(told(*(f"incident__{step}" for step in steps)))
    assert not found.open
    assert found.closed_at == found.last_event_at == at("2026-11-17T11:30:10")
    assert found.acknowledged_at == at("2026-11-17T10:02:03.450")
    assert found.root_causes == ("change:acme/api#101",)
    assert found.assignees == (), "nobody is on it any more"
    assert found.opened_at == at("2026-11-17T09:58:40")


def test_one_that_was_moved_is_on_its_new_service_and_its_new_people():
    found = folded(told("incident__triggered", "incident__service_updated"))
    assert found.services == ("Web Shop", "PWEB222")
    assert found.names == ("Cho Park",)


def test_one_that_is_reopened_goes_on_since_it_first_began():
    found = folded(told("incident__triggered", "incident__acknowledged", "incident__resolved", "incident__reopened"))
    assert found.open
    assert found.opened_at == at("2026-11-17T09:58:40")
    assert found.reopened_at == at("2026-11-17T12:10")
    assert (found.closed_at, found.acknowledged_at) == (None, None)


def test_an_acknowledgement_that_ran_out_no_longer_holds():
    assert (
        folded(told("incident__triggered", "incident__acknowledged", "incident__unacknowledged")).acknowledged_at
        is None
    )


def test_a_resolution_that_comes_alone_still_tells_when_it_began():
    found = folded(told("incident__resolved"))
    assert (found.opened_at, found.closed_at) == (at("2026-11-17T09:58:40"), at("2026-11-17T11:30:10"))


def test_a_note_alone_makes_an_incident_that_is_open_as_nothing_says_otherwise():
    assert folded(told("incident__annotated")).open


@pytest.mark.parametrize(
    ("last", "open_"),
    [
        (("updated", "17T10:30", {"open": True}), True),  # the reopening was missed
        (("updated", "17T10:00", {"open": True}), False),  # of the same instant: may not know of it yet
        (("updated", "17T10:30", {}), False),
        (("acknowledged", "17T10:30", {}), False),
        (("reported", "17T10:30", {}), False),  # written down once it was over
        (("detected", "17T10:30", {}), True),
        (("reopened", "17T10:00", {}), False),
    ],
)
def test_what_opens_a_resolved_incident_again(last, open_):
    assert incident(("detected", "17T09:00", {}), ("resolved", "17T10:00", {}), last).open is open_


def test_an_update_that_shows_it_resolved_closes_it_when_the_resolution_was_missed():
    found = incident(("detected", "17T09:00", {}), ("updated", "17T10:00", {"open": False}))
    assert found.closed_at == when("17T10:00")


def test_an_incident_of_cdevents_is_called_as_its_reporter_does_and_says_where():
    name = "incident:cdevents/errors-7@monitoring/prod"
    found = folded(told("incident__detected", "incident__reported", "incident__resolved", source="cdevents"), name)
    assert (found.source, found.title, found.environment) == ("cdevents", "Customers can't pay", "production")
    assert (found.opened_at, found.closed_at) == (at("2026-11-17T09:58:40"), at("2026-11-17T11:30"))
    assert (found.urgency, found.url) == ("high", "https://desk.example/incidents/345")


def test_what_people_said_of_its_owner_and_its_links_holds():
    found = folded([
        *told("incident__triggered"),
        happened(INCIDENT, "corrected.owner", "17T10:00", owner="person/cho"),
        happened(INCIDENT, "corrected.link", "17T10:01", linked="change:acme/api#7", not_linked=["change:acme/api#101"]),
    ])  # fmt: skip
    said = Corrections(owner="person/cho", linked=("change:acme/api#7",), not_linked=("change:acme/api#101",))
    assert found.corrections == said


def test_a_correction_alone_makes_no_incident():
    assert folded([happened(INCIDENT, "corrected.owner", "17T10:00", owner="person/cho")]) is None


def test_history_of_any_shape_folds():
    odd = {"title": 7, "services": "api", "assignees": {"a": 1}, "names": None, "began_at": "then", "open": "yes"}
    found = incident(("updated", "17T09:00", odd))
    assert (found.title, found.services, found.assignees, found.open) == ("", (), (), True)


times = st.integers(0, 300).map(lambda minutes: START + timedelta(minutes=minutes))
shown = st.fixed_dictionaries(
    {},
    optional={
        "open": st.booleans(),
        "title": st.sampled_from(["Down", "Still down"]),
        "services": st.sampled_from([["api"], ["web"], []]),
        "assignees": st.sampled_from([["pagerduty/P1"], []]),
        "began_at": times.map(lambda time: time.isoformat()),
        "root_causes": st.sampled_from([["change:acme/api#1"], ["commit:acme/api@1f2e3d4"], []]),
    },
)
verbs = st.sampled_from(["detected", "reported", "acknowledged", "unacknowledged", "resolved", "reopened", "updated"])
event = st.builds(
    lambda verb, time, data, key: happened(INCIDENT, f"incident.{verb}", time, f"{time}{key}", **data),
    verbs, times, shown, st.integers(0, 3),
)  # fmt: skip
correction = st.builds(
    lambda time, who: happened(INCIDENT, "corrected.owner", time, owner=who), times, st.sampled_from("ab")
)
stories = st.lists(event | correction, max_size=12).map(lambda told: list({one.identity: one for one in told}.values()))


@settings(max_examples=300, deadline=None)
@given(stories, st.randoms(use_true_random=False))
def test_the_order_in_which_events_come_and_how_often_does_not_matter(story, random):
    shuffled = [*story, *story[:4]]
    random.shuffle(shuffled)
    assert folded(shuffled) == folded(story)


@settings(max_examples=300, deadline=None)
@given(stories)
def test_an_incident_is_never_over_before_it_began_nor_open_and_over_at_once(story):
    found = folded(story)
    if found is None:
        return
    assert found.open is (found.closed_at is None)
    assert found.closed_at is None or found.closed_at >= found.opened_at
    assert found.last_event_at >= found.opened_at
    assert found.reopened_at is None or found.reopened_at > found.opened_at
