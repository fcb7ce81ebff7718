"""What was deployed where, how did it go, and what was published?"""

import pytest

from storage.records import UnknownEvent
from tests.deliveries import github_reads


def status(**values):
    return github_reads("deployment_status__created", lambda told: told["deployment_status"].update(values))


def test_a_deployment_says_what_goes_where_and_who_asked():
    (event,) = github_reads("deployment__created")
    assert event.identity == "deployment:github/1901|deployment.created|1901"
    assert (event.data["environment"], event.data["ref"], event.data["deployer"]) == (
        "production",
        "main",
        "github/ben-acme",
    )
    assert event.data["production"] is True


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("queued", "pending"),
        ("pending", "pending"),
        ("waiting", "pending"),
        ("in_progress", "running"),
        ("success", "succeeded"),
        ("failure", "failed"),
        ("error", "failed"),
        ("inactive", "inactive"),
    ],
)
def test_each_report_has_a_state(said, state):
    (event,) = status(state=said)
    assert event.data["state"] == state
    assert event.identity == "deployment:github/1901|deployment.updated|1802"


def test_a_report_tells_the_deployment_it_is_on_as_it_may_arrive_alone():
    (event,) = status()
    assert event.data["sha"].startswith("9b8a7c6d")
    assert event.data["created_at"] == "2026-09-14T09:40:00Z"
    assert event.data["reported_at"] == "2026-09-14T09:45:00Z"


def test_a_report_may_move_the_environment():
    assert status(environment="canary")[0].data["environment"] == "canary"
    assert status(environment=None)[0].data["environment"] == "production"


def test_a_state_that_is_new_to_us_is_unknown():
    assert isinstance(status(state="levitating"), UnknownEvent)


@pytest.mark.parametrize(
    ("name", "kind", "at"),
    [
        ("created", "created", "2026-09-14T09:50:00Z"),
        ("published", "published", "2026-09-14T09:55:00Z"),
        ("released", "released", "2026-09-14T09:55:00Z"),
        ("prereleased", "prereleased", "2026-09-14T09:55:00Z"),
    ],
)
def test_a_release_is_published_at_its_own_time(name, kind, at):
    (event,) = github_reads(f"release__{name}")
    assert event.identity == f"publication:acme/api@v2.4.0|publication.{kind}|{at}"


def test_an_edit_of_a_release_has_no_time_and_is_named_by_what_it_left():
    (event,) = github_reads("release__edited")
    (other,) = github_reads("release__edited", lambda told: told["release"].update(name="2.4 LTS"))
    assert event.at is None
    assert event.identity != other.identity


def test_the_snapshot_of_a_release_says_whether_it_is_out():
    assert github_reads("release__unpublished")[0].data["snapshot"]["draft"]
    told = github_reads("release__published")[0].data["snapshot"]
    assert (told["tag"], told["name"], told["draft"], told["target"]) == ("v2.4.0", "2.4", False, "main")


@pytest.mark.parametrize(
    ("payload", "purpose"),
    [
        ({"purpose": "rollback"}, "rollback"),
        ({"purpose": "Hotfix"}, "hotfix"),
        ({"rollback": True}, "rollback"),
        ({"hotfix": "yes"}, None),
        ('{"purpose": "hotfix"}', "hotfix"),
        ({"purpose": ["rollback"]}, None),
        ("rollback", None),
        ("{", None),
        ("{" * 9_000, None),
        ("", None),
        ({}, None),
        ([], None),
        (None, None),
        (7, None),
    ],
)
def test_what_a_deployment_is_for_may_stand_in_its_payload(payload, purpose):
    (event,) = github_reads("deployment__created", lambda told: told["deployment"].update(payload=payload))
    assert event.data["purpose"] == purpose
