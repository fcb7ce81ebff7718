"""Which releases have shipped and are not stable yet, how quiet have they been, and what started that anew?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from assistant.blockers.finding import find
from assistant.gaps import NO_EVENTS
from assistant.membership import members_of
from assistant.needing import Reach, needs_of, seen_by
from assistant.policy import Policy
from assistant.scoped import Scoped
from assistant.settling import DAY, News, Row, Unclear
from assistant.shipping import out_of
from assistant.shipping_gaps import shipping_gaps
from assistant.silence import stale
from assistant.since import stamp
from assistant.situation import Situation, situation_of
from assistant.stabilization import longest_period
from assistant.standing import standing_of
from assistant.subject import Subject
from assistant.unknowns import Unknown
from assistant.untold_gaps import GAPS, deciding, untold
from assistant.waivers import waive
from storage.facts import Facts, Needs
from storage.records import Attention, ChangeState

NAME = "stabilization"
HELP = "Which shipped releases are not stable yet: quiet days of how many, what started them anew, and when they end."
EXAMPLES = ("stabilization", "what is stabilizing", "is checkout 2.4 stable", "stabilization of checkout 2.4")
PHRASES = (
    "(show) (the) stabilization|stabilisation (status) of|for|in {about}",
    "(show) (the) stabilization|stabilisation (status) ({about})",
    "what is stabilizing|stabilising|settling (in|of|for) ({about})",
    "which|what releases are stabilizing|stabilising|settling (in|of|for) ({about})",
    "what is not stable yet (in|of|for) ({about})",
    "which|what releases are not stable yet (in|of|for) ({about})",
    "how quiet|stable is {about}",
    "is {about} stable (yet)",
    "when will {about} be_stable",
    "(the) quiet days of|for {about}",
)
RELEASES = True
Parameters = Scoped
_LATELY = timedelta(days=7)  # how far back one is told what became stable who never looked before
_MARGIN = timedelta(days=14)  # restarts make a quiet period end later
_EVER = 365  # days in which a source of incidents must have told of one


@dataclass(frozen=True, slots=True)
class Answer:
    """``settling`` are the releases that are not stable yet, the next to be stable first; ``stable`` who became so.

    ``shipped`` says whether any release of the scope has shipped lately; ``seen_at`` when this reader last saw it;
    ``untold`` is when a source is silent that may hide news, and this reader was not told so lately. ``unclear`` are
    releases of which nobody can tell whether they have shipped. ``asked`` is the release itself, where one was asked
    about and it has shipped.
    """

    asked_at: datetime
    subject: Subject
    settling: tuple[Row, ...]
    stable: tuple[Row, ...]
    news: tuple[News, ...]
    shipped: bool
    seen_at: datetime | None
    unknown: tuple[Unknown, ...]
    freshness: Mapping[str, datetime]
    attention: Mapping[str, Attention]
    remembered: Mapping[str, Any]
    untold: bool = False
    unclear: tuple[Unclear, ...] = ()
    asked: Row | None = None

    @property
    def question(self) -> str:
        """Which question this answers."""
        return NAME

    @property
    def is_stable(self) -> bool | None:
        """Whether the release that was asked about is stable; None where that is not known, or none was."""
        if self.asked is None or self.asked.clock.state == "unknown":
            return None
        return self.asked.clock.state == "stable"

    def as_data(self) -> dict[str, Any]:
        """The answer as JSON values."""
        return {
            "question": NAME,
            "asked_at": stamp(self.asked_at),
            "subject": {"kind": self.subject.kind, "name": self.subject.name},
            "settling": [row.as_data() for row in self.settling],
            "stable": [row.as_data() for row in self.stable],
            "shipping_not_known": [one.as_data() for one in self.unclear],
            "is_stable": self.is_stable,
            "news": [one.as_data() for one in self.news],
            "seen_at": stamp(self.seen_at),
            "unknown": [unknown.as_data() for unknown in self.unknown],
            "freshness": {source: stamp(at) for source, at in sorted(self.freshness.items())},
        }


def needs(parameters: Scoped, policy: Policy, now: datetime) -> Needs:
    """What to load: the members of these releases, their deployments and incidents; nothing of the past's lengths.

    Every deployment counts that may have brought out what is not stable yet, however often a service is deployed.
    """
    wanted = needs_of(parameters.releases, policy, Reach(parameters.viewer, parameters.known))
    since = now - longest_period(policy) - _MARGIN
    light = replace(
        wanted, sample_sets={}, recent_limit=0, recent_days=_EVER, attention=True, deployments_since=since
    )  # fmt: skip
    return seen_by(light, parameters.viewer, seen_key(parameters))


def answer(facts: Facts, parameters: Scoped, policy: Policy, now: datetime) -> Answer:
    """Work out the clock of each release on the same facts."""
    situations = list(_situations(facts, parameters, policy, now))
    stood = [found for situation in situations if (found := _row(situation))]
    rows = [one for one in stood if isinstance(one, Row)]
    unclear = [one for one in stood if isinstance(one, Unclear)]
    before = _remembered(facts, now)
    seen_at = facts.seen[0] if facts.seen and before is not None else None
    settling = sorted((row for row in rows if row.clock.state != "stable"), key=_soonest)
    since = seen_at or now - _LATELY
    stable = [row for row in rows if row.clock.state == "stable" and _became(row, before, since)]
    unknown = _unknown(settling, unclear, situations or [_nothing_shipped(facts, parameters, policy, now)])
    return Answer(
        asked_at=now,
        subject=parameters.subject,
        settling=tuple(settling),
        stable=tuple(sorted(stable, key=_soonest)),
        news=tuple(one for row in (*settling, *stable) for one in _news(row, before, now)),
        shipped=bool(rows),
        seen_at=seen_at,
        unknown=unknown,
        freshness=facts.freshness.newest_event,
        attention=facts.attention,
        remembered={row.object: [row.clock.state, len(row.clock.restarts)] for row in rows},
        untold=untold(unknown, facts.seen, now),
        unclear=tuple(unclear),
        asked=next((row for row in rows if row.object == parameters.subject.object), None),
    )


def outline(given: Answer) -> dict[str, Any]:
    """What to remember: how each release stood, and how often its days had begun anew."""
    return {"releases": dict(given.remembered), GAPS: deciding(given.unknown)}


def seen_key(parameters: Scoped) -> str:
    """Under which key a viewer's last look is remembered."""
    return f"{NAME}:{parameters.subject.seed}"


