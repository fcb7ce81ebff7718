"""What moved since the last digest: what came in, merged, shipped, or went away?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isnan
from typing import Any

from assistant.handoffs.functions import Functions
from assistant.handoffs.seeing import may_see
from assistant.handoffs.standing import DONE
from assistant.handoffs.waiting import name_of
from assistant.policy import Policy
from assistant.recalling import visible
from assistant.since import stamp
from assistant.stages import TURNS, Held, Stage, StageName
from assistant.usual import SET
from assistant.viewer import Viewer
from storage.facts import Facts
from storage.naming import kind_of, subject_of
from storage.records import Handoff, ObjectKind

LOOKED_BACK = timedelta(days=7)  # how far back it is known what merged
MOST_REMEMBERED = 2_000
_REMEMBERED = (*TURNS, StageName.HANDOFFS, StageName.DEPLOYMENT)


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that moved; of one that has left every stage the address is not known any more."""

    object: str
    subject: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What is different from when it was last seen, ``at``; ``came`` are the things that are new, by stage.

    ``done`` are the handoffs that are done. ``gone`` has left without being known to have merged: closed, back to a
    draft, withdrawn, or merged longer ago than is looked.
    """

    at: datetime
    merged: tuple[Thing, ...] = ()
    shipped: tuple[Thing, ...] = ()
    came: Mapping[str, tuple[Thing, ...]] = field(default_factory=dict)
    gone: tuple[Thing, ...] = ()
    done: tuple[Thing, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether anything moved at all."""
        return bool(self.merged or self.shipped or self.came or self.gone or self.done)

    def as_data(self) -> dict[str, Any]:
        """The moves as JSON values."""
        return {
            "at": stamp(self.at),
            "merged": _data(self.merged),
            "shipped": _data(self.shipped),
            "new": {stage: _data(things) for stage, things in self.came.items()},
            "gone": _data(self.gone),
            "done": _data(self.done),
        }


def sketch(stages: Sequence[Stage]) -> dict[str, str]:
    """What to remember: each change and handoff with the stage that it is in."""
    held = [(one.object, str(stage.name)) for stage in stages if stage.name in _REMEMBERED for one in stage.held or ()]
    return dict(held[:MOST_REMEMBERED])


def moved(facts: Facts, stages: Sequence[Stage], viewer: Viewer, policy: Policy, now: datetime) -> Moved | None:
    """Compare the stages with what was remembered of them; None where nothing was, or what can't be read.

    Of what was remembered nothing is told that this reader may not see now.
    """
    if facts.seen is None or facts.seen[0] > now or not isinstance(facts.seen[1], dict):
        return None
    at, before = facts.seen[0], facts.seen[1].get("things")
    if not isinstance(before, dict):
        return None
    handed = _Handed(facts, viewer, policy)
    full, before = len(before) >= MOST_REMEMBERED, {**visible(handed.without(before), viewer), **handed.known(before)}
    here = {one.object: (stage.name, one) for stage in stages if stage.name in _REMEMBERED for one in stage.held or ()}
    lost = {str(stage.name) for stage in stages if stage.held is None}
    out = _out(facts, at)
    found: dict[str, list[Thing]] = {}
    for name in dict.fromkeys((*before, *here, *out)):
        word = _word(str(before.get(name, "")), here.get(name), out.get(name) or handed.out(name), lost)
        if word is not None and not (word.startswith(_NEW) and full):
            found.setdefault(word, []).append(_thing(name, here.get(name), handed.name(name)))
    return Moved(
        at,
        tuple(found.pop("merged", ())),
        tuple(found.pop("shipped", ())),
        gone=tuple(found.pop("gone", ())),
        done=tuple(found.pop("done", ())),
        came={word.removeprefix(_NEW): tuple(things) for word, things in found.items()},
    )


_NEW = "new "


def _word(before: str, here: tuple[StageName, Held] | None, out: str | None, lost: set[str]) -> str | None:
    """What became of one thing that was in stage ``before`` (empty: in none); None where nothing did.

    ``out`` is what is known of it by its merge: merged, shipped, or (None) nothing.
    """
    if here is not None:
        stage = here[0]
        if stage is StageName.DEPLOYMENT:
            return None if before == stage else "merged"
        return None if before else f"{_NEW}{stage}"
    if before in lost:
        return None
    if before == StageName.DEPLOYMENT:
        return None if out == "merged" else "shipped"
    return out or "gone"


def _out(facts: Facts, since: datetime) -> dict[str, str]:
    """What merged since then, and whether it is in production."""
    flow = facts.flow.get(SET)
    if flow is None:
        return {}
    return {
        name: "merged" if isnan(deployed) else "shipped"
        for name, merged, deployed in zip(flow.objects, flow.merged, flow.deployed, strict=True)
        if merged >= since.timestamp()
    }


class _Handed:
    """The handoffs that the reader may know of, answered ones too."""

    def __init__(self, facts: Facts, viewer: Viewer, policy: Policy) -> None:
        self._functions = Functions(policy)
        self._of: dict[str, Handoff] = {one.object: one for one in facts.handoffs if may_see(one, viewer, policy)}

    def known(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The handoffs that were remembered, but those of which nothing is known now: they are hidden, or long over."""
        return {name: stage for name, stage in before.items() if name in self._of}

    @staticmethod
    def without(before: Mapping[str, Any]) -> dict[str, Any]:
        """What was remembered beside handoffs."""
        return {name: stage for name, stage in before.items() if kind_of(name) != ObjectKind.HANDOFF}

    def out(self, name: str) -> str | None:
        """That a handoff is done; None of anything else."""
        handoff = self._of.get(name)
        return "done" if handoff is not None and handoff.state in DONE else None

    def name(self, name: str) -> str:
        """What people read of a thing."""
        handoff = self._of.get(name)
        return name_of(handoff, self._functions) if handoff else subject_of(name)


def _thing(name: str, here: tuple[StageName, Held] | None, called: str) -> Thing:
    return Thing(name, here[1].subject if here else called, here[1].url if here else None)


def _data(things: Sequence[Thing]) -> list[dict[str, str | None]]:
    return [{"object": one.object, "subject": one.subject, "url": one.url} for one in things]
