"""Whose call an actor computes next, when the calls of several documents wait for it. Knows no clock, threads or Ray.

Start-time fair queueing (Goyal, Vin, Cheng 1996) with two additions: a higher priority goes first, and a newcomer has a
head start, so that a small catalogue is through before the large ones beside it go on. Nobody waits for ever: a call
that has waited too long goes first, whatever its priority.
"""

from bisect import insort
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
DOCUMENTS_REMEMBERED = 1000


@dataclass(frozen=True)
class Turn:
    """Who asks an actor for a computation."""

    document: str = ""  # id; empty for what belongs to none
    priority: int = 0
    number: int = 0  # rises with each call of a driver: an actor's threads may meet them in another order


@dataclass(frozen=True)
class Waiting(Generic[T]):
    """A call that waits."""

    turn: Turn
    call: T
    since: float  # seconds on the owner's clock


class FairShare(Generic[T]):
    """The waiting calls of one actor. A document's own calls keep their order."""

    def __init__(self, *, head_start_s: float, longest_wait_s: float) -> None:
        """Nobody waits.

        Args:
            head_start_s: so many seconds of computing a newcomer gets before it takes turns with the others.
            longest_wait_s: after so long a call goes first.
        """
        self._head_start_s = head_start_s
        self._longest_wait_s = longest_wait_s
        self._waiting: dict[str, list[Waiting[T]]] = {}
        self._received: OrderedDict[str, float] = OrderedDict()  # by document, virtual seconds
        self._now_served = 0.0  # virtual seconds: those who wait have all received as much; never falls

    def __len__(self) -> int:
        """How many calls wait."""
        return sum(map(len, self._waiting.values()))

    def others(self, document: str) -> int:
        """How many other documents wait."""
        return len(self._waiting) - (document in self._waiting)

    def add(self, turn: Turn, call: T, now: float) -> None:
        """A call arrives."""
        if turn.document not in self._waiting:
            # What it did not use while others were served is not saved up.
            earliest = self._now_served - self._head_start_s
            self._received[turn.document] = max(self._received.get(turn.document, earliest), earliest)
            self._forget_the_oldest()
        insort(self._waiting.setdefault(turn.document, []), Waiting(turn, call, now), key=lambda one: one.turn.number)

    def take(self, now: float) -> tuple[Turn, T] | None:
        """The call that is next, which waits no longer; None when none waits."""
        if not self._waiting:
            return None
        # Its floor is what those have received who wait behind others' priority, not those who have it.
        self._now_served = max(self._now_served, min(self._received[document] for document in self._waiting))
        chosen = min(self._heads(), key=lambda head: self._rank(head, now))
        queue = self._waiting[chosen.turn.document]
        del queue[0]
        if not queue:
            del self._waiting[chosen.turn.document]
        return chosen.turn, chosen.call

    def charge(self, document: str, seconds: float) -> None:
        """A call of that document has kept the actor busy for so long."""
        self._received[document] = self._received.get(document, self._now_served) + seconds
        self._received.move_to_end(document)

    def _heads(self) -> Iterator[Waiting[T]]:
        return (queue[0] for queue in self._waiting.values())

    def _rank(self, head: Waiting[T], now: float) -> tuple[float, ...]:
        """The least goes first."""
        if now - head.since >= self._longest_wait_s:
            return 0, head.since
        return 1, -head.turn.priority, self._received[head.turn.document], head.since

    def _forget_the_oldest(self) -> None:
        idle = (document for document in self._received if document not in self._waiting)
        while len(self._received) > DOCUMENTS_REMEMBERED + len(self._waiting):
            del self._received[next(idle)]
            idle = (document for document in self._received if document not in self._waiting)
