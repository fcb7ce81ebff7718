"""What happens when somebody presses a button of a handoff?

It acts on where the handoff stands now, however old its message is; of two who press at once the first wins, and the
second reads who that was. What was posted says what became of it, so nobody is told twice.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from assistant.acts import acknowledge_handoff, snooze_handoff
from assistant.acts.handing import OfHandoff, in_the_way, not_of_either, not_receiving, not_sending
from assistant.errors import UserError
from assistant.handoffs.standing import Stand
from assistant.showing.handing import (
    ACKNOWLEDGE,
    DONE,
    DUE,
    MORE,
    REASSIGN,
    RESEND,
    RETURN,
    SNOOZE,
    TAKE_BACK,
    WITHDRAW,
)
from commands import drafts, forms
from commands.handing.after import pressed_post, settle
from commands.handing.asking import ASKING, form_of, view
from commands.handing.shown import VIA, Shown, Wished
from commands.handing.signing import afterwards
from commands.telling import put
from commands.working import Errand, Later, handing_on
from storage.records import HandoffState, ObjectKind

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from assistant.deciding import Refused
    from assistant.desk import Desk
    from digests.speaking import Digests

OLD = "This button says nothing that I know. Ask `/handoffs` again, and press the button of the new answer."
_KINDS = {
    DONE: "handoff.done", RETURN: "handoff.returned", RESEND: "handoff.resent", WITHDRAW: "handoff.withdrawn",
    REASSIGN: "handoff.reassigned", DUE: "handoff.rescheduled",
}  # fmt: skip
_HANDOFF = re.compile(rf"{ObjectKind.HANDOFF}:[\w-]{{1,100}}", re.ASCII)
Work = Callable[[Errand], None]


def register(app: "App", desk: "Desk", digests: "Digests") -> None:
    """Take its buttons, their menu and their forms."""
    works: dict[str, Work] = {
        ACKNOWLEDGE: _acting(desk, digests, _acknowledged), SNOOZE: _acting(desk, digests, _snoozed),
        TAKE_BACK: _taking_back(desk, digests),
    }  # fmt: skip
    works |= {action: _opening(desk, action) for action in ASKING}

    def pressed(action: str) -> Callable[["Ack", Later], None]:
        def listener(ack: "Ack", later: Later) -> None:
            ack()
            later(works[action], opens=ASKING[action].title if action in ASKING else None)

        return listener

    def chosen(ack: "Ack", later: Later, body: dict[str, Any]) -> None:
        action = str((forms.carried(body) or {}).get("do"))
        if action in works:
            pressed(action)(ack, later)
        else:
            ack()
            later(_unknown)

    for action in works:
        app.action(action)(pressed(action))
    app.action(MORE)(chosen)
    for action in ASKING:
        form = form_of(action)
        app.view(form)(_saving(desk, digests, action))
        app.action(drafts.reopening(form))(handing_on(_reopening(desk, action), opens=ASKING[action].title))


def _pressed(body: Mapping[str, Any]) -> str:
    """Which handoff a button is about. Raises UserError for one that says none."""
    handoff = (forms.carried(body) or {}).get("handoff")
    if not isinstance(handoff, str) or not _HANDOFF.fullmatch(handoff):
        raise UserError(OLD)
    return handoff


def _unknown(_errand: Errand) -> None:
    raise UserError(OLD)


# At once


def _acknowledged(handoff: str, _errand: Errand) -> Wished:
    return acknowledge_handoff.NAME, acknowledge_handoff.Wish(handoff, via=VIA)


def _taking_back(desk: "Desk", digests: "Digests") -> Work:
    """What stands as done is not, by whoever chose so of where it says that it is."""

    def wish(handoff: str, errand: Errand) -> Wished:
        signed = desk.handoff(handoff, errand.viewer, errand.now).handoff.signed
        when = signed.at if signed else None
        return acknowledge_handoff.NAME, acknowledge_handoff.Wish(handoff, via=VIA, signed=when)

    return _acting(desk, digests, wish)


def _snoozed(handoff: str, errand: Errand) -> Wished:
    week = errand.word("until") == "next week"
    return snooze_handoff.NAME, snooze_handoff.Wish(handoff, until="next week" if week else "tomorrow", via=VIA)


def _acting(desk: "Desk", digests: "Digests", wish: Callable[[str, Errand], Wished]) -> Work:
    """Do it; whoever pressed reads so, unless the message that they pressed says it by now."""

    def work(errand: Errand) -> None:
        handoff = _pressed(errand.body)
        before = pressed_post(digests, errand)
        try:
            said = desk.act(*wish(handoff, errand), errand.viewer, errand.now).text
        except UserError:
            settle(digests, errand, handoff)  # an old message says from now on where it stands
            raise
        settle(digests, errand, handoff)
        if before is None or pressed_post(digests, errand) == before:
            errand.say(said)

    return work


# By a form


def _opening(desk: "Desk", action: str) -> Work:
    """Show the form, or why there is nothing to fill in."""

    def work(errand: Errand) -> None:
        _show(desk, action, errand, _pressed(errand.body), {})

    return work


def _reopening(desk: "Desk", action: str) -> Work:
    """Show the form as it was filled in before it was closed."""

    def work(errand: Errand) -> None:
        filled = drafts.reopened(errand)
        _show(desk, action, errand, str(forms.note(filled).get("handoff") or ""), filled)

    return work


def _show(desk: "Desk", action: str, errand: Errand, handoff: str, filled: Mapping[str, Any]) -> None:
    stand = desk.handoff(handoff, errand.viewer, errand.now)
    if refused := _barred(desk, errand, action, stand):
        raise UserError(refused.reason)
    put(errand.tell, view(action, Shown(desk, errand, stand, filled)))


def _barred(desk: "Desk", errand: Errand, action: str, stand: Stand) -> "Refused | None":
    """Why somebody can't do that, or not now; asked before they are shown a form, and again by the act itself."""
    handoff, who, kind = stand.handoff, errand.viewer, _KINDS[action]
    records = desk.ledger.get((handoff.object, handoff.about))
    stale = handoff.signed.at if handoff.signed and stand.state is HandoffState.STALE else None
    signed = handoff.signed.at if handoff.signed else None
    wish = OfHandoff(handoff.object, about=handoff.about, stale=stale, signed=signed)
    if action in {DONE, RETURN}:
        refused = not_receiving(handoff, who, desk.policy, "answer this")
    elif action == REASSIGN:
        refused = not_of_either(handoff, records, who, desk.policy, "give this to somebody else")
    else:
        refused = not_sending(handoff, records, who, desk.policy, "change this")
    return refused or in_the_way(handoff, kind, wish, who, desk.policy, errand.now)


