"""How does somebody hand something off: by `/handoff`, from a message, or from an answer?"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slack_bolt import App

    from assistant.desk import Desk
    from digests.speaking import Digests


def register(app: "App", desk: "Desk", digests: "Digests") -> None:
    """Open the form and save what it says."""
