"""What is known of a question that has no answer yet: its name was unknown or ambiguous, or its words asked nothing?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.questions import blocking
from assistant.router import Unclear
from assistant.since import stamp
from assistant.subject import Candidates
from assistant.unknowns import Unknown
from assistant.verdicts import Verdict

_AGAIN = "Ask again in the words of one of the candidates."
_NOTHING_YET = "Connect a source, import deliveries, or plan a release; then there is something to ask about."


@dataclass(frozen=True, slots=True)
class Unsettled:
    """The question as far as it was understood (None: not at all), why it was not settled, and what can be asked.

    ``candidates`` are (label, words that typed again are understood), likeliest first.
    """

    question: str | None
    asked_at: datetime
    unknown: Unknown
    candidates: tuple[tuple[str, str], ...]
    freshness: Mapping[str, datetime]

    def as_data(self) -> dict[str, Any]:
        """The keys that every answer has as JSON values, and the candidates."""
        return {
            "question": self.question,
            "asked_at": stamp(self.asked_at),
            "verdict": Verdict.UNKNOWN,
            "unknown": [self.unknown.as_data()],
            "candidates": [{"label": label, "words": words} for label, words in self.candidates],
            "freshness": {source: stamp(at) for source, at in sorted(self.freshness.items())},
        }


def unsettled(
    why: Candidates | Unclear, freshness: Mapping[str, datetime], now: datetime, question: str = blocking.NAME
) -> Unsettled:
    """What to say, as data, where a question (by its name) is answered by a question."""
    if isinstance(why, Unclear):
        gap = Unknown("question", why.reason, _AGAIN, decides=True)
        return Unsettled(None, now, gap, tuple((text, text) for text in why.suggestions), freshness)
    gap = Unknown("subject", why.question, _AGAIN if why.options else _NOTHING_YET, decides=True)
    return Unsettled(question, now, gap, tuple((option.label, option.words) for option in why.options), freshness)
