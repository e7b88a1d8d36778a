"""Looks whether the service can do its work: database, file store, pipeline. One look at a time, kept for a second.

Whoever asks meanwhile gets the same answer: the question needs no token, and a look opens connections and writes a
file. Knows no route.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor

from cluster.storage import Storage
from cluster.workers.handles import supervisor_status
from db.connection import Database
from db.errors import QuarryError

CHECK_WITHIN_S = 3.0
"""Longer than an actor's answer (2 s), shorter than what asks here usually waits."""
KEPT_S = 1.0

logger = logging.getLogger(__name__)


class PipelineNotReady(QuarryError):
    """The supervisor says that it cannot work."""

    code = "pipeline_not_ready"


class Readiness:
    """The latest look of one app; `look` is for its event loop alone."""

    def __init__(self, databases: Collection[Database], storage: Storage) -> None:
        """Nothing is looked at yet."""
        self._databases, self._storage = databases, storage
        self._checks: dict[str, Callable[[], None]] = {
            "database": self._check_database,
            "storage": storage.check,
            "pipeline": check_pipeline,
        }
        self._threads = ThreadPoolExecutor(len(self._checks), thread_name_prefix="readiness")
        self._running: dict[str, Future[str | None]] = {}
        self._turn = asyncio.Lock()
        self._reasons: dict[str, str | None] = {}
        self._looked_at = -KEPT_S

    async def look(self) -> dict[str, str | None]:
        """By what was checked: None, or why it cannot be worked with."""
        async with self._turn:
            if time.monotonic() - self._looked_at >= KEPT_S:
                self._reasons = await self._look()
                self._looked_at = time.monotonic()
            return self._reasons

    def close(self) -> None:
        """Begin no other look."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _look(self) -> dict[str, str | None]:
        """A check that still hangs from an earlier look is waited for, not started a second time."""
        for name, check in self._checks.items():
            if name not in self._running:
                self._running[name] = self._threads.submit(reason_against, check)
        waiting = {name: asyncio.wrap_future(future) for name, future in self._running.items()}
        await asyncio.wait(waiting.values(), timeout=CHECK_WITHIN_S)
        reasons: dict[str, str | None] = {}
        for name, answer in waiting.items():
            reasons[name] = answer.result() if answer.done() else f"No answer within {CHECK_WITHIN_S:g} s."
            if answer.done():
                del self._running[name]
        return reasons

    def _check_database(self) -> None:
        for database in self._databases:
            database.check_role()


def reason_against(check: Callable[[], None]) -> str | None:
    """What the check refuses, in words."""
    try:
        check()
    except QuarryError as error:
        return str(error)
    except Exception as error:  # the look's boundary: what nobody foresaw is no reason to look never again
        logger.exception("a look at whether the service can work has failed")
        return f"The look itself has failed ({type(error).__name__}); the log says how."
    return None


def check_pipeline() -> None:
    """Raises PipelineNotReady or ActorSilent."""
    status = supervisor_status()
    if not status["ready"]:
        raise PipelineNotReady(f"The supervisor is not ready: {status.get('reason') or 'no reason given'}.")
