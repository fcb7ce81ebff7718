"""What do customers need before a release ships, what of it is there, and what is missing?

Asked for by policy, by how much customers notice and by risk. Something is there once somebody says so, or once the
function that answers for it ticked it on the checklist of a handoff about that release; whoever says later that it is
not there after all has the last word. A signature that turned stale still speaks while its handoff holds the release
up by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.counting import series
from assistant.handoffs.functions import Functions
from assistant.handoffs.standing import DONE, Stand
from assistant.matching import plain
from assistant.policy import Policy
from assistant.policy.handing import ENABLERS
from assistant.risk import Band, risk_of, worst
from assistant.situation import Situation
from assistant.subject import SubjectKind
from assistant.unknowns import Unknown
from storage.records import Change, HandoffState, Release

UNSAID = "impact_unsaid"


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that policy asks for, in its words, and why."""

    what: str
    why: str


def asked_of(impact: str | None, changes: Iterable[Change], policy: Policy) -> tuple[Asked, ...]:
    """What policy asks of a release of these changes with this impact on its customers; each once.

    Unknown risk is treated as medium, as everywhere.
    """
    rules = policy.enablement
    by_impact = {"some": rules.some, "high": rules.high}.get(impact or "", ())
    if impact not in {"some", "high"}:
        return ()
    band = _band(changes)
    by_risk = {Band.HIGH: rules.high_risk, Band.LOW: ()}.get(band, rules.medium_risk)
    why = "customers notice a lot of it" if impact == "high" else "customers notice some of it"
    risk = "its risk is high" if band is Band.HIGH else "its risk is medium"
    each: dict[str, Asked] = {}
    for one in (*(Asked(what, why) for what in by_impact), *(Asked(what, risk) for what in by_risk)):
        each.setdefault(plain(one.what), one)
    return tuple(each.values())


def needed_for(what: str, release: str) -> str:
    """What a list or a sentence calls one of these: ``Support brief for checkout 2.4``."""
    return f"{what[:1].upper()}{what[1:]} for {release}"


def missing(release: Release, changes: Iterable[Change], stands: Iterable[Stand], policy: Policy) -> tuple[Asked, ...]:
    """What of it is not there yet; ``stands`` are handoffs, of which those about the release count."""
    there = {plain(one.what) for one in release.provided}
    denied = {plain(one.what): one.at for one in release.lacking}
    for stand in stands:
        signed = stand.handoff.signed
        if signed and stand.handoff.about.casefold() == release.object.casefold() and _speaks(stand):
            ticked = {plain(what) for what in signed.ticked}
            there |= {what for what in ticked if what not in denied or denied[what] < signed.at}
    return tuple(one for one in asked_of(release.impact, changes, policy) if plain(one.what) not in there)


def _speaks(stand: Stand) -> bool:
    if stand.handoff.to_function != ENABLERS:
        return False
    return stand.state in DONE or (stand.state is HandoffState.STALE and stand.handoff.gating)


def unsaid(situation: Situation) -> Iterable[Unknown]:
    """That nobody said how much customers notice of a release, where somebody would have to enable them."""
    policy, subject = situation.policy, situation.subject
    release = situation.release
    asks = policy.enablement.all and Functions(policy).configured(ENABLERS)
    if subject.kind is not SubjectKind.RELEASE or not asks:
        return
    if release is not None and release.impact is not None:
        yield from _at_high_risk(release, situation)
    else:
        yield Unknown(
            UNSAID, f"How much customers notice of {subject.name} is not said, so nobody knows whether they need "
            "training, a support brief or release notes.",
            f"Set its customer impact with `/release {subject.name}`.", unsettles=True,
        )  # fmt: skip


def _at_high_risk(release: Release, situation: Situation) -> Iterable[Unknown]:
    """What would be asked for if its risk, of which nobody knows enough, were high."""
    changes, rules = situation.members.changes, situation.policy.enablement
    if release.impact == "none" or not changes or _band(changes) is not Band.UNKNOWN:
        return
    asked = {plain(one.what) for one in asked_of(release.impact, changes, situation.policy)}
    if more := [what for what in rules.high_risk if plain(what) not in asked]:
        name = situation.subject.name
        yield Unknown(
            "enablement_risk", f"How risky {name} is: it is treated as medium, though at high risk {series(more)} "
            "would be asked for too.", "Let its changes be read whole: backfill their repository.",
        )  # fmt: skip


def _band(changes: Iterable[Change]) -> Band:
    return worst(risk_of(change).band for change in changes)
