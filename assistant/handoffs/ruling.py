"""What do the rules of the configuration make of what a source told: is a handoff opened, acknowledged, done, returned?

An event says nothing of what was decided after it: whoever moved a handoff since has the last word. So the same event,
looked at again, changes nothing.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

from assistant.acts import acknowledge_handoff, finish_handoff, hand_off, resend_handoff, return_handoff
from assistant.handoffs.functions import Functions
from assistant.handoffs.standing import RECEIVERS, Stand
from assistant.people import People, people_of
from assistant.policy import Policy
from assistant.policy.handing import RuleEntry
from assistant.viewer import Viewer, viewer_for
from storage.naming import called
from storage.records import Change, HandoffState, KnownEvent, ObjectKind, Ticket
from storage.state.snapshots import latest
from storage.state.stated import word, words

LATE = timedelta(hours=48)  # what happened before that is history: it opens and closes nothing
KINDS: dict[str, tuple[str, ...]] = {
    "github": (
        "change.labeled", "ticket.labeled", "change.reviewed", "ticket.closed", "ticket.reopened", "change.merged",
        "change.abandoned",
    ),
    "jira": ("ticket.created", "ticket.status", "ticket.labeled"),
    "cdevents": ("ticket.created", "ticket.updated", "ticket.closed"),
}  # fmt: skip
_STATUS = {
    "ticket.closed": "closed", "ticket.reopened": "open", "change.merged": "merged", "change.abandoned": "closed",
}  # fmt: skip
_CALLED = {"github": "GitHub", "jira": "Jira", "cdevents": "CDEvents"}
_TRUSTED = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
_SHORT = 12  # characters of a commit that tell it from every other


@dataclass(frozen=True, slots=True)
class Wished:
    """An act that a rule asks for: its name and what it is told."""

    act: str
    wish: Any


@dataclass(frozen=True, slots=True)
class Told:
    """What an event newly says of a change or a ticket: labels just added, the status it has now, a verdict on it."""

    labels: tuple[str, ...] = ()
    status: str | None = None
    review: str | None = None


def kinds_of(policy: Policy) -> tuple[str, ...]:
    """The kinds of events that any rule looks at."""
    return tuple(dict.fromkeys(kind for rule in policy.handoffs.rules for kind in KINDS[rule.source]))


def needs_history(event: KnownEvent) -> bool:
    """Whether only what was told before says what is new in an event: CDEvents give every label each time."""
    return event.source == "cdevents"


def told(event: KnownEvent, before: Iterable[KnownEvent] = ()) -> Told:
    """What an event newly says; ``before`` are the events of its object that came before it."""
    data, snapshot = event.data, event.data.get("snapshot") or {}
    if event.kind == "change.reviewed":
        return Told(review=word(data, "state"))
    if event.kind.endswith(".labeled"):
        label = word(data, "target")
        return Told(labels=(label,) if label else ())
    status = word(data, "status") or word(snapshot, "status") or _STATUS.get(event.kind)
    if event.source == "github":
        return Told(status=status)
    known = latest(tuple(before)) if needs_history(event) else {}
    labels = tuple(label for label in words(snapshot, "labels") if label not in words(known, "labels"))
    return Told(labels, None if status == word(known, "status") else status)


def fits(rule: RuleEntry, event: KnownEvent, says: Told, policy: Policy) -> bool:
    """Whether a rule speaks of this event."""
    if rule.source != event.source or event.kind not in KINDS[rule.source]:
        return False
    repository = (event.repository or "").casefold()
    if rule.where and not any(fnmatchcase(repository, glob.casefold()) for glob in rule.where):
        return False
    if rule.review:
        return rule.review == says.review and _counts(rule, event, policy)
    said = says.labels if rule.label else (says.status or "",)
    return _plain(rule.label or rule.status or "") in map(_plain, said) and _by(rule, event, policy)


def wishes(rule: RuleEntry, event: KnownEvent, thing: Change | Ticket, stands: Sequence[Stand]) -> tuple[Wished, ...]:
    """What a rule that fits asks for, as handoffs between its two functions about this thing stand."""
    sides = (rule.from_function, rule.to_function)
    ours = [
        one for one in stands
        if (one.handoff.from_function, one.handoff.to_function) == sides
        and one.handoff.about.casefold() == event.object.casefold()
    ]  # fmt: skip
    if rule.does == "open":
        return _opened(rule, event, thing, ours)
    waiting = [one for one in ours if one.state in _WAITING[rule.does] and one.since <= event.at]
    return tuple(_answered(rule, event, thing, one) for one in waiting)


def actor_of(event: KnownEvent, policy: Policy) -> Viewer:
    """Who acts: the event's own actor, with their own rights and a sight of what they did there; nobody known: that."""
    key = event.actor or f"{event.source}/{_CALLED.get(event.source, event.source)}"
    people = people_of(policy)
    person = people.person(key)
    zone = policy.workspace.zone or policy.hours.zone or "UTC"
    here = frozenset({event.repository.casefold()}) if event.repository else frozenset[str]()
    if person:
        own = viewer_for(policy, person, people.name(person))
        return replace(own, sees=None if own.sees is None else own.sees | here, by_rule=True)
    return Viewer(key, people.name(key), zone, here, by_rule=True)


