"""What merged and was deployed, as columns: a test names only what it is about."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from storage.facts import Flow
from storage.records import TurnKind
from tests.builders import NOON, at, deployment_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY = at("2026-11-16")  # the first day that is not counted any more: NOON is that Wednesday
KINDS = tuple(kind.value for kind in TurnKind)


@dataclass(frozen=True)
class Way:
    """A change's way: opened a day before it merged, in production two hours after, asked for by nobody."""

    number: int
    merged: datetime
    opened: datetime | None = None
    deployed: datetime | None = None
    requested: datetime | None = None
    turns: tuple = ()
    fights: bool = False
    mends: bool = False
    repository: str = "acme/api"

    @property
    def object(self):
        return f"change:{self.repository}#{self.number}"

    @property
    def out(self):
        return self.deployed or self.merged + 2 * HOUR


def never(_way):
    return float("nan")


def flow_of(*ways, undone=(), deployed=None):
    """The columns of these ways, in the order of their merges."""
    turns = [(place, turn) for place, way in enumerate(ways) for turn in way.turns]
    out = deployed or (lambda way: way.out.timestamp())
    return Flow(
        objects=tuple(way.object for way in ways),
        shas=tuple(f"{way.number:039x}f" for way in ways),
        requested=_column(way.requested for way in ways),
        opened=_column(way.opened or way.merged - DAY for way in ways),
        merged=_column(way.merged for way in ways),
        deployed=np.array([out(way) for way in ways], dtype=float),
        fights=np.array([way.fights for way in ways], dtype=bool),
        mends=np.array([way.mends for way in ways], dtype=bool),
        undone=tuple(undone),
        kinds=KINDS,
        turn_of=np.array([place for place, _ in turns], dtype=int),
        turn_kind=np.array([KINDS.index(turn[0]) for _, turn in turns], dtype=int),
        turn_began=_column(turn[1] for _, turn in turns),
        turn_ended=_column(turn[2] for _, turn in turns),
    )


def deployments_of(*ways, **more):
    """One deployment for each change, at the moment when it reached production."""
    return tuple(
        deployment_of(f"{way.number:039x}f", str(way.number), created_at=way.out, finished_at=way.out,
                      repository=way.repository, **more)
        for way in ways
    )  # fmt: skip


def weekly(count, weeks_ago=1, first=1, **more):
    """So many changes of one week, each merged at noon of another weekday."""
    monday = MONDAY - weeks_ago * 7 * DAY
    return tuple(Way(first + n, monday + (n % 5) * DAY + 12 * HOUR + n * MINUTE, **more) for n in range(count))


def _column(values):
    return np.array([np.nan if value is None else value.timestamp() for value in values], dtype=float)


__all__ = ["NOON", "Way", "deployments_of", "flow_of", "weekly"]