def _saving(desk: "Desk", digests: "Digests", action: str) -> Callable[["Ack", dict[str, Any], Later], None]:
    asking = ASKING[action]

    def saved(ack: "Ack", view: dict[str, Any], later: Later) -> None:
        if problems := asking.problems(view, desk.clock(), desk):
            ack(response_action="errors", errors={forms.block_of(view, name): said for name, said in problems.items()})
            return
        ack(response_action="update", view=forms.loading(asking.title))
        later(lambda errand: _save(desk, digests, action, view, errand))

    return saved


def _save(desk: "Desk", digests: "Digests", action: str, filled: Mapping[str, Any], errand: Errand) -> None:
    """Do what the form says and say so; what is refused stands above the form as it was filled in."""
    handoff = str(forms.note(filled).get("handoff") or "")
    shown = None
    try:
        shown = Shown(desk, errand, desk.handoff(handoff, errand.viewer, errand.now), filled)
        name, wish = ASKING[action].wish(shown)
        done = desk.act(name, wish, errand.viewer, errand.now)
    except UserError as refused:
        lost = drafts.kept(filled, str(refused))
        again = view(action, shown, str(refused)) if shown else forms.told(ASKING[action].title, lost[0])
        put(errand.tell, again, lost)
        return
    settle(digests, errand, *dict.fromkeys(event.object for event in done.events))
    errand.say(f"{done.text} {afterwards(wish)}".rstrip())
