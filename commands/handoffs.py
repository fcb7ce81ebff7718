"""What does `/handoffs [release|team|mine]` answer, and how does `/handoffs round 2.4` begin a round?"""

from typing import TYPE_CHECKING

from assistant.questions import handoffs
from commands import rounds
from commands.working import Errand, handing_on

if TYPE_CHECKING:
    from slack_bolt import App

    from assistant.desk import Desk
    from digests.speaking import Digests

ROUND = "round"


def register(app: "App", desk: "Desk", digests: "Digests") -> None:
    """List what is open; words that begin with "round" begin one."""

    def asked(errand: Errand) -> None:
        first, _, rest = errand.text.partition(" ")
        if first.casefold() == ROUND:
            rounds.begin(desk, digests, errand, rest.strip())
            return
        errand.show(desk.answer(handoffs.NAME, errand.text, errand.viewer, errand.now))

    app.command("/handoffs")(handing_on(asked))
