"""What can be asked? Every question, in the order in which help shows them."""

from types import ModuleType

from assistant.questions import blocking, bottleneck, delivery, moves, releases, stabilization, stalled

QUESTIONS: tuple[ModuleType, ...] = (blocking, releases, bottleneck, stalled, stabilization, delivery, moves)
BY_NAME = {question.NAME: question for question in QUESTIONS}
