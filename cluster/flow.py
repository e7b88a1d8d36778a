"""A bounded map over remote calls: at most so many batches in flight, each with a time limit, results as they come.

Knows Ray's `wait` and nothing of documents. Backpressure is its whole point: the next batch is asked for only when
there is room, so that a document never holds more of a pool than its turn.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import ray
from ray.exceptions import GetTimeoutError, RayError

from cluster.dispatch import TICK_S, answer_of

Batch = TypeVar("Batch")


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


def run_bounded(
    next_call: Callable[[], Call[Batch] | None],
    *,
    in_flight: int,
    timeout_s: float,
    look_around: Callable[[], None],
) -> Iterator[Outcome[Batch]]:
    """Yield the outcome of every call that `next_call` gives, until it gives None and nothing is in flight.

    Args:
        next_call: sends one more batch and returns it, or None when there is none now.
        in_flight: most batches at a time.
        timeout_s: a call that takes longer is given up: the answers that are missing are `GetTimeoutError`.
        look_around: called at least every `TICK_S`; what it raises ends the flow, the calls in flight are abandoned.
    """
    open_calls: list[Call[Batch]] = []
    ready: set[ray.ObjectRef[object]] = set()
    while True:
        look_around()
        while len(open_calls) < in_flight and (call := next_call()) is not None:
            open_calls.append(call)
        if not open_calls:
            return
        # Only for what is not there yet: a wait that counts answers of half-done batches would never sleep.
        missing = [ref for call in open_calls for ref in call.refs if ref not in ready]
        ready |= _newly_ready(missing)
        still_open: list[Call[Batch]] = []
        for call in open_calls:
            age = time.monotonic() - call.sent_at
            if ready.issuperset(call.refs):
                ready.difference_update(call.refs)
                yield Outcome(call.batch, tuple(answer_of(ref) for ref in call.refs), age)
            elif age > timeout_s:
                lost = GetTimeoutError(f"no answer after {timeout_s:.0f} s")
                answers = tuple(answer_of(ref) if ref in ready else lost for ref in call.refs)
                ready.difference_update(call.refs)
                yield Outcome(call.batch, answers, age)
            else:
                still_open.append(call)
        open_calls = still_open


def _newly_ready(missing: list["ray.ObjectRef[object]"]) -> set["ray.ObjectRef[object]"]:
    """Sleep until one of them is there, `TICK_S` at most, and take all that are there then."""
    ready, rest = ray.wait(missing, num_returns=1, timeout=TICK_S)
    if ready and rest:
        ready += ray.wait(rest, num_returns=len(rest), timeout=0)[0]
    return set(ready)
