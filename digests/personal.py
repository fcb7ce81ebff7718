"""What waits for one person this morning?"""

from assistant.questions import moves
from digests.digest import Digest


def quiet(answer: moves.Answer) -> bool:
    """Whether nothing waits for them, as far as is known: then they are left alone."""
    return not answer.moves and not answer.untold


DIGEST = Digest(
    id="personal",
    title="My moves today",
    says="What waits for you: reviews, answers to reviews, handoffs, failing checks, merges, bugs and incidents.",
    question=moves.NAME,
    quiet=quiet,
    personal=True,
)
