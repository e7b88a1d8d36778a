"""A bounded map over remote calls: at most so many batches in flight, each with a time limit, results as they come.

Knows Ray's `wait` and nothing of documents. Backpressure is its whole point: the next batch is asked for only when
there is room, so that a document never holds more of a pool than its turn.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import ray
from ray.exceptions import RayError

Batch = TypeVar("Batch")
TICK_S = 1.0
"""How long one wait lasts before the caller may look around (cancel, lost lease)."""


@dataclass(frozen=True)
class Call(Generic[Batch]):
    """A batch that was sent: its object refs, and what to do when it hangs."""

    batch: Batch
    refs: tuple["ray.ObjectRef[object]", ...]
    sent_at: float  # time.monotonic()
    on_timeout: Callable[[], None]


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
        timeout_s: a call that takes longer is given up: `on_timeout` is called, its answers are `GetTimeoutError`.
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
                yield Outcome(call.batch, tuple(_answer(ref) for ref in call.refs), age)
            elif age > timeout_s:
                ready.difference_update(call.refs)
                call.on_timeout()
                lost = ray.exceptions.GetTimeoutError(f"no answer after {timeout_s:.0f} s")
                yield Outcome(call.batch, tuple(lost for _ in call.refs), age)
            else:
                still_open.append(call)
        open_calls = still_open


def _newly_ready(missing: list["ray.ObjectRef[object]"]) -> set["ray.ObjectRef[object]"]:
    """Sleep until one of them is there, `TICK_S` at most, and take all that are there then."""
    ready, rest = ray.wait(missing, num_returns=1, timeout=TICK_S)
    if ready and rest:
        ready += ray.wait(rest, num_returns=len(rest), timeout=0)[0]
    return set(ready)


def _answer(ref: "ray.ObjectRef[object]") -> object | RayError:
    try:
        answer: object = ray.get(ref, timeout=TICK_S)
    except RayError as error:
        return error
    return answer
