"""A driver's view of one pool: which of its actors are up, and which calls each of them has, in order.

Two habits of Ray ask for it. A call to an actor that is being started again fails at once, so nothing is sent to an
actor that was lost until it has answered again. And an actor that dies takes along the calls that wait behind the one
it was at: that one alone counts as an attempt, the others were never begun.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import ray
from ray.actor import ActorHandle
from ray.exceptions import GetTimeoutError, RayError, RayTaskError

from actors.records import Retiring
from cluster.workers.actor_names import NAMESPACE, SUPERVISOR
from cluster.workers.fair_share import Turn
from db.errors import QuarryError

TICK_S = 1.0
"""How long one wait lasts before the caller may look around (cancel, lost lease)."""
ASK_AGAIN_S = 0.5
OTHERS_ANSWER_WITHIN_S = 0.1
"""Actors that are up answer at once; one that waits for a node, or loads its model, must not hold the others up."""
LOOK_FOR_MEMBERS_S = 5.0
ANSWER_WITHIN_S = 5.0
LOADING_S = 20.0
"""A call sent so long after an actor was ended on purpose may have found it still loading its model."""
REVIVAL_S = 600.0
"""How long a pool without any actor is waited for: models load in this time, also on a busy machine."""

CALL_NUMBERS = count()

logger = logging.getLogger(__name__)


class PoolMissing(QuarryError):
    """A pool has no actor to send work to."""

    code = "pool_missing"


@dataclass(eq=False)
class Member:
    """One actor of the pool."""

    name: str
    handle: "ActorHandle[Any]"
    calls: "list[Sent]" = field(default_factory=list)  # of this driver, in the order in which they were sent
    up: bool = True
    question: "ray.ObjectRef[Any] | None" = None  # what a lost actor was asked, to see whether it is back
    asked_at: float = 0.0  # time.monotonic()


@dataclass(eq=False)
class Sent:
    """One call that was sent to one actor."""

    ref: "ray.ObjectRef[object]"
    member: Member
    begun: bool = True
    """Whether the actor may have begun it. False once the actor is known to have died at an earlier call."""
    sent_at: float = field(default_factory=time.monotonic)


class Pool:
    """The actors of one kind."""

    def __init__(self, name: str, actors: "Mapping[str, ActorHandle[Any]]", turn: Turn | None = None) -> None:
        """Take them for up until one of them proves not to be; `turn` goes along with every call that computes."""
        self.name = name
        self._turn = turn
        self._members = [Member(actor, handle) for actor, handle in sorted(actors.items())]
        self._down_since: float | None = None
        self._looked_at = time.monotonic()

    @classmethod
    def connect(cls, name: str, turn: Turn | None = None) -> "Pool":
        """Find the actors by their names; raises `PoolMissing` when there is none. Those that answer are up."""
        pool = cls(name, {}, turn)
        pool._meet(names_of(name))
        if not pool._members:
            raise PoolMissing(f"No {name} actor is running.", "See `quarry doctor`; the supervisor starts them again.")
        questions = [pool._ask(member) for member in pool._members]
        if ray.wait(questions, timeout=TICK_S)[0]:
            ray.wait(questions, num_returns=len(questions), timeout=OTHERS_ANSWER_WITHIN_S)
            pool.is_up()
        return pool

    def __len__(self) -> int:
        """How many actors take calls; at least one is hoped for."""
        return max(1, sum(member.up for member in self._members))

    def is_up(self) -> bool:
        """Whether one of its actors takes calls now; never waits. Raises `PoolMissing` when none has for long."""
        if time.monotonic() - self._looked_at >= LOOK_FOR_MEMBERS_S:
            self._look_for_members()
        for member in self._members:
            if not member.up:
                self._look_after(member)
        if any(member.up for member in self._members):
            self._down_since = None
            return True
        self._down_since = self._down_since or time.monotonic()
        if time.monotonic() - self._down_since > REVIVAL_S:
            raise PoolMissing(f"No {self.name} actor has come back within {REVIVAL_S:g} s.", "See `quarry doctor`.")
        return False

    def send(self, method: str, *arguments: object) -> Sent:
        """Call the actor that has the fewest calls of this driver; `is_up` has said that there is one."""
        member = min((one for one in self._members if one.up), key=lambda one: len(one.calls))
        in_turn = {"turn": replace(self._turn, number=next(CALL_NUMBERS))} if self._turn else {}
        sent = Sent(getattr(member.handle, method).remote(*arguments, **in_turn), member)
        member.calls.append(sent)
        return sent

    def take_answer(self, sent: Sent, answer: object) -> bool:
        """Note what came of a call; an actor that hangs is ended and started again.

        Returns:
            Whether the call may have been begun. If not, it was lost with its actor while it waited there.
        """
        member = sent.member
        place = member.calls.index(sent)
        del member.calls[place]
        if isinstance(answer, Retiring):
            self._retire(member, answer)
            return False
        if not isinstance(answer, RayError) or isinstance(answer, RayTaskError):
            return True
        if not sent.begun or any(not was_answered(earlier.ref) for earlier in member.calls[:place]):
            return False
        for waiting in member.calls:
            waiting.begun = False
        if isinstance(answer, GetTimeoutError):
            logger.warning("restarting %s: a call passed its time limit", member.name)
            end_actor(member.handle)
        member.up, member.question, member.asked_at = False, None, 0.0
        return not was_replaced(member.name, time.monotonic() - sent.sent_at)

    def _retire(self, member: Member, retiring: Retiring) -> None:
        """The actor has served enough and refuses batches: have it replaced, and send it nothing until that is done."""
        member.up, member.question, member.asked_at = False, None, 0.0
        ask_supervisor("retire", member.name, retiring.pid, retiring.reason)

    def call(
        self, method: str, *arguments: object, tries: int, timeout_s: float, look_around: Callable[[], None]
    ) -> Any:
        """Call any actor and wait for its answer; a lost call is sent again.

        Args:
            method: of the actors.
            arguments: for it.
            tries: how often at most; then the last error is raised.
            timeout_s: longest wait for one answer.
            look_around: called at least every `TICK_S`; what it raises ends the waiting.
        """
        left = tries
        while left > 0:
            while not self.is_up():
                look_around()
                time.sleep(ASK_AGAIN_S)
            sent = self.send(method, *arguments)
            answer = wait_for(sent.ref, timeout_s, look_around)
            left -= self.take_answer(sent, answer)
            if isinstance(answer, Retiring):
                continue
            if not isinstance(answer, RayError):
                return answer
            if left <= 0:
                raise answer
            logger.warning("%s of %s is called again: %s", method, self.name, type(answer).__name__)
        raise ValueError("tries must be at least 1")

    def _look_for_members(self) -> None:
        """The pool may have grown or shrunk; a new one is sent nothing before it has answered."""
        self._looked_at = time.monotonic()
        names = names_of(self.name)
        for member in self._members:
            member.up = member.up and member.name in names
        self._members = [member for member in self._members if member.name in names or member.calls]
        self._meet(name for name in names if name not in {member.name for member in self._members})

    def _meet(self, names: Iterable[str]) -> None:
        for name in names:
            with suppress(ValueError):  # it has just been removed
                self._members.append(Member(name, ray.get_actor(name, namespace=NAMESPACE), up=False))

    def _ask(self, member: Member) -> "ray.ObjectRef[Any]":
        member.asked_at = time.monotonic()
        member.question = member.handle.facts.remote()
        return member.question

    def _look_after(self, member: Member) -> None:
        """Ask a lost actor for its facts: whether it is the old one restarted or a new one of that name, it is back."""
        if member.question is not None:
            if not ray.wait([member.question], timeout=0)[0]:
                return
            member.up, member.question = takes_work(member.question), None
        elif time.monotonic() - member.asked_at >= ASK_AGAIN_S:
            member.asked_at = time.monotonic()
            try:
                member.handle = ray.get_actor(member.name, namespace=NAMESPACE)
            except ValueError:  # not started again yet
                return
            self._ask(member)


def names_of(pool: str) -> list[str]:
    """The actors of a pool that there are now; some may not be up."""
    return sorted(
        actor["name"]
        for actor in ray.util.list_named_actors(all_namespaces=True)
        if actor["namespace"] == NAMESPACE and actor["name"].startswith(f"{pool}-")
    )


def wait_for(ref: "ray.ObjectRef[object]", timeout_s: float, look_around: Callable[[], None]) -> object:
    """The answer, or the RayError in its place."""
    deadline = time.monotonic() + timeout_s
    while not ray.wait([ref], timeout=TICK_S)[0]:
        look_around()
        if time.monotonic() > deadline:
            return GetTimeoutError(f"no answer after {timeout_s:.0f} s")
    return answer_of(ref)


def answer_of(ref: "ray.ObjectRef[object]") -> object:
    """What a call gave, which is there already: the answer, or the RayError in its place."""
    try:
        answer: object = ray.get(ref, timeout=TICK_S)
    except RayError as error:
        return error
    return answer


def was_answered(ref: "ray.ObjectRef[object]") -> bool:
    """Whether the actor itself has answered, be it with an error of its own."""
    if not ray.wait([ref], timeout=0)[0]:
        return False
    answer = answer_of(ref)
    return not isinstance(answer, RayError) or isinstance(answer, RayTaskError)


def takes_work(ref: "ray.ObjectRef[Any]") -> bool:
    """Whether an actor that was asked for its facts has told them, and is not about to be replaced."""
    facts = answer_of(ref)
    return isinstance(facts, dict) and not facts.get("retiring")


def was_replaced(name: str, seconds: float) -> bool:
    """Whether a call sent so long ago was lost because that actor was ended on purpose, and not by what it was sent."""
    return bool(ask_supervisor("replaced_within", name, seconds + LOADING_S))


def ask_supervisor(method: str, *arguments: object) -> object:
    """Its answer, None without one: it may be restarting, and then knows nothing of what it has ended."""
    try:
        supervisor = ray.get_actor(SUPERVISOR, namespace=NAMESPACE)
        answer: object = ray.get(getattr(supervisor, method).remote(*arguments), timeout=ANSWER_WITHIN_S)
    except (RayError, ValueError) as error:
        logger.warning("the supervisor does not answer: %s", error, extra={"method": method})
        return None
    return answer


def end_actor(handle: "ActorHandle[Any]") -> None:
    """End an actor that hangs; Ray starts it again, its calls are lost."""
    ray.kill(handle, no_restart=False)
