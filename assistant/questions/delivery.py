"""How fast, and how safely, does what customers ask for reach them, and how did that move?

The newest four whole weeks beside the four before, and each of these eight weeks by itself; a change belongs to the
week in which it reached production.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from assistant.coverage import Watch, concerned, silence
from assistant.delivered import RECENT, Delivered, delivered, halves
from assistant.delivery_gaps import FLOW, UNTESTED, gaps, incidents_in, watching
from assistant.failing import Failing, carriers, failing, quiet_from
from assistant.handoffs.later import release_of
from assistant.last_mile import passage
from assistant.links import WINDOW
from assistant.measures import Compared
from assistant.people import calendar_of
from assistant.policy import Policy
from assistant.promises import Fate, Promise, kept, promised, promises
from assistant.risen import Moved, most_moved
from assistant.scoped import Scoped
from assistant.since import stamp
from assistant.subject import Subject
from assistant.tested import to_testers, with_testers
from assistant.unknowns import Unknown
from assistant.weeks import Span, weeks_before, whole
from storage.facts import Facts, Flow, Needs
from storage.indexing import repository_in
from storage.naming import kind_of, subject_of
from storage.records import Attention, Deployment, DeploymentState, ObjectKind

NAME = "delivery"
HELP = "How long requests take to reach customers, stage by stage, DORA's five metrics, and how each of them moved."
EXAMPLES = ("delivery", "how do we deliver", "show delivery metrics of team core", "dora metrics")
PHRASES = (
    "(show|list) (the|our) delivery|dora (metrics|numbers|figures) (of|for|in) ({about})",
    "how (well|fast|quickly|safely) do|does {about} deliver",
    "how are we delivering",
    "how is {about} delivering",
    "how long do|does requests|changes|a_change take (to_reach_customers|to_reach_production) (of|for|in) ({about})",
    "what is the|our lead_time|deployment_frequency|fail_rate|recovery_time|rework_rate (of|for|in) ({about})",
    "(the) weekly|leaders_weekly (digest|report|summary) (of|for|in) ({about})",
)
RELEASES = True
HANDOFFS = True
Parameters = Scoped
WEEKS = 2 * RECENT
_BEFORE = timedelta(days=28)  # merged so much earlier, a change may still have reached production in these weeks
_WINDOW = timedelta(days=4)  # what was deployed just before the first week may have failed within it


@dataclass(frozen=True, slots=True)
class Answer:
    """Delivery over eight weeks; ``moved`` is what changed most, ``surely`` are the deployments that failed.

    ``names`` and ``links`` say what people call those, and where they are seen, by object.
    """

    asked_at: datetime
    subject: Subject
    weeks: tuple[Span, ...]
    numbers: Delivered
    promises: Compared
    promised: tuple[Promise, ...]
    moved: Moved | None
    surely: frozenset[str]
    names: Mapping[str, str]
    links: Mapping[str, str]
    unknown: tuple[Unknown, ...]
    freshness: Mapping[str, datetime]
    attention: Mapping[str, Attention] = field(default_factory=dict)

    @property
    def question(self) -> str:
        """Which question it answers."""
        return NAME

    @property
    def empty(self) -> bool:
        """Whether nothing at all is known of the newest four weeks."""
        counted = [compared.now.n for compared in self.numbers.numbers.values()]
        promised = any(self.recent.holds(one.first) for one in self.promised)
        return not (promised or any((*counted, *(stage.days.now.n for stage in self.numbers.stages))))

    @property
    def comparable(self) -> bool:
        """Whether any number is known of both stretches of four weeks."""
        compared = (*self.numbers.numbers.values(), *(stage.days for stage in self.numbers.stages))
        return any(one.now.value is not None and one.before.value is not None for one in compared)

    @property
    def recent(self) -> Span:
        """The newest four weeks."""
        return whole(self.weeks[-RECENT:])

    @property
    def last_day(self) -> date:
        """The last day of them."""
        return (self.recent.end - timedelta(days=1)).date()

    @property
    def broken(self) -> tuple[Promise, ...]:
        """The promises of the newest four weeks that were not kept."""
        return self.fated(Fate.BROKEN)

    def fated(self, *fates: Fate) -> tuple[Promise, ...]:
        """The promises of the newest four weeks of which this became."""
        return tuple(one for one in self.promised if one.fate in fates and self.recent.holds(one.first))

    @property
    def handed_to_testers(self) -> bool:
        """Whether handoffs to QA are recorded, so that testing is more than checks."""
        return all(gap.key != UNTESTED.key for gap in self.unknown)

    @property
    def failures(self) -> tuple[str, ...]:
        """What failed for certain in the newest four weeks, by object, newest first."""
        rate = self.numbers.numbers["change_fail_rate"].now
        return tuple(name for name in reversed(rate.counted) if name in self.surely)

    def called(self, name: str) -> str:
        """What people read of a deployment: where it went and when, else its name."""
        return self.names.get(name, subject_of(name))

    def as_data(self) -> dict[str, Any]:
        """The answer as JSON values; every number with what it counted."""
        return {
            "question": NAME,
            "asked_at": stamp(self.asked_at),
            "subject": {"kind": self.subject.kind, "name": self.subject.name},
            "weeks": [{"begin": stamp(week.begin), "end": stamp(week.end)} for week in self.weeks],
            "stages": [
                {
                    "name": stage.name,
                    "days": stage.days.as_data(),
                    "business_hours": stage.hours and stage.hours.as_data(),
                    "weeks": [measure.as_data() for measure in stage.weekly],
                    "beside_other_stages": stage.beside and stage.beside.as_data(),
                }
                for stage in self.numbers.stages
            ],
            "review": [
                {"waits_for": part.name, "share": part.share, "business_hours": part.hours.as_data()}
                for part in self.numbers.parts
            ],
            **{name: compared.as_data() for name, compared in self.numbers.numbers.items()},
            "promises_kept": self.promises.as_data(),
            "promised": [promise.as_data() for promise in self.promised],
            "moved_most": self.moved and self.moved.as_data(),
            "links": dict(sorted(self.links.items())),
            "unknown": [unknown.as_data() for unknown in self.unknown],
            "freshness": {source: stamp(at) for source, at in sorted(self.freshness.items())},
        }


def needs(parameters: Scoped, policy: Policy, now: datetime) -> Needs:
    """What to load: columns of what merged, deployments, incidents, and the releases that were promised or tested."""
    weeks, scope = _weeks(policy, now), parameters.repositories
    handed = (one.about for one in to_testers(parameters, policy) if kind_of(one.about) == ObjectKind.RELEASE)
    subjects = (*parameters.releases, *(release_of(about, policy) for about in handed))
    return Needs(
        repositories=parameters.viewer.visible(parameters.known),
        release_keys=tuple(dict.fromkeys(key for one in subjects for key in one.keys)),
        release_objects=tuple(dict.fromkeys(one.object for one in subjects if one.object)),
        releases_of=tuple(product.casefold() for product in promised(parameters.subject, policy)),
        environments=policy.production(),
        blocker_labels=policy.labels.blocker,
        incident_labels=policy.labels.incident,
        bug_labels=policy.labels.bug,
        incidents_in=scope,
        deployments_in=scope,
        services=parameters.subject.services,
        repository_of={key: service.repository for key, service in policy.services.items()},
        deployments_since=weeks[0].begin - _WINDOW,
        flow_in={FLOW: scope},
        flow_since=weeks[0].begin - _BEFORE,
        linked=False,
        first_out=bool(parameters.releases),
        heard_within=silence(policy),
        seen_by=parameters.viewer.key,
        seen_key=seen_key(parameters),
    )


def answer(facts: Facts, parameters: Scoped, policy: Policy, now: datetime) -> Answer:
    """Count what was loaded."""
    weeks = _weeks(policy, now)
    flow = facts.flow.get(FLOW, NO_FLOW)
    watch, scope = Watch(facts, policy), watching(parameters, policy)
    watched = [
        watch.over(scope, Span(span.begin, min(now, span.end + WINDOW))) for span in halves(weeks)
    ]  # an incident may begin so long after what brought it
    carried = carriers(flow, _succeeded(facts), policy)
    failed = failing(facts, incidents_in(facts, parameters, policy), flow, carried, policy)
    quiet = _settled(flow, quiet_from(flow, carried, failed.over), watch, policy, now)
    way = passage(flow, quiet, calendar_of(policy, None), with_testers(flow, facts, parameters, policy))
    numbers = delivered(way, flow, failed, weeks, (watched[0].gap is None, watched[1].gap is None))
    made = promises(facts, parameters, policy, whole(weeks), now)
    recent = weeks[-RECENT].begin
    return Answer(
        asked_at=now,
        subject=parameters.subject,
        weeks=weeks,
        numbers=numbers,
        promises=Compared(kept(p for p in made if p.first >= recent), kept(p for p in made if p.first < recent)),
        promised=made,
        moved=most_moved(numbers),
        surely=failed.surely,
        names={one.object: _called(one) for one in facts.deployments if one.object in failed.surely},
        links=_links(facts, failed),
        unknown=gaps(facts, parameters, policy, watched[0].gap or watched[1].gap, now),
        freshness=facts.freshness.newest_event,
    )


def outline(given: Answer) -> dict[str, Any]:
    """What to remember: each number as it was said."""
    return {name: compared.now.value for name, compared in given.numbers.numbers.items()}


def seen_key(parameters: Scoped) -> str:
    """Under which key a viewer's last look at this subject is remembered."""
    return f"{NAME}:{parameters.subject.seed}"


