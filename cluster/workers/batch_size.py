"""How many items make about two seconds of work: batches follow what the last ones took, and who waits behind them."""

SMOOTHING = 0.5
"""Weight of the newest batch; high, because catalogues change from page to page."""


CROWDED_SHARE = 0.25
"""Of the work of a batch that is done at a time while other documents wait for the same actor."""


def work_at_a_time(target_s: float, crowd: int) -> float:
    """Seconds of work after which an actor turns to the next document; `crowd` documents wait for it."""
    return target_s * CROWDED_SHARE if crowd else target_s


class BatchSize:
    """Grows and shrinks towards a batch of `target_s` seconds, between 1 and `most` items; shorter in a crowd."""

    def __init__(self, target_s: float, most: int, first: int = 2) -> None:
        """Start with `first` items, before anything was measured."""
        self._target_s = target_s
        self._most = most
        self._first = min(first, most)
        self._seconds_per_item: float | None = None
        self._crowd = 0

    @property
    def items(self) -> int:
        """Items for the next batch."""
        if self._seconds_per_item is None:
            return self._first
        work_s = work_at_a_time(self._target_s, self._crowd)
        return max(1, min(self._most, int(work_s / max(self._seconds_per_item, 1e-4))))

    def learn(self, items: int, seconds: float, crowd: int = 0) -> None:
        """A batch of `items` kept its actor busy for `seconds`; then `crowd` other documents waited for it."""
        self._crowd = crowd
        if items <= 0:
            return
        newest = seconds / items
        known = self._seconds_per_item
        self._seconds_per_item = newest if known is None else SMOOTHING * newest + (1 - SMOOTHING) * known
