"""Lets a driver go on while what it has handed over is being written: in order, few at a time, nothing forgotten.

Knows threads, and nothing of what is written.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from types import TracebackType
from typing import Self

MOST_WAITING = 2
"""Writes that are handed over and not done; the next one waits, so that results do not pile up in memory."""


class WriteBehind:
    """One thread that writes what it is given, one after the other."""

    def __init__(self) -> None:
        """The thread starts with the first write."""
        self._thread = ThreadPoolExecutor(1, "write")
        self._waiting: deque[Future[None]] = deque()

    def put(self, write: Callable[[], None]) -> None:
        """Hand a write over; raises what an earlier one has raised."""
        while len(self._waiting) >= MOST_WAITING or (self._waiting and self._waiting[0].done()):
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(copy_context().run, write))

    def settle(self) -> None:
        """Wait until all is written; raises the first error."""
        while self._waiting:
            self._waiting.popleft().result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is being written afterwards; errors are raised, unless another one is on its way."""
        self._thread.shutdown(wait=True)
        if error is None:
            self.settle()
