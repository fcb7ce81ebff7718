"""What does a function wait for, and what waits for it: QA, design, customer success, or another?

What waits for it are the handoffs to it and the reviews that its team at the forge is asked for; of design also the
debt that tickets note, of customer success what must still be provided for each open release and what was reported
since the newest launches.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from assistant.deciding import cleaned
from assistant.handoffs.concerning import concerns
from assistant.handoffs.functions import Functions
from assistant.handoffs.gathering import stands, with_handoffs
from assistant.handoffs.listing import listed, outline_of
from assistant.handoffs.queueing import Queue, enabling, noted, queue_of, reviews
from assistant.handoffs.sides import sides_of
from assistant.handoffs.standing import DONE
from assistant.matching import SHIPPED
from assistant.needing import Reach, needs_of, seen_by
from assistant.policy import Policy
from assistant.policy.handing import DESIGNERS, ENABLERS, TESTERS
from assistant.scoped import Scoped
from assistant.silence import stale
from assistant.since import Since, since, stamp
from assistant.situation import Situation, situation_of
from assistant.subject import ONE_OF_THESE, Candidates, Subject, SubjectKind
from assistant.unknowns import Unknown
from assistant.waits import unheard
from storage.facts import Facts, Needs
from storage.records import Attention

NAME = "queues"
HELP = "What waits for a function (QA, design, customer success …), what it has in hand, and what it waits for itself."
EXAMPLES = (
    "what is QA waiting for",
    "what is waiting for design",
    "what is customer success waiting for",
    "what is QA waiting for in 2.4",
)
PHRASES = (
    "what|who is|are {about} waiting for in|on|of {scope}",
    "what|who is|are {about} waiting for",
    "what does|do {about} wait for in|on|of {scope}",
    "what does|do {about} wait for",
    "what is|are waiting|queued for|with|on {about}",
    "what waits for {about}",
    "(show|what) (is) (in) (the) queue|queues (of|for) ({about})",
    "(show|what) (is) (in) (the) {about} queue",
)
HANDOFFS = True
RELEASES = True
Parameters = Scoped
_SCOPED = re.compile(r"\s+(?:in|for|of|on)\s+", re.IGNORECASE)
_AROUND = re.compile(r"^(?:the|our)\s+|\s+(?:team|function|people|folks|department)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """The queue of one function, or (``function`` empty) of each that has anything; the rest as in every answer."""

    asked_at: datetime
    subject: Subject
    function: str
    queues: tuple[Queue, ...]
    unknown: tuple[Unknown, ...]
    freshness: Mapping[str, datetime]
    attention: Mapping[str, Attention]
    since: Since | None = None

    @property
    def question(self) -> str:
        """The name of the question."""
        return NAME

    def as_data(self) -> dict[str, Any]:
        """The answer as JSON values; every number of the sheet is the length of a list here."""
        return {
            "question": NAME,
            "asked_at": stamp(self.asked_at),
            "subject": {"kind": self.subject.kind, "name": self.subject.name},
            "function": self.function or None,
            "queues": [queue.as_data() for queue in self.queues],
            "unknown": [unknown.as_data() for unknown in self.unknown],
            "freshness": {source: stamp(at) for source, at in sorted(self.freshness.items())},
            "changed_since": self.since.as_data() if self.since else None,
        }


def parted(words: str, policy: Policy) -> tuple[str, str]:
    """The function that words begin with, by its key, and the scope behind it: ``QA in 2.4`` is (qa, 2.4)."""
    said = _AROUND.sub("", " ".join(words.split()))
    functions = Functions(policy)
    if whole := functions.meant(said):
        return whole, ""
    head, *rest = _SCOPED.split(said, maxsplit=1)
    found = functions.meant(_AROUND.sub("", head)) if rest else None
    return (found, rest[0]) if found else ("", said)


def asks(words: str, policy: Policy) -> bool:
    """Whether words name a function, or nothing at all: of anything else it is asked what blocks it."""
    return not words.strip() or bool(parted(words, policy)[0])


def no_function(candidates: Candidates, policy: Policy) -> Candidates:
    """What is answered to a name that nothing has, where a function may have been meant: which functions there are."""
    if candidates.known or not candidates.asked:
        return candidates
    functions = Functions(policy)
    near = f" {ONE_OF_THESE}" if candidates.question.endswith(ONE_OF_THESE) else ""
    told = f'"{cleaned(candidates.asked, 60)}" is no function, and I know nothing else called so.'
    return replace(candidates, question=f"{told} The functions are {functions.listed(functions.keys)}.{near}")


def needs(parameters: Scoped, policy: Policy, now: datetime) -> Needs:
    """What to load: what the handoffs are about; the reviews, tickets and releases of functions that have such."""
    subject, viewer = parameters.subject, parameters.viewer
    reach, scope = Reach(viewer, parameters.known), parameters.repositories
    functions = _functions(parameters, policy)
    enables, designs = ENABLERS in functions, DESIGNERS in functions
    if enables:
        wanted = needs_of((subject, *(one for one in parameters.releases if one.seed != subject.seed)), policy, reach)
    else:
        release = subject.kind is SubjectKind.RELEASE
        wanted = Needs(
            repositories=reach.visible,
            release_keys=subject.keys if release else (),
            release_objects=(subject.object,) if release and subject.object else (),
        )
    reviewed = any(Functions(policy).entry(key).teams for key in functions)
    wanted = replace(
        wanted,
        open_in=scope if reviewed and subject.kind is not SubjectKind.RELEASE else wanted.open_in,
        blocker_labels=policy.labels.blocker + (policy.labels.design_debt if designs else ()),
        blockers_in=scope if designs or enables else (),
        tickets_in=scope if enables else (),
        tickets_since=now - SHIPPED if enables else None,
        attention=True,
    )
    return seen_by(with_handoffs(wanted, parameters.handoffs, policy), viewer, seen_key(parameters))


def answer(facts: Facts, parameters: Scoped, policy: Policy, now: datetime) -> Answer:
    """Sort what is open into the queue of each function asked about."""
    viewer = parameters.viewer
    situation = _situation(parameters.subject, facts, parameters, policy, now)
    people, functions = situation.people, Functions(policy)
    found = [one for one in stands(facts, policy, viewer, now) if concerns(one.handoff.about, situation)]
    sides = sides_of(viewer, policy, people, facts.releases)
    things = listed([one for one in found if one.open], sides, people, now, parameters.subject)
    keys = _functions(parameters, policy)
    queues = [
        queue_of(key, functions.name(key), things, reviews=reviews(key, situation), **_own(key, situation, parameters))
        for key in keys
    ]
    signed = any(one.state in DONE for one in found)
    given = Answer(
        asked_at=now,
        subject=parameters.subject,
        function=parameters.part,
        queues=tuple(queue for queue in queues if parameters.part or queue.anything),
        unknown=tuple(_unknown(situation, keys if parameters.part else (), queues, signed=signed)),
        freshness=facts.freshness.newest_event,
        attention=facts.attention,
    )
    return replace(given, since=since(facts.seen, outline(given), viewer, now))


def outline(given: Answer) -> dict[str, Any]:
    """What to remember of an answer: what it listed, and as what."""
    passed = (one for queue in given.queues for one in queue.handoffs)
    return outline_of(passed, (one for queue in given.queues for one in queue.blockers))


def seen_key(parameters: Scoped) -> str:
    """Under which key a viewer's last look at this queue is remembered."""
    return f"{NAME}:{parameters.subject.seed}:{parameters.part}"


