"""What did an incident really come from? The form behind "Correct the link", below an incident that a release is given.

Somebody says which change, commit or deployment it came from, or that it has nothing to do with this release. Then the
post says so in place of the button.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from assistant.acts import correct_link
from assistant.acts.waiving import found
from assistant.blocks import Block, section
from assistant.deciding import Refused, spoken
from assistant.errors import UserError
from assistant.showing.pressing import CORRECT_LINK
from assistant.showing.relinked import relinked
from assistant.words import Words, clip, escape
from commands import forms
from commands.attend import in_place, names
from commands.telling import put
from commands.terminal.meant import Meant
from commands.working import Errand, Later, handing_on
from digests.refreshing import reader_of
from storage.records import Incident, Ticket

if TYPE_CHECKING:
    from datetime import datetime

    from slack_bolt import Ack, App

    from assistant.desk import Desk
    from assistant.viewer import Viewer

FORM = "incident.link.save"
TITLE = "Correct the link"
NOTHING = "Say what it came from, or tick that it has nothing to do with the release."
NO_REASON = "Say why: whoever sees the link will read it."
CAUSE = "A change (acme/api#101 or its address), a commit (acme/api@1f2e3d4) or a deployment, as answers name it."


def register(app: "App", desk: "Desk") -> None:
    """Open the form by its button, and save what was corrected."""

    def pressed(errand: Errand) -> None:
        kept = errand.pressed
        incident, release = str(kept.get("incident") or ""), str(kept.get("release") or "")
        put(errand.tell, form(desk, incident, release, errand.viewer, _stands(errand)))

    def saved(ack: "Ack", view: dict[str, Any], later: Later, member: Callable[["datetime"], "Viewer"]) -> None:
        problems = _problems(desk, view, lambda: member(desk.clock()))
        if problems:
            ack(response_action="errors", errors=problems)
            return
        ack(response_action="update", view=forms.loading(TITLE))
        later(lambda errand: errand.say(correct(desk, view, errand)))

    app.action(CORRECT_LINK)(handing_on(pressed, opens=TITLE))
    app.view(FORM)(saved)


def form(
    desk: "Desk", incident: str, release: str, viewer: "Viewer", stands: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The form for one incident, as it stands in the answer about a release (an object name; empty: none).

    ``stands`` is the ``channel`` and ``ts`` of the post whose button was pressed, where everybody reads it.
    """
    seen = found(desk.ledger.get((incident,)), incident, viewer, desk.policy)
    if isinstance(seen, Refused):
        raise UserError(seen.reason)
    title = seen[1].title if isinstance(seen[1], Incident | Ticket) else spoken(incident)
    fields: list[Block] = [
        section(escape(clip(title, 300))),
        forms.field("other", "What did it come from?", forms.line(longest=300), optional=True, hint=CAUSE),
    ]
    if release:
        tick = forms.tick(f"It has nothing to do with {clip(spoken(release), 40)}")
        fields.append(forms.field("out", "Or", tick, optional=True))
    fields.append(forms.field("why", "Why?", forms.paragraph()))
    return forms.modal(TITLE, FORM, fields, {"incident": incident, "release": release, **(stands or {})}, "Put right")


def _problems(desk: "Desk", view: Mapping[str, Any], member: Callable[[], "Viewer"]) -> dict[str, str]:
    """What is wrong with what was filled in, by field; who may and what is known is asked of the act itself."""
    other, out = forms.read(view, "other"), "yes" in forms.read_all(view, "out")
    if not other and not out:
        return {"other": NOTHING}
    if not forms.read(view, "why"):
        return {"why": NO_REASON}
    now = desk.clock()
    try:
        viewer = member()
    except UserError:  # a guest, or Slack does not answer: they are told when it is to be saved
        return {}
    try:
        wishes = list(_wishes(desk, view, viewer, now))
    except UserError as problem:
        return {"other": forms.error(problem)}
    for field, wish in wishes:
        records = desk.ledger.get(correct_link.objects(wish))
        outcome = correct_link.decide(records, wish, viewer, desk.policy, now)
        if isinstance(outcome, Refused):
            return {field: forms.error(outcome.reason)}
    return {}


def _wishes(
    desk: "Desk", view: Mapping[str, Any], viewer: "Viewer", now: "datetime"
) -> Iterator[tuple[str, correct_link.Wish]]:
    """What is wished, with the field that says so. Raises UserError for words that mean several things."""
    kept, why = forms.note(view), forms.read(view, "why")
    incident, release = str(kept.get("incident") or ""), str(kept.get("release") or "")
    if other := forms.read(view, "other"):
        meant = Meant(desk.policy, viewer, now, find=desk.ledger.find_change).subject(other)
        yield "other", correct_link.Wish(incident, meant, linked=True, why=why)
    if release and "yes" in forms.read_all(view, "out"):
        yield "out", correct_link.Wish(incident, release, linked=False, why=why)


def correct(desk: "Desk", view: Mapping[str, Any], errand: Errand) -> str:
    """Correct what was filled in, all or nothing, and show it where the button was; what was done, in words."""
    wishes = [wish for _, wish in _wishes(desk, view, errand.viewer, errand.now)]
    done = desk.act_together(correct_link.NAME, wishes, errand.viewer, errand.now)
    said = {key: event.data[key] for event in done.events for key in ("linked", "not_linked") if event.data.get(key)}
    _show(desk, errand, forms.note(view), said.get("linked", ""), said.get("not_linked", ""))
    return done.text


def _stands(errand: Errand) -> dict[str, str]:
    """Where the pressed message stands; nothing of one that only this person sees."""
    container = errand.body.get("container") or {}
    channel, ts = container.get("channel_id"), container.get("message_ts")
    return {"channel": str(channel), "ts": str(ts)} if channel and ts and not errand.private else {}


def _show(desk: "Desk", errand: Errand, kept: Mapping[str, Any], cause: str, release: str) -> None:
    """Say in the post, if it is one that the outbox keeps, who corrected the incident and how."""
    outbox, channel, ts = desk.ledger.outbox, str(kept.get("channel") or ""), str(kept.get("ts") or "")
    found = outbox.find(channel, ts) if channel and ts else None
    if found is None:
        return
    name, words = names(errand)(errand.viewer.key), Words("attended", reader_of(found[0], ts, desk.ledger, desk.policy))
    line = words("relinked", name, cause, release, errand.now)
    about = str(kept.get("incident") or ""), str(kept.get("release") or "")

    def says() -> Mapping[str, Any] | None:
        outbox.amend(channel, ts, lambda said: relinked(said, *about, line), errand.now)
        newest = outbox.find(channel, ts)
        return newest[1] if newest else None

    in_place(errand, channel, ts, says)
