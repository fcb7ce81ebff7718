"""What is a digest?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

WORKING_DAYS = (0, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Digest:
    """The declaration of one digest: which question it answers unasked, and when.

    ``question`` is the name of its question, whose template has the words, the sentence for "nothing here" among
    them. ``days`` (0 is Monday) and ``time`` are what a new subscription starts from. ``quiet`` says of an answer that
    nothing needs action and nothing changed: then nothing is posted. ``personal`` digests go to one person only.
    """

    id: str
    title: str
    says: str
    question: str
    quiet: Callable[[Any], bool]
    days: tuple[int, ...] = WORKING_DAYS
    time: str = "09:00"
    personal: bool = False
