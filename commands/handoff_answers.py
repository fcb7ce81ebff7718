"""What happens when somebody presses a button of a handoff?"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slack_bolt import App

    from assistant.desk import Desk
    from digests.speaking import Digests


def register(app: "App", desk: "Desk", digests: "Digests") -> None:
    """Take its buttons and their forms."""
