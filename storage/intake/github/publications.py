"""What was published as a release of a repository?"""

from datetime import datetime

from storage.intake.bodies import Misfit
from storage.intake.github import snapshots
from storage.intake.github.shapes import Delivered, Name, Shape, Time, User
from storage.intake.making import Scene, digest, event, stamp
from storage.records import Event, Ignored

_KINDS = {
    "created": "created",
    "published": "published",
    "released": "released",
    "prereleased": "prereleased",
    "unpublished": "unpublished",
    "edited": "updated",
    "deleted": "deleted",
}


class Release(Shape, frozen=True):
    """A release as GitHub has it: a tag with words."""

    tag_name: Name
    created_at: Time | None = None
    published_at: Time | None = None
    updated_at: Time | None = None
    name: str | None = None
    html_url: str | None = None
    prerelease: bool = False
    draft: bool = False
    target_commitish: str | None = None
    author: User | None = None


class ReleaseDelivery(Delivered, frozen=True, kw_only=True):
    """A ``release`` delivery."""

    action: str
    release: Release


def read(delivery: ReleaseDelivery) -> list[Event] | Ignored:
    """One event of the action's kind, with the release as it stood."""
    verb = _KINDS.get(delivery.action)
    if verb is None:
        message = f"an action of release that is not known: {delivery.action[:50]}"
        raise Misfit(message)
    scene = Scene(delivery.repository.full_name, snapshots.login(delivery.sender))
    return [release_event(scene, delivery.release, verb)]


def release_event(scene: Scene, release: Release, verb: str) -> Event:
    """An event of a release as its payload shows it; an edit that has no time is named by what it left behind."""
    snapshot = {
        "tag": release.tag_name,
        "name": release.name,
        "url": release.html_url,
        "published_at": stamp(release.published_at),
        "created_at": stamp(release.created_at),
        "prerelease": release.prerelease,
        "draft": release.draft,
        "target": release.target_commitish,
    }
    at = _at(release, verb)
    name = f"publication:{scene.repository}@{release.tag_name}"
    return event(scene, name, f"publication.{verb}", at, stamp(at) or digest(snapshot), {"snapshot": snapshot})


def _at(release: Release, verb: str) -> datetime | None:
    if verb == "created":
        return release.created_at
    if verb in {"published", "released", "prereleased"}:
        return release.published_at
    return release.updated_at
