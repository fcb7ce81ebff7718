"""Is this account a bot, although its forge says that it is a person, or the other way round?"""

from dataclasses import dataclass
from datetime import datetime

from assistant.acts.authority import outsider
from assistant.deciding import LONGEST_NAME, Outcome, Records, Refused, cleaned, decided
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.naming import account_object

NAME = "correct_bot"
HELP = "Say that an account is a bot, or that it is a person."


@dataclass(frozen=True, slots=True)
class Wish:
    """The GitHub account ``login`` is a bot, or a person."""

    login: str
    is_bot: bool
    why: str


def objects(wish: Wish) -> tuple[str, ...]:
    """The account."""
    return (account_object(f"github/{_login(wish)}"),)


def decide(_records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Correct it; an account that the configuration gives to a person stays a person's."""
    if refused := outsider(who):
        return refused
    login = _login(wish)
    if not login or " " in login or "/" in login:
        return Refused("Name the account by its login, like @renovate-bot.")
    owners = [entry.name or key for key, entry in policy.people.items() if login in map(str.casefold, entry.github)]
    if wish.is_bot and owners:
        return Refused(f"The configuration says that {login} is {owners[0]}'s account. Correct it there.")
    why = cleaned(wish.why)
    if not why:
        return Refused(f"Say why: the correction of {login} is kept with its reason.")
    return (decided(objects(wish)[0], "corrected.bot", who, now, {"is_bot": wish.is_bot, "why": why}),)


def _login(wish: Wish) -> str:
    return cleaned(wish.login, LONGEST_NAME).removeprefix("@").removeprefix("github/").casefold()
