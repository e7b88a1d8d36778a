"""How many actors a pool wants, from what waits for it: so many that the backlog is worked off in half a minute.

It grows at once and shrinks slowly: an actor is given up when for a minute nobody would have missed it.
"""

import math
from collections import deque
from dataclasses import dataclass

WORK_OFF_WITHIN_S = 30.0
KEPT_FOR_S = 60.0
"""A model takes seconds to load, so an actor is kept over a short pause."""
SECONDS_PER_ITEM = 1.0
"""Before anything was measured."""


@dataclass(frozen=True)
class Backlog:
    """What waits for a pool."""

    items: int  # not done yet, those that are being computed among them
    seconds_per_item: float | None  # of one actor; None before anything was measured

    @property
    def seconds(self) -> float:
        """What one actor would need for it."""
        return self.items * (SECONDS_PER_ITEM if self.seconds_per_item is None else self.seconds_per_item)


class PoolSize:
    """The wanted size of one pool over time."""

    def __init__(self) -> None:
        """Nothing was wanted yet."""
        self._needed: deque[tuple[float, int]] = deque()  # (when, actors) of the last `KEPT_FOR_S`

    def wanted(self, backlog: Backlog, *, least: int, most: int, now: float) -> int:
        """The most that was needed at any time of the last minute, within the bounds.

        Args:
            backlog: as it stands.
            least: actors that are kept while nothing waits.
            most: actors that are never exceeded.
            now: on a clock that never runs backwards, in seconds.
        """
        self._needed.append((now, math.ceil(backlog.seconds / WORK_OFF_WITHIN_S)))
        while self._needed[0][0] < now - KEPT_FOR_S:
            self._needed.popleft()
        return max(least, min(most, max(needed for _, needed in self._needed)))
