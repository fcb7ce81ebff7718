"""What does a filled in form hand off, and what is wrong about it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.acts import hand_off
from assistant.acts.hand_off import LONGEST_ITEM, LONGEST_NEED, MOST_ITEMS, MOST_LINKS
from assistant.deciding import is_web
from assistant.errors import UserError
from assistant.handoffs.pairs import pair_of
from assistant.subject import Candidates, Subject, SubjectKind
from assistant.when import read_when
from assistant.words import clip
from commands import forms
from commands.handing.form import CARRIED, FIELDS, UNCHOSEN, fitting
from commands.handing.shown import VIA
from storage.naming import service_object

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.viewer import Viewer

OF_THE_PAIR = ("due", "gating", "checklist")  # what follows the functions and the person that are chosen
_ABOUT = {SubjectKind.RELEASE, SubjectKind.SERVICE, SubjectKind.CHANGE}
NOTHING_LIKE_IT = "Name a release, a service, a change or a ticket: checkout 2.4, acme/api#101."


def filled_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, as ``form`` takes it."""
    kept = forms.note(view)
    said: dict[str, Any] = {name: forms.read(view, name) for name in FIELDS if name != "gating"}
    said["gating"] = "yes" in forms.read_all(view, "gating")
    return said | {name: kept[name] for name in (*CARRIED, "turns") if kept.get(name)}


def again(view: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, to be shown once more after the form was gone from the screen: every field is a new one."""
    said = filled_of(view)
    turns = said.get("turns") or {}
    return said | {"turns": {name: turns.get(name, 0) + 1 for name in FIELDS}}


def changed(view: Mapping[str, Any], desk: "Desk") -> dict[str, Any]:
    """What is filled in after another function or person was chosen; what nobody wrote over follows the choice."""
    kept, said = forms.note(view), filled_of(view)
    for name in ("from", "to", "receiver", "about", "needed", "links"):
        said[name] = said[name] or _initial(view, name)
    usual = pair_of(str(kept.get("from")), str(kept.get("to")), desk.policy)
    was = {"due": kept.get("due"), "gating": usual.gating, "checklist": fitting(usual.checklist)[0]}
    turns = dict(said.get("turns") or {})
    for name in OF_THE_PAIR:
        if said[name] == was[name] or not forms.said(view, name):
            said[name] = None
            turns[name] = turns.get(name, 0) + 1
    return said | {"turns": turns}


def _initial(view: Mapping[str, Any], name: str) -> str:
    """What stood in a field at first: Slack does not always say so of what nobody touched."""
    field = forms.block_of(view, name)
    found: Mapping[str, Any] = next((b["element"] for b in view.get("blocks", ()) if b.get("block_id") == field), {})
    return str(
        found.get("initial_value") or found.get("initial_user") or (found.get("initial_option") or {}).get("value", "")
    )


@dataclass(frozen=True, slots=True)
class Read:
    """What a form says, with what is wrong about it by field."""

    wish: hand_off.Wish
    receiver: str  # the Slack user that was picked; empty: nobody
    about: str  # as it was typed
    problems: Mapping[str, str]


def read(view: Mapping[str, Any], desk: "Desk", now: datetime) -> Read:
    """What is handed off, but for what it is about, which the ledger has to be asked."""
    said, kept, problems = filled_of(view), forms.note(view), dict[str, str]()
    items, links = _listed(said["checklist"]), _listed(said["links"])
    due = _due(said["due"], str(kept.get("zone") or "UTC"), desk, now, problems)
    if not said["about"]:
        problems["about"] = NOTHING_LIKE_IT
    if not said["needed"]:
        problems["needed"] = "Say what is needed."
    elif len(said["needed"]) > LONGEST_NEED:
        problems["needed"] = f"Say it in {LONGEST_NEED:,} characters, and link to the rest."
    if not said["to"]:
        problems["to"] = UNCHOSEN
    if said["from"] == said["to"] and not said["receiver"]:
        problems["to"] = "It would stay where it is. Choose another function, or somebody in person."
    problems |= _too_much(items, links)
    wish = hand_off.Wish(
        str(kept.get("handoff") or ""), said["from"], said["to"], "", said["needed"], due_at=due,
        gating=said["gating"], checklist=items, links=links, previous=kept.get("previous"),
        round=kept.get("round"), via=VIA,
    )  # fmt: skip
    return Read(wish, said["receiver"], said["about"], problems)


def _due(text: str, zone: str, desk: "Desk", now: datetime, problems: dict[str, str]) -> datetime | None:
    if not text:
        return None
    try:
        due = read_when(text, zone, now, desk.policy.hours.end)
    except UserError as problem:
        problems["due"] = forms.error(problem)
        return None
    if due.at <= now:
        problems["due"] = "That is already past."
    return due.at


def _too_much(items: Sequence[str], links: Sequence[str]) -> dict[str, str]:
    found = {}
    if len(items) > MOST_ITEMS:
        found["checklist"] = f"At most {MOST_ITEMS} lines; there are {len(items)}."
    elif long := [place for place, item in enumerate(items, 1) if len(item) > LONGEST_ITEM]:
        found["checklist"] = f"Line {long[0]} is too long: at most {LONGEST_ITEM} characters each."
    wrong = [place for place, link in enumerate(links, 1) if not is_web(link)]
    if wrong:
        found["links"] = f"Line {wrong[0]} is no web address: write it like https://example.com/notes."
    elif len(links) > MOST_LINKS:
        found["links"] = f"At most {MOST_LINKS} links; there are {len(links)}."
    return found


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))


def about_of(desk: "Desk", words: str, viewer: "Viewer", channel: str | None) -> str:
    """The object that words mean, as `/blocking` reads them. Raises UserError with what may have been meant."""
    meant = desk.meant(words, replace(viewer, channel=channel or viewer.channel))
    if isinstance(meant, Candidates):
        near = [option.words for option in meant.options if option.kind in _ABOUT]
        raise UserError(meant.asking(near, NOTHING_LIKE_IT))
    found = object_of(meant)
    if found is None:
        message = f"{clip(meant.name, 60)} can't be handed off as a whole. {NOTHING_LIKE_IT}"
        raise UserError(message)
    return found


def object_of(subject: Subject) -> str | None:
    """What a handoff about a subject is about; None of a train or a team."""
    if subject.kind is SubjectKind.SERVICE:
        return service_object(subject.name)
    return subject.object if subject.kind in _ABOUT else None
