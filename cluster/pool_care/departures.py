"""Sees off actors that their pool needs no more: they take no further work, end what they are at, and are then removed.

Drivers give a refused batch to another actor, as they do with a worn one; no attempt counts. An actor that is not
through after `LEAVES_WITHIN_S`, or has never been up, is removed as it is.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass

import ray

from cluster.pool_care.replacement import Replacements
from cluster.workers.actor_names import NAMESPACE

LEAVES_WITHIN_S = 60.0
"""Batches are sized to two seconds of work; one that takes much longer is lost, and done again by another actor."""


@dataclass(frozen=True)
class Farewell:
    """An actor that was asked to leave."""

    answer: "ray.ObjectRef[object] | None"  # there when it is through, or dead; None: it was not asked
    asked_at: float  # time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether it can be removed; never waits."""
        if self.answer is None or time.monotonic() - self.asked_at > LEAVES_WITHIN_S:
            return True
        return bool(ray.wait([self.answer], timeout=0)[0])


class Departures:
    """Those of one supervisor's actors that are leaving."""

    def __init__(self, replacements: Replacements) -> None:
        """Nobody is leaving."""
        self._replacements = replacements
        self._leaving: dict[str, dict[str, Farewell]] = {}  # by pool, by actor

    def __contains__(self, name: str) -> bool:
        """Whether that actor is leaving: it refuses work, and is not to be replaced."""
        return name in self._leaving.get(name.rpartition("-")[0], {})

    def see_off(self, pool: str, names: Collection[str], up: Collection[str]) -> None:
        """These are the actors that the pool has too many; asked again and again until they are gone.

        Args:
            pool: its name.
            names: all that it does not want now. One that it wants again refuses work since it was asked to leave, and
                is replaced for that, as a worn one is.
            up: those that have answered, and those that may be at work for all that is known.
        """
        before = self._leaving.get(pool, {})
        self._leaving[pool] = {name: before.get(name) or self._ask(name, name in up) for name in names}
        for name, farewell in list(self._leaving[pool].items()):
            if farewell.is_over:
                self._replacements.remove(name)
                del self._leaving[pool][name]

    def _ask(self, name: str, is_up: bool) -> Farewell:
        try:
            answer = ray.get_actor(name, namespace=NAMESPACE).leave.remote() if is_up else None
        except ValueError:  # it has just gone
            answer = None
        return Farewell(answer, time.monotonic())
