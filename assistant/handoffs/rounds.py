"""Which round asks about a release, how does each function stand in it, and what can be made of an answer?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from assistant.deciding import LONGEST_NAME, Refused, cleaned
from assistant.handoffs.functions import Functions
from assistant.people import people_of
from assistant.persons import person_meant
from assistant.policy import Policy
from storage.naming import kind_of, subject_of
from storage.records import Handoff, HandoffState, ObjectKind, Readiness, Round, RoundAnswer

ITSELF = "lastmile/schedule"  # who begins a round that nobody asked for
ASKED, SCHEDULED, FROZEN = "asked", "schedule", "scope_freeze"  # what begins one
UNASKED = "unasked"  # why nobody was asked yet: Slack does not say who they are at the moment


class Standing(StrEnum):
    """How a function stands in a round."""

    READY = "ready"
    READY_WITH_RISK = "ready_with_risk"
    NOT_READY = "not_ready"
    WAITING = "waiting"  # it was asked, and there is time
    NOT_ANSWERED = "not_answered"  # it was asked, and asked again twice, or the round was closed without it
    NOBODY_LEADS = "nobody_leads"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Place:
    """One function in a round: who leads it, how it stands, what it answered, how often it was asked again.

    ``why`` says why its lead could not be asked. ``blocker`` is the open outside wait that was made of the answer,
    ``passed_to`` the functions to which it was handed on.
    """

    function: str
    lead: str | None
    standing: Standing
    answer: RoundAnswer | None = None
    chased: int = 0
    why: str = ""
    blocker: bool = False
    passed_to: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it can still be answered."""
        return self.answer is None


def rounds_of(release: str, rounds: Iterable[Round]) -> tuple[Round, ...]:
    """The rounds that ask about a release, oldest first."""
    found = (one for one in rounds if one.release == release)
    return tuple(sorted(found, key=lambda one: (one.opened_at, one.object)))


def open_round_of(release: str, rounds: Iterable[Round]) -> Round | None:
    """The round of a release that is open, the newest where there are several."""
    return next((one for one in reversed(rounds_of(release, rounds)) if one.closed_at is None), None)


def next_round(release: str, rounds: Iterable[Round]) -> str:
    """The object of the round that would follow those a release had.

    Two that begin one at once name the same, so that the ledger refuses the second.
    """
    before = rounds_of(release, rounds)
    seed = f"{release}|{before[-1].object if before else ''}"
    return f"{ObjectKind.ROUND}:{sha256(seed.encode()).hexdigest()[:16]}"


def product_of(about: str) -> str | None:
    """The product of a release's object; None of anything else."""
    return subject_of(about).rpartition("@")[0] if kind_of(about) == ObjectKind.RELEASE else None


def answer_of(round_: Round, function: str) -> RoundAnswer | None:
    """What a function answered."""
    return next((one for one in round_.answers if one.function == function), None)


def missing(answer: RoundAnswer) -> str:
    """All that an answer names that is missing, as the need of a handoff; empty for nothing."""
    if answer.waits_for and answer.not_ready:
        return f"{answer.waits_for}; not ready: {answer.not_ready}"
    return answer.waits_for or answer.not_ready


def wanted(answer: RoundAnswer) -> str:
    """The same as the title of a blocker, which is short."""
    return cleaned(missing(answer), LONGEST_NAME)


@dataclass(frozen=True, slots=True)
class Whom:
    """From whom something is wanted: a function, a person, both or (whom nobody here is) neither.

    ``named`` says that the words meant the person, who else only leads the function.
    """

    function: str | None = None
    person: str | None = None
    named: bool = False


def whom_meant(answer: RoundAnswer, release: str, policy: Policy) -> Whom:
    """From whom an answer wants something, where its words mean somebody who is known."""
    functions = Functions(policy)
    if not answer.whom:
        return Whom()
    if function := functions.meant(answer.whom):
        return Whom(function, functions.lead(function, product_of(release)))
    person = person_meant(answer.whom, answer.by, policy)
    if isinstance(person, Refused):
        return Whom()
    return Whom(next(iter(functions.of(person)), None), person, named=True)


def passed_to(round_: Round, function: str, handoffs: Sequence[Handoff]) -> tuple[str, ...]:
    """The functions to which somebody handed what a function's answer names."""
    return tuple(
        dict.fromkeys(
            one.to_function
            for one in handoffs
            if one.round == round_.object and one.from_function == function and one.state is not HandoffState.WITHDRAWN
        )
    )


def stands(answer: RoundAnswer) -> Standing:
    """How a function stands that answered."""
    return Standing(answer.readiness.value)


def counted(places: Sequence[Place]) -> dict[Standing, int]:
    """How many functions stand how."""
    return {standing: sum(one.standing is standing for one in places) for standing in Standing}


def holds_up(answer: RoundAnswer) -> bool:
    """Whether an answer names something that can be made a blocker or handed on."""
    return bool(wanted(answer)) and answer.readiness is not Readiness.READY


def called_by(round_: Round, policy: Policy) -> str:
    """Who began it, as people read it; empty where nobody did."""
    return "" if round_.by == ITSELF else people_of(policy).name(round_.by)
