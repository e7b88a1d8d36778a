"""How long the pipeline waits for what may come back by itself: Postgres, the file store, a restarted actor.

Knows nothing of what is waited for but the error that says so.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from db.errors import DatabaseUnavailable

T = TypeVar("T")
PATIENCE_S = 600.0
"""So long a driver waits before its attempt fails, and the one writer before its callers do."""
LONGEST_PAUSE_S = 5.0

logger = logging.getLogger(__name__)


def patiently(
    work: Callable[[], T],
    *,
    refusal: type[Exception] = DatabaseUnavailable,
    look_around: Callable[[], None] = lambda: None,
    patience_s: float = PATIENCE_S,
) -> T:
    """Call `work` until it is not refused, with growing pauses and jitter; the last refusal is raised at the end.

    Args:
        work: safe to do twice.
        refusal: what it raises while it cannot be done.
        look_around: called before each pause; what it raises ends the waiting.
        patience_s: how long it is called again.
    """

    def before_pause(state: RetryCallState) -> None:
        logger.warning("trying again: %s", state.outcome and state.outcome.exception())
        look_around()

    retrying = Retrying(
        retry=retry_if_exception_type(refusal),
        wait=wait_random_exponential(multiplier=0.2, max=LONGEST_PAUSE_S),
        stop=stop_after_delay(patience_s),
        before_sleep=before_pause,
        reraise=True,
    )
    result: T = retrying(work)
    return result
