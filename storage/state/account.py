"""Is a code account a bot, and which person proved it theirs?"""

from collections.abc import Sequence

from storage.naming import subject_of
from storage.records import Account, Folded, KnownEvent
from storage.state.rules import FoldRules
from storage.state.stated import word


def fold_account(object_name: str, events: Sequence[KnownEvent], _: FoldRules) -> Folded:
    """Fold an account's events, ordered. It is a person's when a claim's code was written by the account itself.

    ``code_hash`` is that of the newest claim, proved or not. A newer proof takes the account over; a claim alone, or
    a proof of a code that nobody claimed, changes nothing.
    """
    claims: dict[str, str] = {}
    is_bot: bool | None = None
    code: str | None = None
    for event in events:
        if event.kind == "account.claimed":
            code, person = word(event.data, "code_hash"), word(event.data, "person")
            if code and person:
                claims.setdefault(code, person)
        elif event.kind == "corrected.bot":
            told = event.data.get("is_bot")
            is_bot = told if isinstance(told, bool) else None
    person = None
    for event in events:
        if event.kind == "account.proved":
            person = claims.get(word(event.data, "code_hash") or "", person)
    login = subject_of(object_name).rpartition("/")[2]
    return Folded(Account(object=object_name, login=login, is_bot=is_bot, person=person, code_hash=code))
