"""Which handoffs are open, and whose move is each?"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from assistant.handoffs.concerning import concerns
from assistant.handoffs.functions import Functions
from assistant.handoffs.gathering import stands, with_handoffs
from assistant.handoffs.listing import Listed, listed, outline_of
from assistant.handoffs.sides import sides_of
from assistant.handoffs.standing import DONE, Stand
from assistant.needing import Reach, seen_by
from assistant.people import People
from assistant.policy import Policy
from assistant.scoped import Scoped
from assistant.scopes import EVERYTHING
from assistant.silence import stale
from assistant.since import Since, since, stamp
from assistant.situation import Situation, situation_of
from assistant.subject import Subject, SubjectKind
from assistant.unknowns import Unknown
from storage.facts import Facts, Needs
from storage.records import HandoffState

NAME = "handoffs"
HELP = (
    "Which handoffs are open and whose move each is, overdue first; yours: to acknowledge, to do, waiting for others."
)
EXAMPLES = ("open handoffs of release 2.4", "my handoffs", "which handoffs are open", "handoffs of team core")
PHRASES = (
    "(show|list|which|what) (me) (are) (the|all) (open) handoff|handoffs|hand-offs ({about})",
    "(show|list) (me) {about} handoffs|hand-offs of|in|for|on|about {scope}",
    "(show|list) (me) {about} handoffs|hand-offs",
)
HANDOFFS = True
Parameters = Scoped
MINE = "mine"
_NOISE = {"are", "is", "there", "open", "the", "all", "waiting", "of", "for", "in", "on", "about", "with"}
_MINE = re.compile(r"(?:mine|my|me|myself)(?:(?:\s+open)?\s+(?:of|in|for|on|about)\s+(?P<scope>.+))?", re.IGNORECASE)
_WITHIN = re.compile(r"\s+(?:of|in|for|on|about)\s+", re.IGNORECASE)
_HIDDEN = Unknown(
    "hidden", "Part of it is in repositories that may not be shown here, and is left out.",
    "Ask somebody who may see them.", unsettles=True,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Handoffs whose next move is the same one's; ``name`` is whose."""

    name: str
    things: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Every open handoff of a scope, overdue ones first; of one person's also which of three things to do with it.

    ``whose`` is the name of the person (``mine``) or the function that was asked about, empty for everybody's.
    ``to_acknowledge`` and ``to_do`` are that person's moves, ``waiting`` what they handed off and others have.
    """

    asked_at: datetime
    subject: Subject
    mine: bool
    whose: str
    handoffs: tuple[Listed, ...]
    to_acknowledge: tuple[Listed, ...]
    to_do: tuple[Listed, ...]
    waiting: tuple[Listed, ...]
    unknown: tuple[Unknown, ...]
    freshness: Mapping[str, datetime]
    since: Since | None = None

    @property
    def question(self) -> str:
        """The name of the question."""
        return NAME

    @property
    def overdue(self) -> tuple[Listed, ...]:
        """Those that are past their due time."""
        return tuple(one for one in self.handoffs if one.late)

    @property
    def groups(self) -> tuple[Group, ...]:
        """All of them by whose move it is; who has the most overdue one first."""
        found: dict[str, list[Listed]] = {}
        for one in self.handoffs:
            found.setdefault(one.owner, []).append(one)
        return tuple(Group(name, tuple(things)) for name, things in found.items())

    def as_data(self) -> dict[str, Any]:
        """The answer as JSON values; the lists of one person's name what is in ``handoffs`` by its object."""
        return {
            "question": NAME,
            "asked_at": stamp(self.asked_at),
            "subject": {"kind": self.subject.kind, "name": self.subject.name},
            "whose": self.whose or None,
            "handoffs": [one.as_data() for one in self.handoffs],
            "to_acknowledge": _names(self.to_acknowledge) if self.mine else None,
            "to_do": _names(self.to_do) if self.mine else None,
            "waiting_for_others": _names(self.waiting) if self.mine else None,
            "unknown": [unknown.as_data() for unknown in self.unknown],
            "freshness": {source: stamp(at) for source, at in sorted(self.freshness.items())},
            "changed_since": self.since.as_data() if self.since else None,
        }


