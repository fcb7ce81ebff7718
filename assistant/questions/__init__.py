"""What can be asked? Every question, in the order in which help shows them."""

from types import ModuleType

from assistant.questions import blocking, releases

QUESTIONS: tuple[ModuleType, ...] = (blocking, releases)
BY_NAME = {question.NAME: question for question in QUESTIONS}
