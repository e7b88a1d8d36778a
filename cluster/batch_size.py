"""How many items make about two seconds of work: batches follow what the last ones took."""

SMOOTHING = 0.5
"""Weight of the newest batch; high, because catalogues change from page to page."""


class BatchSize:
    """Grows and shrinks towards a batch of `target_s` seconds, between 1 and `most` items."""

    def __init__(self, target_s: float, most: int, first: int = 2) -> None:
        """Start with `first` items, before anything was measured."""
        self._target_s = target_s
        self._most = most
        self._first = min(first, most)
        self._seconds_per_item: float | None = None

    @property
    def items(self) -> int:
        """Items for the next batch."""
        if self._seconds_per_item is None:
            return self._first
        return max(1, min(self._most, int(self._target_s / max(self._seconds_per_item, 1e-4))))

    def learn(self, items: int, seconds: float) -> None:
        """A batch of `items` kept its actor busy for `seconds`."""
        if items <= 0:
            return
        newest = seconds / items
        known = self._seconds_per_item
        self._seconds_per_item = newest if known is None else SMOOTHING * newest + (1 - SMOOTHING) * known
