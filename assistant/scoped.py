"""What is asked about, and for whom, in every question about a scope: a team, a repository, a release, everything?"""

from dataclasses import dataclass

from assistant.subject import Subject
from assistant.viewer import Viewer
from storage.records import Handoff


@dataclass(frozen=True, slots=True)
class Scoped:
    """``known`` are all repositories that the ledger knows; ``releases`` those of the scope that shipped lately.

    ``handoffs`` are those that are open or were answered lately, for a question that lists them (HANDOFFS).
    ``part`` is which part of them is asked for, in the question's own words (``mine``, the key of a function).
    ``person`` is whose moves are asked for, as a key (``person/anna``, ``slack/U1``), where a question is about one.
    """

    subject: Subject
    viewer: Viewer
    known: tuple[str, ...] = ()
    releases: tuple[Subject, ...] = ()
    person: str | None = None
    handoffs: tuple[Handoff, ...] = ()
    part: str = ""

    @property
    def repositories(self) -> tuple[str, ...]:
        """The repositories of the scope that the viewer may see."""
        scope = self.known if self.subject.repositories is None else self.subject.repositories
        return tuple(name for name in scope if self.viewer.may_see(name))
