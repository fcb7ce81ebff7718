"""How does an answer become a message: plain dicts that Slack takes and a terminal can paint?"""

import json
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from assistant import screens
from assistant.blocks import MOST_TEXT, Block, Message, actions, button, context, cut, section
from assistant.questions import blocking, releases
from assistant.subject import Candidates
from assistant.telling import Reader
from assistant.words import Words, zone_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.mentioning import Naming
    from assistant.router import Unclear
    from assistant.showing.sheet import Sheet
    from assistant.viewer import Viewer

__all__ = ["Message", "notice", "proposal", "render", "shared", "unclear", "words_for"]


def reader_of(viewer: "Viewer", now: datetime) -> Reader:
    """The reader that words are chosen for."""
    return Reader(zone_of(viewer.zone), now)


def words_for(template: str, viewer: "Viewer", now: datetime) -> Words:
    """The macros of one template for this viewer."""
    return Words(template, reader_of(viewer, now))


def render(
    answer: blocking.Answer | releases.Answer | Candidates,
    viewer: "Viewer",
    now: datetime,
    *,
    screen: str = "first",
    page: int = 0,
) -> Message:
    """Write an answer for a viewer; ``screen`` is first or all, ``page`` the number of the first blocker of "all"."""
    reader, public = reader_of(viewer, now), viewer.key.startswith("channel/")
    if isinstance(answer, Candidates):
        return screens.which(answer, reader)
    if isinstance(answer, releases.Answer):
        return screens.listed(answer, reader, shared=public)
    if screen == "all":
        return screens.everything(answer, reader, start=page, shared=public)
    return screens.first(answer, reader, shared=public)


def which(candidates: Candidates, question: str, viewer: "Viewer", now: datetime) -> Message:
    """The question back, of a question by its name: its buttons ask that one again."""
    return screens.which(candidates, reader_of(viewer, now), None if question == blocking.NAME else question)


def sheet(answer: Any, viewer: "Viewer", now: datetime, naming: "Naming") -> "Sheet":  # noqa: ANN401  any question's
    """Lay an answer about a scope out, by the module of ``showing`` that is called as its question."""
    module = import_module(f"assistant.showing.{answer.question}")
    laid: Sheet = module.sheet(answer, reader_of(viewer, now), naming)
    return laid


def unclear(asked: "Unclear", viewer: "Viewer", now: datetime) -> Message:
    """What was not understood, and what can be asked instead."""
    words = words_for("candidates", viewer, now)
    said = words("unclear", asked) or "…"
    return Message(cut(said, MOST_TEXT), (section(said),))


def notice(text: str) -> Message:
    """A few sentences as plain words: what was done, or why it was not."""
    words = Words("notice", Reader(zone_of("UTC"), datetime.min.replace(tzinfo=UTC)))
    said = cut(words("lines", text), MOST_TEXT) or "…"
    return Message(said, (section(said),))


def shared(message: Message, name: str, viewer: "Viewer", now: datetime) -> Message:
    """A message as a whole channel reads it: by whom it was shared, and as of when."""
    told = words_for("notice", viewer, now)("shared", name)
    top, *rest = message.blocks
    headline, _, said = message.text.partition("\n")
    return Message(cut(f"{headline}\n{told}\n{said}", MOST_TEXT), (top, context(told), *rest), message.files)


def proposal(
    said: str, viewer: "Viewer", now: datetime, again: "Mapping[str, Any] | None" = None, outcome: str = ""
) -> Message:
    """A waiver that waits for its second person, with their button; or, with ``outcome``, what became of it."""
    words = words_for("decisions", viewer, now)
    told = words("proposal", said) or "…"
    blocks: list[Block] = [section(told), context(words("outcome", outcome) if outcome else words("asked_of"))]
    if again is not None:
        carried = json.dumps({**again, "said": said[:300]})
        blocks.append(actions(button("Confirm", screens.CONFIRM, carried, "primary")))
    return Message(cut("\n".join([told, words("outcome", outcome)] if outcome else [told]), MOST_TEXT), tuple(blocks))
