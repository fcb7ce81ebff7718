"""How does a question become an answer, and a wish a decision? The one path that every way in takes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from assistant import rendering
from assistant.acts import ACTS
from assistant.acts.authority import sees_product, sees_service
from assistant.deciding import Refused
from assistant.errors import UserError
from assistant.matching import Known
from assistant.policy import Policy
from assistant.questions import QUESTIONS
from assistant.rendering import Message
from assistant.router import Unclear, route
from assistant.scopes import release_subject
from assistant.sentences import told
from assistant.subject import Candidates, Subject
from assistant.subjects import lookups, resolve
from assistant.viewer import Viewer
from storage.facts import Needs
from storage.records import Event, Freeze, Record, Release, Train

if TYPE_CHECKING:
    from storage.ledger import Ledger

JUST_NOW = timedelta(minutes=1)  # a moment nearer than this is the present: nothing has to be unlearnt for it


@dataclass(frozen=True, slots=True)
class Reply:
    """A message, the answer it shows (None: there was none to give), and how to remember that it was seen."""

    message: Message
    answer: Any | None
    seen: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did: a sentence for the person, and the events that are now in the ledger."""

    text: str
    events: tuple[Event, ...]


class Desk:
    """Asks, acts and recalls for whoever comes; safe to use from many threads.

    ``clock`` is read by the edges (commands, digests), and here only to tell a named past moment from the present.
    """

    def __init__(self, ledger: "Ledger", policy: Policy, clock: Callable[[], datetime]) -> None:
        self.ledger = ledger
        self.policy = policy
        self.clock = clock

    # Asking

    def ask(self, text: str, viewer: Viewer, now: datetime, *, screen: str = "first") -> Reply:
        """Answer plain words; what is not understood is answered with what can be asked."""
        asked = route(text)
        if isinstance(asked, Unclear):
            return _said(rendering.unclear(asked, viewer, now))
        if asked.question == "releases":
            return self.releases(viewer, now)
        return self.blocking(asked.about, viewer, now, screen=screen)

    def blocking(self, about: str, viewer: Viewer, now: datetime, *, screen: str = "first", page: int = 0) -> Reply:
        """Answer what blocks the thing that ``about`` names; ``page`` is the first blocker of screen "all"."""
        with self._known_at(now) as ledger:
            subject = self._meant(ledger, about, viewer)
            if isinstance(subject, Candidates):
                return _said(rendering.render(subject, viewer, now))
            return self._answered(ledger, "blocking", subject, viewer, now, screen=screen, page=page)

    def releases(self, viewer: Viewer, now: datetime) -> Reply:
        """Answer which releases are open and how each stands."""
        with self._known_at(now) as ledger:
            return self._answered(ledger, "releases", None, viewer, now)
