"""What can a person ask about, and what is offered when a name fits several things or none?"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

ONE_OF_THESE = "Did you mean one of these?"


class SubjectKind(StrEnum):
    """The kinds of thing that can be blocked."""

    RELEASE = "release"
    SERVICE = "service"  # its next: merged and not in production, plus ready for review
    TRAIN = "train"
    TEAM = "team"
    CHANGE = "change"  # a change, or a ticket (feature, bug) as the forge numbers them
    WORKSPACE = "workspace"  # everything that the reader may see


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that was meant.

    ``name`` is what people read (``checkout 2.4``), ``words`` what typed again means exactly this, ``object`` its full
    name where it has one. ``repositories`` limit where its work is (None: anywhere); ``keys`` are the version keys
    by which its members name it; ``teams`` whose past speaks for it.
    """

    kind: SubjectKind
    name: str
    words: str
    object: str | None = None
    product: str | None = None
    version: str | None = None
    repositories: tuple[str, ...] | None = None
    keys: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()

    @property
    def seed(self) -> str:
        """The text that simulations of this subject are seeded from."""
        return self.object or f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that may have been meant: its label, and the words that mean exactly it."""

    label: str
    words: str
    kind: SubjectKind


@dataclass(frozen=True, slots=True)
class Candidates:
    """A question back: ``asked`` as typed (empty: nothing was named), and what may be meant, likeliest first.

    ``known`` says whether the name fits several things (True) or nothing at all (False: options are near matches).
    """

    asked: str
    question: str
    options: tuple[Option, ...] = ()
    known: bool = True

    def asking(self, choices: Sequence[str], otherwise: str = "") -> str:
        """The question on one line of plain text with what there is to choose from; ``otherwise``: where nothing is."""
        about = self.question.removesuffix(ONE_OF_THESE).rstrip()
        if not choices:
            return f"{about} {otherwise}".strip()
        if about != self.question:
            one_of = " or ".join(part for part in (", ".join(choices[:-1]), choices[-1]) if part)
            return f"{about} Did you mean {one_of}?"
        return f"{about} {', '.join(choices)}." if self.known else f"{about} There are: {', '.join(choices)}."
