"""What does a handoff read like to whoever receives it, to whoever sent it, and where it lies no more?

One message says all that is needed to act and the state that is true now, with who and when; its buttons are those of
the move that is next. It stands for days, so that times are said by their day, and it is put right in place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Literal
from urllib.parse import urlsplit

from markupsafe import Markup

from assistant.blocks import MOST_IN_ALL, MOST_TEXT, Block, Message, actions, context, cut, section, weight
from assistant.handoffs.functions import Functions
from assistant.handoffs.standing import DONE, RECEIVERS, Stand
from assistant.handoffs.timing import snoozed_until
from assistant.mentioning import Naming
from assistant.showing import handing
from assistant.telling import Reader
from assistant.words import Words, clip, escape, joined, link
from storage.records import HandoffState, Step

ForWhom = Literal["receiver", "sender", "past"]
LONGEST_NAME, MOST_LATER = 60, 5
_APART = Markup(" · ")
_CHECKLIST, _LINKS, _MOST_CHAIN = 2_000, 1_800, 10
_STATES = {
    HandoffState.ACKNOWLEDGED: "handoff.acknowledged",
    HandoffState.RETURNED: "handoff.returned",
    HandoffState.DONE: "handoff.done",
    HandoffState.DONE_WITH_RISK: "handoff.done",
    HandoffState.STALE: "handoff.done",
    HandoffState.WITHDRAWN: "handoff.withdrawn",
    HandoffState.OPEN: "handoff.resent",
}  # the step that led there
_LED = frozenset({*_STATES.values(), "handoff.opened", "handoff.reassigned"})
_UNDO = frozenset({"handoff.acknowledged", "handoff.returned", "handoff.resent"})


@dataclass(frozen=True, slots=True)
class Card:
    """A handoff as its template reads it; whoever is named is markup already."""

    for_whom: str
    personal: bool
    sender: Markup
    receiver: Markup | str
    mover: Markup
    who: Markup  # who brought it into its state
    at: datetime
    why: str
    via: str
    again: bool  # it was sent again
    undone: bool  # it was done before that, and is not after all
    waits: bool  # for its receiver
    open: bool
    state: str
    about: str
    title: str
    url: str | None
    needed: str
    due: datetime | None
    overdue: bool
    gating: bool
    snoozed: datetime | None
    checklist: tuple[str, ...]
    ticked: tuple[str, ...]
    signed: bool
    looked_at: str
    looked_url: str | None
    risk: str
    came: str  # how much landed since
    later: tuple[Markup, ...]
    rest: str  # how much of it is not among these
    to: str
    names: tuple[str, str]

    def __getattr__(self, name: str) -> str:
        """``from`` is no name in Python, and the word for it in a template."""
        if name == "from":
            return self.names[0]
        raise AttributeError(name)


def message(  # noqa: PLR0913  a handoff, its chain, its reader, and in which part they read it
    stand: Stand, chain: Sequence[Stand], reader: Reader, naming: Naming, *, for_whom: ForWhom,
    personal: bool = True, notes: Sequence[str] = (), text: str = "",
) -> Message:  # fmt: skip
    """The message about one handoff; ``notes`` are lines of its own, ``text`` what a notification says instead.

    ``personal`` is False in a channel. Of what came later that is counted which the reader may not see, and not named.
    """
    words = Words("handoff", reader)
    card = card_of(stand, reader, naming, for_whom, personal=personal)
    state = words("elsewhere", card) if for_whom == "past" else words("state", card)
    told = [state, words("later", card) if card.later and for_whom != "past" else "", *notes]
    asked = [words("headline", card), words("asked", card), words("terms", card)]
    blocks: list[Block] = [section(asked[0]), section("\n".join(line for line in asked[1:] if line))]
    optional = [_checklist(card, words), _linked(stand), _chain(stand, chain, naming, words)]
    below = [section("\n".join(line for line in told if line)), *_buttons(stand, for_whom)]
    for part in optional:  # what is most needed comes first: what no longer fits is left out
        if part and weight([*blocks, part, *below]) <= MOST_IN_ALL - MOST_TEXT:
            blocks.append(part)
    said = "\n".join(line for line in (text or words("notification", card), *asked, *told) if line)
    return Message(cut(said, MOST_TEXT), (*blocks, *below))


def card_of(stand: Stand, reader: Reader, naming: Naming, for_whom: str, *, personal: bool = True) -> Card:
    """A handoff as its template reads it."""
    handoff, functions = stand.handoff, Functions(naming.people.policy)
    step, signed = _led(stand), handoff.signed
    done = stand.state in DONE or stand.state is HandoffState.STALE
    names = functions.name(handoff.from_function), functions.name(handoff.to_function)
    receiver = named(handoff.receiver, naming) if handoff.receiver else ""
    movers = [named(one.key, naming, one.name) for one in stand.movers]
    return Card(
        for_whom=for_whom, personal=personal, sender=named(handoff.sender, naming), receiver=receiver,
        mover=joined(movers or [receiver or clip(names[1], LONGEST_NAME)], " or "),
        who=named(step.by if step else handoff.sender, naming),
        at=stand.since if stand.state in {HandoffState.STALE, HandoffState.OPEN} else step.at if step else stand.since,
        why=(step.said if step else "") or (handoff.returned_why or "" if stand.state is HandoffState.RETURNED else ""),
        via=step.via if step else "", again=stand.state is HandoffState.OPEN and step is not None,
        undone=step is not None and _undoes(stand, step),
        waits=stand.state in RECEIVERS, open=stand.open, state=stand.state.value, about=stand.about or handoff.about,
        title=stand.title,
        url=stand.url, needed=handoff.needed,
        due=stand.due_at if stand.open else handoff.due_at, overdue=stand.overdue(reader.now),
        gating=handoff.gating, snoozed=snoozed_until(handoff, reader.now) if stand.open else None,
        checklist=handoff.checklist, ticked=signed.ticked if signed else (), signed=signed is not None and done,
        looked_at=signed.looked_at if signed else "", looked_url=signed.url if signed else None,
        risk=(signed.risk or "") if signed else "", came=stand.came, rest=stand.beyond(len(stand.named[:MOST_LATER])),
        later=tuple(link(one.url, one.name, 80) for one in stand.named[:MOST_LATER]),
        to=names[1], names=names,
    )  # fmt: skip


def named(key: str, naming: Naming, otherwise: str = "") -> Markup:
    """What somebody is called; whom only Slack knows is named by Slack."""
    settled = naming.people.settled(key)
    kind, _, rest = settled.partition("/")
    if kind == "slack" and rest.isalnum():
        return Markup("<@{}>").format(rest)
    if kind == "function":
        return escape(clip(otherwise or Functions(naming.people.policy).name(rest), LONGEST_NAME))
    return escape(clip(naming.people.name(settled), LONGEST_NAME))


def step_said(stand: Stand, step: Step, reader: Reader, naming: Naming) -> str:
    """One step as a line; empty for one that is not told."""
    words, kind = Words("handoff", reader), step.kind.removeprefix("handoff.")
    to = step.receiver or (f"function/{step.to_function}" if step.to_function else "")
    one = {
        "kind": kind, "who": named(step.by, naming), "via": step.via, "said": step.said, "until": step.until,
        "whom": named(to, naming) if to else "", "undone": _undoes(stand, step),
    }  # fmt: skip
    if kind == "done":
        signed = stand.handoff.signed
        ours = signed if signed and signed.at == step.at else None
        left = [item for item in stand.handoff.checklist if ours and item not in ours.ticked]
        return words("done", one, ours.looked_at if ours else step.said, ours.risk if ours else None, left)
    return words("step", one)


def _led(stand: Stand) -> Step | None:
    """The newest step that led into the state; None where it has been so from the beginning, or was passed on since."""
    kind = _STATES[stand.state]
    for step in reversed(stand.handoff.steps):
        if step.kind == kind:
            return step
        if step.kind in {"handoff.reassigned", "handoff.opened"} and stand.state is HandoffState.OPEN:
            return None
    return None


def _undoes(stand: Stand, step: Step) -> bool:
    """Whether somebody took back by a step what was done, though nothing had come since."""
    steps = stand.handoff.steps
    earlier = steps[: steps.index(step)] if step in steps else ()
    before = next((one for one in reversed(earlier) if one.kind in _LED), None)
    return step.kind in _UNDO and step.since is None and before is not None and before.kind == "handoff.done"


def _checklist(card: Card, words: Words) -> Block | None:
    return section(words("checklist", card), None, _CHECKLIST) if card.checklist else None


def _linked(stand: Stand) -> Block | None:
    """The links that it came with, as many as there is room for."""
    said: list[Markup] = []
    for url in stand.handoff.links:
        one = link(url, _label(url), 80)
        if len(_APART.join([*said, one])) > _LINKS:
            break
        said.append(one)
    rest = len(stand.handoff.links) - len(said)
    more = [escape(f"and {rest} more")] if rest else []
    return section(_APART.join([*said, *more])) if said else None


def _label(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.hostname}{parts.path.rstrip('/')}" if parts.hostname else url


def _chain(stand: Stand, chain: Sequence[Stand], naming: Naming, words: Words) -> Block | None:
    """Through which functions it goes, and how far each is; nothing where it stands alone."""
    if len(chain) <= 1:
        return None
    functions = Functions(naming.people.policy)
    ends = [(functions.name(one.handoff.from_function), functions.name(one.handoff.to_function)) for one in chain]
    before = ["", *(first[1] for first, _ in pairwise([*ends, ("", "")]))]
    links = [
        {"from": ends[at][0], "to": ends[at][1], "before": before[at], "state": one.state.value,
         "here": one.handoff.object == stand.handoff.object}
        for at, one in enumerate(chain[-_MOST_CHAIN:], max(0, len(chain) - _MOST_CHAIN))
    ]  # fmt: skip
    return context(words("chain", links))


def _buttons(stand: Stand, for_whom: ForWhom) -> tuple[Block, ...]:
    """What may be pressed: the receiver's moves while it is theirs, the sender's where it came back."""
    about = stand.handoff.object
    pressed: list[Block | None] = []
    if for_whom == "receiver" and stand.state in RECEIVERS:
        taken = stand.state is HandoffState.ACKNOWLEDGED
        style = None if taken else "primary"
        pressed = [
            None if taken else handing.pressing("Acknowledge", handing.ACKNOWLEDGE, style, handoff=about),
            handing.pressing("Done…", handing.DONE, "primary" if taken else None, handoff=about),
            handing.pressing("Return…", handing.RETURN, None, handoff=about),
            handing.more(about, ((handing.SNOOZE, "Remind me tomorrow"), (handing.REASSIGN, "Pass it on…"))),
        ]  # fmt: skip
    elif for_whom == "sender" and stand.open:
        back = stand.state is HandoffState.RETURNED
        pressed = [
            handing.pressing("Send again…", handing.RESEND, "primary", handoff=about) if back else None,
            handing.more(about, (
                *(() if back else ((handing.REASSIGN, "Hand it to somebody else…"),)),
                (handing.DUE, "Change the due time…"), (handing.WITHDRAW, "Withdraw it…"),
            )),
        ]  # fmt: skip
    elif for_whom != "past" and stand.state in DONE:
        receives = for_whom == "receiver"
        pressed = [handing.more(about, handing.undoing(receives=receives, sends=not receives))]
    made = [one for one in pressed if one]
    return (actions(*made),) if made else ()
