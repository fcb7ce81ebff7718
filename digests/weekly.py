"""How did delivery go, for those who lead: how fast, how safely, and what moved?"""

from assistant.questions import delivery
from digests.digest import Digest


def quiet(answer: delivery.Answer) -> bool:
    """Whether nothing at all happened, and that much is known."""
    return answer.empty and not any(gap.decides for gap in answer.unknown)


DIGEST = Digest(
    id="weekly",
    title="Weekly, for leaders",
    says="From request to stable, stage by stage, DORA's five metrics, firefighting and promises kept, with a chart.",
    question=delivery.NAME,
    quiet=quiet,
    days=(0,),
)
