"""What do eight weeks of delivery come to: stages, review, DORA's five metrics, firefighting?

Medians of what reached production in the newest four weeks, beside the four before. DORA's five, as DORA defines them
since 2024: deployment frequency (deployments to production a week), change lead time (here from a change's opening to
production: when its commits were written is not known), change fail rate, failed deployment recovery time (from when
it hurt until it was over) and deployment rework rate (deployments that only mended what had failed). Failed runs of a
pipeline count nowhere, so that no rate is above 100%.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from assistant.failing import Failing
from assistant.last_mile import PARTS, STAGES, WAITING, Passage
from assistant.measures import Compared, Measure, middle, share
from assistant.mending import out_at
from assistant.weeks import Span, whole
from storage.facts import Flow

RECENT = 4  # weeks that are compared with as many before
_DAY, _WEEK_DAYS = 86_400.0, 7


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: calendar days, business hours where it waits for people, and the days of each week by itself.

    ``beside`` are the days of it in which a change was in another stage too, None where stages follow each other.
    """

    name: str
    days: Compared
    hours: Compared | None
    weekly: tuple[Measure, ...]
    beside: Compared | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One party's share of the time in review (0 to 1, None: not known), and its business hours in the middle."""

    name: str
    share: float | None
    hours: Compared


@dataclass(frozen=True, slots=True)
class Delivered:
    """The numbers; ``numbers`` are those beside the stages, by name, ``weekly`` deployments a week by themselves."""

    stages: tuple[Stage, ...]
    parts: tuple[Part, ...]
    numbers: dict[str, Compared]


def halves(weeks: Sequence[Span]) -> tuple[Span, Span]:
    """The newest four weeks, and the four before."""
    return whole(tuple(weeks[-RECENT:])), whole(tuple(weeks[-2 * RECENT : -RECENT]))


def delivered(
    way: Passage, flow: Flow, failing: Failing, weeks: Sequence[Span], watched: tuple[bool, bool]
) -> Delivered:
    """Count everything; ``watched``: of which half somebody watched for incidents, so that none is a fail rate of 0."""
    spans = halves(weeks)
    rates = (_fail_rate(failing, span, watched=its) for span, its in zip(spans, watched, strict=True))
    reached = _Over(way.names, (spans[0].among(way.deployed), spans[1].among(way.deployed)))
    return Delivered(
        stages=tuple(_stage(name, way, reached, weeks) for name in STAGES),
        parts=tuple(_part(name, way, reached) for name in PARTS),
        numbers={
            "request_to_production": reached.middle((way.deployed - _asked(flow)) / _DAY),
            "review_wait": reached.middle(way.parts["reviewers"]),
            "deployment_frequency": _each(spans, lambda span: _frequency(failing, span)),
            "change_lead_time": reached.middle((way.deployed - flow.opened) / _DAY),
            "change_fail_rate": Compared(*rates),
            "recovery_time": _each(spans, lambda span: _recovery(failing, span)),
            "rework_rate": _each(spans, lambda span: _rework(failing, span)),
            "firefighting": _each(spans, lambda span: _fighting(flow, span)),
        },
    )


@dataclass(frozen=True, slots=True)
class _Over:
    """What of the changes is of which of both stretches of weeks."""

    names: tuple[str, ...]
    masks: tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]

    def middle(self, values: npt.NDArray[np.float64]) -> Compared:
        now, before = (middle(values, self.names, mask) for mask in self.masks)
        return Compared(now, before)


def _each(spans: tuple[Span, Span], measure: Callable[[Span], Measure]) -> Compared:
    return Compared(measure(spans[0]), measure(spans[1]))


def _stage(name: str, way: Passage, reached: _Over, weeks: Sequence[Span]) -> Stage:
    days = way.days[name]
    return Stage(
        name,
        reached.middle(days),
        reached.middle(way.hours[name]) if name in WAITING else None,
        tuple(middle(days, way.names, week.among(way.deployed)) for week in weeks),
        reached.middle(way.beside) if name == "testing" else None,
    )


def _part(name: str, way: Passage, reached: _Over) -> Part:
    mask = reached.masks[0]
    whole_time = sum(float(np.nansum(hours[mask])) for hours in way.parts.values())
    hours = reached.middle(way.parts[name])
    known = hours.now.value is not None and whole_time > 0
    return Part(name, float(np.nansum(way.parts[name][mask])) / whole_time if known else None, hours)


def _asked(flow: Flow) -> npt.NDArray[np.float64]:
    asked: npt.NDArray[np.float64] = np.where(flow.requested <= flow.opened, flow.requested, np.nan)
    return asked


def _out(failing: Failing, span: Span) -> list[str]:
    """The deployments of a stretch, which are in order."""
    first, end = (bisect_left(failing.out, at, key=out_at) for at in (span.begin, span.end))
    return [one.object for one in failing.out[first:end]]


def _frequency(failing: Failing, span: Span) -> Measure:
    """Deployments a week, of however few there are; none at all is not known, for the source may be silent."""
    names = tuple(_out(failing, span))
    return Measure(len(names) * _WEEK_DAYS / ((span.end - span.begin).total_seconds() / _DAY) if names else None, names)


def _fail_rate(failing: Failing, span: Span, *, watched: bool) -> Measure:
    """The share of deployments that failed, from surely to perhaps; those that surely did are named in any case."""
    names = _out(failing, span)
    surely = [name for name in names if name in failing.surely]
    maybe = [name for name in names if name in failing.maybe]
    low, high = share(surely, names), share(maybe, names)
    known = low.value is not None and watched
    return Measure(low.value if known else None, low.counted, high.value if known else None, high.hits)


def _rework(failing: Failing, span: Span) -> Measure:
    names = _out(failing, span)
    return share([name for name in names if name in failing.rework], names)


def _recovery(failing: Failing, span: Span) -> Measure:
    """Hours, the middle of what failed in a period and is over; what lasts has none yet, and is named apart."""
    failed = [one for one in failing.recoveries if span.holds(one.began_at)]
    hours = np.array([np.nan if one.hours is None else one.hours for one in failed], dtype=np.float64)
    over = middle(hours, [one.object for one in failed], np.ones(len(failed), dtype=np.bool_))
    return replace(over, lasting=tuple(one.object for one in failed if one.hours is None))


def _fighting(flow: Flow, span: Span) -> Measure:
    """The share of what merged that mends; not known where no change says which ticket it closes, nor reverts one."""
    places = np.flatnonzero(span.among(flow.merged)).tolist()
    names = tuple(flow.objects[place] for place in places)
    if not (np.isfinite(flow.requested).any() or flow.fights.any()):
        return Measure(None, names)
    return share([flow.objects[place] for place in places if flow.fights[place]], names)
