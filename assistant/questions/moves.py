"""What waits for one person: reviews, answers that they owe, what was handed to them, what they could merge or mend?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from assistant.blockers.blocker import Blocker, BlockerKind
from assistant.blockers.changes import of_changes
from assistant.blockers.handoffs import of_stand, standing_in
from assistant.blockers.tickets import of_incidents, of_tickets
from assistant.handoffs.concerning import concerns
from assistant.handoffs.functions import Functions
from assistant.handoffs.gathering import with_handoffs
from assistant.needing import Reach, seen_by
from assistant.people import People, people_of
from assistant.policy import Policy
from assistant.scoped import Scoped
from assistant.since import Since, since, stamp
from assistant.situation import Situation, situation_of
from assistant.subject import Subject, SubjectKind
from assistant.unknowns import Unknown
from assistant.untold_gaps import GAPS, deciding, untold
from assistant.waits import as_data, most_over, unheard
from assistant.waits import outline as outline_of
from storage.facts import Facts, Needs
from storage.records import Attention, Handoff

NAME = "moves"
HELP = "What waits for you: reviews, answers to reviews, handoffs, failing checks, merges, bugs and incidents."
HANDOFFS = True
EXAMPLES = ("my moves", "what is waiting for me", "what should I do next")
PHRASES = (
    "(what|which|show|list) (are|is) my move|moves|turn|turns|reviews|tasks (in|for|of) ({about})",
    "what|who is|are waiting for|on me",
    "what|who waits for|on me",
    "what should|can|must|do I do|review|move (next|first)",
)
_NO_ACCOUNT = Unknown(
    "no_account", "Which code account is yours is not known, so what is asked of it is not listed.",
    "Say it with `/lastmile link github LOGIN`.", unsettles=True,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """The moves of one person, hard gates first, then whatever is furthest over its service level.

    ``untold`` is when something is not known that may hide moves, and this person was not told lately.
    """

    asked_at: datetime
    subject: Subject
    person: str
    moves: tuple[Blocker, ...]
    unknown: tuple[Unknown, ...]
    freshness: Mapping[str, datetime]
    attention: Mapping[str, Attention] = field(default_factory=dict)
    since: Since | None = None
    untold: bool = False

    @property
    def question(self) -> str:
        """The name of the question."""
        return NAME

    def as_data(self) -> dict[str, Any]:
        """The answer as JSON values."""
        return {
            "question": NAME,
            "asked_at": stamp(self.asked_at),
            "subject": {"kind": self.subject.kind, "name": self.subject.name},
            "person": self.person,
            "moves": [as_data(one) for one in self.moves],
            "unknown": [unknown.as_data() for unknown in self.unknown],
            "freshness": {source: stamp(at) for source, at in sorted(self.freshness.items())},
            "changed_since": self.since.as_data() if self.since else None,
        }


def needs(parameters: Scoped, policy: Policy, _now: datetime) -> Needs:
    """What to load: what waits for this person, for their teams, and in what they own or merge; incidents."""
    subject, viewer, scope = parameters.subject, parameters.viewer, parameters.repositories
    release = subject.kind is SubjectKind.RELEASE
    mine = _keys(parameters, policy)
    known = {key.casefold() for key in mine}
    kept = {name.casefold() for name in _kept(mine, policy)}
    wanted = Needs(
        repositories=Reach(viewer, parameters.known).visible,
        release_keys=subject.keys if release else (),
        release_objects=(subject.object,) if release and subject.object else (),
        open_in=tuple(name for name in scope if name.casefold() in kept),
        moves_of=tuple(sorted(mine)),
        incidents_in=scope,
        blocker_labels=policy.labels.blocker,
        incident_labels=policy.labels.incident,
        attention=True,
    )
    passed = [one for one in parameters.handoffs if _may_wait(one, known)]
    return seen_by(with_handoffs(wanted, passed, policy), viewer, seen_key(parameters))


def answer(facts: Facts, parameters: Scoped, policy: Policy, now: datetime) -> Answer:
    """Keep, of what waits, what waits for this person or a team of theirs; drafts wait for nobody."""
    subject, known = parameters.subject, parameters.known
    situation = situation_of(subject, facts, policy, viewer=parameters.viewer, now=now, heard=known)
    people = situation.people
    mine = {people.settled(key).casefold() for key in _keys(parameters, policy)}
    waiting = [one for one in _waiting(situation) if any(owner.key.casefold() in mine for owner in one.owners)]
    listed = {one.object.casefold() for one in waiting if one.kind is not BlockerKind.DEPENDENCY}
    moves = [one for one in waiting if not listed & {name.casefold() for name in one.after}]
    moves.sort(key=lambda one: (not one.hard, -_late(one, situation), *most_over(one)))
    given = Answer(
        asked_at=now,
        subject=subject,
        person=_person(parameters, people),
        moves=tuple(moves),
        unknown=(*unheard(situation), *(() if _has_account(mine, people) else (_NO_ACCOUNT,))),
        freshness=facts.freshness.newest_event,
        attention=facts.attention,
    )
    return replace(
        given,
        since=since(facts.seen, outline(given), parameters.viewer, now),
        untold=untold(given.unknown, facts.seen, now),
    )


def outline(given: Answer) -> dict[str, Any]:
    """What to remember of an answer: what it listed, and as what."""
    return {**outline_of(given.moves), GAPS: deciding(given.unknown)}


def seen_key(parameters: Scoped) -> str:
    """Under which key a viewer's last look at somebody's moves is remembered."""
    return f"{NAME}:{parameters.subject.seed}:{parameters.person or parameters.viewer.key}"


def _waiting(situation: Situation) -> Iterable[Blocker]:
    """What anybody could move now, each thing once; of handoffs those that hold nothing up as well."""
    bugs = (one for one in of_tickets(situation) if one.kind is BlockerKind.BLOCKER_BUG)
    changes = (one for one in of_changes(situation) if one.kind is not BlockerKind.IN_PROGRESS)
    stands = (one for one in standing_in(situation) if one.open and concerns(one.handoff.about, situation))
    handed = (of_stand(one, situation) for one in stands)
    return {one.object: one for one in (*of_incidents(situation), *bugs, *changes, *handed)}.values()


def _late(one: Blocker, situation: Situation) -> float:
    """Business hours past its service level, or past the time by which it was asked for."""
    late = situation.waited(one.due_at, one.owners) if one.due_at and one.due_at < situation.now else None
    return max(one.over, late or 0.0)


def _may_wait(handoff: Handoff, mine: set[str]) -> bool:
    """Whether a handoff may be one of these keys' to move, now or once it turned stale."""
    movers = (handoff.receiver, handoff.sender, f"function/{handoff.to_function}")
    return any(mover is not None and mover.casefold() in mine for mover in movers)


