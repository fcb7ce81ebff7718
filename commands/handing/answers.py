"""What happens when somebody presses a button of a handoff?

It acts on where the handoff stands now, however old its message is; of two who press at once the first wins, and the
second reads who that was. What was posted says what became of it, so nobody is told twice.
"""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from assistant.acts import acknowledge_handoff, snooze_handoff
from assistant.acts.handing import OfHandoff, in_the_way, not_of_either, not_receiving, not_sending
from assistant.errors import UserError
from assistant.handoffs.standing import Stand
from assistant.showing.handing import ACKNOWLEDGE, DONE, DUE, MORE, REASSIGN, RESEND, RETURN, SNOOZE, WITHDRAW
from commands import forms
from commands.handing.after import pressed_post, settle
from commands.handing.asking import ASKING, form_of, view
from commands.handing.shown import VIA, Shown, Wished
from commands.handing.signing import afterwards
from commands.telling import put
from commands.working import Errand, Later
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
Work = Callable[[Errand], None]


def register(app: "App", desk: "Desk", digests: "Digests") -> None:
    """Take its buttons, their menu and their forms."""
    works: dict[str, Work] = {
        ACKNOWLEDGE: _acting(desk, digests, _acknowledged), SNOOZE: _acting(desk, digests, _snoozed)
    }  # fmt: skip
    works |= {action: _opening(desk, action) for action in ASKING}

    def pressed(action: str) -> Callable[["Ack", Later], None]:
        def listener(ack: "Ack", later: Later) -> None:
            ack()
            later(works[action], opens=ASKING[action].title if action in ASKING else None)

        return listener

    def chosen(ack: "Ack", later: Later, body: dict[str, Any]) -> None:
        action = str(_carried(body).get("do"))
        if action in works:
            pressed(action)(ack, later)
        else:
            ack()
            later(_unknown)

    for action in works:
        app.action(action)(pressed(action))
    app.action(MORE)(chosen)
    for action in ASKING:
        app.view(form_of(action))(_saving(desk, digests, action))


def _carried(body: Mapping[str, Any]) -> dict[str, Any]:
    """What the pressed button, or the chosen line of a menu, carries; nothing where that is not ours."""
    action = (body.get("actions") or [{}])[0]
    try:
        found = json.loads(action.get("value") or (action.get("selected_option") or {}).get("value") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _pressed(body: Mapping[str, Any]) -> str:
    """Which handoff a button is about. Raises UserError for one that says none."""
    handoff = _carried(body).get("handoff")
    if not isinstance(handoff, str) or not handoff.startswith(f"{ObjectKind.HANDOFF}:"):
        raise UserError(OLD)
    return handoff


def _unknown(_errand: Errand) -> None:
    raise UserError(OLD)


# At once


def _acknowledged(handoff: str, _errand: Errand) -> Wished:
    return acknowledge_handoff.NAME, acknowledge_handoff.Wish(handoff, via=VIA)


def _snoozed(handoff: str, errand: Errand) -> Wished:
    week = _carried(errand.body).get("until") == "next week"
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
        stand = desk.handoff(_pressed(errand.body), errand.viewer, errand.now)
        if refused := _barred(desk, errand, action, stand):
            raise UserError(refused.reason)
        put(errand.tell, view(action, Shown(desk, errand, stand, {})))

    return work


def _barred(desk: "Desk", errand: Errand, action: str, stand: Stand) -> "Refused | None":
    """Why somebody can't do that, or not now; asked before they are shown a form, and again by the act itself."""
    handoff, who, kind = stand.handoff, errand.viewer, _KINDS[action]
    records = desk.ledger.get((handoff.object, handoff.about))
    stale = handoff.signed.at if handoff.signed and stand.state is HandoffState.STALE else None
    wish = OfHandoff(handoff.object, about=handoff.about, stale=stale)
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
    shown = Shown(desk, errand, desk.handoff(handoff, errand.viewer, errand.now), filled)
    try:
        name, wish = ASKING[action].wish(shown)
        done = desk.act(name, wish, errand.viewer, errand.now)
    except UserError as refused:
        put(errand.tell, view(action, shown, str(refused)))
        return
    settle(digests, errand, *dict.fromkeys(event.object for event in done.events))
    errand.say(f"{done.text} {afterwards(wish)}".rstrip())
