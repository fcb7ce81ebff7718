"""Is it told what is out, by what, and of what nobody can tell?"""

from dataclasses import replace
from datetime import timedelta

from assistant.scopes import team_subject
from assistant.shipping import Out, out_of
from storage.records import Corrections, Publication
from tests.builders import COMPANY, NOON, change_of, deployment_of, merged_of, policy_of, situation

API, WEB = merged_of(1), merged_of(2, repository="acme/web")
LIVE = deployment_of(API.merge_sha)
HOUR = timedelta(hours=1)


def published(repository="acme/web", tag="v2.4"):
    return Publication(f"publication:{repository}@{tag}", repository, tag, None, None, published_at=NOON + HOUR)


def out(*records, **more):
    return out_of(situation(*records, **{"deploying": ("acme/api",), **more}))


def test_a_repository_that_tells_of_deployments_is_out_when_it_was_deployed():
    assert out(API, LIVE) == Out(NOON, "deployments", ())
    assert out(API) == Out(None, None, ())


def test_one_that_does_not_is_out_when_its_release_was_published():
    assert out(API, WEB, LIVE) == Out(NOON, "deployments", ("acme/web",))
    assert out(API, WEB, LIVE, published()) == Out(NOON + HOUR, "both", ())
    assert out(WEB, published()) == Out(NOON + HOUR, "published", ())
    assert out(WEB, published(tag="v2.5")) == Out(None, None, ("acme/web",))


def test_what_is_still_open_waits_for_nobodys_word():
    assert out(change_of(3, repository="acme/web")).untold == ()


def test_what_a_person_said_shipped_needs_no_other_word():
    assert out(replace(WEB, corrections=Corrections(shipped_at=NOON))) == Out(NOON, "deployments", ())


def test_a_release_of_tickets_alone_is_out_when_it_was_published():
    assert out(published()).by == "published"


def test_only_a_release_is_published():
    core = team_subject(policy_of(COMPANY), "core")
    assert out(WEB, published(), subject=core) == Out(None, None, ("acme/web",))
