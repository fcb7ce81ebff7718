"""How long was each change on its way from the customer's request to being stable, and in which stage?

Source: definitions, "The customer's clock". Deciding: from the request (the oldest ticket that it closes) to the first
work that is seen, the change's opening. Coding: from there until it last left draft; of a change that never was a draft
it is not known, since commits before the opening are not seen. Review: from ready to the merge without the time in
which it waited for checks. That is testing, and so is the time with QA (see tested.py), which goes on beside review
and deploying and is taken from neither: overlaps are told apart. Deploying: from the merge to production. Stabilizing:
from there to the beginning of the quiet period, which is at once unless something of it failed. What is not known is
NaN, never 0.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.calendar import Calendar
from assistant.tested import NEVER_TESTED, WithTesters, sums
from storage.facts import Flow
from storage.indexing import repository_in
from storage.records import TurnKind

Floats = npt.NDArray[np.float64]

STAGES = ("deciding", "coding", "review", "testing", "deploying", "stabilizing")
FIRST_PART, LAST_MILE = STAGES[:2], STAGES[2:]
WAITING = ("deciding", "review", "testing", "deploying")  # stages that wait for people: in business hours too
PARTS = {  # of the time in review: whose move it was
    "reviewers": (TurnKind.REVIEW_PENDING,),
    "author": (TurnKind.CHANGES_REQUESTED, TurnKind.MERGE_CONFLICT, TurnKind.CHECKS_FAILING),
    "checks": (TurnKind.CHECKS_RUNNING,),
    "merging": (TurnKind.READY_TO_MERGE,),
    "others": (TurnKind.DEPENDENCY,),
}
_OF_CHECKS = (TurnKind.CHECKS_RUNNING, TurnKind.CHECKS_FAILING)
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Passage:
    """Columns of one length, a row for each change of ``names``.

    ``days`` are calendar days by stage, ``hours`` business hours by stage that waits, ``parts`` business hours of the
    time in review by whose move it was. The hours of testing are those until QA took it up; ``beside`` are the days
    with QA while it was also being made, reviewed or deployed.
    """

    names: tuple[str, ...]
    merged: Floats
    deployed: Floats
    days: dict[str, Floats]
    hours: dict[str, Floats]
    parts: dict[str, Floats]
    beside: Floats


def passage(flow: Flow, quiet_from: Floats, calendar: Calendar, with_qa: WithTesters = NEVER_TESTED) -> Passage:
    """The way of each merged change; ``quiet_from`` is when each one's quiet period began (NaN: not known)."""
    ready = _ready(flow)
    spans = {
        "deciding": (np.where(flow.requested <= flow.opened, flow.requested, np.nan), flow.opened),
        "coding": (np.where(_drafted(flow), flow.opened, np.nan), ready),
        "review": (ready, flow.merged),
        "deploying": (flow.merged, flow.deployed),
        "stabilizing": (flow.deployed, quiet_from),
    }
    days = {stage: (ended - began) / _DAY for stage, (began, ended) in spans.items()}
    hours = {stage: calendar.elapsed(*spans[stage]) for stage in WAITING if stage in spans}
    began, ended = _turns(flow, ready)
    worked = calendar.elapsed(began, ended)
    parts = {name: _summed(flow, kinds, worked) for name, kinds in PARTS.items()}
    checked, told = _summed(flow, PARTS["checks"], ended - began) / _DAY, _told_of_checks(flow)
    people = sums(flow, with_qa, _checks(flow, began, ended), calendar)
    days["review"] -= checked
    days["testing"] = np.where(told, checked, np.nan)
    days["testing"][with_qa.of] = people.days[with_qa.of]
    hours["review"] = np.maximum(hours["review"] - parts["checks"], 0.0)
    hours["testing"] = people.waited
    parts["checks"] = np.where(told, parts["checks"], np.nan)
    in_order = {stage: days[stage] for stage in STAGES}
    return Passage(flow.objects, flow.merged, flow.deployed, in_order, hours, parts, people.beside)


def _checks(flow: Flow, began: Floats, ended: Floats) -> WithTesters:
    """The times in which each change waited for its checks, in the order of the changes."""
    places = np.flatnonzero(_of_kind(flow, PARTS["checks"]))
    rows = places[np.argsort(flow.turn_of[places], kind="stable")]
    return WithTesters(flow.turn_of[rows], began[rows], began[rows], ended[rows])


def _of_kind(flow: Flow, kinds: tuple[TurnKind, ...]) -> npt.NDArray[np.bool_]:
    wanted = [place for place, kind in enumerate(flow.kinds) if kind in set(kinds)]
    return np.isin(flow.turn_kind, wanted)


def _told_of_checks(flow: Flow) -> npt.NDArray[np.bool_]:
    """Which changes are of a repository that told of a check of any of them; of the others none is known."""
    checked = set(flow.turn_of[_of_kind(flow, _OF_CHECKS)].tolist())
    repositories = [repository_in(name) for name in flow.objects]
    telling = {repositories[place] for place in checked}
    return np.array([name in telling for name in repositories], dtype=np.bool_)


def _drafted(flow: Flow) -> npt.NDArray[np.bool_]:
    drafted = np.zeros(len(flow.objects), dtype=np.bool_)
    drafted[flow.turn_of[_of_kind(flow, (TurnKind.IN_PROGRESS,))]] = True
    return drafted


def _ready(flow: Flow) -> Floats:
    """When each last left draft, else when it was opened; never after the merge."""
    ready: Floats = flow.opened.copy()
    drafts = _of_kind(flow, (TurnKind.IN_PROGRESS,))
    np.maximum.at(ready, flow.turn_of[drafts], flow.turn_ended[drafts])
    np.minimum(ready, flow.merged, out=ready)
    return ready


def _turns(flow: Flow, ready: Floats) -> tuple[Floats, Floats]:
    """The turns as far as they lie between ready and merge."""
    began = np.maximum(flow.turn_began, ready[flow.turn_of])
    ended = np.minimum(flow.turn_ended, flow.merged[flow.turn_of])
    return began, np.maximum(began, ended)


def _summed(flow: Flow, kinds: tuple[TurnKind, ...], lengths: Floats) -> Floats:
    """The sum of the lengths of a change's turns of these kinds; 0 where it had none."""
    wanted = _of_kind(flow, kinds)
    return np.bincount(flow.turn_of[wanted], weights=lengths[wanted], minlength=len(flow.objects)).astype(np.float64)
