"""Who takes a review that waits?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.attending import attended, called, held, thing
from assistant.deciding import Outcome, Records, Refused
from assistant.people import people_of
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.naming import account_object
from storage.records import Account, Change, TurnKind

NAME = "take_review"
HELP = "Take the review of a change that waits for one: it is your move then."
_WAITING = {TurnKind.REVIEW_PENDING, TurnKind.DEPENDENCY}


@dataclass(frozen=True, slots=True)
class Wish:
    """Review ``about`` (``change:acme/api#101``, or ``acme/api#101``).

    ``author`` is its author's account where whoever wishes knows it: so somebody who proved it theirs is known by it.
    """

    about: str
    author: str | None = None


def objects(wish: Wish) -> tuple[str, ...]:
    """The change, what people did about it, and its author's account."""
    return (*held(wish.about), *((account_object(wish.author),) if wish.author else ()))


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Take it: of an open change that waits for a review, for any insider who may see it but its author."""
    found = thing(records, wish.about, who, policy, now)
    if isinstance(found, Refused):
        return found
    name, change = found
    if not isinstance(change, Change):
        return Refused(f"{called(name, change)} is no change: there is nothing to review.")
    if change.draft or (change.move and change.move.kind not in _WAITING):
        return Refused(f"{called(name, change)} does not wait for a review now.")
    accounts = [record for record in records.values() if isinstance(record, Account)]
    if people_of(policy, accounts).same(change.author, who.key):
        return Refused(f"You wrote {called(name, change)}: somebody else has to review it.")
    return (attended(name, "attention.taken", who, now, {"called": called(name, change)}),)
