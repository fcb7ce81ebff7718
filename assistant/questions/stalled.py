"""Which reviews wait longer than their service level, whose move is each, and who could take it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from assistant.blockers.blocker import Blocker, BlockerKind
from assistant.blockers.changes import of_changes
from assistant.counting import plural
from assistant.needing import Reach, seen_by
from assistant.offering import Offer, Offers
from assistant.origin import Origin
from assistant.policy import Policy
from assistant.risk import Band
from assistant.scoped import Scoped
from assistant.since import Since, since, stamp
from assistant.situation import Situation, situation_of
from assistant.subject import Subject, SubjectKind
from assistant.unknowns import Unknown
from assistant.waits import as_data, most_over, unheard
from assistant.waits import outline as outline_of
from storage.facts import Facts, Needs
from storage.records import Attention

NAME = "stalled"
HELP = "Reviews that wait longer than their service level: whose move it is, since when, and who could take each."
EXAMPLES = ("stalled reviews", "which reviews are stalled for team core", "what is waiting for review")
PHRASES = (
    "(which|what|show|list) (the) stalled|stuck|overdue|late|slow|waiting|open reviews (for|of|in|on) ({about})",
    "which|what reviews|changes are stalled|stuck|overdue|late|waiting|pending (for|of|in|on) ({about})",
    "which|what reviews|changes are past|over their service_level|level (for|of|in|on) ({about})",
    "what is waiting|stuck|stalled for|in (a) review (for|of|in|on) ({about})",
    "what waits for (a) review (for|of|in|on) ({about})",
    "(show|list|the) reviews (for|of|in|on) ({about})",
)
_AUTHORS = {BlockerKind.CHANGES_REQUESTED, BlockerKind.CHECKS_FAILING, BlockerKind.MERGE_CONFLICT}
_ORIGINS = (Origin.HUMAN_HEAVY, Origin.MIXED, Origin.AI_HEAVY, Origin.UNKNOWN)
_BANDS = (Band.LOW, Band.MEDIUM, Band.HIGH)
_FILES_UNKNOWN = Unknown(
    "files_unknown", "Which files these changes touch was not told, so whoever knows the repository is named.",
    "Have the webhook send pushes.", in_settings=True,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Queue:
    """The reviews of one origin and risk, which have one service level; ``late`` are those past it."""

    origin: Origin
    risk: Band
    level: float
    waiting: tuple[Blocker, ...]
    late: tuple[Blocker, ...]

    @property
    def size(self) -> int:
        """How many wait in it."""
        return len(self.waiting)

    def as_data(self) -> dict[str, Any]:
        """The queue as JSON values: what it counts, by name and address."""
        return {
            "origin": self.origin,
            "risk": self.risk,
            "service_level_hours": self.level,
            "waiting": [_named(one) for one in self.waiting],
            "past_level": [_named(one) for one in self.late],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What waits for a review or an answer to one; each list most over its level first.

    ``late`` are reviews past their level, ``unasked`` those for which nobody is asked (a late one is in both),
    ``approved`` what could be merged, ``authors`` what waits past its level for its author.
    """

    asked_at: datetime
    subject: Subject
    late: tuple[Blocker, ...]
    unasked: tuple[Blocker, ...]
    approved: tuple[Blocker, ...]
    authors: tuple[Blocker, ...]
    queues: tuple[Queue, ...]
    offers: Mapping[str, Offer]
    unknown: tuple[Unknown, ...]
    freshness: Mapping[str, datetime]
    attention: Mapping[str, Attention] = field(default_factory=dict)
    since: Since | None = None

    @property
    def question(self) -> str:
        """The name of the question."""
        return NAME

    @property
    def listed(self) -> tuple[Blocker, ...]:
        """Everything that is brought to somebody, each thing once."""
        everything = (*self.late, *self.unasked, *self.approved, *self.authors)
        return tuple({one.object: one for one in everything}.values())

    def as_data(self) -> dict[str, Any]:
        """The answer as JSON values; every number of the sheet is the length of a list here."""
        return {
            "question": NAME,
            "asked_at": stamp(self.asked_at),
            "subject": {"kind": self.subject.kind, "name": self.subject.name},
            "past_level": [self._item(one) for one in self.late],
            "nobody_asked": [self._item(one) for one in self.unasked],
            "approved_not_merged": [as_data(one) for one in self.approved],
            "authors_turn": [as_data(one) for one in self.authors],
            "queues": [queue.as_data() for queue in self.queues],
            "unknown": [unknown.as_data() for unknown in self.unknown],
            "freshness": {source: stamp(at) for source, at in sorted(self.freshness.items())},
            "changed_since": self.since.as_data() if self.since else None,
        }

    def _item(self, one: Blocker) -> dict[str, Any]:
        offer = self.offers.get(one.object)
        named = [{"key": owner.key, "name": owner.name} for owner in offer.people] if offer else []
        return {**as_data(one), "could_take": named, "knows_the_files": offer.files if offer else None}


