"""Runs a batch so that one bad item fails alone. Knows no model: it is the job boundary of every batch method."""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

log = logging.getLogger(__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")


def run_isolated(items: Sequence[Item], call: Callable[[Sequence[Item]], Sequence[Result]]) -> list[Result | Exception]:
    """`call` on all items at once; where it raises, on halves, down to the single item that is to blame.

    Halving also carries a batch through a device that has too little memory for the whole of it.

    Returns:
        One entry an item, in order: its result, or the exception that it raises alone.
    """
    if not items:
        return []
    try:
        return list(call(items))
    except Exception as error:  # the job boundary: whatever an item does to a model becomes that item's recorded error
        if len(items) == 1:
            return [error]
        log.warning("A batch of %d failed (%s: %s); trying its halves.", len(items), type(error).__name__, error)
        middle = len(items) // 2
        return [*run_isolated(items[:middle], call), *run_isolated(items[middle:], call)]
