"""What does an answer not know, and what would change that?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unknown:
    """One gap: a stable ``key``, the sentence, the next step that closes it; ``decides``: the verdict hangs on it.

    ``in_settings``: the next step is for whoever keeps the configuration, and no use to a reader in a chat.
    """

    key: str
    says: str
    next_step: str
    decides: bool = False
    in_settings: bool = False

    def as_data(self) -> dict[str, object]:
        """The gap as JSON values."""
        return {"key": self.key, "says": self.says, "next_step": self.next_step, "decides": self.decides}
