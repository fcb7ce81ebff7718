"""How does somebody say that what customers need of a release is there: training, a support brief, release notes?

The form behind the button below what is missing: what it is, and where. Several who press it are told who was first.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from assistant.acts import provide_enablement
from assistant.acts.authority import planned_release, product_key, sees_release
from assistant.blocks import context
from assistant.deciding import LONGEST_NAME, LONGEST_URL, Refused, is_web
from assistant.errors import UserError
from assistant.showing.handing import PROVIDE
from assistant.words import escape
from commands import forms
from commands.in_time import in_time
from commands.telling import put
from commands.working import Errand, Later, handing_on
from storage.naming import called, kind_of, subject_of
from storage.records import ObjectKind, Release

if TYPE_CHECKING:
    from datetime import datetime

    from slack_bolt import Ack, App

    from assistant.desk import Desk
    from assistant.policy import Policy
    from assistant.viewer import Viewer

FORM = "enablement.save"
TITLE = "What customers need"
GONE = "There is no such release that you may see."
NOTHING = "Say what is there: training, support brief, release notes."
NO_LINK = "That is no web address. Write it like https://example.com/notes, or leave it empty."


def register(app: "App", desk: "Desk") -> None:
    """Open the form by its button, and keep what was said."""

    def pressed(errand: Errand) -> None:
        put(errand.tell, form(desk, errand.word("release"), errand.word("what"), errand))

    def saved(ack: "Ack", view: dict[str, Any], later: Later, member: Callable[["datetime"], "Viewer"]) -> None:
        problems = _problems(desk, view, lambda: member(desk.clock()))
        if problems:
            ack(response_action="errors", errors=problems)
            return
        ack(response_action="update", view=forms.loading(TITLE))
        later(lambda errand: errand.say(provide(desk, view, errand)))

    app.action(PROVIDE)(handing_on(pressed, opens=TITLE))
    app.view(FORM)(saved)


def form(desk: "Desk", release: str, what: str, errand: Errand) -> dict[str, Any]:
    """The form for one thing of a release. Raises UserError where this person knows of none, in words of no other."""
    records = desk.ledger.get((release,))
    known = isinstance(records.get(release), Release) or _of_known(release, desk.policy)
    if not known or not sees_release(release, errand.viewer, desk.policy):
        raise UserError(GONE)
    found = planned_release(records, release, errand.viewer, desk.policy)
    if isinstance(found, Refused):
        raise UserError(found.reason)
    where = forms.line(placeholder="https://…", longest=LONGEST_URL)
    fields = [
        context(escape(f"For {called(found.object)}. Whoever asks what blocks it reads who said so, and where it is.")),
        forms.field("what", "What is there?", forms.line(what, longest=LONGEST_NAME)),
        forms.field("url", "Where is it?", where, optional=True),
    ]
    return forms.modal(TITLE, FORM, fields, {"release": release}, "It is there")


def _of_known(release: str, policy: "Policy") -> bool:
    """Whether a release that nobody planned is of something that is known here, so that somebody could plan it."""
    product, _, version = subject_of(release).rpartition("@")
    named = kind_of(release) == ObjectKind.RELEASE and version
    return bool(named and ("/" in product or product_key(product, policy) in policy.products))


def _wish(view: Mapping[str, Any]) -> provide_enablement.Wish:
    release = str(forms.note(view).get("release") or "")
    return provide_enablement.Wish(release, forms.read(view, "what"), forms.read(view, "url") or None, via="slack")


def _problems(desk: "Desk", view: Mapping[str, Any], member: Callable[[], "Viewer"]) -> dict[str, str]:
    """What is wrong with what was filled in, by field; who may say so is asked of the act while there is time."""
    wish = _wish(view)
    if not wish.what:
        return {"what": NOTHING}
    if wish.url and not is_web(wish.url):
        return {"url": NO_LINK}

    def looked() -> None:
        try:
            viewer = member()
        except UserError:  # a guest, or Slack does not answer: they are told when it is to be saved
            return
        records = desk.ledger.get(provide_enablement.objects(wish))
        outcome = provide_enablement.decide(records, wish, viewer, desk.policy, desk.clock())
        if isinstance(outcome, Refused):
            raise UserError(outcome.reason)

    try:
        in_time(looked)
    except UserError as refused:
        return {"what": forms.error(refused)}
    return {}


def provide(desk: "Desk", view: Mapping[str, Any], errand: Errand) -> str:
    """Note that it is there; what was done, in words."""
    return desk.act(provide_enablement.NAME, _wish(view), errand.viewer, errand.now).text
