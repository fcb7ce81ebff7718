"""How is a deployment freeze declared and lifted from Slack: `/freeze` and its forms?"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.acts import declare_freeze, lift_freeze
from assistant.acts.authority import sees_service
from assistant.blocks import Block, button, divider, section
from assistant.errors import UserError
from assistant.rendering import words_for
from assistant.when import read_when
from commands import forms
from commands.telling import put
from commands.working import Errand, Later, handing_on

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from assistant.desk import Desk
    from assistant.viewer import Viewer

FORM, LIFT, LIFT_FORM = "freeze.declare", "freeze.lift", "freeze.lifted"
TITLE, LIFT_TITLE = "Deployment freeze", "Lift the freeze"
MOST_SHOWN = 20


def register(app: "App", desk: "Desk") -> None:
    """Open the form with what is frozen now, declare, and lift."""

    def asked(errand: Errand) -> None:
        put(errand.tell, form(desk, errand.viewer, errand.now))

    def declared(ack: "Ack", view: dict[str, Any], later: Later) -> None:
        times, problems = _times(view, desk.clock())
        if problems:
            ack(response_action="errors", errors=problems)
            return
        wish = declare_freeze.Wish(
            forms.read_all(view, "services"), times["begins"], times["ends"], forms.read(view, "why")
        )
        ack(response_action="update", view=forms.loading(TITLE))
        later(lambda errand: errand.say(desk.act(declare_freeze.NAME, wish, errand.viewer, errand.now).text))

    def lifting(errand: Errand) -> None:
        field = forms.field("why", "Why is it lifted before its end?", forms.paragraph())
        put(errand.tell, forms.modal(LIFT_TITLE, LIFT_FORM, [field], {"freeze": errand.pressed["freeze"]}, "Lift"))

    def lifted(ack: "Ack", view: dict[str, Any], later: Later) -> None:
        wish = lift_freeze.Wish(forms.note(view)["freeze"], forms.read(view, "why"))
        ack(response_action="update", view=forms.loading(LIFT_TITLE))
        later(lambda errand: errand.say(desk.act(lift_freeze.NAME, wish, errand.viewer, errand.now).text))

    app.command("/freeze")(handing_on(asked, opens=TITLE))
    app.view(FORM)(declared)
    app.action(LIFT)(handing_on(lifting))
    app.view(LIFT_FORM)(lifted)


def form(desk: "Desk", viewer: "Viewer", now: datetime) -> dict[str, Any]:
    """What to freeze and until when, and below it what is frozen now, each with a button."""
    services = [(key, key) for key in desk.policy.services if sees_service(key, viewer, desk.policy)]
    fields = [
        forms.field("services", "Services", forms.choices(services), optional=True, hint="None chosen: every service.")
        if services else section("Every service will be frozen: none is configured yet."),
        forms.field("begins", "From", forms.line("in 0 minutes", placeholder="friday 17:00")),
        forms.field("ends", "Until", forms.line(placeholder="monday 09:00")),
        forms.field("why", "Why", forms.paragraph(placeholder="Whoever waits for it will read this")),
    ]  # fmt: skip
    return forms.modal(TITLE, FORM, [*fields, *_standing(desk, viewer, now)], {"zone": viewer.zone}, "Freeze")


def _standing(desk: "Desk", viewer: "Viewer", now: datetime) -> list[Block]:
    frozen = desk.known_freezes(viewer, now)
    words = words_for("decisions", viewer, now)
    rows = [
        section(words("freeze", freeze), button("Lift", LIFT, forms.kept({"freeze": freeze.object})))
        for freeze in frozen[:MOST_SHOWN]
    ]
    return [divider(), *rows] if rows else [divider(), section(words("no_freeze"))]


def _times(view: Mapping[str, Any], now: datetime) -> tuple[dict[str, datetime], dict[str, str]]:
    """When it begins and ends, and what can't be read as such, by field."""
    times, problems = {}, {}
    for name in ("begins", "ends"):
        try:
            times[name] = read_when(forms.read(view, name), forms.note(view).get("zone", "UTC"), now).at
        except UserError as problem:
            problems[name] = forms.error(problem)
    if not problems and times["ends"] <= max(times["begins"], now):
        problems["ends"] = "It has to end after it begins, and after now."
    return times, problems
