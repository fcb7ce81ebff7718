"""What does a command of the terminal get to work with?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.errors import UserError
from commands.settings import Settings

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.policy import Policy
    from assistant.viewer import Viewer
    from digests.speaking import Digests
    from storage.ledger import Ledger
    from storage.records import Outcome, Taken


def _nothing_said() -> "Digests":
    message = "Nothing is said unasked here."
    raise UserError(message)


@dataclass(frozen=True, slots=True)
class Tools:
    """Settings, the clock, and what is built only when first asked for; handed to every command by the root."""

    settings: Settings
    now: Callable[[], datetime]
    policy: Callable[[], "Policy"]
    ledger: Callable[[], "Ledger"]
    desk: Callable[[], "Desk"]
    digests: Callable[[], "Digests"] = _nothing_said

    def append(self, taken: "Sequence[Taken]") -> "list[Outcome]":
        """Store deliveries; those of repositories that the configuration does not list are kept, not counted."""
        return self.ledger().append(taken, self.policy().counts)

    def viewer(self, person: str | None = None) -> "Viewer":
        """Whoever sits at the terminal, who sees everything: who holds the database holds it all.

        With the key of a person, that person with that person's rights. Raises UserError for a key nobody has.
        """
        from assistant.viewer import Viewer, viewer_for

        policy = self.policy()
        if person is None:
            zone = policy.workspace.zone or policy.hours.zone or "UTC"
            return Viewer(f"terminal/{self.settings.user}", self.settings.user, zone)
        key = person.removeprefix("person/")
        entry = policy.people.get(key)
        if entry is None:
            message = f"{key!r} is no key of [people]; there are: {', '.join(policy.people) or 'none'}"
            raise UserError(message)
        return viewer_for(policy, f"person/{key}", entry.name or key)
