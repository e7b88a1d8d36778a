"""Ends actors that have served enough, so that Ray starts each in a fresh process, and remembers when.

A call that is lost in that moment was not tried, so its jobs are given back without counting an attempt: drivers ask
`within`. The actor refuses batches before it is ended, so at most what was just being sent can be lost.
"""

import logging
import threading
import time

import ray
from ray.exceptions import RayError

from cluster.workers.actor_names import NAMESPACE

logger = logging.getLogger(__name__)


class Replacements:
    """What one supervisor has ended on purpose; its methods may be called from many threads."""

    def __init__(self) -> None:
        """Nobody was ended yet."""
        self._lock = threading.Lock()
        self._pids: dict[str, int] = {}
        self._ended_at: dict[str, float] = {}

    def replace(self, name: str, pid: int, reason: str) -> bool:
        """End the process `pid` of an actor; False when that was done before."""
        with self._lock:
            if self._pids.get(name) == pid:
                return False
            self._pids[name] = pid
            self._ended_at[name] = time.monotonic()
        logger.info("replacing %s: %s", name, reason, extra={"actor": name, "actor_pid": pid})
        try:
            ray.kill(ray.get_actor(name, namespace=NAMESPACE), no_restart=False)
        except (ValueError, RayError) as error:  # it has just ended by itself
            logger.warning("%s could not be ended: %s", name, error)
        return True

    def remove(self, name: str) -> None:
        """End an actor for good: its pool needs it no more. What it may be at is done again by others."""
        with self._lock:
            self._ended_at[name] = time.monotonic()
        logger.info("removing %s: its pool has little to do", name, extra={"actor": name})
        try:
            ray.kill(ray.get_actor(name, namespace=NAMESPACE), no_restart=True)
        except (ValueError, RayError) as error:  # it has just ended by itself
            logger.warning("%s could not be removed: %s", name, error)

    def within(self, name: str, seconds: float) -> bool:
        """Whether that actor was ended on purpose in the last so many seconds."""
        with self._lock:
            return time.monotonic() - self._ended_at.get(name, float("-inf")) <= seconds