def _situations(facts: Facts, parameters: Scoped, policy: Policy, now: datetime) -> Iterator[Situation]:
    """The situation of each release; what is in production is worked out once for all of them."""
    first: Situation | None = None
    named = {release.object.casefold(): release for release in facts.releases}
    for subject in parameters.releases:
        if first is None:
            viewer = parameters.viewer
            first = situation_of(subject, facts, policy, viewer=viewer, now=now, heard=parameters.known)
            yield first
        else:
            members = members_of(subject, facts, policy, parameters.viewer)
            yield replace(first, subject=subject, members=members, release=named.get((subject.object or "").casefold()))


def _nothing_shipped(facts: Facts, parameters: Scoped, policy: Policy, now: datetime) -> Situation:
    """The situation of the whole scope, where no release of it is known: whoever told of one may be silent."""
    scope = replace(parameters.subject, repositories=parameters.repositories)
    return situation_of(scope, facts, policy, viewer=parameters.viewer, now=now, heard=parameters.known)


def _row(situation: Situation) -> Row | Unclear | None:
    """The release as it stands, None where it has not shipped."""
    said = situation.release is not None and situation.release.shipped_at is not None
    out = out_of(situation)
    if not said and out.at is None and not list(shipping_gaps(situation, out)):
        return None
    standing = standing_of(situation, waive(find(situation), situation)[0])
    if standing.clock is None:
        return Unclear(situation.subject, standing.untold) if standing.untold else None
    merged = tuple(change for change in situation.members.changes if change.state is ChangeState.MERGED)
    return Row(situation.subject, standing.shipped_by, standing.clock, merged)


def _remembered(facts: Facts, now: datetime) -> Mapping[str, Sequence[Any]] | None:
    """How each release stood when this viewer last looked; None where they never did, or it can't be read."""
    if facts.seen is None or facts.seen[0] > now or not isinstance(facts.seen[1], dict):
        return None
    kept = facts.seen[1].get("releases")
    return kept if isinstance(kept, dict) else None


def _became(row: Row, before: Mapping[str, Sequence[Any]] | None, since: datetime) -> bool:
    """Whether it has become stable since then: its time came, or what had kept it from being called so is gone."""
    was = (before or {}).get(row.object)
    if was:
        return bool(was[0] != row.clock.state)
    return bool(row.clock.ends_at and row.clock.ends_at > since)


def _news(row: Row, before: Mapping[str, Sequence[Any]] | None, now: datetime) -> Iterator[News]:
    was, clock = (before or {}).get(row.object), row.clock
    if clock.state == "stable":
        yield News("stable", row)
        return
    if was is None and clock.state == "stabilizing":
        yield News("shipped", row)
    if was is not None and len(clock.restarts) > was[1]:
        yield News("restarted", row)
    if row.lasting:
        yield News("lasting", row)
    if clock.state == "unknown" and (was is None or was[0] != "unknown"):
        yield News("unknown", row)
    if clock.state == "stabilizing" and clock.ends_at and clock.ends_at - now <= DAY:
        yield News("soon", row)


def _unknown(
    settling: Sequence[Row], unclear: Sequence[Unclear], situations: Sequence[Situation]
) -> tuple[Unknown, ...]:
    """Which source fell silent, which decides whether there is news, and what nobody watches; each gap once.

    That nobody can tell whether a release has shipped decides too.
    """
    if not situations[0].facts.events or situations[0].heard == frozenset():
        return (NO_EVENTS,)
    shown = {row.object for row in settling} | {one.object for one in unclear}
    looked = [one for one in situations if one.subject.object in shown] or situations
    found = [gap for situation in looked for gap in stale(situation)]
    found += [replace(gap, decides=True) for one in unclear for gap in one.why]
    found += [replace(row.clock.gap, decides=False) for row in settling if row.clock.gap]
    return tuple({gap.says: gap for gap in found}.values())


def _soonest(row: Row) -> tuple[bool, float, str]:
    ends_at = row.clock.ends_at
    return (ends_at is None, ends_at.timestamp() if ends_at else 0.0, row.object)
