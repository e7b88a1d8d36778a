"""What an actor answers to a batch: its results, and when and how long it worked for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True)
class Served(Generic[Result]):
    """One batch, done."""

    results: Sequence[Result]
    began_at: float  # seconds since the epoch, on the clock of the actor's machine
    ended_at: float
    cpu_seconds: float  # processor time of the actor's process meanwhile, and of its child where it has one
    crowd: int = field(default=0, kw_only=True)  # documents that waited for their turn when it was done


@dataclass(frozen=True)
class ServedPages(Served[Result]):
    """Pages of a document, in the order asked for; fewer than asked for when time was up or the file store refused."""

    storage_error: str | None = None  # why the page after the last one could not be stored
