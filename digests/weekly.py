"""How did delivery go, for those who lead: how fast, how safely, and what moved?"""

from assistant.questions import delivery
from digests.digest import Digest

DIGEST = Digest(
    id="weekly",
    title="Weekly, for leaders",
    says="From request to stable, stage by stage, DORA's five metrics, firefighting and promises kept, with a chart.",
    question=delivery.NAME,
    quiet=lambda answer: bool(answer.empty),
    days=(0,),
)
