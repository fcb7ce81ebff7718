"""How does a digest list one thing that waits, with its buttons?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from assistant.blockers.blocker import Blocker, BlockerKind
from assistant.blocks import Block, section
from assistant.mentioning import Naming, snoozed_until
from assistant.showing.pressing import attending
from assistant.showing.sheet import Row
from assistant.telling import Reader
from assistant.words import Words
from storage.records import Attention

_ITEM = 900  # characters


@dataclass(frozen=True, slots=True)
class Page:
    """For whom things are listed, how their owners are named, and what people did about each of them."""

    reader: Reader
    naming: Naming
    attention: Mapping[str, Attention]


def row(blocker: Blocker, page: Page, offers: Sequence[str | Markup] = (), more: tuple[Block, ...] = ()) -> Row:
    """A thing with whose move it is and its buttons; ``offers`` are sentences of its own, ``more`` buttons."""
    known = page.attention.get(blocker.object)
    named = page.naming.of(blocker.owners, known, blocker.turn_began_at)
    said = Words("things", page.reader)("thing", blocker, named, snoozed_until(known, page.naming.now), offers)
    buttons = attending(blocker.object, review=blocker.kind is BlockerKind.REVIEW_PENDING, more=more)
    return Row(said, (section(said, None, _ITEM), *buttons), blocker.object)
