"""How is a train set from Slack: `/train [NAME]` and its form?"""

from datetime import date, time
from typing import TYPE_CHECKING, Any

from assistant.acts import end_train, set_train
from assistant.policy.fields import WEEKDAYS
from commands import forms
from commands.release import product_field
from commands.telling import put
from commands.working import Errand, Later, handing_on
from storage.naming import train_object

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from assistant.desk import Desk

FORM = "train.save"
TITLE = "Set a train"
MOST_WEEKS = 26


def register(app: "App", desk: "Desk") -> None:
    """Open the form and save it."""

    def asked(errand: Errand) -> None:
        put(errand.tell, form(desk, errand.text, errand))

    def saved(ack: "Ack", view: dict[str, Any], later: Later) -> None:
        wish, problems = read(view)
        if problems:
            ack(response_action="errors", errors=problems)
            return
        ack(response_action="update", view=forms.loading(TITLE))
        act = end_train.NAME if isinstance(wish, end_train.Wish) else set_train.NAME
        later(lambda errand: errand.say(desk.act(act, errand.settled(wish), errand.viewer, errand.now).text))

    app.command("/train")(handing_on(asked, opens=TITLE))
    app.view(FORM)(saved)


def form(desk: "Desk", name: str, errand: Errand) -> dict[str, Any]:
    """The timetable of the train of this name, or of a new one."""
    viewer, now = errand.viewer, errand.now
    train = next((t for t in desk.known_trains(viewer, now) if name and t.object == train_object(name)), None)
    owner = errand.people.slack_id(train.owner, now) if train else None
    days = [(str(number), day.title()) for number, day in enumerate(WEEKDAYS)]
    fields = [
        forms.field("name", "Name", forms.line(train.name if train else name, placeholder="weekly")),
        forms.field("product", "Product", product_field(desk, train.product if train else "", viewer)),
        forms.field("weekday", "Leaves on", forms.choice(days, str(train.weekday) if train else None)),
        forms.field("time", "At", forms.line(train.time if train else "", placeholder="14:00")),
        forms.field("zone", "Time zone", forms.line(train.zone if train else viewer.zone, placeholder="Europe/Berlin")),
        forms.field("weeks", "Every how many weeks", forms.line(str(train.every_weeks) if train else "1")),
        forms.field(
            "first", "The day of one departure", forms.line(train.first_on if train else "", placeholder="2026-12-01"),
            optional=True, hint="The weeks are counted from it. Empty: the coming one.",
        ),
        forms.field("owner", "Owner", forms.person(owner), optional=True),
        forms.field("why", "Why", forms.paragraph(), optional=True),
    ]  # fmt: skip
    if train:
        fields.append(forms.field("stop", "Stop", forms.tick("This train runs no more (say why)"), optional=True))
    return forms.modal(TITLE, FORM, fields, {})


def read(view: dict[str, Any]) -> tuple[set_train.Wish | end_train.Wish, dict[str, str]]:
    """What the form wishes, and what is wrong with it, by field."""
    said = {name: forms.read(view, name) for name in ("name", "product", "weekday", "zone", "owner", "why")}
    if "yes" in forms.read_all(view, "stop"):
        problems = {} if said["why"] else {"why": "Say why it stops."}
        return end_train.Wish(said["name"], said["why"]), problems
    problems = {}
    leaves, first, weeks = time(), None, 1
    try:
        leaves = time.fromisoformat(forms.read(view, "time"))
    except ValueError:
        problems["time"] = "Write a time of day like 14:00."
    try:
        first = date.fromisoformat(forms.read(view, "first")) if forms.read(view, "first") else None
    except ValueError:
        problems["first"] = "Write a day like 2026-12-01."
    weeks_said = forms.read(view, "weeks")
    if weeks_said.isascii() and weeks_said.isdigit() and 1 <= int(weeks_said) <= MOST_WEEKS:
        weeks = int(weeks_said)
    else:
        problems["weeks"] = f"A number of weeks from 1 to {MOST_WEEKS}."
    wish = set_train.Wish(
        said["name"], said["product"], int(said["weekday"] or 0), leaves, said["zone"], weeks, first,
        f"slack/{said['owner']}" if said["owner"] else None, said["why"],
    )  # fmt: skip
    return wish, problems