def needs(parameters: Scoped, _policy: Policy, _now: datetime) -> Needs:
    """What to load: what is open in the scope, and who knows it. No past and no deployments: a digest is cheap."""
    subject, viewer = parameters.subject, parameters.viewer
    release, change = subject.kind is SubjectKind.RELEASE, subject.kind is SubjectKind.CHANGE
    scope = parameters.repositories
    wanted = Needs(
        repositories=Reach(viewer, parameters.known).visible,
        release_keys=subject.keys if release else (),
        release_objects=(subject.object,) if release and subject.object else (),
        objects=(subject.object,) if change and subject.object else (),
        open_in=() if release or change else scope,
        familiar_in=scope,
        attention=True,
    )
    return seen_by(wanted, viewer, seen_key(parameters))


def answer(facts: Facts, parameters: Scoped, policy: Policy, now: datetime) -> Answer:
    """Sort what is open into queues and lists. Source: definitions, "Stalled reviews".

    A draft waits for nobody, and neither does what waits for checks or for another change.
    """
    situation = situation_of(
        parameters.subject, facts, policy, viewer=parameters.viewer, now=now, heard=parameters.known
    )
    found = sorted(of_changes(situation), key=most_over)
    reviews = [one for one in found if one.kind is BlockerKind.REVIEW_PENDING]
    late = tuple(one for one in reviews if one.over > 0)
    unasked = tuple(one for one in reviews if one.unowned)
    offers = _offers({one.object: one for one in (*late, *unasked)}, situation)
    given = Answer(
        asked_at=now,
        subject=parameters.subject,
        late=late,
        unasked=unasked,
        approved=tuple(one for one in found if one.kind is BlockerKind.READY_TO_MERGE),
        authors=tuple(one for one in found if one.kind in _AUTHORS and one.over > 0),
        queues=_queues(reviews),
        offers=offers,
        unknown=_unknown(situation, reviews, offers),
        freshness=facts.freshness.newest_event,
        attention=facts.attention,
    )
    return replace(given, since=since(facts.seen, outline(given), parameters.viewer, now))


def outline(given: Answer) -> dict[str, Any]:
    """What to remember of an answer: what it listed, and as what."""
    return outline_of(given.listed)


def seen_key(parameters: Scoped) -> str:
    """Under which key a viewer's last look at this scope is remembered."""
    return f"{NAME}:{parameters.subject.seed}"


def _offers(listed: Mapping[str, Blocker], situation: Situation) -> dict[str, Offer]:
    offers = Offers(situation)
    found = ((change, listed.get(change.object)) for change in situation.members.changes)
    made = {change.object: offers.of(change, one) for change, one in found if one}
    return {name: offer for name, offer in made.items() if offer}


def _queues(reviews: Sequence[Blocker]) -> tuple[Queue, ...]:
    """The queues that have anything, the one with most past its level first.

    Unknown risk counts as medium, and what update bots wrote as of unknown origin. Source: definitions.
    """
    sorted_in: dict[tuple[Origin, Band], list[Blocker]] = {}
    for one in reviews:
        origin, risk = Origin(one.origin or Origin.UNKNOWN), Band(one.risk or Band.UNKNOWN)
        place = (origin if origin in _ORIGINS else Origin.UNKNOWN, risk if risk in _BANDS else Band.MEDIUM)
        sorted_in.setdefault(place, []).append(one)
    queues = [
        Queue(origin, risk, ones[0].level or 0.0, tuple(ones), tuple(one for one in ones if one.over > 0))
        for (origin, risk), ones in sorted_in.items()
    ]
    return tuple(sorted(queues, key=lambda q: (-len(q.late), -len(q.waiting), _ORIGINS.index(q.origin), q.risk)))


def _unknown(situation: Situation, reviews: Sequence[Blocker], offers: Mapping[str, Offer]) -> tuple[Unknown, ...]:
    found = list(unheard(situation))
    if count := sum(one.origin == Origin.UNKNOWN for one in reviews):
        found.append(
            Unknown(
                "origin", f"Whether people or AI wrote {plural(count, 'change')} of the {len(reviews)} that wait.",
                'Set attribution_since under [repositories."owner/name"] once its tools leave their marks.',
                in_settings=True,
            )
        )  # fmt: skip
    if any(not offer.files for offer in offers.values()):
        found.append(_FILES_UNKNOWN)
    return tuple(found)


def _named(one: Blocker) -> dict[str, str | None]:
    return {"object": one.object, "subject": one.subject, "url": one.url}
