"""What was asked is done: what was looked at, with which risk, and does it go on to the next function?"""

from dataclasses import dataclass, replace
from datetime import datetime

from assistant.acts import hand_off
from assistant.acts.handing import OfHandoff, did, held, in_hand, in_the_way, not_receiving, renewing, signing_own
from assistant.deciding import LONGEST_NAME, Outcome, Records, Refused, cleaned, is_web, stamp
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.records import Change, Handoff

NAME = "finish_handoff"
HELP = "Say that what was asked is done: with what you looked at, and the risk that you accept, if any."
_KIND = "handoff.done"


@dataclass(frozen=True, slots=True)
class Wish(OfHandoff):
    """It is done, having looked at a build, commit or version; with a ``risk`` that whoever says so accepts.

    ``ticked`` are the points of the checklist that hold. ``as_of`` is the moment up to which what was looked at holds
    all that had landed, where that is known. ``then`` hands it on in the same breath.
    """

    looked_at: str
    ticked: tuple[str, ...] = ()
    risk: str = ""
    as_of: datetime | None = None
    url: str | None = None
    then: hand_off.Wish | None = None
    via: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The handoff, what it is about, and the one to which it is handed on."""
    more = hand_off.objects(wish.then) if wish.then else ()
    return tuple(dict.fromkeys((*held(wish), *more)))


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Sign it, for those who receive it; hand it on where that is wished, or do neither."""
    handoff = in_hand(records, wish, who, policy)
    if isinstance(handoff, Refused):
        return handoff
    refused = not_receiving(handoff, who, policy, "say that this is done") or signing_own(handoff, who, policy)
    refused = refused or _unfit(wish)
    refused = refused or in_the_way(handoff, _KIND, wish, who, policy, now)
    if refused:
        return refused
    done = did(handoff, _KIND, who, now, _data(records, wish, handoff, now))
    if wish.then is None:
        return (done,)
    onward = hand_off.decide(records, replace(wish.then, previous=wish.handoff), who, policy, now)
    return onward if isinstance(onward, Refused) else (done, *onward)


def _unfit(wish: Wish) -> Refused | None:
    if not cleaned(wish.looked_at, LONGEST_NAME):
        return Refused("Say what you looked at: a build, a commit or a version.")
    if wish.url and not is_web(wish.url):
        return Refused("The link must be a web address that begins with https://")
    return None


def _data(records: Records, wish: Wish, handoff: Handoff, now: datetime) -> dict[str, object]:
    about, said = records.get(handoff.about), {" ".join(point.split()) for point in wish.ticked}
    return {
        "risk": cleaned(wish.risk) or None,
        "looked_at": cleaned(wish.looked_at, LONGEST_NAME),
        "as_of": stamp(min(wish.as_of, now)) if wish.as_of else None,
        "head": about.head_sha if isinstance(about, Change) else None,
        "ticked": [point for point in handoff.checklist if point in said],
        "not_ticked": [point for point in handoff.checklist if point not in said],
        "url": wish.url,
        "via": wish.via,
        **renewing(handoff, wish),
    }
