"""How is what nobody foresaw told to whoever runs this?"""

import secrets
from typing import Any

from storage.records import Subscription


def logged(subscription: Subscription, problem: Exception) -> str:
    """Log what failed of a subscription; its reference."""
    reference = secrets.token_hex(4)
    log().error("failed", action="digest", subscription=subscription.object, reference=reference, exc_info=problem)
    return reference


def failed(action: str, name: str, problem: Exception) -> str:
    """Log what failed of anything else that is said unasked, by its object; the reference."""
    reference = secrets.token_hex(4)
    log().error("failed", action=action, object=name, reference=reference, exc_info=problem)
    return reference


def log() -> Any:  # noqa: ANN401  structlog's own
    """The log of digests."""
    import structlog

    return structlog.get_logger("lastmile.digests")
