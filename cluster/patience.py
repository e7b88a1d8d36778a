"""How long the pipeline waits for what may come back by itself: Postgres, the file store, a restarted actor.

Knows nothing of what is waited for but the error that says so.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from db.errors import DatabaseUnavailable, QuarryError

T = TypeVar("T")
PATIENCE_S = 600.0
"""How long a driver waits before its attempt fails."""
LONGEST_PAUSE_S = 5.0

logger = logging.getLogger(__name__)


class StageTimedOut(QuarryError):
    """A stage has used up its time; the document's attempt fails, what is stored stays."""

    code = "stage_timed_out"


def patiently(
    work: Callable[[], T],
    *,
    refusal: type[Exception] = DatabaseUnavailable,
    look_around: Callable[[], None] = lambda: None,
) -> T:
    """Call `work` until it is not refused, with growing pauses and jitter; the last refusal is raised after PATIENCE_S.

    Args:
        work: safe to do twice.
        refusal: what it raises while it cannot be done.
        look_around: called before each pause; what it raises ends the waiting.
    """

    def before_pause(state: RetryCallState) -> None:
        logger.warning("trying again: %s", state.outcome and state.outcome.exception())
        look_around()

    retrying = Retrying(
        retry=retry_if_exception_type(refusal),
        wait=wait_random_exponential(multiplier=0.2, max=LONGEST_PAUSE_S),
        stop=stop_after_delay(PATIENCE_S),
        before_sleep=before_pause,
        reraise=True,
    )
    result: T = retrying(work)
    return result
