"""What does `/handoffs [release|team|mine]` answer?"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slack_bolt import App

    from assistant.desk import Desk
    from digests.speaking import Digests


def register(app: "App", desk: "Desk", digests: "Digests") -> None:
    """Answer the command."""
