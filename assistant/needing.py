"""What has to be loaded to examine some subjects?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.coverage import silence
from assistant.forecast import WORKSPACE
from assistant.policy import Policy
from assistant.subject import Subject, SubjectKind
from assistant.viewer import Viewer
from storage.facts import Needs, ReleaseScope

_IN_HAND = (SubjectKind.SERVICE, SubjectKind.TRAIN, SubjectKind.TEAM, SubjectKind.WORKSPACE)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a viewer sees: the viewer, and the repositories that anything is known of."""

    viewer: Viewer
    known: tuple[str, ...] = ()

    @property
    def visible(self) -> frozenset[str] | None:
        """The repositories that an answer may be made of; None: all of them."""
        return self.viewer.visible(self.known)


def needs_of(subjects: Sequence[Subject], policy: Policy, reach: Reach) -> Needs:
    """Ask for what these subjects need, within what the viewer may see."""
    viewer = reach.viewer
    releases = [subject for subject in subjects if subject.kind is SubjectKind.RELEASE]
    in_hand = [subject for subject in subjects if subject.kind in _IN_HAND]
    anywhere = any(subject.repositories is None for subject in subjects)
    scope = tuple(filter(viewer.may_see, reach.known)) if anywhere else _of(subjects, viewer)
    labels = policy.labels
    return Needs(
        repositories=reach.visible,
        release_keys=_unique(key for subject in releases for key in subject.keys),
        release_objects=_unique(subject.object for subject in releases if subject.object),
        releases_of=_unique(subject.product.casefold() for subject in releases if subject.product),
        open_in=scope if in_hand else (),
        undeployed_in=scope if in_hand else (),
        objects=_unique(s.object for s in subjects if s.object and s.kind is not SubjectKind.RELEASE),
        sample_sets=_sample_sets(subjects, policy, viewer),
        sample_limit=policy.forecast.samples,
        sample_days=policy.forecast.days,
        environments=policy.production(),
        blocker_labels=labels.blocker,
        incident_labels=labels.incident,
        blockers_in=scope,
        incidents_in=scope,
        deployments_in=scope,
        services=_unique(service for subject in subjects for service in subject.services),
        repository_of={key: service.repository for key, service in policy.services.items()},
        attention=True,
        gates=True,
        signed_releases={one.seed: scope_of(one) for one in releases},
        first_out=bool(releases),
        heard_within=silence(policy) if releases else None,
    )


def scope_of(release: Subject) -> ReleaseScope:
    """What makes a change a release's."""
    return ReleaseScope((release.seed, *release.keys), release.repositories)


def seen_by(needs: Needs, viewer: Viewer, key: str) -> Needs:
    """The same, with what this viewer remembers of the answer."""
    return replace(needs, seen_by=viewer.key, seen_key=key)


def _sample_sets(subjects: Iterable[Subject], policy: Policy, viewer: Viewer) -> dict[str, tuple[str, ...] | None]:
    """Each team's repositories, and the whole workspace's."""
    teams = _unique(team for subject in subjects for team in subject.teams if team in policy.teams)
    owned = {f"team:{team}": tuple(filter(viewer.may_see, policy.teams[team].repositories)) for team in teams}
    sets: dict[str, tuple[str, ...] | None] = {
        name: repositories for name, repositories in owned.items() if repositories
    }
    return {**sets, WORKSPACE: None}


def _of(subjects: Iterable[Subject], viewer: Viewer) -> tuple[str, ...]:
    return _unique(name for s in subjects for name in s.repositories or () if viewer.may_see(name))


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
