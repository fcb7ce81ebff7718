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
HELP = """What you can type:
• `/handoffs`: what is open of the team whose channel this is, elsewhere everything
• `/handoffs everything`: what is open anywhere that you may see
• `/handoffs mine`: what waits for you, and what you wait for
• `/handoffs 2.4`, `/handoffs service api`, `/handoffs team core`, `/handoffs SHOP-12`: what is open about that
• `/handoffs qa`, `/handoffs qa in 2.4`: what a function was handed, and what it handed off
• `/handoffs round 2.4`: ask each function whether a release is ready
`/handoff` hands something off."""
_HELP_WANTED = {"help", "-h", "--help", "?"}


def register(app: "App", desk: "Desk", digests: "Digests") -> None:
    """List what is open; words that begin with "round" begin one."""

    def asked(errand: Errand) -> None:
        first, _, rest = errand.text.partition(" ")
        if first.casefold() == ROUND:
            rounds.begin(desk, digests, errand, rest.strip())
            return
        if errand.text.strip().casefold() in _HELP_WANTED:
            errand.say(HELP)
            return
        errand.show(desk.answer(handoffs.NAME, errand.text, errand.viewer, errand.now))

    app.command("/handoffs")(handing_on(asked))
