"""What can be asked here, and is what the answers rest on still coming in?"""

from collections.abc import Mapping
from datetime import datetime

from assistant.blocks import MOST_TEXT, Message, cut, header, section
from assistant.questions import QUESTIONS
from assistant.rendering import words_for
from assistant.viewer import Viewer


def help_message(viewer: Viewer, now: datetime) -> Message:
    """Every question with its examples, from the questions themselves, and what can be decided."""
    words = words_for("help", viewer, now)
    asked = [words("question", question.NAME, question.HELP, question.EXAMPLES) for question in QUESTIONS]
    said = [*asked, words("acts")]
    headline = words("headline")
    return Message(cut("\n".join([headline, *said]), MOST_TEXT), (header(headline), *(section(text) for text in said)))


def status_message(newest: Mapping[str, datetime], viewer: Viewer, now: datetime) -> Message:
    """The newest event of each source, and what to do where there is none."""
    said = words_for("help", viewer, now)("sources", newest)
    return Message(cut(said, MOST_TEXT), (section(said),))
