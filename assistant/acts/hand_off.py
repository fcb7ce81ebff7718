"""What does one function pass on to another, about what, by when?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.acts.authority import outsider, product_key, unseen
from assistant.acts.handing import came_by, moment, receiver_meant, recorded
from assistant.deciding import (
    LONGEST_NAME,
    Outcome,
    Records,
    Refused,
    cleaned,
    decided,
    is_web,
    repository_of,
    stamp,
)
from assistant.handoffs.able import of_others
from assistant.handoffs.functions import Functions
from assistant.handoffs.pairs import pair_of, usual_due
from assistant.handoffs.seeing import NO_HANDOFF, may_see, may_see_about
from assistant.people import people_of
from assistant.policy import Policy
from assistant.policy.model import near
from assistant.viewer import Viewer
from assistant.when import in_words
from storage.naming import called, kind_of, subject_of
from storage.records import Handoff, ObjectKind, Release, Round
from storage.state.handoff import WAITED_FOR

NAME = "hand_off"
HELP = "Pass work on from one function to another: what is needed, about what, by when."
LONGEST_NEED = 2_000
LONGEST_ITEM = 200
MOST_ITEMS = 20
MOST_LINKS = 10
_LONGEST_ABOUT = 300
NO_ROUND = "I know of no such round that you may see. It may have been forgotten."
_ANEW = "Hand over something about another release by itself."
_WORK = (ObjectKind.CHANGE, ObjectKind.TICKET)


@dataclass(frozen=True, slots=True)
class Wish:
    """Hand something over; None leaves a thing as it is usual for the pair of functions.

    ``handoff`` is its object: a new name, made at the edge. ``about`` is ``release:...``, ``service:...``,
    ``change:...`` or ``ticket:...``; ``receiver`` whatever ``person_meant`` reads. ``previous`` is the handoff that it
    carries on, ``round`` the round that it came of, ``rule`` the rule by which a source opened it. ``twins`` are those
    about the same with the same need, as the desk finds them: one that is open makes another of it one too many.
    """

    handoff: str
    from_function: str
    to_function: str
    about: str
    needed: str
    receiver: str | None = None
    due_at: datetime | None = None
    gating: bool | None = None
    checklist: tuple[str, ...] | None = None
    links: tuple[str, ...] = ()
    previous: str | None = None
    round: str | None = None
    rule: str | None = None
    via: str = ""
    twins: tuple[str, ...] = ()


def objects(wish: Wish) -> tuple[str, ...]:
    """The handoff, what it is about where that has a record, those it carries on or repeats, the round it came of."""
    came_of = (one for one in (wish.previous, wish.round) if one)
    return tuple(dict.fromkeys((wish.handoff, *recorded(wish.about), *came_of, *wish.twins)))


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Hand it over, for anyone inside who may see what it is about."""
    refused = outsider(who) or _unfit_about(records, wish, who, policy) or _already(records, wish, who, policy)
    refused = refused or _of_another(records, wish, who, policy) or _unfit(wish, who, now)
    if refused:
        return refused
    functions = _functions(wish, policy)
    if isinstance(functions, Refused):
        return functions
    receiver = receiver_meant(wish.receiver, wish.about, who, policy)
    if isinstance(receiver, Refused):
        return receiver
    if functions[0] == functions[1] and receiver is None:
        name = Functions(policy).name(functions[0])
        return Refused(f"That is from {name} to {name}: name the person who is to have it, or another function.")
    settled = replace(wish, from_function=functions[0], to_function=functions[1], receiver=receiver)
    refused = of_others(receiver, functions[1], policy) or _repeats(records, settled, who, policy, now)
    if refused:
        return refused
    event = decided(wish.handoff, "handoff.opened", who, now, _data(settled, who, policy, now))
    return (replace(event, repository=repository_of(wish.about)),)


def _data(wish: Wish, who: Viewer, policy: Policy, now: datetime) -> dict[str, object]:
    """What the event says: the wish, and of the pair what the wish leaves open."""
    pair = pair_of(wish.from_function, wish.to_function, policy)
    due_at = wish.due_at or usual_due(pair, wish.to_function, wish.receiver, policy, now)
    return {
        "step": 1,
        "from": wish.from_function,
        "to": wish.to_function,
        "receiver": wish.receiver,
        "about": wish.about,
        "needed": cleaned(wish.needed, LONGEST_NEED),
        "due_at": stamp(due_at),
        "gating": pair.gating if wish.gating is None else wish.gating,
        "checklist": _items(pair.checklist if wish.checklist is None else wish.checklist),
        "links": list(dict.fromkeys(wish.links)),
        "previous": wish.previous,
        "round": cleaned(wish.round, LONGEST_NAME) or None,
        "rule": cleaned(wish.rule, LONGEST_NAME) or None,
        "via": came_by(wish.via, who),
    }


