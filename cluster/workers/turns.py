"""One thread computes, many wait: an actor takes calls from several documents at once and serves them in fair order.

Without it an actor is Ray's queue, first come first served, and a newcomer stands behind all that large documents have
sent. The one thread also keeps what models hold by thread (CUDA handles, OpenMP teams, niceness) in one place.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from cluster.workers.fair_share import FairShare, Turn

T = TypeVar("T")
WAITING_CALLS = 64
"""Threads of an actor that wait for their turn; more calls than that wait in Ray's queue, first come first served."""
HEAD_START_S = 10.0
"""Of computing: more than a small catalogue (five images, a page of text) needs of any pool."""
LONGEST_WAIT_SHARE = 0.25
"""Of a call's time limit: then it goes first, so that no call is given up because others were preferred."""


class Turns:
    """The computations of one actor, one at a time."""

    def __init__(self, call_timeout_s: float) -> None:
        """Start the thread; it ends with its process."""
        self._fair: FairShare[tuple[Callable[[], Any], Future[Any]]] = FairShare(
            head_start_s=HEAD_START_S, longest_wait_s=LONGEST_WAIT_SHARE * call_timeout_s
        )
        self._arrived = threading.Condition()
        self._serving = ""  # a document's id
        threading.Thread(target=self._compute, name="compute", daemon=True).start()

    def take(self, turn: Turn, work: Callable[[], T]) -> T:
        """Wait for the turn, have `work` computed, and return or raise what came of it."""
        outcome: Future[T] = Future()
        with self._arrived:
            self._fair.add(turn, (work, outcome), time.monotonic())
            self._arrived.notify()
        return outcome.result()

    @property
    def crowd(self) -> int:
        """Documents that wait while another one is served."""
        with self._arrived:
            return self._fair.others(self._serving)

    def _compute(self) -> None:
        while True:
            turn, (work, outcome) = self._next()
            began = time.monotonic()
            settle(outcome, work)
            with self._arrived:
                self._fair.charge(turn.document, time.monotonic() - began)

    def _next(self) -> tuple[Turn, tuple[Callable[[], Any], "Future[Any]"]]:
        with self._arrived:
            while (chosen := self._fair.take(time.monotonic())) is None:
                self._arrived.wait()
            self._serving = chosen[0].document
            return chosen


def settle(outcome: "Future[T]", work: Callable[[], T]) -> None:
    """Compute, and hand what came of it, errors too, to whoever waits."""
    try:
        outcome.set_result(work())
    except BaseException as error:  # the call's boundary: it is raised where the caller waits
        outcome.set_exception(error)
