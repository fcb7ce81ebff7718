"""What can be put right about a blocker that is no change and no ticket: a freeze, an outside wait, a deployment?

A freeze is lifted, a wait is closed or given to another, a change that a deployment holds up is said to be out. The
rest is put right where it comes from, and the form says where that is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.acts import (
    close_external,
    correct_shipped,
    declare_external,
    lift_freeze,
    provide_enablement,
    withdraw_handoff,
)
from assistant.blocks import Block, section
from assistant.deciding import stamp
from assistant.when import read_when
from commands import forms
from storage.naming import ENABLEMENT, kind_of, subject_of
from storage.records import Deployment, External, Freeze, Handoff, Record

QUIET = (
    "It ends by itself once that release has been quiet for long enough. Whether that blocks is `blocks` under "
    "`[stabilization]` in the configuration; when it shipped is put right with `lastmile correct shipped`."
)
FAILED = (
    "A deployment is put right where it runs: once a later one succeeds, or the pipeline reports it with "
    "`lastmile deployed SERVICE SHA ENVIRONMENT`, this is gone. What is out already you can say here."
)
HANDED = (
    "Those who have it answer it, return it or give it another due time by its own buttons: see `/handoffs`. "
    "What nobody needs any more you can withdraw here."
)
LACKING = (
    "How much customers notice of a release is set with `/release`: what they then need none of stops holding it up. "
    "What is there already you can say here."
)
PARTLY = (
    "How many customers get it is put right where it runs: this is gone once the pipeline reports "
    "`lastmile deployed SERVICE SHA ENVIRONMENT --exposure 1`."
)
Correction = tuple[str, Any]  # the act's name, and its wish


@dataclass(frozen=True, slots=True)
class Righting:
    """The fields of a form, and what it has to keep; no fields: there is only something to read."""

    fields: tuple[Block, ...]
    kept: Mapping[str, Any]
    says: tuple[Block, ...] = ()


def righting(record: Record | None, blocker: str = "") -> Righting:
    """What to offer for a blocker; None where nothing is kept of it, as of a release that only shipped.

    ``blocker`` is its object's name.
    """
    if isinstance(record, Handoff):
        gone = forms.field("gone", "Handoff", forms.tick("Withdraw it: nobody needs it any more"), optional=True)
        return Righting((gone, _why("Why?")), {"kind": "handoff"}, (section(HANDED),))
    if kind_of(blocker) == ENABLEMENT:
        there = forms.field("there", "For customers", forms.tick("It is there"), optional=True)
        url = forms.field("url", "Where is it?", forms.line(placeholder="https://"), optional=True)
        more = forms.field("why", "Anything to add?", forms.paragraph(), optional=True)
        return Righting((there, url, more), {"kind": ENABLEMENT}, (section(LACKING),))
    return _of_gate(record)


def _of_gate(record: Record | None) -> Righting:
    match record:
        case Freeze():
            lift = forms.field("lift", "Freeze", forms.tick("Lift it now, before its end", ticked=True), optional=True)
            return Righting((lift, _why("Why is it lifted before its end?")), {"kind": "freeze"})
        case External():
            over = forms.field("over", "Outside wait", forms.tick("It is over"), optional=True)
            owner = forms.field("owner", "Whose move is it?", forms.person(), optional=True)
            ends_at = stamp(record.ends_at) if record.ends_at else None
            wait = {"release": record.release, "title": record.title, "ends_at": ends_at, "url": record.url}
            return Righting((over, owner, _why("Why?")), {"kind": "external", "wait": wait})
        case Deployment() if record.exposure is not None and record.exposure < 1:
            return Righting((), {}, (section(PARTLY),))
        case Deployment():
            change = forms.field("change", "A change that is out already", forms.line(placeholder="acme/api#7"))
            since = forms.field("shipped", "Since when?", forms.line(placeholder="2026-11-02 14:00"), optional=True)
            return Righting((change, since, _why("How do you know?")), {"kind": "deployment"}, (section(FAILED),))
        case _:
            return Righting((), {}, (section(QUIET),))


def corrections(view: Mapping[str, Any], now: datetime) -> Iterator[Correction]:
    """What such a form wishes. Raises UserError for a time that can't be read."""
    kept, why = forms.note(view), forms.read(view, "why")
    if kept["kind"] == "freeze" and "yes" in forms.read_all(view, "lift"):
        yield lift_freeze.NAME, lift_freeze.Wish(str(kept["blocker"]), why)
    if kept["kind"] == "handoff" and "yes" in forms.read_all(view, "gone"):
        yield withdraw_handoff.NAME, withdraw_handoff.Wish(str(kept["blocker"]), why, via="slack")
    if kept["kind"] == ENABLEMENT and "yes" in forms.read_all(view, "there"):
        release, _, what = subject_of(str(kept["blocker"])).partition("/")
        url = forms.read(view, "url") or None
        yield provide_enablement.NAME, provide_enablement.Wish(f"release:{release}", what, url, why=why, via="slack")
    if kept["kind"] == "external":
        yield from _of_wait(view, kept["wait"], why)
    if kept["kind"] == "deployment":
        since = forms.read(view, "shipped")
        at = read_when(since, str(kept.get("zone", "UTC")), now).at if since else None
        yield correct_shipped.NAME, correct_shipped.Wish(forms.read(view, "change"), why, at)


def _of_wait(view: Mapping[str, Any], wait: Mapping[str, Any], why: str) -> Iterator[Correction]:
    if "yes" in forms.read_all(view, "over"):
        yield close_external.NAME, close_external.Wish(wait["release"], wait["title"], why)
    elif owner := forms.read(view, "owner"):
        ends_at = datetime.fromisoformat(wait["ends_at"]) if wait["ends_at"] else None
        yield (
            declare_external.NAME,
            declare_external.Wish(wait["release"], wait["title"], ends_at, f"slack/{owner}", wait["url"], why),
        )


def _why(label: str) -> Block:
    return forms.field("why", label, forms.paragraph())
