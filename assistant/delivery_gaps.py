"""What do the numbers of delivery not know, and what would change that?"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np

from assistant.branches import Branches
from assistant.counting import series
from assistant.coverage import Concerned, concerned
from assistant.gaps import NO_EVENTS
from assistant.incidents import in_production, may_see
from assistant.policy import Policy
from assistant.production import Production
from assistant.scoped import Scoped
from assistant.tested import to_testers
from assistant.unknowns import Unknown
from storage.facts import MOST_SINCE, Facts
from storage.records import Incident

_OWN_SOURCE = "lastmile"
_NAMED = 3
FLOW = "asked"  # what the set of changes is called in what is loaded
UNTESTED = Unknown(
    "handoffs", "What people test is not known, for nothing was handed to QA here: testing is the time in which only "
    "checks were waited for.", "Hand it to QA with `/handoff`.",
)  # fmt: skip
NOT_RECORDED = (
    Unknown(
        "promises_to_customers", "Promises made to customers are not recorded yet: only the dates of releases count.",
        "Set a release's date with `/release`.",
    ),
    UNTESTED,
    Unknown(
        "work_before_opening", "Work before a change is opened is not seen: coding is known of drafts alone.",
        "Open a draft when work begins.",
    ),
)  # fmt: skip

_UNASKED = Unknown(
    "requests", "When changes were asked for, and which of them mend bugs: none says which issue it closes.",
    'Write "Closes #12" in the description of a change.',
)  # fmt: skip


def watching(parameters: Scoped, policy: Policy) -> Concerned:
    """What has to be watched for incidents, so that none was heard of means that there was none."""
    return concerned(parameters.repositories, policy, parameters.subject.services)


def incidents_in(facts: Facts, parameters: Scoped, policy: Policy) -> list[Incident]:
    """The incidents in production that the reader may know of."""
    viewer = parameters.viewer
    return [one for one in facts.incidents if may_see(one, viewer, policy) and in_production(one, policy)]


def gaps(
    facts: Facts, parameters: Scoped, policy: Policy, unwatched: Unknown | None, now: datetime
) -> tuple[Unknown, ...]:
    """Every gap, those that can be closed first."""
    if not facts.events:
        return (NO_EVENTS,)
    found = [*_silent(facts, policy, now), *_undeployed(facts, parameters, policy), *_hidden(parameters)]
    found += [unwatched] if unwatched else []
    flow = facts.flow.get(FLOW)
    if flow is not None and flow.objects and not np.isfinite(flow.requested).any():
        found.append(_UNASKED)
    known = {UNTESTED} if to_testers(parameters, policy) else set()
    return (*found, *_many(facts), *(gap for gap in NOT_RECORDED if gap not in known))


def _silent(facts: Facts, policy: Policy, now: datetime) -> Iterable[Unknown]:
    limit = now - timedelta(hours=policy.sources.silent_hours)
    for source in sorted({*facts.freshness.newest_event, *facts.freshness.newest_receipt} - {_OWN_SOURCE}):
        heard = (facts.freshness.newest_event.get(source), facts.freshness.newest_receipt.get(source))
        newest = max(at for at in heard if at)
        if newest < limit:
            yield Unknown(
                "stale_source", f"{source} was last heard {(now - newest).days} days ago; what happened since is not "
                "known.",
                "Check the webhook's deliveries, or run the backfill.", decides=True,
            )  # fmt: skip


def _undeployed(facts: Facts, parameters: Scoped, policy: Policy) -> Iterable[Unknown]:
    production = Production(facts, policy, Branches(facts))
    names = [name for name in parameters.repositories if not production.has_source(name)]
    if names:
        shown = names[:_NAMED] + ([f"{len(names) - _NAMED} more"] if len(names) > _NAMED else [])
        yield Unknown(
            "no_deployment_source", f"What of {series(shown)} reached production: nobody told of a deployment of it.",
            "Add `lastmile deployed SERVICE SHA ENVIRONMENT` to the pipeline.",
        )  # fmt: skip


def _hidden(parameters: Scoped) -> Iterable[Unknown]:
    if any(not parameters.viewer.may_see(name) for name in parameters.subject.repositories or ()):
        yield Unknown(
            "hidden", "Part of it is in repositories that may not be shown here, and is left out.",
            "Ask somebody who may see them.",
        )  # fmt: skip


def _many(facts: Facts) -> Iterable[Unknown]:
    counts: dict[str, int] = {}
    for one in facts.deployments:
        name = one.repository or one.service or ""
        counts[name] = counts.get(name, 0) + 1
    for name in sorted(name for name, count in counts.items() if count >= MOST_SINCE):
        yield Unknown(
            "too_many", f"Of {name} only the newest {MOST_SINCE:,} deployments are counted.", "Ask about a part of it.",
        )  # fmt: skip
