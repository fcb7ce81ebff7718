"""How is it decided in Slack that something need not block? By the form behind "Decide…".

Accept a risk, defer, estimate, declare an outside wait or its end, take a decision back. A hard gate is only proposed
by the first person; a message with a button asks a second one of the channel to confirm.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.acts import accept_risk, close_external, declare_external, defer, estimate, withdraw_risk
from assistant.deciding import repository_of, spoken
from assistant.errors import UserError
from assistant.rendering import proposal
from assistant.screens import CONFIRM, DECIDE
from assistant.viewer import shared_in
from assistant.when import read_when
from assistant.words import clip
from commands import forms
from commands.forms import MOST_OPTIONS
from commands.share import post
from commands.telling import put
from commands.working import Errand, Later, handing_on
from storage.naming import kind_of

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from assistant.blockers.blocker import Blocker
    from assistant.desk import Desk
    from assistant.viewer import Viewer

FORM = "decide.save"
TITLE = "Decide"
WAYS = (
    ("accept", "Accept it as a risk"),
    ("defer", "Defer it to another release"),
    ("estimate", "Estimate when it is gone"),
    ("withdraw", "Take an earlier decision back"),
    ("external", "Declare an outside wait"),
    ("closed", "An outside wait is over"),
)
MOST_PASSED = 20
OUTSIDE_WAYS = {"external", "closed"}
NO_RELEASE = "Decisions belong to a release. Ask `/blocking` about one, then decide there."
ASK_A_SECOND = (
    "It needs a second person. I could not ask in the channel, so ask somebody yourself: they do the same with "
    "`/blocking {name}`, Decide…"
)
Decision = tuple[str, Any]  # the act's name, and its wish


def register(app: "App", desk: "Desk") -> None:
    """Open the form, save what was decided, and let a second person confirm."""

    def pressed(errand: Errand) -> None:
        about, channel = str(errand.pressed["about"]), (errand.body.get("channel") or {}).get("id")
        put(errand.tell, form(desk, about, errand.viewer, errand.now, channel))

    def saved(ack: "Ack", view: dict[str, Any], later: Later) -> None:
        decision, problems = read(view, desk.clock())
        if problems:
            ack(response_action="errors", errors=problems)
            return
        ack(response_action="update", view=forms.loading(TITLE))
        later(lambda errand: _save(desk, errand, forms.note(view), decision))

    def confirmed(errand: Errand) -> None:
        kept = errand.pressed
        done = desk.act(*_same(kept), errand.viewer, errand.now)
        errand.tell(proposal(str(kept["said"]), errand.viewer, errand.now, outcome=done.text), replace=True)

    app.action(DECIDE)(handing_on(pressed, opens=TITLE))
    app.view(FORM)(saved)
    app.action(CONFIRM)(handing_on(confirmed))


def form(desk: "Desk", about: str, viewer: "Viewer", now: datetime, channel: str | None) -> dict[str, Any]:
    """Which blocker, what about it, until when, and why."""
    answer = desk.blocking(about, viewer, now).answer
    subject = getattr(answer, "subject", None)
    if answer is None or subject is None or not subject.object or kind_of(subject.object) != "release":
        raise UserError(NO_RELEASE)
    passed = [risk.blocker for risk in answer.accepted_risks[:MOST_PASSED]]
    blockers = [(b.object, clip(_called(b), 75)) for b in answer.blockers[: MOST_OPTIONS - len(passed)]]
    blockers += [(b.object, clip(f"{b.subject} (let through)", 75)) for b in passed]
    others = [(r.object, spoken(r.object)) for r in desk.known_releases(viewer, now) if r.object != subject.object]
    ways = [way for way in WAYS if (blockers or way[0] in OUTSIDE_WAYS) and (others or way[0] != "defer")]
    fields = [
        forms.field("way", "What do you decide?", forms.choice(ways, ways[0][0])),
        forms.field(
            "until", "Until when, or by when", forms.line(placeholder="friday 17:00"), optional=True,
            hint="A risk ends two weeks after the target unless you say otherwise.",
        ),
        forms.field("title", "What is waited for outside", forms.line(placeholder="App store review"), optional=True),
        forms.field("why", "Why", forms.paragraph(placeholder="It is shown with the decision"), optional=True),
    ]  # fmt: skip
    if others:
        fields.insert(1, forms.field("to", "Which release instead", forms.choice(others), optional=True))
    if blockers:
        fields.insert(0, forms.field("blocker", "Which blocker?", forms.choice(blockers), optional=True))
    note = {"release": subject.object, "zone": viewer.zone, "channel": channel}
    return forms.modal(TITLE, FORM, fields, note)


def _called(blocker: "Blocker") -> str:
    return blocker.title if blocker.subject == blocker.title else f"{blocker.subject} {blocker.title}"


def read(view: Mapping[str, Any], now: datetime) -> tuple[Decision, dict[str, str]]:
    """What was decided, and what is missing or wrong, by field."""
    kept = forms.note(view)
    said = {name: forms.read(view, name) for name in ("way", "blocker", "to", "until", "title", "why")}
    problems, until = _missing(said), None
    try:
        until = read_when(said["until"], str(kept.get("zone", "UTC")), now).at if said["until"] else None
    except UserError as problem:
        problems["until"] = forms.error(problem)
    if until and until <= now:
        problems["until"] = "That is already past."
    return _decision(str(kept.get("release", "")), said, until, now), problems


def _missing(said: Mapping[str, str]) -> dict[str, str]:
    way, problems = said["way"], {}
    if way in {"accept", "defer", "estimate", "withdraw"} and not said["blocker"]:
        problems["blocker"] = "Choose the blocker that this is about."
    if way in {"external", "closed"} and not said["title"]:
        problems["title"] = "Say what is waited for: app store review, legal, a customer's window."
    if way == "estimate" and not said["until"]:
        problems["until"] = "Say by when you expect it to be gone."
    if way == "defer" and not said["to"]:
        problems["to"] = "Choose the release that it goes to."
    if way in {"accept", "defer"} and not said["why"]:
        problems["why"] = "Say why: the reason is shown with the decision."
    return problems


def _decision(release: str, said: Mapping[str, str], until: datetime | None, now: datetime) -> Decision:
    blocker, why = said["blocker"], said["why"]
    match said["way"]:
        case "defer":
            return defer.NAME, defer.Wish(release, blocker, said["to"], why, until)
        case "estimate":
            return estimate.NAME, estimate.Wish(release, blocker, until or now, why)
        case "withdraw":
            return withdraw_risk.NAME, withdraw_risk.Wish(release, blocker, why)
        case "external":
            return declare_external.NAME, declare_external.Wish(release, said["title"], until, why=why)
        case "closed":
            return close_external.NAME, close_external.Wish(release, said["title"], why)
        case _:
            return accept_risk.NAME, accept_risk.Wish(release, blocker, why, until)


def _save(desk: "Desk", errand: Errand, kept: Mapping[str, Any], decision: Decision) -> None:
    name, wish = decision
    done = desk.act(name, wish, errand.viewer, errand.now)
    text = done.text
    if any(event.kind == "risk.proposed" for event in done.events):
        text += "\n" + _asked_for_a_second(desk, errand, kept, decision)
    errand.say(text)


def _asked_for_a_second(desk: "Desk", errand: Errand, kept: Mapping[str, Any], decision: Decision) -> str:
    """Ask in the channel for a second person, and say whether that could be done."""
    name, wish = decision
    alone = ASK_A_SECOND.format(name=spoken(wish.release))
    channel = kept.get("channel")
    if not channel:
        return alone
    try:
        seen_there = shared_in(
            errand.viewer, desk.policy, channel, outsiders=errand.people.outsiders_in(channel, errand.now)
        )
        if not seen_there.may_see(repository_of(wish.blocker)):
            return alone
        deferred = f", deferring it to {spoken(wish.to)}" if name == defer.NAME else ""
        said = (
            f"{errand.viewer.name} asks to let {spoken(wish.blocker)} pass for {spoken(wish.release)}{deferred}: "
            f"{clip(wish.why, 500)}"
        )
        again = {"act": name, "release": wish.release, "blocker": wish.blocker, "to": getattr(wish, "to", None)}
        post(errand, proposal(said, seen_there, errand.now, again=again), channel)
    except UserError:
        return alone
    return "I asked in the channel for a second person to confirm it."


def _same(kept: Mapping[str, Any]) -> Decision:
    """The same decision once more, by another person: that is what confirms it."""
    if kept["act"] == defer.NAME:
        return defer.NAME, defer.Wish(kept["release"], kept["blocker"], kept["to"], "")
    return accept_risk.NAME, accept_risk.Wish(kept["release"], kept["blocker"], "")
