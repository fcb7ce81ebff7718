"""What does `/blocking [release|service|train|team|change]` answer, and what do its buttons show?"""

import re
from typing import TYPE_CHECKING

from assistant.questions import blocking
from assistant.screens import ALL, FIRST, PICK
from commands.working import Errand, handing_on

if TYPE_CHECKING:
    from slack_bolt import App

    from assistant.desk import Desk


def register(app: "App", desk: "Desk") -> None:
    """Answer the command, and the buttons that show everything, a page of it, the first screen, or what was meant."""

    def asked(errand: Errand) -> None:
        errand.show(desk.blocking(errand.text, errand.viewer, errand.now))

    def everything(errand: Errand) -> None:
        about, start = str(errand.pressed["about"]), int(errand.pressed.get("start", 0))
        reply = desk.blocking(about, errand.viewer, errand.now, screen="all", page=start)
        errand.show(reply, replace=errand.private)

    def first(errand: Errand) -> None:
        question = str(errand.pressed.get("question") or blocking.NAME)
        reply = desk.answer(question, str(errand.pressed["about"]), errand.viewer, errand.now)
        errand.show(reply, replace=errand.private)

    app.command("/blocking")(handing_on(asked))
    app.action(re.compile(rf"^{re.escape(ALL)}(\.top)?$"))(handing_on(everything))
    app.action(FIRST)(handing_on(first))
    app.action(re.compile(rf"^{re.escape(PICK)}\.\d+$"))(handing_on(first))