def _keys(parameters: Scoped, policy: Policy) -> set[str]:
    """All that a person goes by in the configuration: their key, their accounts, their teams and functions."""
    asked = parameters.person or parameters.viewer.key
    people = people_of(policy)
    person = people.settled(asked)
    key = person.removeprefix("person/")
    accounts = {account for account, owner in people.persons.items() if owner == person}
    teams = {
        f"team/{name}" for name, team in policy.teams.items() if person.startswith("person/") and key in team.members
    }
    return {asked, person} | accounts | teams | {f"function/{name}" for name in Functions(policy).of(person)}


def _kept(mine: set[str], policy: Policy) -> Iterable[str]:
    """The repositories whose files, or whose merges, are this person's or their team's by the configuration."""
    bare = {key.partition("/")[2] for key in mine if key.startswith(("person/", "team/"))}
    for name, entry in policy.repositories.items():
        if bare & {*entry.owners, entry.merger}:
            yield name


def _person(parameters: Scoped, people: People) -> str:
    return people.name(parameters.person or parameters.viewer.key)


def _has_account(mine: set[str], people: People) -> bool:
    persons = {key for key in mine if key.startswith(("person/", "slack/", "terminal/"))}
    known = {owner.casefold() for account, owner in people.persons.items() if account.startswith("github/")}
    return bool(persons & known)
