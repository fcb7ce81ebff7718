"""Which work was written by AI, by evidence?"""

from storage.attribution.reading import Marks, account_address, of_change, of_commit, of_identities, of_labels
from storage.attribution.rules import RULES_VERSION

__all__ = ["RULES_VERSION", "Marks", "account_address", "of_change", "of_commit", "of_identities", "of_labels"]
