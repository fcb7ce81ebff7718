"""Which releases have shipped and are not stable yet? Told when one begins anew, ships, or (nearly) is stable."""

from assistant.questions import stabilization
from digests.digest import Digest


def _quiet(answer: stabilization.Answer) -> bool:
    """Nothing began anew or is not over, shipped, became stable or is about to, and that much is known."""
    return not answer.news and not answer.untold


DIGEST = Digest(
    id="stabilization",
    title="Stabilization status",
    says="Each release that shipped and is not stable yet: its quiet days, what started them anew, and when they end.",
    question=stabilization.NAME,
    quiet=_quiet,
)