def parted(words: str, policy: Policy) -> tuple[str, str]:
    """Whose handoffs words ask for (mine, a function's key, empty: everybody's), and the scope that they name."""
    kept = words.split()
    while kept and kept[0].casefold() in _NOISE:
        kept.pop(0)
    said = " ".join(kept).removesuffix(" open")
    if found := _MINE.fullmatch(said):
        return MINE, found["scope"] or EVERYTHING
    head, *rest = _WITHIN.split(said, maxsplit=1)
    function = Functions(policy).meant(head) if head else None
    return (function, rest[0] if rest else EVERYTHING) if function else ("", said)


def needs(parameters: Scoped, policy: Policy, _now: datetime) -> Needs:
    """What to load: what the handoffs are about, what landed since they were signed, and what a release consists of."""
    subject, viewer = parameters.subject, parameters.viewer
    release = subject.kind is SubjectKind.RELEASE
    scope = Needs(
        repositories=Reach(viewer, parameters.known).visible,
        release_keys=subject.keys if release else (),
        release_objects=(subject.object,) if release and subject.object else (),
        linked=False,
    )
    return seen_by(with_handoffs(scope, parameters.handoffs, policy), viewer, seen_key(parameters))


def answer(facts: Facts, parameters: Scoped, policy: Policy, now: datetime) -> Answer:
    """Keep, of all handoffs, those of the scope that are open, and sort them by whose move each is."""
    viewer, subject = parameters.viewer, parameters.subject
    situation = situation_of(subject, facts, policy, viewer=viewer, now=now, heard=parameters.known)
    people = situation.people
    found = _of_scope(stands(facts, policy, viewer, now), situation, parameters.part)
    mine = parameters.part == MINE
    whom = replace(viewer, key=parameters.person or viewer.key)
    sides = sides_of(whom, policy, people)
    opened = [one for one in found if one.open and (not mine or sides.mine(one) or sides.sent(one))]
    things = listed(opened, sides_of(viewer, policy, people, facts.releases), people, now, subject)
    moves = [one for one in things if mine and sides.mine(one.stand)]
    given = Answer(
        asked_at=now,
        subject=subject,
        mine=mine,
        whose=_whose(parameters, people),
        handoffs=things,
        to_acknowledge=tuple(one for one in moves if one.state is HandoffState.OPEN),
        to_do=tuple(one for one in moves if one.state is not HandoffState.OPEN),
        waiting=tuple(one for one in things if mine and one not in moves),
        unknown=_unknown(situation, found),
        freshness=facts.freshness.newest_event,
    )
    return replace(given, since=since(facts.seen, outline(given), viewer, now))


def outline(given: Answer) -> dict[str, Any]:
    """What to remember of an answer: what it listed, and as what."""
    return outline_of(given.handoffs)


def seen_key(parameters: Scoped) -> str:
    """Under which key a viewer's last look at this list is remembered."""
    whose = (parameters.person or parameters.viewer.key) if parameters.part == MINE else parameters.part
    return f"{NAME}:{parameters.subject.seed}:{whose}"


def _of_scope(found: Sequence[Stand], situation: Situation, part: str) -> list[Stand]:
    """Those of the scope; of a function those that it has sent or was sent."""
    functions = {part} if part not in {"", MINE} else set()
    return [
        one
        for one in found
        if concerns(one.handoff.about, situation)
        and (not functions or functions & {one.handoff.from_function, one.handoff.to_function})
    ]


def _whose(parameters: Scoped, people: People) -> str:
    if parameters.part == MINE:
        return people.name(parameters.person or parameters.viewer.key)
    return Functions(people.policy).name(parameters.part) if parameters.part else ""


def _unknown(situation: Situation, found: Sequence[Stand]) -> tuple[Unknown, ...]:
    """What was signed may be stale, where nobody told of what landed since; nothing else rests on other sources."""
    hidden = (_HIDDEN,) if situation.partly_hidden else ()
    return hidden + (tuple(stale(situation)) if any(one.state in DONE for one in found) else ())


def _names(things: Sequence[Listed]) -> list[str]:
    return [one.handoff.object for one in things]
