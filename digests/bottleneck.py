"""Where is a team's value stuck this morning?"""

from assistant.questions import bottleneck
from digests.digest import Digest


def _quiet(answer: bottleneck.Answer) -> bool:
    """Nothing asks for anybody, nothing moved since the last one, and that much is known."""
    return answer.quiet


DIGEST = Digest(
    id="bottleneck",
    title="Daily bottleneck",
    says="Which stage of the last mile holds most, the three moves that free the most, and what moved since yesterday.",
    question=bottleneck.NAME,
    quiet=_quiet,
)
