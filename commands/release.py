"""How is a release planned, put on a train or ended from Slack: `/release [NAME]` and its form?"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from assistant.acts import board_train, end_release, freeze_scope, plan_release
from assistant.acts.authority import sees_product
from assistant.blocks import Block
from assistant.errors import UserError
from assistant.when import read_when
from commands import forms
from commands.telling import put
from commands.working import Errand, Later, handing_on
from storage.naming import release_object, subject_of, version_key
from storage.records import Release

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from assistant.desk import Desk
    from assistant.viewer import Viewer

FORM = "release.save"
OPEN = "release.open"
TITLE = "Plan a release"
ON, NO_TRAIN = "on", "-"
ENDINGS = ((ON, "Going on"), ("cancelled", "Cancelled"), ("superseded", "Superseded by another"))
IMPACTS = (("none", "Nothing"), ("some", "Some of it"), ("high", "A lot of it"))
_SEVERAL = 2


def register(app: "App", desk: "Desk") -> None:
    """Open the form by command or button, and save it."""

    def asked(errand: Errand) -> None:
        put(errand.tell, form(desk, errand.text, errand))

    def pressed(errand: Errand) -> None:
        put(errand.tell, form(desk, str(errand.pressed.get("about", "")), errand))

    def saved(ack: "Ack", view: dict[str, Any], later: Later) -> None:
        zone, text = forms.note(view).get("zone", "UTC"), forms.read(view, "target")
        try:
            target = read_when(text, zone, desk.clock()).at if text else None
        except UserError as problem:
            ack(response_action="errors", errors={"target": forms.error(problem)})
            return
        if not version_key(forms.read(view, "version")):
            ack(response_action="errors", errors={"version": "A release needs a version, like 2.4."})
            return
        ack(response_action="update", view=forms.loading(TITLE))
        later(lambda errand: errand.say(save(desk, view, target, errand)))

    app.command("/release")(handing_on(asked, opens=TITLE))
    app.action(OPEN)(handing_on(pressed, opens=TITLE))
    app.view(FORM)(saved)


def form(desk: "Desk", name: str, errand: Errand) -> dict[str, Any]:
    """The form for a release that exists, by its name, or for a new one."""
    viewer, now = errand.viewer, errand.now
    release = _meant(name, desk.known_releases(viewer, now))
    product, version = (release.product, release.version) if release else _split(name, desk)
    was: dict[str, Any] = {
        "target": _written(release.target, viewer.zone) if release else "",
        "owner": errand.people.slack_id(release.owner, now) if release else None,
        "delegates": [errand.people.slack_id(key, now) for key in release.delegates] if release else [],
        "impact": release.impact if release else None,
        "frozen": bool(release and release.scope_frozen_at),
        "train": subject_of(release.train) if release and release.train else NO_TRAIN,
    }
    was["delegates"] = [user for user in was["delegates"] if user]
    fields = [
        forms.field("product", "Product", product_field(desk, product, viewer)),
        forms.field("version", "Version", forms.line(version, placeholder="2.4")),
        forms.field(
            "target", "Target date", forms.line(was["target"], placeholder="friday 17:00"), optional=True,
            hint='As you would say it: "1 december", "friday 17:00", "in 3 days". Empty: no target.',
        ),
        forms.field("owner", "Owner", forms.person(was["owner"]), optional=True, hint="Empty: as it is, or you."),
        forms.field("delegates", "Who may decide beside the owner", forms.persons(was["delegates"]), optional=True),
        forms.field(
            "impact", "How much do customers notice?", forms.choice(IMPACTS, was["impact"]), optional=True,
            hint="What customers then need (release notes, a support brief, training) holds it up until it is there.",
        ),
        forms.field("scope", "Scope", forms.tick("Nothing more goes in", ticked=was["frozen"]), optional=True),
        *(_standing_fields(desk, release, was["train"], errand) if release else ()),
        forms.field(
            "why", "Why", forms.paragraph(placeholder="Whoever waits for the release will read this"), optional=True,
            hint="Needed to move a target, to say that customers notice less, to open a frozen scope, to cancel and to "
            "bring back what was cancelled.",
        ),
    ]  # fmt: skip
    return forms.modal(TITLE, FORM, fields, {"zone": viewer.zone, "was": was, "known": release is not None})


def _standing_fields(desk: "Desk", release: Release, train: str, errand: Errand) -> list[Block]:
    """Fields of a release that was planned already: its train, where its product has any, and its end."""
    own = release.product.casefold()
    trains = [subject_of(t.object) for t in desk.known_trains(errand.viewer, errand.now) if t.product.casefold() == own]
    offered = [(NO_TRAIN, "On no train"), *((name, name) for name in trains)]
    fields = [forms.field("train", "Train", forms.choice(offered, train), optional=True)] if trains else []
    ending = forms.field("ending", "This release is", forms.choice(ENDINGS, ON))
    return [*fields, ending, forms.field("by", "Superseded by", forms.line(placeholder="2.5"), optional=True)]


def save(desk: "Desk", view: Mapping[str, Any], target: datetime | None, errand: Errand) -> str:
    """Plan what the form says where it says something new, then freeze or open the scope; what was done, in words."""
    kept = forms.note(view)
    was = kept.get("was", {})
    product, version, why = (forms.read(view, name) for name in ("product", "version", "why"))
    frozen = "yes" in forms.read_all(view, "scope")
    done = []
    wish = _plan(view, was, target)
    if not kept.get("known") or wish != plan_release.Wish(wish.product, wish.version, why=why):
        done.append(desk.act(plan_release.NAME, errand.settled(wish), errand.viewer, errand.now).text)
    if frozen != bool(was.get("frozen")):
        scope = freeze_scope.Wish(release_object(product, version), frozen, why)
        done.append(desk.act(freeze_scope.NAME, scope, errand.viewer, errand.now).text)
    for name, later in _afterwards(view, was, release_object(product, version), why):
        done.append(desk.act(name, later, errand.viewer, errand.now).text)
    return " ".join(done) or "Nothing was changed."


def _afterwards(
    view: Mapping[str, Any], was: Mapping[str, Any], release: str, why: str
) -> Iterator[tuple[str, board_train.Wish | end_release.Wish]]:
    """What is wished of a planned release: another train, then its end."""
    train, ending, by = (forms.read(view, name) for name in ("train", "ending", "by"))
    if train and train != was.get("train", NO_TRAIN):
        yield board_train.NAME, board_train.Wish(release, None if train == NO_TRAIN else train, why)
    ended: dict[str, Literal["cancelled", "superseded"]] = {"cancelled": "cancelled", "superseded": "superseded"}
    if ending in ended:
        yield end_release.NAME, end_release.Wish(release, ended[ending], why, by or None)


def _plan(view: Mapping[str, Any], was: Mapping[str, Any], target: datetime | None) -> plan_release.Wish:
    """What the form wishes; a field that was left as it was wishes nothing."""
    moved = forms.read(view, "target") != was.get("target", "")
    owner, delegates = forms.read(view, "owner"), forms.read_all(view, "delegates")
    impact = forms.read(view, "impact")
    return plan_release.Wish(
        forms.read(view, "product"),
        forms.read(view, "version"),
        target=target if moved else None,
        no_target=moved and target is None,
        owner=f"slack/{owner}" if owner and owner != was.get("owner") else None,
        delegates=tuple(f"slack/{user}" for user in delegates) if list(delegates) != was.get("delegates") else None,
        why=forms.read(view, "why"),
        impact=impact if impact and impact != was.get("impact") else None,
    )


def _meant(name: str, known: tuple[Release, ...]) -> Release | None:
    """The one release of this name: by its object, by product and version, or by a version that only one has."""
    words = " ".join(name.split()).removeprefix("release ").casefold()
    fits = [
        release for release in known if words in _names(release) or version_key(words) == version_key(release.version)
    ]
    return fits[0] if words and len(fits) == 1 else None


def _names(release: Release) -> set[str]:
    called = (release.object, f"{release.product} {release.version}", release.name)
    return {name.casefold() for name in called}


def _split(name: str, desk: "Desk") -> tuple[str, str]:
    """The product and version of a name that nobody planned yet: ``checkout 2.5``."""
    words = name.removeprefix("release ").replace("@", " ").split()
    products = {key.casefold(): key for key in desk.policy.products}
    if len(words) >= _SEVERAL and words[0].casefold() in products:
        return products[words[0].casefold()], " ".join(words[1:])
    return (next(iter(products.values())) if len(products) == 1 else ""), " ".join(words)


def product_field(desk: "Desk", chosen: str, viewer: "Viewer") -> Block:
    """A field to choose one of the products that this person may know of; to type one where none is configured."""
    seen = [(key, entry.name or key) for key, entry in desk.policy.products.items()
            if sees_product(key, viewer, desk.policy)]  # fmt: skip
    if not seen:
        return forms.line(chosen, placeholder="checkout")
    return forms.choice(seen, next((key for key, _ in seen if key.casefold() == chosen.casefold()), None))


def _written(at: datetime | None, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") if at else ""
