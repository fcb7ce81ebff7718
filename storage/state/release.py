"""What did people decide about a release: its target, owner, scope, accepted risks, its end?

Expiry is kept as data: whether an acceptance still holds is for whoever asks, at the moment they ask about.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from storage.naming import subject_of
from storage.records import HARD_GATES, AcceptedRisk, Estimate, KnownEvent, Provided, Release
from storage.state.stated import instant, word, words

IMPACTS = frozenset({"none", "some", "high"})  # how much customers notice
ENDINGS = frozenset({"cancelled", "superseded"})


def fold_release(object_name: str, events: Sequence[KnownEvent]) -> Release | None:
    """Fold the decisions about one release, given in (at, identity) order, each with an actor."""
    known = [event for event in events if event.kind in _STEPS]
    if not known:
        return None
    product, _, key = subject_of(object_name).rpartition("@")
    release = Release(object_name, product, key, key, known[0].at)
    planned = next((event for event in known if event.kind == "release.planned"), None)
    if planned:
        version = word(planned.data, "version") or key
        product = word(planned.data, "product") or product
        release = Release(object_name, product, version, version, planned.at)
    for event in known:
        release = _STEPS[event.kind](release, event)
    return release


def _planned(release: Release, event: KnownEvent) -> Release:
    """Planning again renames, and brings back what was cancelled or superseded."""
    return replace(release, name=word(event.data, "name") or release.name, ended=None, ended_at=None)


def _targeted(release: Release, event: KnownEvent) -> Release:
    target = instant(event.data, "target")
    if target == release.target or (target is None and event.data.get("target") is not None):
        return release
    before = release.targets_before
    if release.target:
        before = (*before, (release.target, event.actor or "", word(event.data, "why") or "", event.at))
    return replace(release, target=target, targets_before=before)


def _owned(release: Release, event: KnownEvent) -> Release:
    return replace(release, owner=word(event.data, "owner"))


def _delegated(release: Release, event: KnownEvent) -> Release:
    return replace(release, delegates=words(event.data, "delegates"))


def _scope_frozen(release: Release, event: KnownEvent) -> Release:
    return replace(release, scope_frozen_at=release.scope_frozen_at or event.at)


def _scope_unfrozen(release: Release, _event: KnownEvent) -> Release:
    return replace(release, scope_frozen_at=None)


def _boarded(release: Release, event: KnownEvent) -> Release:
    return replace(release, train=word(event.data, "train"))


def _ended(release: Release, event: KnownEvent) -> Release:
    ending = word(event.data, "as")
    if release.ended or ending not in ENDINGS:
        return release
    return replace(release, ended=ending, ended_at=event.at)


def _shipped(release: Release, event: KnownEvent) -> Release:
    return replace(release, shipped_at=instant(event.data, "at"))


def _impacted(release: Release, event: KnownEvent) -> Release:
    """How much customers notice, since when it was last said to be so."""
    impact = word(event.data, "impact")
    if impact not in IMPACTS or impact == release.impact:
        return release
    return replace(release, impact=impact, impact_at=event.at)


def _provided(release: Release, event: KnownEvent) -> Release:
    """The newest word on each thing: that it is there, or that it is not after all."""
    what = " ".join((word(event.data, "what") or "").split())
    if not what:
        return release
    others, lacking = (
        tuple(one for one in said if one.what.casefold() != what.casefold())
        for said in (release.provided, release.lacking)
    )
    one = Provided(what, event.actor or "", event.at, word(event.data, "url"))
    if event.data.get("there") is False:
        return replace(release, provided=others, lacking=(*lacking, one))
    return replace(release, provided=(*others, one), lacking=lacking)


def _estimated(release: Release, event: KnownEvent) -> Release:
    """Each person's newest word on each blocker."""
    blocker, until = word(event.data, "blocker"), instant(event.data, "until")
    if not blocker or not until:
        return release
    others = tuple(one for one in release.estimates if (one.blocker, one.by) != (blocker, event.actor))
    return replace(release, estimates=(*others, Estimate(blocker, event.actor or "", until, event.at)))


def _proposed(release: Release, event: KnownEvent) -> Release:
    """The first proposal waits for its second; it gives way when it expired or its own author renews it."""
    risk = _risk(event)
    standing = _waiting(release, risk)
    if risk is None or (standing and standing.by != risk.by and not _expired(standing, event)):
        return release
    return replace(release, waiting_second=(*_without(release.waiting_second, risk, exact=True), risk))


def _waived(release: Release, event: KnownEvent) -> Release:
    """Accepting or deferring counts at once, but a hard gate only when it confirms another person's proposal."""
    risk = _risk(event)
    if risk is None:
        return release
    standing = _waiting(release, risk)
    if risk.kind in HARD_GATES:
        if standing is None or _expired(standing, event):
            return _proposed(release, event)
        if standing.by == risk.by:
            return release
        risk = replace(standing, second=risk.by)
    cleared = _cleared(release, risk)
    if risk.deferred_to:
        return replace(cleared, deferred=(*cleared.deferred, risk))
    return replace(cleared, accepted=(*cleared.accepted, risk))


def _withdrawn(release: Release, event: KnownEvent) -> Release:
    risk = _risk(event)
    return _cleared(release, risk) if risk else release


def _risk(event: KnownEvent) -> AcceptedRisk | None:
    blocker = word(event.data, "blocker")
    if not blocker or not event.actor:
        return None
    return AcceptedRisk(
        blocker=blocker,
        kind=word(event.data, "kind") or "",
        by=event.actor,
        reason=word(event.data, "why") or "",
        at=event.at,
        expires_at=instant(event.data, "expires_at"),
        deferred_to=word(event.data, "to"),
    )


def _waiting(release: Release, risk: AcceptedRisk | None) -> AcceptedRisk | None:
    """The proposal that this waiver would confirm: same blocker, and the same way of letting it through."""
    if risk is None:
        return None
    asked = (risk.blocker, risk.deferred_to)
    return next((one for one in release.waiting_second if (one.blocker, one.deferred_to) == asked), None)


def _expired(risk: AcceptedRisk, event: KnownEvent) -> bool:
    return risk.expires_at is not None and risk.expires_at <= event.at


def _cleared(release: Release, risk: AcceptedRisk) -> Release:
    return replace(
        release,
        accepted=_without(release.accepted, risk),
        deferred=_without(release.deferred, risk),
        waiting_second=_without(release.waiting_second, risk),
    )


def _without(risks: tuple[AcceptedRisk, ...], risk: AcceptedRisk, *, exact: bool = False) -> tuple[AcceptedRisk, ...]:
    return tuple(one for one in risks if one.blocker != risk.blocker or (exact and one.deferred_to != risk.deferred_to))


_STEPS: Mapping[str, Callable[[Release, KnownEvent], Release]] = {
    "release.planned": _planned,
    "release.targeted": _targeted,
    "release.owned": _owned,
    "release.delegated": _delegated,
    "release.scope_frozen": _scope_frozen,
    "release.scope_unfrozen": _scope_unfrozen,
    "release.boarded": _boarded,
    "release.ended": _ended,
    "release.shipped": _shipped,
    "release.impact": _impacted,
    "release.provided": _provided,
    "risk.proposed": _proposed,
    "risk.accepted": _waived,
    "risk.deferred": _waived,
    "risk.withdrawn": _withdrawn,
    "blocker.estimated": _estimated,
}
