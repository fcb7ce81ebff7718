"""How does somebody say which digest is to come where, when and about what? By the form behind New… and Edit."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from assistant.acts.subscribe import Wish
from assistant.blocks import Block, context, section
from assistant.errors import UserError
from assistant.policy.fields import WEEKDAYS
from assistant.rendering import words_for
from assistant.subject import Candidates
from assistant.viewer import shared_in
from assistant.words import escape
from commands import forms
from commands.subscribed import EDIT
from digests.speaking import new_subscription

if TYPE_CHECKING:
    from assistant.viewer import Viewer
    from commands.working import Errand
    from digests.digest import Digest
    from digests.speaking import Digests
    from storage.records import Subscription

__all__ = ["EDIT", "FORM", "TITLE", "called", "form", "problems", "wish"]

FORM = "digest.save"
TITLE = "Have a digest"
CHANNEL, ME = "channel", "me"
WHERE = ((CHANNEL, "To this channel"), (ME, "To me, by direct message"))
DAYS = tuple((str(number), name.title()) for number, name in enumerate(WEEKDAYS))
ABOUT = "Everything, or the team of this channel, where you leave it empty."
OWN = "That digest is one person's own: let it come to you by direct message."


def form(  # noqa: PLR0913  what is offered, to whom, where, and what was filled in
    digests: "Digests",
    errand: "Errand",
    channel: str,
    before: "Subscription | None" = None,
    *,
    digest: str | None = None,
    filled: Mapping[str, Any] | None = None,
    said: str = "",
) -> dict[str, Any]:
    """The form for a new one, or for one that comes here; as it was ``filled`` in, ``said`` above it."""
    was = _filled(filled) if filled else _standing(before, errand.viewer, digest)
    choices = [(one.id, one.title) for one in digests.declared.values()]
    where = [way for way in WHERE if channel or way[0] == ME]
    fields: list[Block] = [
        forms.field("digest", "Which digest?", forms.choice(choices, was["digest"])),
        *([] if before else [forms.field("where", "Where to?", forms.choice(where, was["where"] or where[0][0]))]),
        forms.field(
            "days", "On which days?", forms.choices(DAYS, was["days"]), optional=True,
            hint="Empty: on the digest's usual days. It never comes on days on which nobody works.",
        ),
        forms.field(
            "time", "At what time?", forms.line(was["time"], placeholder="09:00"), optional=True,
            hint="Empty: at the digest's usual time.",
        ),
        forms.field("zone", "In which time zone?", forms.line(was["zone"], placeholder="Europe/Berlin")),
        forms.field(
            "about", "About which team, repository or release?",
            forms.line(was["about"], placeholder="team web, acme/api, release checkout 2.4"), optional=True, hint=ABOUT,
        ),
        forms.field(
            "clear", "When there is nothing to say", optional=True,
            element=forms.tick("After a quiet week, a short word that all is well", ticked=was["clear"]),
        ),
    ]  # fmt: skip
    words = words_for("subscribed", errand.viewer, errand.now)
    offered = [context(words("offered", one)) for one in digests.declared.values()]
    told = [section(escape(said))] if said else []
    note = {"channel": channel, "subscription": before.object if before else None}
    return forms.modal(TITLE, FORM, [*told, *fields, *offered], note)


def called(digests: "Digests", text: str) -> str | None:
    """The digest that is called so, by its name or the beginning of its title; None for anything else."""
    wanted = text.strip().casefold()
    named = (one.id for one in digests.declared.values() if wanted and _is_called(wanted, one))
    return next(named, None)


def _is_called(wanted: str, digest: "Digest") -> bool:
    return wanted == digest.id.casefold() or digest.title.casefold().startswith(wanted)


def _standing(before: "Subscription | None", viewer: "Viewer", digest: str | None) -> dict[str, Any]:
    """What stands in the fields at first."""
    if before is None:
        empty = {"where": None, "days": (), "time": "", "about": "", "clear": False}
        return empty | {"digest": digest, "zone": viewer.zone}
    return {
        "digest": before.digest, "where": None, "days": tuple(map(str, before.days)), "time": before.time,
        "zone": before.zone, "about": before.about, "clear": before.all_clear,
    }  # fmt: skip


def _filled(view: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in."""
    said: dict[str, Any] = {name: forms.read(view, name) for name in ("digest", "where", "time", "zone", "about")}
    return said | {"days": forms.read_all(view, "days"), "clear": "yes" in forms.read_all(view, "clear")}


def problems(digests: "Digests", view: Mapping[str, Any], member: Callable[[], "Viewer"]) -> dict[str, str]:
    """What is wrong with what was filled in, by field."""
    said, kept = _filled(view), forms.note(view)
    found: dict[str, str] = {}
    digest = digests.declared.get(said["digest"])
    channel = "" if _personally(said, kept) else str(kept.get("channel") or "")
    if digest is None:
        found["digest"] = "Choose a digest of the list."
    elif digest.personal and channel:
        found["digest" if kept.get("subscription") else "where"] = OWN
    if said["time"] and _clock(said["time"]) is None:
        found["time"] = "Write a time of day like 09:00."
    if not _is_zone(said["zone"]):
        found["zone"] = "I know no such time zone: write it like Europe/Berlin."
    if not set(said["days"]) <= {number for number, _ in DAYS}:
        found["days"] = "Choose days of the week."
    if said["about"] and (unclear := _unclear(digests, said["about"], channel, member)):
        found["about"] = unclear
    return found


def _personally(said: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
    return said["where"] == ME or not kept.get("channel")


def _unclear(digests: "Digests", about: str, channel: str, member: Callable[[], "Viewer"]) -> str:
    """What is unclear about words for a scope, as those will read them who get the digest; empty where nothing is."""
    desk = digests.desk
    try:
        viewer = member()
        meant = desk.meant(about, shared_in(viewer, desk.policy, channel) if channel else viewer)
    except UserError:  # a guest, or Slack does not answer: they are told when it is to be saved
        return ""
    if not isinstance(meant, Candidates):
        return ""
    return forms.error(meant.asking([option.words for option in meant.options]))


def wish(digests: "Digests", view: Mapping[str, Any], before: "Subscription | None") -> Wish:
    """What the form wishes; one that is changed comes where it came. Raises UserError for what is no digest."""
    said, kept = _filled(view), forms.note(view)
    digest = digests.digest(said["digest"])
    channel = None if _personally(said, kept) else str(kept["channel"])
    return Wish(
        subscription=before.object if before else new_subscription(),
        digest=digest.id,
        channel=before.channel if before else channel,
        person=before.person if before else None,
        days=tuple(int(day) for day in said["days"]) or digest.days,
        time=_clock(said["time"] or digest.time) or time(9),
        zone=said["zone"],
        about=said["about"],
        all_clear=said["clear"],
    )


def _clock(text: str) -> time | None:
    """A time of day like 09:00 or 9:30; None for anything else."""
    hour, _, minute = text.strip().partition(":")
    if not (hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()):
        return None
    if len(hour) > 2 or len(minute) != 2:  # noqa: PLR2004  digits
        return None
    try:
        return time(int(hour), int(minute))
    except ValueError:
        return None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
