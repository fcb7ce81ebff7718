"""Which reviews wait too long this morning?"""

from assistant.questions import stalled
from digests.digest import Digest


def quiet(answer: stalled.Answer) -> bool:
    """Whether nothing waits that somebody should move, nothing changed, and that much is known."""
    changed = answer.since is not None and bool(answer.since.differences)
    return not answer.listed and not changed and not any(gap.decides for gap in answer.unknown)


DIGEST = Digest(
    id="stalled",
    title="Stalled reviews",
    says="Reviews past their service level, by who wrote them and their risk: whose move it is, and who could take it.",
    question=stalled.NAME,
    quiet=quiet,
)
