"""Which handoffs do the sources themselves open, acknowledge and close, by the rules of the configuration?

Every replica sweeps what was learnt since the last look. Where that was is only remembered so that little is looked at
twice: a handoff that a rule opens has a name of its rule and event, and what was done already is not done again.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from assistant.acts import hand_off
from assistant.errors import UserError
from assistant.handoffs.pairs import pair_of, usual_due
from assistant.handoffs.ruling import Wished, actor_of, fits, kinds_of, needs_history, told, too_late, wishes
from assistant.policy.handing import RuleEntry
from assistant.viewer import Viewer
from digests.faults import failed
from storage.learnt import Learnt
from storage.records import Change, KnownEvent, Ticket

if TYPE_CHECKING:
    from assistant.desk import Desk

OVERLAP = timedelta(minutes=10)  # a delivery may become durable after one that came later: so far back is looked again
_BACK = timedelta(hours=48)
_AT_ONCE = 500
_TRIES = 3  # after so many failures an event holds up no others
_FAILING = 20  # events of one look after which it is not the events: it ends, and begins there again
_REMEMBERED = 10_000
_VIEWER, _KEY = "rules", "swept"
_ALL = Viewer("rules", "the rules")  # sees what there is; what is done is done as whoever the event is of

Refusal = Callable[[RuleEntry, KnownEvent, str], None]


class Ruling:
    """Acts by the rules; safe to use from many threads and processes."""

    def __init__(self, desk: "Desk", refused: Refusal | None = None) -> None:
        """``refused`` hears of every act that was refused; else it is logged."""
        self._desk, self._refused = desk, refused or _log
        self._tries: Counter[tuple[str, str]] = Counter()  # of (rule, event): so that a refusal is told once

    def tick(self, stopping: threading.Event) -> Counter[str]:
        """Do what the rules ask for since the last look; how often which act was done, or refused, or failed."""
        done: Counter[str] = Counter()
        kinds = kinds_of(self._desk.policy)
        if not kinds:
            return done
        now = self._desk.clock()
        place = self._begin(now)
        while not stopping.is_set():
            page = self._desk.ledger.learnt(place, kinds, _AT_ONCE)
            for place, event in page:  # noqa: B007  the last place is where the next page begins
                if stopping.is_set() or done["failed"] >= _FAILING:
                    return done
                if not too_late(event, now):
                    done += self._tried(event, now)
            if len(page) < _AT_ONCE:
                break
        if not stopping.is_set() and not done["failed"]:
            self._desk.ledger.remember_seen(_VIEWER, _KEY, now, None)
            if len(self._tries) > _REMEMBERED:
                self._tries.clear()  # what was done already is not done again all the same
        return done

    def _begin(self, now: datetime) -> Learnt:
        swept = self._desk.ledger.seen(_VIEWER, _KEY)
        last = swept[0] if swept else now
        return Learnt(max(min(last, now) - OVERLAP, now - _BACK))

    def _tried(self, event: KnownEvent, now: datetime) -> Counter[str]:
        """What an event asks for; one that fails is tried again at the next looks, and given up after some."""
        which = ("", event.identity)
        if self._tries[which] >= _TRIES:
            return Counter()
        try:
            return self._event(event, now)
        except Exception as problem:  # noqa: BLE001  the one way in of an event: the others go on
            self._tries[which] += 1
            failed("rule", event.object, problem)
            return Counter(failed=1)

    def _event(self, event: KnownEvent, now: datetime) -> Counter[str]:
        done: Counter[str] = Counter()
        policy, ledger = self._desk.policy, self._desk.ledger
        rules = {
            (rule.model_dump_json(), event.identity): rule
            for rule in policy.handoffs.rules
            if rule.source == event.source
        }
        rules = {which: rule for which, rule in rules.items() if self._tries[which] < _TRIES}
        before = self._before(event) if rules and needs_history(event) else ()
        says = told(event, before)
        for which, rule in rules.items():
            self._tries[which] += 1
            fit = fits(rule, event, says, policy)
            thing = ledger.get([event.object]).get(event.object) if fit else None
            if isinstance(thing, Change | Ticket):
                for wished in wishes(rule, event, thing, self._desk.handoffs(_ALL, now)):
                    done[self._do(wished, rule, event, now)] += 1
            self._tries[which] = _TRIES
        return done

    def _do(self, wished: Wished, rule: RuleEntry, event: KnownEvent, now: datetime) -> str:
        """Do it as whoever did what the event tells, at its time; what it came to.

        What is opened is due its usual hours after we know of it: before that nobody could have begun.
        """
        viewer, wish = actor_of(event, self._desk.policy), wished.wish
        if isinstance(wish, hand_off.Wish):
            if wish.handoff in self._desk.ledger.get([wish.handoff]):
                return "there already"
            pair = pair_of(wish.from_function, wish.to_function, self._desk.policy)
            due = usual_due(pair, wish.to_function, wish.receiver, self._desk.policy, now)
            wish = replace(wish, due_at=wish.due_at or due)
        try:
            self._desk.act(wished.act, wish, viewer, event.at, known=now)
        except UserError as problem:
            self._refused(rule, event, str(problem))
            return "refused"
        return wished.act

    def _before(self, event: KnownEvent) -> tuple[KnownEvent, ...]:
        history = self._desk.ledger.history(event.object)
        return tuple(one for one in history if (one.at, one.identity) < (event.at, event.identity))


def _log(rule: RuleEntry, event: KnownEvent, why: str) -> None:
    import structlog

    structlog.get_logger("lastmile.rules").warning(
        "refused", action="rule", does=rule.does, source=rule.source, kind=event.kind, object=event.object, why=why
    )
