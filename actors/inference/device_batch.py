"""How many items a device computes at once: fewer after it ran out of memory. Knows no model."""

import logging
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

from actors.isolation import run_isolated

log = logging.getLogger(__name__)

GROW_AFTER = 50
"""Batches in a row that fitted, after which twice as many items are tried again: another user of the device may have
gone."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class DeviceBatch:
    """A size that halves when the device has too little memory and doubles back when it has had enough for a while."""

    def __init__(self, most: int) -> None:
        """Start with `most` items."""
        self._most = most
        self._fitted = 0
        self._calls = self._done = 0
        self.items = most

    @property
    def fill(self) -> float:
        """Share of the places of all batches so far that an item was in; 0 before the first."""
        return self._done / max(1, self._calls * self._most)

    def run(
        self, items: Sequence[Item], call: Callable[[Sequence[Item]], Sequence[Result]]
    ) -> list[Result | Exception]:
        """`call` on all items, batch by batch; see `run_isolated` for what comes back and for other errors."""
        results: list[Result | Exception] = []
        while len(results) < len(items):
            results += run_isolated(items[len(results) : len(results) + self.items], lambda part: self._try(part, call))
        return results

    def _try(self, part: Sequence[Item], call: Callable[[Sequence[Item]], Sequence[Result]]) -> Sequence[Result]:
        try:
            answers = call(part)
        except (MemoryError, RuntimeError) as error:
            if is_out_of_memory(error):
                self._shrink(len(part))
            raise
        self._calls, self._done = self._calls + 1, self._done + len(part)
        self._grow()
        return answers

    def _shrink(self, failed: int) -> None:
        free_device_memory()
        self._fitted = 0
        self.items = min(self.items, max(1, failed // 2))
        log.warning("The device has no memory for %d at once; %d from now on.", failed, self.items)

    def _grow(self) -> None:
        self._fitted += 1
        if self.items < self._most and self._fitted >= GROW_AFTER:
            self.items, self._fitted = min(self._most, 2 * self.items), 0


def is_out_of_memory(error: Exception) -> bool:
    """Whether a device, or this process, had too little memory; torch says it in a RuntimeError's words."""
    return isinstance(error, MemoryError) or "out of memory" in str(error).lower()


def free_device_memory() -> None:
    """Give back what torch keeps for later, where torch is in use at all."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.empty_cache()
