"""Which act on a handoff does a line of the terminal wish for, and which handoff does it mean?"""

import argparse
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.acts import (
    acknowledge_handoff,
    finish_handoff,
    hand_off,
    reassign_handoff,
    reschedule_handoff,
    resend_handoff,
    return_handoff,
    snooze_handoff,
    withdraw_handoff,
)
from assistant.errors import UserError
from assistant.handoffs.functions import Functions
from assistant.handoffs.seeing import may_see
from assistant.handoffs.standing import DONE, Stand
from assistant.viewer import Viewer
from commands.handing.read import about_of
from commands.handing.signing import UNKNOWN_BUILD
from commands.terminal.meant import Meant
from storage.facts import HANDOFFS_KEPT
from storage.naming import subject_of

if TYPE_CHECKING:
    from assistant.acts.snooze import Until
    from assistant.desk import Desk

Wished = tuple[str, Any]  # an act's name, and its wish
VIA = "terminal"
USUALLY = "engineering"  # whose work it is of somebody who acts for no function
_NAMED = 5  # handoffs, where several are meant


@dataclass(frozen=True, slots=True)
class Saying:
    """Who says something at the terminal, and when, and what their words mean."""

    desk: "Desk"
    who: Viewer
    now: datetime

    @property
    def meant(self) -> Meant:
        """What their words for moments mean."""
        return Meant(self.desk.policy, self.who, self.now)

    def about(self, words: str) -> str:
        """The object that words mean."""
        return about_of(self.desk, words, self.who, None)

    def handoff(self, text: str) -> Stand:
        """The one handoff whose id begins so, of those that they may know of; UserError for none and for several."""
        desk, wanted = self.desk, text.strip().casefold().removeprefix("handoff:")
        known = desk.ledger.handoffs(self.now - HANDOFFS_KEPT, self.who.visible(desk.ledger.repositories()))
        ids = [subject_of(one.object) for one in known if may_see(one, self.who, desk.policy)]
        found = [one for one in ids if one == wanted] or [one for one in ids if wanted and one.startswith(wanted)]
        if len(found) > 1:
            message = f'With "{wanted[:40]}" several handoffs begin: {", ".join(found[:_NAMED])}. Say more of it.'
            raise UserError(message)
        return desk.handoff(f"handoff:{found[0] if found else wanted[:200]}", self.who, self.now)


def wished(said: argparse.Namespace, saying: Saying) -> Wished:
    """The act and wish of parsed arguments. Raises UserError for words that mean nothing, or several things."""
    if said.act == "new":
        return _new(said, saying)
    return _WISHES[said.act](said, saying.handoff(said.handoff), saying)


def told(wish: object) -> Iterator[str]:
    """What is to be said beside what the act says: how a new handoff is named, and what nobody can tell."""
    if isinstance(wish, hand_off.Wish):
        yield f"It is handoff {subject_of(wish.handoff)}."
    if isinstance(wish, finish_handoff.Wish):
        yield from () if wish.as_of else (UNKNOWN_BUILD,)
        yield from (f"It went on as handoff {subject_of(wish.then.handoff)}.",) if wish.then else ()


def new_handoff() -> str:
    """The object of a handoff that is to be made."""
    return f"handoff:{secrets.token_hex(8)}"


def _new(said: argparse.Namespace, saying: Saying) -> Wished:
    own = next(iter(Functions(saying.desk.policy).of(saying.who.key)), USUALLY)
    return hand_off.NAME, hand_off.Wish(
        handoff=new_handoff(),
        from_function=said.sender or own,
        to_function=said.to,
        about=saying.about(said.about),
        needed=said.needed,
        receiver=said.receiver,
        due_at=saying.meant.when(said.due),
        gating=said.gating,
        checklist=None if said.check is None else tuple(said.check),
        links=tuple(said.link),
        previous=saying.handoff(said.after).handoff.object if said.after else None,
        via=VIA,
    )


