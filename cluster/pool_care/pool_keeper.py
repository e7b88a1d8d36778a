"""Keeps each pool at its size: starts what is not there yet, grows with the backlog, removes what nobody needs.

A pool grows by starting actors. Those for which the cluster has no room wait, and are what Ray's autoscaler adds nodes
for. It shrinks from its highest number down; who leaves ends what it is at (`cluster.pool_care.departures`).
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from psycopg import Connection
from ray.actor import ActorHandle

from cluster.pool_care.departures import Departures
from cluster.pool_care.pool_size import Backlog, PoolSize
from cluster.pool_care.replacement import Replacements
from cluster.pools import PoolPlan, start_pool
from cluster.settings import Settings
from cluster.workers.dispatch import names_of
from db.metrics import get_queue_metrics
from db.progress import count_open_pages
from db.queues import QueueName

Actors = dict[str, "ActorHandle[Any]"]
QUEUE_OF: dict[str, QueueName] = {"ocr": "image", "clip": "image", "analysis": "ai"}


def count_open_items(conn: Connection[Any]) -> dict[str, int]:
    """What waits or is computed, by pool: jobs of its queue; readers have none, and read the pages of documents."""
    jobs = {queue: metrics.pending + metrics.processing for queue, metrics in get_queue_metrics(conn).items()}
    return {"reader": count_open_pages(conn), **{pool: jobs[queue] for pool, queue in QUEUE_OF.items()}}


class PoolKeeper:
    """All pools of one supervisor."""

    def __init__(self, settings: Settings, replacements: Replacements) -> None:
        """Nothing is started yet."""
        self._settings = settings
        self.departures = Departures(replacements)
        self._sizes: defaultdict[str, PoolSize] = defaultdict(PoolSize)
        self._found: dict[str, set[str]] = {}  # by pool: who was there before this supervisor, and may be at work

    def keep(
        self,
        plans: Iterable[PoolPlan],
        facts: Mapping[str, Mapping[str, Any]],
        open_items: Mapping[str, int] | None,
    ) -> tuple[Actors, Actors]:
        """Start and remove actors.

        Args:
            plans: of all pools, as the cluster's resources now allow.
            facts: what each actor last said of itself.
            open_items: what waits or is computed, by pool; one that is not there has nothing to do. None while nobody
                knows: then nobody is removed.

        Returns:
            The actors that must be up, and those that help when they are.
        """
        needed: Actors = {}
        welcome: Actors = {}
        for plan in plans:
            if plan.name not in self._found:
                self._found[plan.name] = set(names_of(plan.name))
            wanted = self._wanted(plan, facts, open_items)
            least = set(plan.actor_names(plan.least))
            for name, actor in start_pool(plan, self._settings, wanted).items():
                (needed if name in least else welcome)[name] = actor
            if plan.elastic and open_items is not None:
                there = set(names_of(plan.name))
                self._found[plan.name] &= there
                up = {*facts, *self._found[plan.name]}
                self.departures.see_off(plan.name, there - set(plan.actor_names(wanted)), up)
        return needed, welcome

    def _wanted(
        self, plan: PoolPlan, facts: Mapping[str, Mapping[str, Any]], open_items: Mapping[str, int] | None
    ) -> int:
        if not plan.elastic:
            return plan.actors
        if open_items is None:
            return max(plan.least, min(plan.most, len(self._found[plan.name])))
        served = [told for name, told in facts.items() if name.rpartition("-")[0] == plan.name and told.get("items")]
        items = sum(told["items"] for told in served)
        seconds = sum(told["seconds"] for told in served) / items if items else None
        backlog = Backlog(open_items.get(plan.name, 0), seconds)
        return self._sizes[plan.name].wanted(backlog, least=plan.least, most=plan.most, now=time.monotonic())
