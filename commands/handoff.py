"""How does somebody hand something off: by `/handoff`, from a message, or from an answer?

The form opens at once and is filled when all is known. What is wrong is said at its field; what turns out later stands
above the form as it was filled in, or comes by message where that was closed, so that nothing written is lost.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.acts import hand_off
from assistant.errors import UserError
from assistant.handoffs.functions import Functions
from assistant.showing.handing import NEW, SHORTCUT
from assistant.words import clip
from commands import drafts, forms
from commands.handing import message
from commands.handing.after import settle
from commands.handing.form import FORM, FROM, RECEIVER, TITLE, TO, form, pressed_with, worded
from commands.handing.reach import reached
from commands.handing.read import Read, about_of, again, changed, filled_of, read
from commands.in_time import in_time
from commands.telling import put
from commands.working import Errand, Later, handing_on

if TYPE_CHECKING:
    from datetime import datetime

    from slack_bolt import Ack, App

    from assistant.desk import Desk
    from assistant.viewer import Viewer
    from digests.speaking import Digests

__all__ = ["TITLE", "form", "register"]

MOST_WORDS = 3  # of a function's name
NO_FUNCTION = "“{name}” is no function. There are: {functions}. Choose to which of them it goes."


def register(app: "App", desk: "Desk", digests: "Digests") -> None:
    """Open the form and save what it says."""

    def asked(errand: Errand) -> None:
        put(errand.tell, form(desk, errand, *_begun(desk, errand)))

    def pressed(errand: Errand) -> None:
        put(errand.tell, form(desk, errand, pressed_with(errand.pressed)))

    def from_message(errand: Errand) -> None:
        put(errand.tell, form(desk, errand, *message.filled(desk, errand)))

    def chosen(errand: Errand) -> None:
        view = errand.body["view"]
        put(errand.tell, form(desk, _there(errand, view), changed(view, desk)))

    def saved(ack: "Ack", view: dict[str, Any], later: Later, member: Callable[["datetime"], "Viewer"]) -> None:
        problems = _problems(desk, view, lambda: member(desk.clock()))
        if problems:
            ack(response_action="errors", errors={forms.block_of(view, name): said for name, said in problems.items()})
            return
        ack(response_action="update", view=forms.loading(TITLE))
        later(lambda errand: _save(desk, digests, view, _there(errand, view)))

    def reopened(errand: Errand) -> None:
        view = drafts.reopened(errand)
        put(errand.tell, form(desk, _there(errand, view), filled_of(view)))

    app.command("/handoff")(handing_on(asked, opens=TITLE))
    app.action(NEW)(handing_on(pressed, opens=TITLE))
    app.shortcut(SHORTCUT)(handing_on(from_message, opens=TITLE))
    for action in (FROM, TO, RECEIVER):
        app.action(action)(handing_on(chosen))
    app.view(FORM)(saved)
    app.action(drafts.reopening(FORM))(handing_on(reopened, opens=TITLE))


def _begun(desk: "Desk", errand: Errand) -> tuple[dict[str, Any], str]:
    """What was typed behind the command: what it is about, or to whom it goes and then what it is about."""
    if not errand.text:
        return {}, ""
    try:
        return {"about": worded(about_of(desk, errand.text, errand.viewer, errand.channel))}, ""
    except UserError as unclear:
        to, about = _addressed(desk, errand.text)
        if to is None:
            return _to_nobody(desk, errand, about) or ({"about": errand.text}, str(unclear))
    if not about:
        return {"to": to}, ""
    try:
        return {"to": to, "about": worded(about_of(desk, about, errand.viewer, errand.channel))}, ""
    except UserError as unclear:
        return {"to": to, "about": about}, str(unclear)


def _addressed(desk: "Desk", text: str) -> tuple[str | None, str]:
    """The function that words begin with, and what comes after; None where they begin with none."""
    words = text.split()
    words = words[1:] if words[:1] and words[0].casefold() == "to" else words
    functions = Functions(desk.policy)
    for count in range(min(len(words), MOST_WORDS), 0, -1):
        if found := functions.meant(" ".join(words[:count])):
            return found, " ".join(words[count:])
    return None, " ".join(words)


def _to_nobody(desk: "Desk", errand: Errand, text: str) -> tuple[dict[str, Any], str] | None:
    """The form where words begin with what is no function and end with what something is called; None: they do not."""
    words, functions = text.split(), Functions(desk.policy)
    for count in range(1, min(len(words), MOST_WORDS + 1)):
        try:
            about = worded(about_of(desk, " ".join(words[count:]), errand.viewer, errand.channel))
        except UserError:
            continue
        name, listed = clip(" ".join(words[:count]), 60), functions.listed(functions.keys)
        return {"to": "", "about": about}, NO_FUNCTION.format(name=name, functions=listed)
    return None


def _there(errand: Errand, view: Mapping[str, Any]) -> Errand:
    """The same errand in the channel where the form was opened."""
    channel = forms.note(view).get("channel")
    return replace(errand, viewer=replace(errand.viewer, channel=channel)) if channel else errand


def _problems(desk: "Desk", view: Mapping[str, Any], member: Callable[[], "Viewer"]) -> dict[str, str]:
    """What is wrong with what was filled in, by field; where the ledger takes too long that is found out later."""
    found = read(view, desk, desk.clock())
    problems = dict(found.problems)
    if "about" in problems:
        return problems

    def looked() -> None:
        try:
            viewer = member()
        except UserError:  # a guest, or Slack does not answer: they are told when it is to be saved
            return
        about_of(desk, found.about, viewer, forms.note(view).get("channel"))

    try:
        in_time(looked)
    except UserError as unclear:
        return problems | {"about": forms.error(unclear)}
    return problems


def _save(desk: "Desk", digests: "Digests", view: Mapping[str, Any], errand: Errand) -> None:
    """Hand it off and say who gets it; what is refused stands above the form as it was filled in."""
    found = read(view, desk, errand.now)
    try:
        wish = _settled(desk, errand, found)
        done = desk.act(hand_off.NAME, wish, errand.viewer, errand.now)
    except UserError as refused:
        put(errand.tell, form(desk, errand, again(view), str(refused)), drafts.kept(view, str(refused)))
        return
    settle(digests, errand, wish.handoff)
    reach = "" if found.receiver else reached(desk, errand, wish.to_function, "", wish.about).said
    errand.say(f"{done.text}\n{reach}".rstrip())


def _settled(desk: "Desk", errand: Errand, found: Read) -> hand_off.Wish:
    """What is wished, about the thing that the words mean and to the person that was picked, who has to be a member."""
    about = about_of(desk, found.about, errand.viewer, errand.channel)
    if not found.receiver:
        return replace(found.wish, about=about)
    reach = reached(desk, errand, found.wish.to_function, found.receiver, about)
    if not reach.somebody:
        raise UserError(reach.said)
    return replace(found.wish, about=about, receiver=errand.people.key(found.receiver, errand.now))
