"""What is a deployment for, and which commit does it bring when it only names an artifact?"""

import pytest

from storage.state.fold import fold
from storage.state.rules import FoldRules
from tests.builders import happened

DEPLOYMENT = "deployment:cdevents/checkout/production/2026-11-17T09:30:00Z"
IMAGE = "artifact:pkg:oci/checkout@sha256:0b31"
SHA = "9b8a7c6d5e4f30211203f4e5d6c7b8a90a1b2c3d"


def deployed(time="17T09:30", **data):
    filled = {"service": "checkout", "environment": "production", "state": "succeeded", "artifact": IMAGE, "sha": None}
    return happened(DEPLOYMENT, "service.deployed", time, **(filled | data))


def made(time, sha, of=IMAGE):
    return happened(of, "artifact.packaged", time, sha=sha)


def folded(*events):
    return fold(DEPLOYMENT, events, FoldRules())


def test_one_that_names_an_artifact_follows_what_is_told_of_it():
    alone = folded(deployed())
    assert (alone.follows, alone.record.sha) == ((IMAGE,), None)
    assert folded(deployed(), made("17T09:00", SHA)).record.sha == SHA
    assert folded(deployed(), made("17T09:00", "a" * 40), made("17T09:10", SHA)).record.sha == SHA


def test_another_artifact_and_another_time_change_nothing_of_it():
    told = folded(deployed(), made("17T08:00", SHA, of="artifact:pkg:oci/other@1"), made("17T07:00", SHA)).record
    assert told.sha == SHA
    assert (told.created_at, told.repository, told.service) == (deployed().at, told.repository, "checkout")


def test_a_commit_of_its_own_needs_no_artifact():
    told = folded(deployed(sha=SHA), made("17T09:00", "a" * 40))
    assert (told.follows, told.record.sha) == ((), SHA)


@pytest.mark.parametrize(
    ("data", "purpose"),
    [
        ({"purpose": "rollback"}, "rollback"),
        ({"purpose": "hotfix"}, "hotfix"),
        ({"purpose": "fun"}, None),
        ({"task": "deploy"}, None),
        ({"task": "deploy:rollback"}, "rollback"),
        ({"task": "Hotfix"}, "hotfix"),
        ({"task": "deploy", "purpose": "hotfix"}, "hotfix"),
        ({"task": "rollback", "purpose": "hotfix"}, "hotfix"),
        ({"task": "unhotfixed"}, None),
        ({"purpose": ["rollback"]}, None),
        ({}, None),
    ],
)
def test_what_it_is_for_is_said_outright_or_by_the_pipelines_task(data, purpose):
    assert folded(deployed(**data)).record.purpose == purpose


def test_a_later_report_does_not_take_its_purpose_away():
    assert folded(deployed(purpose="hotfix"), deployed("17T09:40", purpose=None)).record.purpose == "hotfix"
