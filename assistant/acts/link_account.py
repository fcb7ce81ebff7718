"""Which code account is mine? A claim, which the owner of the account proves by commenting a one-time code there.

The code is made at the edge and comes in with the wish; only its SHA-256 is kept. The proof arrives by intake: a
comment ``lastmile-link: <code>`` that this account writes on any issue or change of a connected repository.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from assistant.acts.authority import outsider
from assistant.deciding import LONGEST_NAME, Outcome, Records, Refused, cleaned, decided
from assistant.people import people_of
from assistant.persons import is_login
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.naming import account_object
from storage.records import Account, Record

NAME = "link_account"
HELP = "Claim a GitHub account as yours; you get a code, and prove it by commenting the code from that account."
SHORTEST_CODE = 16


@dataclass(frozen=True, slots=True)
class Wish:
    """The GitHub account ``login`` is mine; ``code`` is random, made for this wish (``secrets.token_hex(16)``)."""

    login: str
    code: str = field(repr=False)


def objects(wish: Wish) -> tuple[str, ...]:
    """The account."""
    return (account_object(f"github/{_login(wish)}"),)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Note the claim until it is proved; an account that is known to be somebody's can't be claimed."""
    (name,) = objects(wish)
    if refused := outsider(who) or _unfit(wish) or _taken(records.get(name), wish, who, policy):
        return refused
    code_hash = hashlib.sha256(wish.code.encode()).hexdigest()
    return (decided(name, "account.claimed", who, now, {"person": who.key, "code_hash": code_hash}),)


def how_to_prove(code: str) -> str:
    """What the person has to do, as a sentence."""
    return f"Now comment `lastmile-link: {code}` from that account on any issue or pull request that I watch."


def _unfit(wish: Wish) -> Refused | None:
    if not is_login(_login(wish)):
        return Refused(f'"{_login(wish)}" is no GitHub login of a person.')
    return Refused("The code is too short to prove anything.") if len(wish.code) < SHORTEST_CODE else None


def _taken(record: Record | None, wish: Wish, who: Viewer, policy: Policy) -> Refused | None:
    login = _login(wish)
    people = people_of(policy, (record,) if isinstance(record, Account) else ())
    if people.is_bot(f"github/{login}"):
        return Refused(f"{login} is a bot's account.")
    owner = people.person(f"github/{login}")
    if owner is None:
        return None
    if people.same(owner, who.key):
        return Refused(f"{login} is yours already.")
    return Refused(f"{login} is {people.name(owner)}'s account. If that is wrong, it is put right in [people].")


def _login(wish: Wish) -> str:
    return cleaned(wish.login, LONGEST_NAME).removeprefix("@").removeprefix("github/").casefold()
