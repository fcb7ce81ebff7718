"""What stands on the home tab of the app: one's own handoffs, with their buttons?

It is made anew whenever somebody opens it, and after each button pressed on it, with what that did on top. Whoever may
see nothing here reads that in a sentence.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.desk import Reply
from assistant.errors import UserError
from assistant.mentioning import Naming
from assistant.people import people_of
from assistant.questions import handoffs
from assistant.rendering import Message, notice, reader_of
from assistant.showing.home import home
from commands.telling import OPENED, onto_home
from commands.working import Errand, Later

if TYPE_CHECKING:
    from slack_bolt import Ack, App, BoltContext

    from assistant.desk import Desk
    from digests.speaking import Digests

HOME = "home"
_FORMS = "handoff."  # the forms after which somebody's own handoffs are not what they were


def register(app: "App", desk: "Desk", digests: "Digests") -> None:  # noqa: ARG001  as every listener
    """Show it whenever somebody opens it or changes what it shows."""

    def opened(ack: "Ack", event: dict[str, Any], later: Later) -> None:
        ack()
        if event.get("tab", HOME) == HOME:
            later(lambda errand: errand.tell(_shown(desk, errand), replace=True))

    def renewing(context: "BoltContext", body: dict[str, Any], next_: Callable[[], None]) -> None:
        view = body.get("view") or {}
        if view.get("type") == HOME:
            context["later"] = _pressed(desk, context["later"])
        elif body.get("type") == "view_submission" and str(view.get("callback_id")).startswith(_FORMS):
            context["later"] = _saved(desk, context["later"])
        next_()

    app.event(OPENED)(opened)
    app.middleware(renewing)


def _pressed(desk: "Desk", later: Later) -> Later:
    """Work on a pressed button, then show the tab anew with what was said; a form that it opens speaks for itself."""

    def handed_on(work: Callable[[Errand], None], *, opens: str | None = None) -> None:
        later(work if opens else lambda errand: _renewed(desk, errand, work), opens=opens)

    return handed_on


def _renewed(desk: "Desk", errand: Errand, work: Callable[[Errand], None]) -> None:
    said: list[Message] = []

    def tell(message: Message, *, replace: bool) -> None:  # noqa: ARG001  it stands on the tab
        said.append(message)

    try:
        work(replace(errand, tell=tell))
    except UserError as refused:
        said.append(notice(str(refused)))
    onto_home(errand.client, _user(errand))(_shown(desk, errand, *said[-1:]), replace=True)


def _saved(desk: "Desk", later: Later) -> Later:
    """Work on a saved form, then show the tab anew: nobody can tell whether the form was opened from it."""

    def handed_on(work: Callable[[Errand], None], *, opens: str | None = None) -> None:
        def both(errand: Errand) -> None:
            from slack_sdk.errors import SlackApiError

            work(errand)
            try:
                onto_home(errand.client, _user(errand))(_shown(desk, errand), replace=True)
            except SlackApiError:  # without a home tab there is nothing to bring up to date
                return

        later(both, opens=opens)

    return handed_on


def _shown(desk: "Desk", errand: Errand, *said: Message) -> Message:
    """The tab as it is to read now; looking at it is no look at the list, of which people are told what changed."""
    told = desk.told(handoffs.NAME, handoffs.MINE, errand.viewer, errand.now)
    if isinstance(told, Reply):
        return told.message
    blocks = [block for message in said for block in message.blocks]
    naming = Naming(people_of(desk.policy), errand.now)
    return home(told.answer, reader_of(errand.viewer, errand.now), naming, blocks)


def _user(errand: Errand) -> str:
    return str((errand.body.get("user") or {}).get("id") or "")
