"""What can be asked? Every question, in the order in which help shows them."""

from types import ModuleType

from assistant.questions import (
    blocking,
    bottleneck,
    delivery,
    handoffs,
    moves,
    queues,
    releases,
    stabilization,
    stalled,
)

QUESTIONS: tuple[ModuleType, ...] = (
    blocking, releases, bottleneck, stalled, stabilization, delivery, moves, handoffs, queues,
)  # fmt: skip
BY_NAME = {question.NAME: question for question in QUESTIONS}