def _repeats(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Refused | None:
    """Refuse what was handed over already, word for word, and is still open."""
    sides = wish.from_function, wish.to_function
    people, needed = people_of(policy), same_need(wish.needed)
    for name in wish.twins:
        twin = records.get(name)
        if not isinstance(twin, Handoff) or twin.state not in WAITED_FOR or same_need(twin.needed) != needed:
            continue
        receivers = twin.receiver is wish.receiver is None or people.same(twin.receiver, wish.receiver)
        if receivers and (twin.from_function, twin.to_function, twin.about) == (*sides, wish.about):
            by = "You" if people.same(twin.sender, who.key) else people.name(twin.sender)
            return Refused(f"{by} handed that off {moment(twin.opened_at, who.zone, now)}; it is {twin.state}.")
    return None


def same_need(needed: str) -> str:
    """What is needed, as two who ask for the same may word it."""
    return cleaned(needed, LONGEST_NEED).casefold()


def _functions(wish: Wish, policy: Policy) -> tuple[str, str] | Refused:
    """The two functions, by whatever they are called."""
    functions, found = Functions(policy), list[str]()
    for words in (wish.from_function, wish.to_function):
        key = functions.meant(words[:LONGEST_NAME])
        if key is None:
            said = cleaned(words, LONGEST_NAME)
            hint = near(said.casefold(), functions.keys) or "."
            return Refused(f'I know no function "{said}"{hint} There are {functions.listed(functions.keys)}.')
        found.append(key)
    return found[0], found[1]


def _unfit_about(records: Records, wish: Wish, who: Viewer, policy: Policy) -> Refused | None:
    """Refuse what is unknown and what is hidden in the same words, and a release that has ended."""
    kind, subject = kind_of(wish.about), subject_of(wish.about)
    if len(wish.about) > _LONGEST_ABOUT or not _known(records, kind, wish.about, subject, policy):
        return unseen(cleaned(called(wish.about), LONGEST_NAME) or "that")
    if not may_see_about(wish.about, who, policy):
        return unseen(cleaned(called(wish.about), LONGEST_NAME))
    release = records.get(wish.about)
    if isinstance(release, Release) and release.ended:
        return Refused(f"{release.name} was {release.ended}: nothing can be handed over about it.")
    return None


def _known(records: Records, kind: str, about: str, subject: str, policy: Policy) -> bool:
    """Whether there is such a thing: a change or ticket that a source told of, a release, a service."""
    if kind in _WORK:
        return about in records
    if kind == ObjectKind.RELEASE:
        product, _, version = subject.rpartition("@")
        known = product_key(product, policy) in policy.products or not policy.products or "/" in product
        return bool(product and version) and (known or about in records)
    services = {key.casefold() for key in policy.services}
    return kind == "service" and (subject.casefold() in services or "/" in subject)


def _already(records: Records, wish: Wish, who: Viewer, policy: Policy) -> Refused | None:
    """Refuse a name that is taken, or none."""
    before = records.get(wish.handoff)
    if isinstance(before, Handoff):
        name = people_of(policy).name(before.sender)
        return Refused(f"{name} handed that over already, {in_words(before.opened_at, who.zone)}.")
    named = wish.handoff.startswith(f"{ObjectKind.HANDOFF}:") and subject_of(wish.handoff)
    if not named or len(wish.handoff) > LONGEST_NAME:
        return Refused("That handoff has no name of its own. Begin it anew.")
    return None


def _of_another(records: Records, wish: Wish, who: Viewer, policy: Policy) -> Refused | None:
    """Refuse to come of a handoff or a round that this person may not know of, or that is about another release."""
    if wish.previous:
        previous = records.get(wish.previous)
        if not isinstance(previous, Handoff) or not may_see(previous, who, policy):
            return Refused(NO_HANDOFF)
        if _differs(previous.about, wish.about):
            return Refused(f"The one before is about {called(previous.about)}. {_ANEW}")
    if wish.round:
        round_ = records.get(wish.round)
        if not isinstance(round_, Round) or not may_see(round_, who, policy):
            return Refused(NO_ROUND)
        if _differs(round_.release, wish.about):
            return Refused(f"It came of a round about {called(round_.release)}. {_ANEW}")
    return None


def _differs(before: str, about: str) -> bool:
    """Whether these are two releases: work on one release may well be about a change or a ticket."""
    return before != about and kind_of(before) == kind_of(about) == ObjectKind.RELEASE


def _unfit(wish: Wish, who: Viewer, now: datetime) -> Refused | None:
    """Refuse an empty or endless need, a due time that is over, lists that nobody reads to their end."""
    needed = " ".join(wish.needed.split())
    if not cleaned(needed):
        return Refused("Say what is needed.")
    if len(needed) > LONGEST_NEED:
        return Refused(f"That is {len(needed):,} characters: say it in {LONGEST_NEED:,}, and link to the rest.")
    if wish.due_at and wish.due_at <= now:
        return Refused(f"{in_words(wish.due_at, who.zone)} is already past. Choose a later time.")
    return _unfit_lists(wish)


def _unfit_lists(wish: Wish) -> Refused | None:
    items = wish.checklist or ()
    if len(items) > MOST_ITEMS:
        return Refused(f"A checklist holds at most {MOST_ITEMS} points; these are {len(items)}.")
    if any(len(item.strip()) > LONGEST_ITEM for item in items):
        return Refused(f"A point of the checklist has at most {LONGEST_ITEM} characters.")
    if len(wish.links) > MOST_LINKS:
        return Refused(f"A handoff holds at most {MOST_LINKS} links; these are {len(wish.links)}.")
    if not all(map(is_web, wish.links)):
        return Refused("A link must be a web address that begins with https://")
    return None


def _items(items: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(item for item in (cleaned(one, LONGEST_ITEM) for one in items) if item))