def _functions(parameters: Scoped, policy: Policy) -> tuple[str, ...]:
    return (parameters.part,) if parameters.part else Functions(policy).keys


def _situation(subject: Subject, facts: Facts, parameters: Scoped, policy: Policy, now: datetime) -> Situation:
    return situation_of(subject, facts, policy, viewer=parameters.viewer, now=now, heard=parameters.known)


def _own(function: str, situation: Situation, parameters: Scoped) -> dict[str, Any]:
    """What only this function has: design its debt, customer success what it must provide."""
    if function == DESIGNERS:
        return {"debt": noted(situation)}
    if function != ENABLERS:
        return {}
    shipped = [
        _situation(one, situation.facts, parameters, situation.policy, situation.now) for one in parameters.releases
    ]
    return {"enabling": enabling(shipped)}


def _unknown(
    situation: Situation, asked: tuple[str, ...], queues: list[Queue], *, signed: bool
) -> Iterator[Unknown]:  # fmt: skip
    """What is not known of the functions asked about, and of the sources that their queues rest on."""
    functions = Functions(situation.policy)
    for key in asked:
        name, entry = functions.name(key), functions.entry(key)
        if not functions.configured(key) and not entry.channel:
            yield Unknown(
                "nobody_in_function", f"Nobody is known who acts for {name}, so what is handed to it reaches nobody.",
                f"Name members, a lead or a channel under [functions.{key}].", in_settings=True,
            )  # fmt: skip
        if key in {DESIGNERS, TESTERS} and not entry.teams:
            yield Unknown(
                "no_review_team", f"Which team at the code forge reviews for {name} is not known, so reviews asked of "
                "it are not listed.", f"Name teams under [functions.{key}].", in_settings=True,
            )  # fmt: skip
    yield from (gap for queue in queues for gap in queue.enabling.untold)
    rests = any(functions.entry(queue.function).teams or queue.function in {DESIGNERS, ENABLERS} for queue in queues)
    if rests:
        yield from unheard(situation)
    elif signed:
        yield from stale(situation)