_WAITING = {
    "acknowledge": frozenset({HandoffState.OPEN, HandoffState.STALE}),
    "done": RECEIVERS,
    "return": RECEIVERS,
}


def _opened(rule: RuleEntry, event: KnownEvent, thing: Change | Ticket, ours: Sequence[Stand]) -> tuple[Wished, ...]:
    """Open one, or send again the one that was returned; where somebody has one in hand, it is handed over already."""
    if any(one.state in RECEIVERS or one.since > event.at for one in ours):
        return ()
    returned = [one for one in ours if one.state is HandoffState.RETURNED]
    why = _why(rule, event, thing)
    if returned:
        again = (resend_handoff.Wish(one.handoff.object, why=why, via=rule.source) for one in returned)
        return tuple(Wished(resend_handoff.NAME, wish) for wish in again)
    wish = hand_off.Wish(
        handoff=_name(rule, event),
        from_function=rule.from_function,
        to_function=rule.to_function,
        about=event.object,
        needed=rule.needed or f"{called(thing.object)} {thing.title}: {why}",
        gating=rule.gating,
        links=(thing.url,) if thing.url else (),
        rule=said(rule),
        via=rule.source,
    )
    return (Wished(hand_off.NAME, wish),)


def _answered(rule: RuleEntry, event: KnownEvent, thing: Change | Ticket, stand: Stand) -> Wished:
    handoff, via = stand.handoff.object, rule.source
    if rule.does == "acknowledge":
        return Wished(acknowledge_handoff.NAME, acknowledge_handoff.Wish(handoff, via=via))
    if rule.does == "return":
        return Wished(return_handoff.NAME, return_handoff.Wish(handoff, why=_why(rule, event, thing), via=via))
    wish = finish_handoff.Wish(
        handoff, looked_at=_looked_at(rule, event, thing), as_of=event.at, url=word(event.data, "url"), via=via
    )
    return Wished(finish_handoff.NAME, wish)


def said(rule: RuleEntry) -> str:
    """A rule in a few words, as a handoff that it opened names it."""
    source = _CALLED[rule.source]
    if rule.review:
        return f"{source} review: {rule.review.replace('_', ' ')}"
    return f'{source} label "{rule.label}"' if rule.label else f'{source} status "{rule.status}"'


def _why(rule: RuleEntry, event: KnownEvent, thing: Change | Ticket) -> str:
    where = _CALLED[rule.source]
    if rule.review:
        verdict = "approved" if rule.review == "approved" else "changes were asked for"
        return f"{called(thing.object)}: {verdict} in a review on {where}"
    what = f'got the label "{rule.label}"' if rule.label else f'is "{told(event).status or rule.status}" now'
    return f"it {what} in {where}"


def _looked_at(rule: RuleEntry, event: KnownEvent, thing: Change | Ticket) -> str:
    """The commit that was reviewed, or at which the change stood; of a ticket what its source calls it now."""
    sha = word(event.data, "sha") or word(event.data.get("snapshot") or {}, "head_sha")
    sha = sha or (thing.head_sha if isinstance(thing, Change) else None)
    return sha[:_SHORT] if sha else f"{called(thing.object)}, {said(rule)}"


def _counts(rule: RuleEntry, event: KnownEvent, policy: Policy) -> bool:
    """Whether a review's verdict counts: of a person of the function that the rule names, else of the repository's."""
    if rule.by:
        return _by(rule, event, policy)
    trusted = word(event.data, "association") in _TRUSTED
    return trusted and not people_of(policy).is_bot(event.actor or "")


def _by(rule: RuleEntry, event: KnownEvent, policy: Policy) -> bool:
    """Whether it was done by somebody of the function that the rule names; where it names none, whoever did it."""
    if rule.by is None:
        return True
    people, functions = people_of(policy), Functions(policy)
    able = (*functions.members(rule.by), *_of_teams(functions.entry(rule.by).teams, people))
    return any(people.same(event.actor, one) for one in able)


def _of_teams(teams: Iterable[str], people: People) -> Iterable[str]:
    """Who is in the forge's teams of a function, as far as the configuration says who is in which."""
    wanted = {team.casefold().rpartition("/")[2] for team in teams}
    for key, team in people.policy.teams.items():
        if key.casefold() in wanted:
            yield from (f"person/{member}" for member in team.members)


def _name(rule: RuleEntry, event: KnownEvent) -> str:
    """The same handoff for the same rule and event, whoever looks at them and however often."""
    parts = (rule.source, rule.does, rule.from_function, rule.to_function, said(rule), rule.by or "", event.identity)
    return f"{ObjectKind.HANDOFF}:{hashlib.sha256('|'.join(parts).encode('utf-8', 'replace')).hexdigest()[:16]}"


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def too_late(event: KnownEvent, now: datetime) -> bool:
    """Whether an event is history."""
    return now - event.at > LATE
