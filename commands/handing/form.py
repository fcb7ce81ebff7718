"""What does somebody say who hands something off, and how does the form help to say it?

What a pair of functions usually passes on stands there already: its checklist, by when, whether it holds a release up.
Where another function or person is chosen these follow, but for what somebody wrote over.
"""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from assistant.acts.hand_off import LONGEST_NEED
from assistant.blocks import Block, context, section
from assistant.deciding import LONGEST_NAME
from assistant.handoffs.functions import Functions
from assistant.handoffs.pairs import Pair, pair_of
from assistant.subjects import channel_products
from assistant.when import in_words, read_when
from assistant.words import escape, zone_of
from commands import forms
from commands.handing.reach import due_of, reached, reads_it
from storage.naming import called, kind_of, subject_of
from storage.records import ObjectKind, Release

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.viewer import Viewer
    from commands.people import People

FORM, TITLE = "handoff.save", "Hand off"
FROM, TO, RECEIVER = "handoff.form.from", "handoff.form.to", "handoff.form.receiver"
FIELDS = ("from", "to", "receiver", "about", "needed", "due", "gating", "checklist", "links")
CARRIED = ("handoff", "round", "previous", "private")  # what a form keeps and nobody fills in
OF_BUTTON = ("from", "to", "receiver", "about", "needed", "due", "checklist", "links", "round", "previous")
LONGEST = 3_000  # characters that Slack takes in one field
ENGINEERING, QA = "engineering", "qa"
UNCHOSEN = "Choose to which function it goes."
_MEMBER = re.compile(r"[UW][A-Z0-9]{1,20}")
Filled = Mapping[str, Any]


class Asks(Protocol):
    """What has to be known of whoever is shown the form: an errand, or what is like one."""

    @property
    def viewer(self) -> "Viewer":
        """Who they are, and in which channel they ask."""

    @property
    def now(self) -> datetime:
        """When."""

    @property
    def people(self) -> "People":
        """Who is who in Slack."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it stands: every field as it is shown; ``turns`` counts how often a field was filled anew."""

    said: Mapping[str, Any]
    pair: Pair
    to: str  # the function that the pair is to, also where none is chosen yet
    due: str  # what the pair's own due time reads as
    turns: Mapping[str, int]


def form(desk: "Desk", errand: Asks, filled: Filled | None = None, said: str = "") -> dict[str, Any]:
    """The form to hand something off, ``said`` above it.

    ``filled`` is what stands in it at first: ``from`` and ``to`` (functions), ``receiver`` (a person's key or a Slack
    user), ``about`` (words, or an object), ``needed``, ``due`` (words), ``gating``, ``checklist`` and ``links``
    (lines), and ``round`` or ``previous``, which it is handed off in or after. What is left out is as it usually is; a
    ``to`` that is empty has to be chosen.
    """
    draft = _draft(desk, errand, filled or {})
    was = draft.said
    note = {
        **{name: was[name] for name in CARRIED if was.get(name)}, "from": was["from"], "to": draft.to,
        "due": draft.due, "turns": dict(draft.turns), "zone": errand.viewer.zone, "channel": errand.viewer.channel,
    }  # fmt: skip
    told = [section(escape(one)) for one in (said, *_left_out(was)) if one]
    private = [section(escape(reads_it(desk, errand, was)))] if was.get("private") else []
    blocks = [*told, *private, *_whom(desk, draft, errand), *_what(draft, errand)]
    return forms.modal(TITLE, FORM, blocks, note, "Hand off")


def pressed_with(carried: Filled) -> dict[str, str]:
    """What a button fills in: words, of the fields that one may fill in."""
    found = {name: carried.get(name) for name in OF_BUTTON}
    words = {name: value for name, value in found.items() if isinstance(value, str)}
    return {name: value for name, value in words.items() if name not in CARRIED or len(value) <= LONGEST_NAME}


def _draft(desk: "Desk", errand: Asks, filled: Filled) -> Draft:
    functions = Functions(desk.policy)
    chosen = {name: key for name in ("from", "to") if (key := filled.get(name)) in functions.keys}
    sender = chosen.get("from") or next(iter(functions.of(errand.viewer.key)), ENGINEERING)
    to = chosen.get("to") or (QA if sender == ENGINEERING else ENGINEERING)
    receiver = filled.get("receiver") or ""
    if receiver and "/" in receiver:
        receiver = errand.people.slack_id(receiver, errand.now) or ""
    receiver = receiver if _MEMBER.fullmatch(receiver) else ""
    pair = pair_of(sender, to, desk.policy)
    due = written(due_of(desk, errand, pair, to, receiver), errand.viewer.zone)
    usual = {
        "due": due, "gating": pair.gating, "checklist": pair.checklist, "links": (), "needed": "",
        "about": _of_channel(desk, errand) if filled.get("about") is None else "",
        "handoff": f"{ObjectKind.HANDOFF}:{secrets.token_hex(8)}",
    }  # fmt: skip
    given = {name: value for name, value in filled.items() if value is not None}
    said = {**usual, **given, "from": sender, "to": "" if filled.get("to") == "" else to, "receiver": receiver}
    said["about"] = worded(str(said["about"]))
    return Draft(said, pair, to, due, dict(given.get("turns") or {}))


