"""How is a request acknowledged within Slack's three seconds and then worked on in peace?

A listener acknowledges and hands the rest to ``later``, which runs it on threads of our own (Bolt's five would refuse
the sixth slow command). What the person did wrong they read as it is; anything else is one calm sentence with a
reference that finds the log line.
"""

import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from assistant.errors import UserError
from assistant.rendering import Message, notice
from assistant.words import unescape
from commands.forms import carried
from commands.people import People
from commands.replays import key_of
from commands.telling import Tell, opened, teller

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from slack_bolt import Ack, BoltContext
    from slack_sdk import WebClient

    from assistant.desk import Desk, Reply
    from assistant.viewer import Viewer

THREADS = 32
OLD = "This button says nothing that I know. Ask again, and press the button of the new answer."
Wish = TypeVar("Wish", bound="DataclassInstance")


@dataclass(frozen=True, slots=True)
class Errand:
    """One acknowledged request: what came, from whom, when, and how to speak to them."""

    body: Mapping[str, Any]
    viewer: "Viewer"
    now: datetime
    client: "WebClient"
    people: People
    tell: Tell

    @property
    def text(self) -> str:
        """What was typed behind a slash command."""
        return unescape(str(self.body.get("text") or "")).strip()

    @property
    def pressed(self) -> dict[str, Any]:
        """What the pressed button carries, or the line that was chosen in its menu.

        Raises UserError where that is nothing of ours.
        """
        found = carried(self.body)
        if found is None:
            raise UserError(OLD)
        return found

    def word(self, name: str) -> str:
        """One thing that the pressed button carries; empty where it carries none, or no words."""
        found = self.pressed.get(name)
        return found if isinstance(found, str) else ""

    @property
    def private(self) -> bool:
        """Whether the pressed message is one that only this person sees."""
        return bool((self.body.get("container") or {}).get("is_ephemeral"))

    @property
    def channel(self) -> str:
        """Where this happens; empty in a form."""
        return self.viewer.channel or ""

    def settled(self, wish: Wish) -> Wish:
        """A wish in which the Slack users that were picked are the persons that they are."""
        picked: dict[str, Any] = {}
        if owner := getattr(wish, "owner", None):
            picked["owner"] = self._person(owner)
        if delegates := getattr(wish, "delegates", None):
            picked["delegates"] = tuple(self._person(user) for user in delegates)
        return replace(wish, **picked)

    def _person(self, picked: str) -> str:
        user = picked.removeprefix("slack/")
        return self.people.key(user, self.now) if user != picked else picked

    def show(self, reply: "Reply", *, replace: bool = False) -> None:
        """Send an answer, then remember that this person saw it."""
        self.tell(reply.message, replace=replace)
        reply.seen()

    def say(self, text: str) -> None:
        """Send a sentence, as plain words."""
        self.tell(notice(text), replace=False)


class Later(Protocol):
    """Hands work on, to be done after the acknowledgement; ``opens`` titles a form to show at once."""

    def __call__(self, work: Callable[[Errand], None], *, opens: str | None = None) -> None:
        """Return at once; the work runs on a thread of our own."""


class Listener(Protocol):
    """What Bolt calls for a request; the names of its arguments are how Bolt knows what to hand over."""

    def __call__(self, ack: "Ack", later: Later) -> None:
        """Acknowledge and hand on."""


def handing_on(work: Callable[[Errand], None], *, opens: str | None = None) -> Listener:
    """The listener that acknowledges at once and leaves the rest to ``work``."""

    def listener(ack: "Ack", later: Later) -> None:
        ack()
        later(work, opens=opens)

    return listener


class Working:
    """The threads that do what was acknowledged, and what happens when that goes wrong."""

    def __init__(self, desk: "Desk", people: People, threads: int = THREADS) -> None:
        self.people = people
        self._desk = desk
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="slack")
        self._underway: set[Future[None]] = set()
        self._lock = Lock()

    def later(
        self,
        context: "BoltContext",
        body: Mapping[str, Any],
        client: "WebClient",
        work: Callable[[Errand], None],
        *,
        opens: str | None = None,
    ) -> None:
        """Take an acknowledged request on."""
        task = self._threads.submit(self._run, context, body, client, work, opens)
        with self._lock:
            self._underway.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "Future[None]") -> None:
        with self._lock:
            self._underway.discard(task)

    def settle(self, seconds: float | None = None) -> bool:
        """Wait until everything taken on is done; False when ``seconds`` were not enough."""
        with self._lock:
            underway = set(self._underway)
        return not wait(underway, seconds).not_done

    def close(self) -> None:
        """Take nothing new on and finish what was acknowledged."""
        self._threads.shutdown(wait=True)

    def _run(
        self,
        context: "BoltContext",
        body: Mapping[str, Any],
        client: "WebClient",
        work: Callable[[Errand], None],
        opens: str | None,
    ) -> None:
        tell = teller(context, body, client)
        try:
            if opens:  # first of all: its trigger lasts three seconds
                tell = opened(opens, body, client)
            now = self._desk.clock()
            key = key_of(body)
            if key and not self._desk.ledger.remember_once(key, now):
                return
            viewer = self.people.member(context, now)
            work(Errand(body, viewer, now, client, self.people, tell))
        except UserError as problem:
            _tell(tell, notice(str(problem)))
        except Exception as problem:  # noqa: BLE001  the one way in: the person reads a calm sentence, the log the rest
            _tell(tell, notice(failed(named(body), problem)))


def _tell(tell: Tell, message: Message) -> None:
    """Say what went wrong; where even that fails there is only the log."""
    try:
        tell(message, replace=False)
    except Exception as problem:  # noqa: BLE001  nobody is left to tell
        failed("tell", problem)


def failed(action: str, problem: Exception) -> str:
    """Log what went wrong under a new reference, and return the sentence that names it."""
    import structlog

    reference = secrets.token_hex(4)
    structlog.get_logger("lastmile.slack").error("failed", action=action, reference=reference, exc_info=problem)
    return (
        "That did not work, and it is not your fault. Please try again in a minute; "
        f"if it goes on, give your admin this reference: {reference}"
    )


def named(body: Mapping[str, Any]) -> str:
    """What a request was for, in a word for the log: its command, button, form or event; never what was typed."""
    view, actions = body.get("view") or {}, body.get("actions") or [{}]
    return str(
        body.get("command")
        or actions[0].get("action_id")
        or view.get("callback_id")
        or (body.get("event") or {}).get("type")
        or body.get("type")
        or "request"
    )[:80]
