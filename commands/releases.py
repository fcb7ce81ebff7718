"""What does `/releases` answer?"""

from typing import TYPE_CHECKING

from commands.working import Errand, handing_on

if TYPE_CHECKING:
    from slack_bolt import App

    from assistant.desk import Desk


def register(app: "App", desk: "Desk") -> None:
    """List what is open, with verdicts."""

    def asked(errand: Errand) -> None:
        errand.show(desk.releases(errand.viewer, errand.now))

    app.command("/releases")(handing_on(asked))
