"""What does a pipeline's one line tell?"""

import json
from datetime import UTC, datetime

import pytest

from storage.intake import READERS, Malformed
from storage.records import UnknownEvent


def read(**told):
    return READERS["lastmile"](
        {}, json.dumps({"service": "checkout", "sha": "9B8A7C6", "environment": "production", **told}).encode()
    )


def test_a_deployment_is_an_event_of_its_service_commit_environment_and_time():
    (event,) = read(at="2026-09-14T11:00:00+02:00")
    assert event.object == "deployment:lastmile/checkout/9b8a7c6/production/2026-09-14T09:00:00Z"
    assert event.kind == "service.deployed"
    assert event.at == datetime(2026, 9, 14, 9, tzinfo=UTC)
    assert event.source == "lastmile"
    assert event.data["state"] == "succeeded"
    assert event.data["exposure"] is None


def test_a_given_id_names_the_deployment_through_all_its_states():
    (began,) = read(id=17, state="running", at="2026-09-14T09:00:00Z")
    (ended,) = read(id="17", state="failed", at="2026-09-14T09:05:00Z")
    assert began.object == ended.object == "deployment:lastmile/checkout/9b8a7c6/production/17"
    assert began.identity != ended.identity


def test_told_twice_is_one_event_and_more_exposure_is_another():
    at = "2026-09-14T09:00:00Z"
    assert read(at=at)[0].identity == read(at=at)[0].identity
    assert read(id="r", exposure=0.1)[0].identity != read(id="r", exposure=1)[0].identity


@pytest.mark.parametrize(
    "wrong",
    [
        {"service": ""},
        {"sha": "no sha at all"},
        {"environment": None},
        {"exposure": 2},
        {"at": "yesterday"},
        {"at": "2026-09-14T09:00:00"},
        {"state": "great"},
    ],
)
def test_what_does_not_fit_is_unknown_and_says_why(wrong):
    verdict = read(**wrong)
    assert isinstance(verdict, UnknownEvent)
    assert verdict.reason.startswith("deployed: ")


def test_no_json_is_malformed():
    with pytest.raises(Malformed):
        READERS["lastmile"]({}, b"checkout")


@pytest.mark.parametrize("purpose", ["rollback", "hotfix", None])
def test_it_may_be_one_that_mends_something(purpose):
    assert read(id="1", purpose=purpose)[0].data["purpose"] == purpose


def test_another_purpose_is_unknown_and_says_which_there_are():
    verdict = read(id="1", purpose="fun")
    assert isinstance(verdict, UnknownEvent)
    assert "purpose" in verdict.reason
