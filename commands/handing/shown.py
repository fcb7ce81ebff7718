"""What does a form about a handoff know: the handoff as it stands, who is shown it, and what they filled in before?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commands import forms

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.handoffs.standing import Stand
    from commands.working import Errand
    from storage.records import Handoff

VIA = "slack"
Wished = tuple[str, Any]  # an act's name, and its wish


@dataclass(frozen=True, slots=True)
class Shown:
    """A handoff as it stands, for the one who is shown a form about it; ``was`` is what they filled in before."""

    desk: "Desk"
    errand: "Errand"
    stand: "Stand"
    was: Mapping[str, Any]

    def said(self, name: str) -> str:
        """What was filled in before; nothing at first."""
        return forms.read(self.was, name)

    @property
    def handoff(self) -> "Handoff":
        """What it is about."""
        return self.stand.handoff
