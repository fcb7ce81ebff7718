"""What does the ledger know of a name that somebody said?"""

from typing import TYPE_CHECKING

from assistant.matching import Known
from assistant.policy import Policy
from assistant.subject import Subject, SubjectKind
from assistant.subjects import lookups, resolve
from assistant.viewer import Viewer
from storage.naming import kind_of
from storage.records import ObjectKind, Train

if TYPE_CHECKING:
    from storage.ledger import Ledger


def known_of(ledger: "Ledger", about: str, policy: Policy, viewer: Viewer) -> Known:
    """What the ledger knows of a name: nothing more than the name asks for, unless nothing is called so."""
    wanted = lookups(about, policy, viewer)
    repositories = ledger.repositories()
    visible = viewer.visible(repositories)
    trains = tuple(one for one in ledger.standing(ObjectKind.TRAIN) if isinstance(one, Train))
    if wanted.number is not None:
        exact = tuple(name for name in ledger.get(wanted.objects))
        return Known((), trains, exact or _numbered(ledger, wanted.number, visible), repositories)
    named = [one for key in wanted.keys for one in ledger.named(key, visible)]
    exact = tuple(ledger.get(wanted.objects)) if wanted.objects else ()
    known = Known(tuple(dict.fromkeys(named)), trains, exact, repositories)
    if (named or exact or _of_policy(about)) and isinstance(resolve(about, known, policy, viewer), Subject):
        return known
    return Known(ledger.named(None, visible), trains, exact, repositories)


def _of_policy(about: str) -> bool:
    """Whether the name says that it is of a kind whose names are known without asking what releases are called."""
    return about.partition(" ")[0].casefold() in {SubjectKind.TEAM, SubjectKind.SERVICE, SubjectKind.TRAIN}


def _numbered(ledger: "Ledger", number: int, visible: frozenset[str] | None) -> tuple[str, ...]:
    found = ledger.find_change(number, visible)
    return tuple(name for name in found if kind_of(name) == ObjectKind.CHANGE) or found