def _acknowledge(_said: argparse.Namespace, stand: Stand, _saying: Saying) -> Wished:
    return acknowledge_handoff.NAME, acknowledge_handoff.Wish(stand.handoff.object, VIA, signed=_signed(stand))


def _done(said: argparse.Namespace, stand: Stand, saying: Saying) -> Wished:
    handoff = stand.handoff
    dated = saying.desk.looked_at(said.looked_at, stand, saying.who, saying.now)
    return finish_handoff.NAME, finish_handoff.Wish(
        handoff=handoff.object,
        looked_at=said.looked_at,
        ticked=handoff.checklist if said.all else ticked(said.tick, handoff.checklist),
        risk=said.risk,
        as_of=saying.meant.when(said.as_of) or dated,
        url=said.url,
        then=_then(said, stand),
        via=VIA,
    )


def _then(said: argparse.Namespace, stand: Stand) -> hand_off.Wish | None:
    """To whom it is handed on, about the same."""
    handoff = stand.handoff
    if said.then:
        return hand_off.Wish(
            new_handoff(), handoff.to_function, said.then, handoff.about, said.need, said.receiver,
            previous=handoff.object, via=VIA,
        )  # fmt: skip
    if said.need or said.receiver:
        message = "Say with --then to which function it is handed on."
        raise UserError(message)
    return None


def ticked(said: Sequence[str], checklist: Sequence[str]) -> tuple[str, ...]:
    """The points of a checklist by their numbers, from 1, or by how they begin."""
    numbered = {str(number): point for number, point in enumerate(checklist, 1)}
    found: dict[str, None] = {}
    for words in said:
        begins = [point for point in checklist if point.casefold().startswith(words.strip().casefold() or "\0")]
        meant = [numbered[words]] if words in numbered else begins
        if len(meant) != 1:
            there = "; ".join(f"{number} {point}" for number, point in numbered.items()) or "none"
            message = f'"{words[:60]}" is no point of the checklist. There are: {there}'
            raise UserError(message)
        found[meant[0]] = None
    return tuple(found)


def _return(said: argparse.Namespace, stand: Stand, _saying: Saying) -> Wished:
    return return_handoff.NAME, return_handoff.Wish(stand.handoff.object, said.why, VIA, signed=_signed(stand))


def _resend(said: argparse.Namespace, stand: Stand, saying: Saying) -> Wished:
    due_at = saying.meant.when(said.due)
    wish = resend_handoff.Wish(stand.handoff.object, said.why, VIA, due_at, signed=_signed(stand))
    return resend_handoff.NAME, wish


def _signed(stand: Stand) -> datetime | None:
    """When it was done, as whoever types sees it: that is taken back by what would not fit it otherwise."""
    return stand.handoff.signed.at if stand.state in DONE and stand.handoff.signed else None


def _withdraw(said: argparse.Namespace, stand: Stand, _saying: Saying) -> Wished:
    return withdraw_handoff.NAME, withdraw_handoff.Wish(stand.handoff.object, said.why, VIA)


def _reassign(said: argparse.Namespace, stand: Stand, _saying: Saying) -> Wished:
    wish = reassign_handoff.Wish(stand.handoff.object, said.to, said.receiver, said.why, VIA)
    return reassign_handoff.NAME, wish


def _reschedule(said: argparse.Namespace, stand: Stand, saying: Saying) -> Wished:
    due_at = saying.meant.moment(said.when)
    return reschedule_handoff.NAME, reschedule_handoff.Wish(stand.handoff.object, due_at, said.why, VIA)


def _snooze(said: argparse.Namespace, stand: Stand, _saying: Saying) -> Wished:
    until: Until = "next week" if said.until == "next-week" else "tomorrow"
    return snooze_handoff.NAME, snooze_handoff.Wish(stand.handoff.object, until, VIA)


_WISHES: Mapping[str, Callable[[argparse.Namespace, Stand, Saying], Wished]] = {
    "ack": _acknowledge, "done": _done, "return": _return, "resend": _resend, "withdraw": _withdraw,
    "reassign": _reassign, "due": _reschedule, "snooze": _snooze,
}  # fmt: skip
