"""How does a question become an answer, and a wish a decision? The one path that every way in takes."""

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from assistant import rendering
from assistant.acts import ACTS
from assistant.deciding import Refused
from assistant.errors import UserError
from assistant.matching import Known
from assistant.policy import Policy
from assistant.questions import QUESTIONS, blocking, releases
from assistant.rendering import Message
from assistant.router import Asked, Unclear, route
from assistant.sentences import done
from assistant.subject import Candidates, Subject
from assistant.subjects import lookups, resolve
from assistant.viewer import Viewer
from storage.facts import Facts, Needs
from storage.records import Event, Freeze, Release, Train

if TYPE_CHECKING:
    from collections.abc import Iterator

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
