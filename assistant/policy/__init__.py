"""What has the company decided: thresholds, service levels, calendars, people, and who may what?

One TOML file, typed and defaulted; every default is the one that the definitions name.
"""

from assistant.policy.loading import PolicyError, load_policy
from assistant.policy.model import Policy

__all__ = ["Policy", "PolicyError", "load_policy"]