def _whom(desk: "Desk", draft: Draft, errand: Asks) -> list[Block]:
    was, turns = draft.said, draft.turns
    functions = Functions(desk.policy)
    choices = [(key, functions.name(key)) for key in functions.keys]
    somebody = forms.person(was["receiver"] or None)
    fields = [
        forms.heard(forms.field("from", "From", forms.choice(choices, was["from"])), FROM),
        forms.heard(forms.field("to", "To", forms.choice(choices, was["to"])), TO),
        forms.heard(forms.field("receiver", "To somebody in person", somebody, optional=True), RECEIVER),
    ]
    return [
        *(forms.turned(field, turns.get(field["block_id"], 0)) for field in fields),
        context(escape(reached(desk, errand, was["to"], was["receiver"]).said if was["to"] else UNCHOSEN)),
    ]


def _what(draft: Draft, errand: Asks) -> list[Block]:
    was, turns = draft.said, draft.turns
    about = forms.line(was["about"], placeholder="checkout 2.4, service api, acme/api#101", longest=200)
    due = forms.line(was["due"], placeholder="friday 17:00", longest=80)
    tick = forms.tick("It holds up what it is about until it is done", ticked=bool(was["gating"]))
    checklist = forms.paragraph(fitting(was["checklist"])[0], longest=LONGEST)
    links = forms.paragraph(fitting(was["links"])[0], placeholder="https://…", longest=LONGEST)
    fields = [
        forms.field("about", "About which release, service, change or ticket?", about),
        forms.field("needed", "What is needed?", forms.paragraph(was["needed"], longest=LONGEST_NEED)),
        forms.field("due", "By when?", due, optional=True, hint=_due_hint(draft, errand)),
        forms.field("gating", "Does it block?", tick, optional=True),
        forms.field("checklist", "Checklist, a line each", checklist, optional=True),
        forms.field("links", "Files and links, a line each", links, optional=True),
    ]
    return [forms.turned(field, turns.get(field["block_id"], 0)) for field in fields]


def _left_out(was: Filled) -> Iterator[str]:
    """What did not fit into a field, for whoever is about to send the rest."""
    for name, noun in (("checklist", "of the checklist"), ("links", "with links")):
        if left := fitting(was[name])[1]:
            said = f"{left} lines {noun} did" if left > 1 else f"A line {noun} did"
            yield f"{said} not fit into the form: what stands there goes without."


def _due_hint(draft: Draft, errand: Asks) -> str:
    as_said = 'As you would say it: "friday 17:00", "in 3 days".'
    if draft.said["due"] != draft.due:
        return as_said
    at = read_when(draft.due, errand.viewer.zone, errand.now).at
    return f"{in_words(at, errand.viewer.zone)}: {draft.pair.due_hours:g} of their working hours from now. {as_said}"


def _of_channel(desk: "Desk", errand: Asks) -> str:
    """The release that a channel is about, soonest first; none where nobody can tell."""
    known = sorted(desk.known_releases(errand.viewer, errand.now), key=_soonest)
    products = channel_products(desk.policy, errand.viewer.channel)
    its = [one for one in known if one.product in products] or (known if len(known) == 1 else [])
    return its[0].object if its else ""


def _soonest(release: Release) -> tuple[bool, float, str]:
    return release.target is None, release.target.timestamp() if release.target else 0.0, release.object


def worded(about: str) -> str:
    """The words that mean an object; words as they are."""
    kind = kind_of(about)
    if kind == ObjectKind.RELEASE:
        return f"release {called(about)}"
    if kind == "service" and " " not in about:
        return f"service {subject_of(about)}"
    return called(about) if kind in {ObjectKind.CHANGE, ObjectKind.TICKET} and "#" in about else about


def written(at: datetime, zone: str) -> str:
    """An instant as it is typed into a field."""
    return f"{at.astimezone(zone_of(zone)):%Y-%m-%d %H:%M}"


def lines(value: str | Sequence[str]) -> str:
    """Several things as they are typed into a field, a line each."""
    return value if isinstance(value, str) else "\n".join(value)


def fitting(value: str | Sequence[str], longest: int = LONGEST) -> tuple[str, int]:
    """The same as far as a field takes whole lines, and how many lines that leaves out."""
    kept, left, room = list[str](), 0, longest
    for one in lines(value).splitlines():
        if len(one) <= room:
            kept.append(one)
            room -= len(one) + 1
        else:
            left += 1
    return "\n".join(kept), left
