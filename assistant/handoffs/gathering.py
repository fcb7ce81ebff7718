"""What has to be known to say where handoffs stand, and where does each stand then?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from assistant.handoffs.later import Landed, release_of
from assistant.handoffs.seeing import may_see
from assistant.handoffs.standing import DONE, Stand, seen_by, standing_of
from assistant.handoffs.timing import dated
from assistant.needing import Reach, scope_of
from assistant.people import People, people_of
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.facts import HANDOFFS_KEPT, Facts, Needs
from storage.naming import called, kind_of, subject_of
from storage.records import Change, Handoff, ObjectKind, Ticket

_RECORDED = {ObjectKind.CHANGE, ObjectKind.TICKET, ObjectKind.RELEASE}


def needs_of(handoffs: Iterable[Handoff], policy: Policy, reach: Reach) -> Needs:
    """Ask for these handoffs, what they are about, and what landed in the scope of those that are done."""
    return with_handoffs(Needs(repositories=reach.visible, linked=False), handoffs, policy)


def with_handoffs(needs: Needs, handoffs: Iterable[Handoff], policy: Policy) -> Needs:
    """The same needs, and what it takes to say where these handoffs stand."""
    each = tuple(handoffs)
    done = [one for one in each if one.state in DONE]
    about = [one.about for one in each if kind_of(one.about) in _RECORDED]
    releases = [release_of(one.about, policy) for one in done if kind_of(one.about) == ObjectKind.RELEASE]
    return replace(
        needs,
        objects=_with(needs.objects, (*(one.object for one in each), *about)),
        signed_releases={**needs.signed_releases, **{one.seed: scope_of(one) for one in releases}},
        repository_of={**{key: one.repository for key, one in policy.services.items()}, **needs.repository_of},
        linked=needs.linked or any(kind_of(one.about) == ObjectKind.TICKET for one in done),
    )


def stands(facts: Facts, policy: Policy, viewer: Viewer, now: datetime) -> tuple[Stand, ...]:
    """Where every handoff that was loaded stands, of those that the viewer may know of, by name.

    It stands the same for everybody: what landed where the viewer may not look counts, and is not named.
    """
    people, landed = people_of(policy, facts.accounts), Landed(facts, policy)
    titles = _Titles(facts, policy, viewer)
    seen = (one for one in facts.handoffs if may_see(one, viewer, policy))
    return tuple(seen_by(viewer, _stand(one, landed, titles, people, now)) for one in seen)


class _Titles:
    """What the things that handoffs are about are called."""

    def __init__(self, facts: Facts, policy: Policy, viewer: Viewer) -> None:
        work: tuple[Change | Ticket, ...] = (*facts.changes, *facts.tickets)
        self._work = {one.object.casefold(): one for one in work if viewer.may_see(one.repository)}
        self._releases = {one.object.casefold(): one for one in facts.releases}
        self._services = {key.casefold(): key for key in policy.services}

    def of(self, about: str) -> tuple[str, str, str | None]:
        """What people call it, its title and its link, empty where not known."""
        item = self._work.get(about.casefold())
        if item is not None:
            return called(item.object), item.title, item.url
        release = self._releases.get(about.casefold())
        if release is not None:
            name = called(release.object)
            return name, release.name if release.name not in {release.version, name} else "", None
        if kind_of(about) == "service":
            return self._services.get(subject_of(about).casefold(), subject_of(about)), "", None
        return called(about), "", None


def _stand(handoff: Handoff, landed: Landed, titles: _Titles, people: People, now: datetime) -> Stand:
    lately = (handoff.state_at or handoff.last_at) >= now - HANDOFFS_KEPT
    later = landed.after(handoff) if lately else ()
    return dated(standing_of(handoff, later, people, now, *titles.of(handoff.about)), people)


def _with(given: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*given, *more)))
