"""Keeps remote calls in flight for several flows at once: a bound for each, a time limit for each call.

Knows Ray's `wait` and nothing of documents. Backpressure is its whole point: the next batch is asked for only when
there is room, so that a document never holds more of a pool than its turn.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import ray
from ray.exceptions import GetTimeoutError, RayError

from cluster.workers.dispatch import TICK_S, answer_of

Batch = TypeVar("Batch")
IDLE_LOOK_S = 0.5
"""Longest sleep while nothing is in flight and something is left to do."""
SHORTEST_SLEEP_S = 0.05


@dataclass(frozen=True)
class Call(Generic[Batch]):
    """A batch that was sent, and its object refs."""

    batch: Batch
    refs: tuple["ray.ObjectRef[object]", ...]
    sent_at: float  # time.monotonic()


@dataclass(frozen=True)
class Outcome(Generic[Batch]):
    """What came back for a batch: one answer or one exception for each ref, in order."""

    batch: Batch
    answers: tuple[object | RayError, ...]
    seconds: float


class Flow(Protocol[Batch]):
    """Batches of one kind."""

    @property
    def in_flight(self) -> int:
        """Most batches at a time."""

    def send_next(self) -> Call[Batch] | None:
        """Send one more batch; None when there is none now."""

    def settle(self, outcome: Outcome[Batch], /) -> None:
        """Deal with what came of a batch."""

    def rest(self) -> float | None:
        """Asked while nothing is in flight: seconds until `send_next` may have something, None when it is all done."""


@dataclass(frozen=True)
class _Open:
    """A call on its way, and whose it is."""

    flow: Flow[Any]
    call: Call[Any]


def run_flows(
    flows: Sequence[Flow[Any]],
    *,
    timeout_s: float,
    look_around: Callable[[], None],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Send and settle until every flow says that it is done and nothing is in flight.

    Args:
        flows: the first in line sends first where both have room.
        timeout_s: a call that takes longer is given up: the answers that are missing are `GetTimeoutError`.
        look_around: called at least every `TICK_S`; what it raises ends it all, the calls in flight are abandoned.
        sleep: how to wait while nothing is in flight and nothing can be sent.
    """
    open_calls: list[_Open] = []
    ready: set[ray.ObjectRef[object]] = set()
    while True:
        look_around()
        for flow in flows:
            while sum(one.flow is flow for one in open_calls) < flow.in_flight and (call := flow.send_next()):
                open_calls.append(_Open(flow, call))
        if open_calls:
            # Only for what is not there yet: a wait that counts answers of half-done batches would never sleep.
            ready |= _newly_ready([ref for one in open_calls for ref in one.call.refs if ref not in ready])
            open_calls = _settle(open_calls, ready, timeout_s)
            continue
        rests = [rest for flow in flows if (rest := flow.rest()) is not None]
        if not rests:
            return
        sleep(min(max(min(rests), SHORTEST_SLEEP_S), IDLE_LOOK_S))


def _settle(open_calls: list[_Open], ready: set["ray.ObjectRef[object]"], timeout_s: float) -> list[_Open]:
    """Settle what is answered or too late; returns the others."""
    still_open = []
    for one in open_calls:
        age = time.monotonic() - one.call.sent_at
        if not ready.issuperset(one.call.refs) and age <= timeout_s:
            still_open.append(one)
            continue
        lost = GetTimeoutError(f"no answer after {timeout_s:.0f} s")
        answers = tuple(answer_of(ref) if ref in ready else lost for ref in one.call.refs)
        ready.difference_update(one.call.refs)
        one.flow.settle(Outcome(one.call.batch, answers, age))
    return still_open


def _newly_ready(missing: list["ray.ObjectRef[object]"]) -> set["ray.ObjectRef[object]"]:
    """Sleep until one of them is there, `TICK_S` at most, and take all that are there then."""
    if not missing:  # of calls that ask nobody: everything was known
        return set()
    ready, rest = ray.wait(missing, num_returns=1, timeout=TICK_S)
    if ready and rest:
        ready += ray.wait(rest, num_returns=len(rest), timeout=0)[0]
    return set(ready)
