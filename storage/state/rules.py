"""What does folding need to be told that no event says?"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FoldRules:
    """Configuration that the states rest on; another configuration makes other states (see ``fingerprint``).

    ``bots`` are logins, casefolded, beside those that are bots by type or by ``[bot]``; ``people`` are logins,
    casefolded, that somebody said are none, whatever else speaks for it. ``required_checks`` and
    ``approvals`` go by repository (casefolded) and are absent where nobody said. ``ai_labels`` mark a change as
    AI-written by declaration. ``identities`` are an organisation's own e-mail or login patterns of AI authors with
    their confidence.
    """

    bots: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    required_checks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    approvals: Mapping[str, int] = field(default_factory=dict)
    ai_labels: tuple[str, ...] = ("ai-generated", "ai-assisted", "ai generated", "ai assisted")
    identities: tuple[tuple[str, float], ...] = ()

    def fingerprint(self) -> str:
        """A text that is equal exactly when the states that these rules make are."""
        return repr((
            sorted(self.bots), sorted(self.people),
            sorted(self.required_checks.items()), sorted(self.approvals.items()),
            sorted(self.ai_labels), sorted(self.identities),
        ))  # fmt: skip
