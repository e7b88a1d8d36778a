"""Knows which actors are up: asks each for its facts, one question at a time, and keeps the last answer.

A pool's actor answers beside its batches, so silence means that its process hangs; one that is still loading its model
has never answered, and is left in peace.
"""

import time
from typing import Any

import ray
from ray.actor import ActorHandle
from ray.exceptions import RayError

from cluster.workers.actor_names import QUESTIONS

ASK_EVERY_S = 1.0
"""Shorter than the few seconds in which an actor that died is back: nobody would know that it was away."""
MOST_ASKED_A_SECOND = 100
"""Of a large cluster's actors each is asked less often."""
AWAY_SEEN_S = 2.0
"""An actor that was away counts so for this long at least: whoever looks once a second shall see it."""
SILENT_S = 20.0
"""After so long without an answer an actor counts as away: it answers beside its work, also on a busy machine."""
BACK_WITHIN_S = 120.0
"""An actor that was ended on purpose has this long to load its model again."""


class PoolWatch:
    """The last facts of each actor, by name. One thread looks after it; any may ask for `facts` and `trouble`."""

    def __init__(self) -> None:
        """Nobody is followed yet."""
        self._actors: dict[str, ActorHandle[Any]] = {}
        self._questions: dict[ray.ObjectRef[Any], str] = {}
        self._asked_at: dict[str, float] = {}
        self._not_before: dict[str, float] = {}  # when one that was away is asked again
        self._facts: dict[str, dict[str, Any]] = {}
        self._trouble: dict[str, str] = {}
        self._must_be_up: set[str] = set()
        self._expected: dict[str, float] = {}  # ended on purpose, and until when it may be away

    def follow(self, actors: dict[str, "ActorHandle[Any]"], more: "dict[str, ActorHandle[Any]] | None" = None) -> None:
        """These are the actors that should be up, and `more` that help when they are: a node for them may come yet."""
        self._actors = {**actors, **(more or {})}
        for name in set(self._trouble) - set(actors):
            del self._trouble[name]
        for name in set(self._facts) - set(self._actors):
            del self._facts[name]
        for name in set(self._expected) - set(self._actors):
            del self._expected[name]
        for name in set(actors) - set(self._facts) - set(self._trouble) - set(self._expected):
            self._trouble[name] = "loading its model"
        self._must_be_up = set(actors)

    def poll(self) -> None:
        """Take the answers that are there and ask who has not been asked for a while; never waits."""
        if self._questions:
            answered, _ = ray.wait(list(self._questions), num_returns=len(self._questions), timeout=0)
            for ref in answered:
                self._take_answer(self._questions.pop(ref), ref)
        waiting = set(self._questions.values())
        every_s = max(ASK_EVERY_S, len(self._actors) / MOST_ASKED_A_SECOND)
        for name, actor in self._actors.items():
            due = max(self._asked_at.get(name, -every_s) + every_s, self._not_before.get(name, 0.0))
            if time.monotonic() >= due and name not in waiting:
                self._questions[actor.facts.options(concurrency_group=QUESTIONS).remote()] = name
                self._asked_at[name] = time.monotonic()

    def expect_back(self, name: str) -> None:
        """That actor was ended on purpose and starts again: no trouble, unless it stays away."""
        self._expected[name] = time.monotonic() + BACK_WITHIN_S
        self._facts.pop(name, None)
        self._questions = {ref: asked for ref, asked in self._questions.items() if asked != name}

    def _take_answer(self, name: str, ref: "ray.ObjectRef[Any]") -> None:
        try:
            self._facts[name] = ray.get(ref, timeout=1.0)
            self._trouble.pop(name, None)
            self._expected.pop(name, None)
        except RayError as error:
            self._facts.pop(name, None)
            self._not_before[name] = time.monotonic() + AWAY_SEEN_S
            if time.monotonic() < self._expected.get(name, 0.0) or name not in self._must_be_up:
                return
            self._trouble[name] = str(error).strip().splitlines()[-1][:300]

    def silent_for(self, name: str) -> float:
        """Seconds that this actor has owed an answer; 0 when it owes none."""
        owes = name in self._questions.values()
        return time.monotonic() - self._asked_at[name] if owes else 0.0

    def hung(self, limit_s: float) -> list[str]:
        """Who has answered before and now owes an answer for longer, or says itself that it stood still for longer."""
        return [
            name
            for name, facts in self._facts.items()
            if name in self._actors and max(self.silent_for(name), facts.get("stood_still_s", 0.0)) > limit_s
        ]

    def forget_question(self, name: str) -> None:
        """Do not wait for this actor's answer any more: it is being started again."""
        self._questions = {ref: asked for ref, asked in self._questions.items() if asked != name}
        self._facts.pop(name, None)
        self._trouble[name] = "starting again: it did not answer"

    def facts(self) -> dict[str, dict[str, Any]]:
        """The last answer of each actor that is up."""
        return dict(self._facts)

    def trouble(self) -> str | None:
        """Who is not up and why; None when all are."""
        for name, until in list(self._expected.items()):
            if time.monotonic() >= until:
                self._trouble.setdefault(name, "not back since it was replaced")
        # A copy: who asks for the trouble does so in another thread than the one that takes answers.
        silent = {name: self.silent_for(name) for name in self.facts() if name in self._actors}
        told = {name: f"no answer for {seconds:.0f} s" for name, seconds in silent.items() if seconds > SILENT_S}
        return "; ".join(f"{name}: {reason}" for name, reason in sorted({**told, **self._trouble}.items())) or None
