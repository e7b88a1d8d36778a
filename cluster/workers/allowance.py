"""How much the process of one actor may do before a fresh one takes its place: items served and resident memory.

Model libraries keep what they allocated. An actor whose allowance is used up answers `Retiring` to every batch; the
supervisor then ends it (`cluster.pool_care.replacement`), and Ray starts it again.
"""

import os

import psutil

from actors.records import Retiring
from cluster.settings import MEBIBYTE, Settings


class Allowance:
    """Counts what this process has served."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is used yet."""
        self._most_items = settings.actor_recycle_items
        self._most_bytes = settings.actor_recycle_bytes
        self._process = psutil.Process()
        self.items = 0
        self._reason: str | None = None

    def spend(self, items: int) -> None:
        """So many were served."""
        self.items += items
        memory = self.memory_bytes()
        if self.items >= self._most_items:
            self._reason = f"it has served {self.items} items of {self._most_items}"
        elif memory >= self._most_bytes:
            self._reason = f"it holds {memory // MEBIBYTE} MiB of {self._most_bytes // MEBIBYTE} MiB"

    def end(self, reason: str) -> None:
        """Nothing more is allowed, whatever was used."""
        self._reason = reason

    def memory_bytes(self) -> int:
        """Resident memory of this process."""
        return int(self._process.memory_info().rss)

    def retiring(self) -> Retiring | None:
        """What to answer to a new batch once the allowance is used up; None before."""
        return Retiring(pid=os.getpid(), reason=self._reason) if self._reason else None
