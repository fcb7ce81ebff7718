"""What stands on somebody's home tab: what they are to acknowledge, to do, and what they wait for from others?"""

from collections.abc import Iterator, Sequence

from assistant.blocks import Block, Message, actions, context, divider, header, section
from assistant.handoffs.listing import Listed
from assistant.mentioning import Naming
from assistant.questions.handoffs import Answer
from assistant.showing.handed import row
from assistant.showing.handing import NEW, pressing
from assistant.showing.handoffs import lists
from assistant.telling import Reader
from assistant.words import Words

MOST = 14  # of each of the three lists, two blocks each: together with what is around them they fit into one view
_SAID = 3  # blocks of what was said last


def home(answer: Answer, reader: Reader, naming: Naming, said: Sequence[Block] = ()) -> Message:
    """The tab as blocks; ``said`` is what the button that was just pressed did, or why it did not."""
    words = Words("home", reader)
    headline = words("headline", answer.whose)
    new = pressing("Hand something off…", NEW, about="")
    blocks: list[Block] = [*said[:_SAID], *([divider()] if said else []), header(headline)]
    if new:
        blocks.append(actions(new))
    for name, things in lists(answer):
        blocks += _listed(name, things, reader, naming)
    return Message(headline, (*blocks, context(words("fresh"))))


def _listed(name: str, things: Sequence[Listed], reader: Reader, naming: Naming) -> Iterator[Block]:
    words = Words("home", reader)
    yield header(words("heading", name, len(things)))
    if not things:
        yield section(words("nothing", name))
    for one in things[:MOST]:
        yield from row(one, reader, naming).blocks
    if len(things) > MOST:
        yield context(words("rest", len(things) - MOST))
