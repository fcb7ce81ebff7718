"""What does `/digest` offer? What comes here and to oneself: have another, change, pause, remove, preview, send one."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from assistant.acts import end_subscription, pause_subscription, resume_subscription
from assistant.desk import Reply
from assistant.errors import UserError
from assistant.people import people_of
from commands import forms, subscribing
from commands.subscribed import HERE, NEW, PAUSE, PREVIEW, REMOVE, RESUME, SEND, TITLE, listing, preview
from commands.telling import put
from commands.working import Errand, Later, handing_on

if TYPE_CHECKING:
    from datetime import datetime

    from slack_bolt import Ack, App

    from assistant.desk import Desk
    from assistant.viewer import Viewer
    from digests.speaking import Digests
    from storage.records import Subscription

LOOK = "How it would read"
GONE = "There is no such digest here any more."
ABSENT = "Digests are not sent from here."


def register(app: "App", desk: "Desk", digests: "Digests | None" = None) -> None:
    """Open the list, and do what its buttons say; each shows the list again."""

    def asked(errand: Errand) -> None:
        speaking, channel = _digests(digests), channel_of(errand)
        if name := subscribing.called(speaking, errand.text):
            put(errand.tell, subscribing.form(speaking, errand, channel, digest=name))
            return
        put(errand.tell, listing(speaking, errand, channel))

    def acting(act: Callable[["Subscription", Errand], str]) -> Callable[[Errand], None]:
        def work(errand: Errand) -> None:
            channel = str(forms.note(errand.body["view"]).get("channel") or "")
            try:
                said = act(mine(_digests(digests), errand, channel), errand)
            except UserError as refused:
                said = str(refused)
            put(errand.tell, listing(_digests(digests), errand, channel, said))

        return work

    def deciding(name: str, wish: Callable[[str], Any]) -> Callable[["Subscription", Errand], str]:
        return lambda one, errand: desk.act(name, wish(one.object), errand.viewer, errand.now).text

    def sent(one: "Subscription", errand: Errand) -> str:
        return _digests(digests).send_now(one.object, errand.viewer, errand.now)

    def looked(errand: Errand) -> None:
        here = str(forms.note(errand.body["view"]).get("channel") or "")
        one = mine(_digests(digests), errand, here)
        shown = _digests(digests).preview(
            one.digest, one.about, errand.viewer, errand.now,
            channel=one.channel, person=one.person, subscription=one.object,
        )  # fmt: skip
        if isinstance(shown, Reply):
            raise UserError(shown.message.text)
        put(errand.tell, preview(shown, LOOK, errand, one.channel))

    app.command("/digest")(handing_on(asked, opens=TITLE))
    app.action(PAUSE)(handing_on(acting(deciding(pause_subscription.NAME, pause_subscription.Wish))))
    app.action(RESUME)(handing_on(acting(deciding(resume_subscription.NAME, resume_subscription.Wish))))
    app.action(REMOVE)(handing_on(acting(deciding(end_subscription.NAME, end_subscription.Wish))))
    app.action(SEND)(handing_on(acting(sent)))
    app.action(PREVIEW)(handing_on(looked, opens=LOOK))
    _register_form(app, desk, digests)


def _register_form(app: "App", desk: "Desk", digests: "Digests | None") -> None:
    """Open the form for a new one or for one that comes here, and save it."""

    def new(errand: Errand) -> None:
        channel = str(forms.note(errand.body["view"]).get("channel") or "")
        put(errand.tell, subscribing.form(_digests(digests), errand, channel))

    def edit(errand: Errand) -> None:
        channel = str(forms.note(errand.body["view"]).get("channel") or "")
        one = mine(_digests(digests), errand, channel)
        put(errand.tell, subscribing.form(_digests(digests), errand, channel, one))

    def saved(ack: "Ack", view: dict[str, Any], later: Later, member: Callable[["datetime"], "Viewer"]) -> None:
        problems = subscribing.problems(_digests(digests), view, lambda: member(desk.clock()))
        if problems:
            ack(response_action="errors", errors=problems)
            return
        ack(response_action="update", view=forms.loading(subscribing.TITLE))
        later(lambda errand: _save(_digests(digests), view, errand))

    app.action(NEW)(handing_on(new))
    app.action(subscribing.EDIT)(handing_on(edit))
    app.view(subscribing.FORM)(saved)


def _save(digests: "Digests", view: Mapping[str, Any], errand: Errand) -> None:
    """Subscribe as the form says, and show the list; what is refused stands above the form as it was filled in."""
    kept = forms.note(view)
    channel, known = str(kept.get("channel") or ""), kept.get("subscription")
    before = _here(digests, str(known), errand, channel) if known else None
    try:
        wish = subscribing.wish(digests, view, before)
        if wish.channel:  # what can't be seen can't be written to: that is said now, not at nine tomorrow
            digests.directory.outsiders_in(wish.channel, errand.now)
        said = digests.subscribe(wish, errand.viewer, errand.now).text
    except UserError as refused:
        put(errand.tell, subscribing.form(digests, errand, channel, before, filled=view, said=str(refused)))
        return
    put(errand.tell, listing(digests, errand, channel, said))


def mine(digests: "Digests", errand: Errand, channel: str) -> "Subscription":
    """The subscription that a pressed button is about, if it comes here or to whoever pressed."""
    return _here(digests, str(errand.pressed.get("subscription") or ""), errand, channel)


def _here(digests: "Digests", name: str, errand: Errand, channel: str) -> "Subscription":
    one = digests.find(name)
    people = people_of(digests.desk.policy)
    belongs = one.channel == channel if one.channel else people.same(one.person, errand.viewer.key)
    if not belongs:
        raise UserError(GONE)
    return one


def channel_of(errand: Errand) -> str:
    """The channel that a digest can come to from here; empty in a direct message."""
    return errand.channel if errand.channel.startswith(HERE) else ""


def _digests(digests: "Digests | None") -> "Digests":
    if digests is None:
        raise UserError(ABSENT)
    return digests
