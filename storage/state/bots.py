"""Is this account a person?"""

from collections.abc import Iterable, Mapping
from typing import Any

from storage.records import KnownEvent
from storage.state.rules import FoldRules

# Accounts of type User that answer by themselves; logins ending in [bot] need no list. The configuration adds more.
KNOWN_BOTS = frozenset({
    "allcontributors", "claassistant", "codecov-commenter", "coderabbitai", "codium-ai", "copilot",
    "copilot-pull-request-reviewer", "copilot-swe-agent", "cursoragent", "devin-ai-integration", "ellipsis-dev",
    "gemini-code-assist", "github-actions", "greptile-apps", "greptileai", "graphite-app", "k8s-ci-robot",
    "korbit-ai", "llamapreview", "qodo-merge-pro", "sonarcloud", "sourcery-ai", "tabbyml", "vercel", "what-the-diff",
})  # fmt: skip


def login_of(account: str) -> str:
    """The login of an account, casefolded: ``anna`` of ``github/Anna``."""
    return account.rpartition("/")[2].casefold()


def is_bot(account: str, account_type: str | None, rules: FoldRules) -> bool:
    """Whether an account (``github/<login>`` or a bare login) is no person.

    A person's word counts most (``rules.people``), then the configured list, the type that the forge gives, the
    ``[bot]`` ending and the well-known AI reviewers that forges call users. Source: definitions, "Bots are not people".
    """
    login = login_of(account)
    if login in rules.people:
        return False
    return login in rules.bots or account_type == "Bot" or login.endswith("[bot]") or login in KNOWN_BOTS


class Crowd:
    """The accounts that one subject's events speak of, with the types seen beside them."""

    def __init__(self, rules: FoldRules, types: Mapping[str, str]) -> None:
        """``types`` maps accounts to the type that the forge gave them, where it did."""
        self._rules = rules
        self._types = types
        self._people: dict[str, bool] = {}

    def is_person(self, account: str) -> bool:
        """Whether the account is no bot."""
        known = self._people.get(account)
        if known is None:
            known = self._people[account] = not is_bot(account, self._types.get(account), self._rules)
        return known

    def people(self, accounts: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the accounts that are people, in their order."""
        return tuple(account for account in accounts if self.is_person(account))


def types_of(events: Iterable[KnownEvent], told: Mapping[str, Any]) -> dict[str, str]:
    """The types of the accounts that the events and the subject's attributes speak of, as the forge gave them."""
    types: dict[str, str] = {}
    for data in (*(event.data for event in events), told):
        for role in ("author", "reviewer"):
            if (account := data.get(role)) and (account_type := data.get(f"{role}_type")):
                types[account] = account_type
    return types
