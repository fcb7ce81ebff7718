"""What does a lead fill in who is asked whether a release is ready?"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from assistant.acts import answer_round
from assistant.blocks import Block, section
from assistant.errors import UserError
from assistant.handoffs.functions import Functions
from assistant.handoffs.rounds import answer_of
from assistant.rendering import words_for
from assistant.when import read_when
from assistant.words import escape, zone_of
from commands import forms
from digests.asking import Asking
from digests.directory import CouldNotAsk
from digests.reaching import personal
from storage.naming import called
from storage.records import Readiness

if TYPE_CHECKING:
    from assistant.desk import Desk
    from commands.working import Errand
    from storage.records import Round

FORM, TITLE = "round.save", "Is it ready?"
READINESS = (
    (Readiness.READY.value, "Ready"),
    (Readiness.READY_WITH_RISK.value, "Ready, with a risk that I accept"),
    (Readiness.NOT_READY.value, "Not ready"),
)
FIELDS = ("readiness", "not_ready", "waits_for", "whom", "by_when", "customers", "risk")


def form(  # noqa: PLR0913, PLR0917  what is asked, of whom, and what was filled in
    desk: "Desk",
    errand: "Errand",
    round_: "Round",
    function: str,
    filled: Mapping[str, Any] | None = None,
    said: str = "",
) -> dict[str, Any]:
    """The form for one function's answer: as it was ``filled`` in with ``said`` above it, else as it was answered."""
    was = filled or _answered(round_, function, errand.viewer.zone, errand.now)
    name, about = Functions(desk.policy).name(function), called(round_.release)
    words = words_for("round", errand.viewer, errand.now)
    top = [section(escape(said))] if said else []
    top.append(section(words("asking", name, about, *_reads(desk, errand, round_))))
    note = {"round": round_.object, "function": function, "zone": errand.viewer.zone}
    return forms.modal(TITLE, FORM, [*top, *_fields(was)], note, "Answer")


def _reads(desk: "Desk", errand: "Errand", round_: "Round") -> tuple[str, Markup | str | None]:
    """Who reads the answer: a channel, a person, nobody, or nobody can tell at the moment; and which."""
    try:
        found = Asking(desk, desk.ledger.outbox, errand.people).gathering(round_, errand.now)
    except CouldNotAsk:
        return "unasked", None
    if found is None:
        return "nobody", None
    return ("person", found.reader.name) if personal(found.channel) else ("channel", Markup("{}").format(found.channel))


def _fields(was: Mapping[str, Any]) -> list[Block]:
    said = {name: str(was.get(name) or "") for name in FIELDS}
    return [
        forms.field("readiness", "Is it ready?", forms.choice(READINESS, said["readiness"] or None)),
        forms.field("not_ready", "What is not ready?", forms.paragraph(said["not_ready"]), optional=True),
        forms.field("waits_for", "What do you wait for?", forms.paragraph(said["waits_for"]), optional=True),
        forms.field(
            "whom", "From whom?", forms.line(said["whom"], placeholder="Design, or Anna Berg"), optional=True,
            hint="A function, a person, or anybody outside.",
        ),
        forms.field("by_when", "By when?", forms.line(said["by_when"], placeholder="friday 17:00"), optional=True),
        forms.field("customers", "What must customers be told?", forms.paragraph(said["customers"]), optional=True),
        forms.field(
            "risk", "Which risk do you accept?", forms.paragraph(said["risk"]), optional=True,
            hint="Only where it is ready with a risk. It is shown with your name.",
        ),
    ]  # fmt: skip


def _answered(round_: "Round", function: str, zone: str, now: datetime) -> dict[str, Any]:
    """What stands in the fields at first: what the function answered before, but no time that has passed since."""
    answer = answer_of(round_, function)
    if answer is None:
        return {}
    ahead = answer.by_when if answer.by_when and answer.by_when > now else None
    by_when = f"{ahead.astimezone(zone_of(zone)):%Y-%m-%d %H:%M}" if ahead else ""
    said = {name: getattr(answer, name) for name in FIELDS if name not in {"readiness", "by_when"}}
    return said | {"readiness": answer.readiness.value, "by_when": by_when}


def filled_of(view: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in."""
    return {name: forms.read(view, name) for name in FIELDS}


def read(view: Mapping[str, Any], desk: "Desk", now: datetime) -> tuple[answer_round.Wish, dict[str, str]]:
    """What is answered, and what is missing or wrong, by field."""
    kept, said = forms.note(view), filled_of(view)
    problems: dict[str, str] = {}
    by_when = None
    if said["by_when"]:
        try:
            by_when = read_when(said["by_when"], str(kept.get("zone") or "UTC"), now, desk.policy.hours.end).at
        except UserError as problem:
            problems["by_when"] = forms.error(problem)
    wish = answer_round.Wish(
        str(kept.get("round") or ""), str(kept.get("function") or ""), said["readiness"], said["not_ready"],
        said["waits_for"], said["whom"], by_when, said["customers"], said["risk"], via="slack",
    )  # fmt: skip
    return wish, {**answer_round.problems(wish, now), **problems}
