"""What do customers still lack of a release that policy asks for, and who answers for it?"""

from collections.abc import Iterable

from assistant.blockers.blocker import Blocker, BlockerKind, NextAction, Owner
from assistant.blockers.handoffs import standing_in
from assistant.handoffs.enabling import Asked, missing, needed_for
from assistant.handoffs.functions import Functions
from assistant.policy.handing import ENABLERS
from assistant.situation import Situation
from assistant.subject import SubjectKind
from storage.naming import enablement_object
from storage.records import Release


def of_enablement(situation: Situation) -> Iterable[Blocker]:
    """Training, support brief, release notes and the like that are asked for and not there.

    Source: definitions, "What is blocking it". What they usually take nobody has measured: only an estimate tells.
    """
    release = situation.release
    if situation.subject.kind is not SubjectKind.RELEASE or release is None or release.impact is None:
        return
    owners = enablers(release.product, situation)
    for one in missing(release, situation.members.changes, standing_in(situation), situation.policy):
        yield _of(one, release, owners, situation)


def enablers(product: str, situation: Situation) -> tuple[Owner, ...]:
    """Who answers for what customers need: who leads customer success for the product, else the function."""
    functions = Functions(situation.policy)
    lead = functions.lead(ENABLERS, product)
    if lead is not None:
        return (situation.people.owner(lead),)
    named = (Owner(f"function/{ENABLERS}", functions.name(ENABLERS)),)
    return named if functions.configured(ENABLERS) else ()


def _of(one: Asked, release: Release, owners: tuple[Owner, ...], situation: Situation) -> Blocker:
    since = min(release.impact_at or release.declared_at, situation.now)
    title = needed_for(one.what, situation.subject.name)
    return Blocker(
        kind=BlockerKind.ENABLEMENT_MISSING,
        object=enablement_object(release.object, one.what),
        subject=title,
        title=title,
        url=None,
        owners=owners,
        waiting_since=since,
        waiting_hours=situation.waited(since, owners),
        next_action=NextAction.PROVIDE,
        turn=BlockerKind.ENABLEMENT_MISSING.value,
        turn_began_at=since,
        detail=f"asked for because {one.why}",
    )
