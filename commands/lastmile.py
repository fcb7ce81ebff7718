"""What does `/lastmile help | link github LOGIN | status` do?"""

import secrets
from typing import TYPE_CHECKING

from assistant.acts import link_account
from commands.working import Errand, handing_on

if TYPE_CHECKING:
    from slack_bolt import App

    from assistant.desk import Desk

USAGE = "I know `help`, `status` and `link github LOGIN`."
_LINK_WORDS = 3


def register(app: "App", desk: "Desk") -> None:
    """Help, the state of the sources, and linking oneself to a code account."""

    def asked(errand: Errand) -> None:
        words = errand.text.split()
        match [word.casefold() for word in words[:2]]:
            case [] | ["help", *_]:
                errand.show(desk.help(errand.viewer, errand.now))
            case ["status", *_]:
                errand.show(desk.status(errand.viewer, errand.now))
            case ["link", "github"] if len(words) == _LINK_WORDS:
                errand.say(link(desk, words[2], errand))
            case _:
                errand.say(USAGE)

    app.command("/lastmile")(handing_on(asked))


def link(desk: "Desk", login: str, errand: Errand) -> str:
    """Claim a GitHub account; the code by which its owner proves it is made here, and shown only to this person."""
    code = secrets.token_hex(16)
    done = desk.act(link_account.NAME, link_account.Wish(login, code), errand.viewer, errand.now)
    return f"{done.text} {link_account.how_to_prove(code)}"