def _weeks(policy: Policy, now: datetime) -> tuple[Span, ...]:
    return weeks_before(now, calendar_of(policy, None).zone, WEEKS)


def _succeeded(facts: Facts) -> list[Deployment]:
    return [one for one in facts.deployments if one.state is DeploymentState.SUCCEEDED]


def _settled(flow: Flow, quiet: np.ndarray, watch: Watch, policy: Policy, now: datetime) -> np.ndarray:
    """When each change's quiet period began, of those whose quiet period is over and was watched.

    One window for all, so that weeks compare: the policy's for work of which neither risk nor origin is known.
    """
    rules = policy.stabilization
    window = timedelta(days=rules.quiet_days[1] * rules.unknown).total_seconds()
    settled = quiet + window <= now.timestamp()
    repositories = np.array([repository_in(name) for name in flow.objects], dtype=np.object_)
    for name in set(repositories[settled].tolist()):
        own = np.flatnonzero(settled & (repositories == name))
        settled[own] = watch.all_through(concerned((name,), policy), quiet[own], quiet[own] + window)
    return np.where(settled, quiet, np.nan)


def _links(facts: Facts, failed: Failing) -> dict[str, str]:
    told = {**{one.object: one.url for one in facts.deployments}, **{one.object: one.url for one in facts.incidents}}
    names = (*failed.maybe, *failed.rework, *(one.object for one in failed.recoveries))
    return {name: url for name in names if (url := told.get(name))}


def _called(deployment: Deployment) -> str:
    what = deployment.service or deployment.repository or subject_of(deployment.object)
    at = deployment.finished_at or deployment.created_at
    return f"{what} to {deployment.environment}, {at.day} {at:%b}"


_NONE = np.array([], dtype=np.float64)
_NOBODY = _NONE.astype(np.int64)
NO_FLOW = Flow(
    objects=(), shas=(), requested=_NONE, opened=_NONE, merged=_NONE, deployed=_NONE, fights=_NONE.astype(np.bool_),
    mends=_NONE.astype(np.bool_), undone=(), kinds=(), turn_of=_NOBODY, turn_kind=_NOBODY, turn_began=_NONE,
    turn_ended=_NONE,
)  # fmt: skip
