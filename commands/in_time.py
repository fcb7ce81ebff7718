"""What is wrong with a form, as far as that can be looked into before Slack has to be answered?"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooSlow

SECONDS = 1.5  # for which a submitted form may be looked into before Slack is answered, which waits three


def in_time(work: Callable[[], object], seconds: float = SECONDS) -> None:
    """Do something as far as there is time; it raises UserError if by then it is known to be in vain."""
    done: Future[object] = Future()

    def working() -> None:
        try:
            done.set_result(work())
        except Exception as problem:  # noqa: BLE001  handed to whoever waits, or left to whoever tries again
            done.set_exception(problem)

    threading.Thread(target=working, daemon=True).start()
    try:
        done.result(seconds)
    except TooSlow:
        return
