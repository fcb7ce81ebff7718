"""How do many requests share one commit, so that each learns its outcome only once it is durable?

One writer thread takes what waits and commits it together: on most disks a commit costs far more than what is in it.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Full(Exception):  # noqa: N818  what the gate is, not what went wrong with it
    """More is waiting than the gate may hold; try again in a moment."""


class Closed(Exception):  # noqa: N818  as above
    """The gate takes nothing any more: the process is stopping."""


class Gate(Generic[Item, Result]):
    """A bounded queue before one writer thread, which commits up to ``batch`` items at once.

    ``commit`` makes its items durable and gives one result each, in order. Where it raises, the items are tried one
    by one, so that a failing one takes no other down; where it raises one of ``broken`` (the database, not an item,
    is at fault) all of them fail at once. ``weight`` is an item's size in bytes. At most ``waiting`` items or
    ``waiting_bytes`` bytes may wait.
    """

    def __init__(  # noqa: PLR0913  the bounds have names and defaults
        self,
        commit: Callable[[Sequence[Item]], Sequence[Result]],
        *,
        batch: int = 64,
        waiting: int = 2_000,
        waiting_bytes: int = 256_000_000,
        weight: Callable[[Item], int] = lambda _item: 0,
        broken: tuple[type[Exception], ...] = (),
    ) -> None:
        self._commit = commit
        self._batch = batch
        self._bounds = (waiting, waiting_bytes)
        self._weight = weight
        self._broken = broken
        self._queue: deque[tuple[Item, Future[Result]]] = deque()
        self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._write, name="gate", daemon=True)

    def start(self) -> "Gate[Item, Result]":
        """Start the writer; gives the gate back."""
        self._thread.start()
        return self

    def submit(self, item: Item) -> "Future[Result]":
        """Put one item in the queue; the future is done once the item is durable or has failed.

        Raises Full or Closed, and then nothing was taken.
        """
        weight = self._weight(item)
        future: Future[Result] = Future()
        with self._changed:
            if self._closed:
                raise Closed
            items, size = self._bounds
            if len(self._queue) >= items or (self._queue and self._bytes + weight > size):
                raise Full
            self._queue.append((item, future))
            self._bytes += weight
            self._changed.notify()
        return future

    @property
    def waiting(self) -> int:
        """How many items wait to be written."""
        return len(self._queue)

    def stop(self, timeout: float | None = None) -> bool:
        """Take nothing more and finish what was taken; False when that took longer than ``timeout`` seconds."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive() and not self._queue

    def _write(self) -> None:
        while taken := self._take():
            self._settle(taken)

    def _take(self) -> list[tuple[Item, "Future[Result]"]]:
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closed)
            taken = [self._queue.popleft() for _ in range(min(self._batch, len(self._queue)))]
            self._bytes -= sum(self._weight(item) for item, _ in taken)
        for _, future in taken:
            future.set_running_or_notify_cancel()  # who stopped waiting for it is not told, but it is written
        return taken

    def _settle(self, taken: Sequence[tuple[Item, "Future[Result]"]]) -> None:
        try:
            results = self._commit([item for item, _ in taken])
            for (_, future), result in zip(taken, results, strict=True):
                if not future.done():
                    future.set_result(result)
        except Exception as error:  # noqa: BLE001  the one way in of this thread; whoever waits gets the error
            self._part(taken, error)

    def _part(self, taken: Sequence[tuple[Item, "Future[Result]"]], error: Exception) -> None:
        if len(taken) > 1 and not isinstance(error, self._broken):
            for one in taken:
                self._settle([one])
            return
        for _, future in taken:
            if not future.done():
                future.set_exception(error)
