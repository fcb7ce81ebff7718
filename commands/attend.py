"""What happens when somebody presses a button below a thing that was brought to them?

They see to it, take its review, say that it is not theirs, or put it off: an act like any other. Then its row says so
in place of its buttons, by name and without a mention. Of two who press at once nothing is lost: what stands in the
message is read off the ledger, again until it no longer changes.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from assistant.acts import acknowledge, decline_move, snooze, take_review
from assistant.errors import UserError
from assistant.rendering import Message
from assistant.showing import pressing
from assistant.showing.attended import about_of, renewed
from commands.working import Errand, handing_on
from digests.refreshing import became, posted_at, reader_of
from storage.records import Change

if TYPE_CHECKING:
    from slack_bolt import App

    from assistant.desk import Desk

OLD = "This button says nothing that I know. Ask again, and press the button of the new answer."
_TRIES = 5  # others may press meanwhile
Wished = tuple[str, Any]  # an act's name, and its wish


def register(app: "App", desk: "Desk") -> None:
    """Take the buttons of every row."""
    wishes: Mapping[str, Callable[[str], Wished]] = {
        pressing.ACKNOWLEDGE: lambda about: (acknowledge.NAME, acknowledge.Wish(about)),
        pressing.DECLINE: lambda about: (decline_move.NAME, decline_move.Wish(about)),
        pressing.TAKE: lambda about: (take_review.NAME, take_review.Wish(about, author_of(desk, about))),
        pressing.TOMORROW: lambda about: (snooze.NAME, snooze.Wish(about, "tomorrow")),
        pressing.NEXT_WEEK: lambda about: (snooze.NAME, snooze.Wish(about, "next week")),
    }
    for action, wish in wishes.items():
        app.action(action)(handing_on(_pressed(desk, wish)))


def _pressed(desk: "Desk", wish: Callable[[str], Wished]) -> Callable[[Errand], None]:
    return lambda errand: attend(desk, errand, wish)


def author_of(desk: "Desk", about: str) -> str | None:
    """The account that wrote a change; None of anything else."""
    found = desk.ledger.get((about,)).get(about)
    return found.author if isinstance(found, Change) else None


def attend(desk: "Desk", errand: Errand, wish: Callable[[str], Wished]) -> None:
    """Do what the pressed button says, and show it where it stood; a refusal is told to whoever pressed."""
    about = about_of((errand.body.get("actions") or [{}])[0].get("value"))
    if about is None:
        raise UserError(OLD)
    try:
        said = desk.act(*wish(about), errand.viewer, errand.now).text
    except UserError:
        show(desk, errand)  # where the thing is over, its row says so from now on
        raise
    if not show(desk, errand):
        errand.say(said)


def show(desk: "Desk", errand: Errand) -> bool:
    """Bring the pressed message up to date; False where it can't be changed."""
    container = errand.body.get("container") or {}
    channel, ts = str(container.get("channel_id") or ""), str(container.get("message_ts") or "")
    sent = errand.body.get("message") or {}
    if errand.private:
        now_says = _anew(desk, errand, sent, ts)
        if now_says:
            errand.tell(Message(str(now_says.get("text") or "…"), tuple(now_says["blocks"])), replace=True)
        return now_says is not None
    if not (channel and ts):
        return False
    return in_place(errand, channel, ts, lambda: _kept(desk, errand, channel, ts) or _anew(desk, errand, sent, ts))


def in_place(errand: Errand, channel: str, ts: str, says: Callable[[], Mapping[str, Any] | None]) -> bool:
    """Update the message until it says what is to stand there; False where it is nowhere or not ours to change."""
    from slack_sdk.errors import SlackApiError

    shown: Mapping[str, Any] | None = None
    for _ in range(_TRIES):
        newest = says()
        if newest is None or newest == shown:
            break
        try:
            errand.client.chat_update(
                channel=channel, ts=ts, text=str(newest.get("text") or "…"), blocks=list(newest["blocks"]),
                parse="none", link_names=False,
            )  # fmt: skip
        except SlackApiError:
            return False
        shown = newest
    return shown is not None


def _kept(desk: "Desk", errand: Errand, channel: str, ts: str) -> Mapping[str, Any] | None:
    """The message as the outbox keeps it, brought up to date there; None where it keeps none."""
    outbox = desk.ledger.outbox
    found = outbox.find(channel, ts)
    if found is None:
        return None
    reader = reader_of(found[0], ts, desk.ledger, desk.policy)
    lines = became(found[1], desk.ledger, names(errand), reader, errand.now)
    changed = outbox.amend(channel, ts, lambda said: renewed(said, lines), errand.now)
    return changed or found[1]


def _anew(desk: "Desk", errand: Errand, sent: Mapping[str, Any], ts: str) -> Mapping[str, Any] | None:
    """The message as Slack sent it along, brought up to date; None where it sent none, or nothing changes."""
    if not sent.get("blocks"):
        return None
    from assistant.rendering import reader_of as reading

    lines = became(sent, desk.ledger, names(errand), reading(errand.viewer, posted_at(ts)), errand.now)
    return renewed(sent, lines)


def names(errand: Errand) -> Callable[[str], str]:
    """What people are called: as the configuration says, else as Slack does."""
    return lambda key: errand.viewer.name if key == errand.viewer.key else errand.people.name(key, errand.now)
