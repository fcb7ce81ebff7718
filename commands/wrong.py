"""What does a person do who sees that an answer is wrong? They fill in the form behind "Wrong?".

Whatever is filled in is corrected: owner, release, origin, link, already shipped, is a bot. One reason goes with all.
A hard gate is not corrected away, and what is neither change nor ticket is put right in its own way: see righting.py.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.acts import correct_bot, correct_link, correct_origin, correct_owner, correct_release, correct_shipped
from assistant.acts.waiving import blocking_kind, found
from assistant.blocks import Block, section
from assistant.deciding import Refused, spoken
from assistant.errors import UserError
from assistant.screens import WRONG
from assistant.when import read_when
from assistant.words import clip
from commands import forms
from commands.righting import Correction, righting
from commands.righting import corrections as of_others
from commands.telling import put
from commands.working import Errand, Later, handing_on
from storage.naming import ENABLEMENT, kind_of
from storage.records import HARD_GATES, Change, Record, Ticket

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from assistant.desk import Desk
    from assistant.viewer import Viewer

FORM = "wrong.save"
TITLE = "What is wrong?"
ORIGINS = (
    ("human_heavy", "People wrote it"),
    ("mixed", "People and AI wrote it"),
    ("ai_heavy", "AI wrote most of it"),
)
LINKS = (("yes", "They are linked"), ("no", "They are not linked"))
NOTHING = "Fill in what should be right; the rest stays as it is."
GATE = (
    "It is a hard gate: close it or change its labels where it is kept, or let it pass by Decide…, which a second "
    "person confirms. What else is wrong about it:"
)


def register(app: "App", desk: "Desk") -> None:
    """Open the form by its button, and save what was put right."""

    def pressed(errand: Errand) -> None:
        pressed = errand.pressed
        put(errand.tell, form(desk, str(pressed["blocker"]), pressed.get("release"), errand.viewer, errand.now))

    def saved(ack: "Ack", view: dict[str, Any], later: Later) -> None:
        corrections, problems = read(view, desk.clock())
        if problems:
            ack(response_action="errors", errors=problems)
            return
        ack(response_action="update", view=forms.loading(TITLE))
        later(lambda errand: errand.say(correct(desk, corrections, errand)))

    app.action(WRONG)(handing_on(pressed, opens=TITLE))
    app.view(FORM)(saved)


def form(desk: "Desk", blocker: str, release: str | None, viewer: "Viewer", now: datetime) -> dict[str, Any]:
    """The form for one blocker, as it stands in the answer about ``release`` (an object name, None: no release)."""
    record = _record(desk, blocker, viewer)
    note = {"blocker": blocker, "release": release, "zone": viewer.zone}
    if not isinstance(record, Change | Ticket):
        offered = righting(record, blocker)
        blocks, submit = [*offered.says, *offered.fields], "Put right" if offered.fields else None
        return forms.modal(TITLE, FORM, blocks, {**note, **offered.kept}, submit)
    gate = blocking_kind(record, desk.policy, now) in HARD_GATES
    fields = _release_fields(desk, release, viewer, now, gate=gate) + _fields(gate=gate)
    fields.append(forms.field("why", f"Why is {clip(spoken(blocker), 80)} shown wrongly?", forms.paragraph()))
    return forms.modal(TITLE, FORM, [section(GATE), *fields] if gate else fields, note, "Put right")


def _record(desk: "Desk", blocker: str, viewer: "Viewer") -> Record | None:
    """What a blocker is, as far as this person may see it; None where often, or always, nothing is kept of it."""
    if kind_of(blocker) in {"release", ENABLEMENT}:
        return None
    seen = found(desk.ledger.get((blocker,)), blocker, viewer, desk.policy)
    if isinstance(seen, Refused):
        raise UserError(seen.reason)
    return seen[1]


def _release_fields(desk: "Desk", release: str | None, viewer: "Viewer", now: datetime, *, gate: bool) -> list[Block]:
    fields = []
    if release and not gate:
        tick = forms.tick(f"It does not belong to {clip(spoken(release), 40)}")
        fields.append(forms.field("out", "Release", tick, optional=True))
    others = [(r.object, spoken(r.object)) for r in desk.known_releases(viewer, now) if r.object != release]
    if others:
        fields.append(forms.field("into", "It belongs to another release", forms.choice(others), optional=True))
    return fields


def _fields(*, gate: bool) -> list[Block]:
    shipped = forms.field(
        "shipped", "It is out already, since when?", forms.line(placeholder="2026-11-02, or today 09:00"), optional=True
    )
    return [
        forms.field("owner", "Whose move is it?", forms.person(), optional=True),
        forms.field("origin", "Who wrote it?", forms.choice(ORIGINS), optional=True),
        *([] if gate else [shipped]),
        forms.field("other", "Linked to", forms.line(placeholder="acme/api#7"), optional=True),
        forms.field("linked", "Are they?", forms.choice(LINKS, "no"), optional=True),
        forms.field("bot", "An account that is a bot", forms.line(placeholder="@login"), optional=True),
    ]


def read(view: Mapping[str, Any], now: datetime) -> tuple[list[Correction], dict[str, str]]:
    """The corrections that were filled in, and what is wrong with them, by field."""
    try:
        corrections = list((of_others if "kind" in forms.note(view) else _corrections)(view, now))
    except UserError as problem:
        return [], {"shipped": forms.error(problem)}
    return corrections, {} if corrections else {"why": NOTHING}


def _corrections(view: Mapping[str, Any], now: datetime) -> Iterator[Correction]:
    kept, why = forms.note(view), forms.read(view, "why")
    subject, release = str(kept["blocker"]), kept.get("release")
    if owner := forms.read(view, "owner"):
        yield correct_owner.NAME, correct_owner.Wish(subject, f"slack/{owner}", why)
    if release and "yes" in forms.read_all(view, "out"):
        yield correct_release.NAME, correct_release.Wish(subject, str(release), belongs=False, why=why)
    if into := forms.read(view, "into"):
        yield correct_release.NAME, correct_release.Wish(subject, into, belongs=True, why=why)
    if origin := forms.read(view, "origin"):
        yield correct_origin.NAME, correct_origin.Wish(subject, origin, why)
    if other := forms.read(view, "other"):
        yield correct_link.NAME, correct_link.Wish(subject, other, forms.read(view, "linked") == "yes", why)
    if shipped := forms.read(view, "shipped"):
        at = read_when(shipped, str(kept.get("zone", "UTC")), now).at
        yield correct_shipped.NAME, correct_shipped.Wish(subject, why, at)
    if bot := forms.read(view, "bot"):
        yield correct_bot.NAME, correct_bot.Wish(bot, is_bot=True, why=why)


def correct(desk: "Desk", corrections: list[Correction], errand: Errand) -> str:
    """Put everything right that can be; what was done and what was refused, in words."""
    said = []
    for name, wish in corrections:
        try:
            said.append(desk.act(name, errand.settled(wish), errand.viewer, errand.now).text)
        except UserError as refused:
            said.append(str(refused))
    return "\n".join(said)
