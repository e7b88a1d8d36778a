"""Keeps each pool at its size: starts what is not there yet, grows with the backlog, removes what nobody needs.

A pool grows by starting actors. Those for which the cluster has no room wait, and are what Ray's autoscaler adds nodes
for. It shrinks from its highest number down; who leaves ends what it is at (`cluster.departures`).
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from psycopg import Connection
from ray.actor import ActorHandle

from cluster.departures import Departures
from cluster.dispatch import names_of
from cluster.pool_size import Backlog, PoolSize
from cluster.pools import PoolPlan, start_pool
from cluster.replacement import Replacements
from cluster.settings import Settings
from db.metrics import get_queue_metrics
from db.queues import QueueName

Actors = dict[str, "ActorHandle[Any]"]
QUEUE_OF: dict[str, QueueName] = {"ocr": "image", "clip": "image", "analysis": "ai"}
"""What waits for a pool; one that is not named here has no queue, and keeps its size."""


def count_open_jobs(conn: Connection[Any]) -> dict[QueueName, int]:
    """What waits or is computed, by queue."""
    return {queue: metrics.pending + metrics.processing for queue, metrics in get_queue_metrics(conn).items()}


class PoolKeeper:
    """All pools of one supervisor."""

    def __init__(self, settings: Settings, replacements: Replacements) -> None:
        """Nothing is started yet."""
        self._settings = settings
        self.departures = Departures(replacements)
        self._sizes: defaultdict[str, PoolSize] = defaultdict(PoolSize)

    def keep(
        self, plans: Iterable[PoolPlan], facts: Mapping[str, Mapping[str, Any]], open_jobs: Mapping[QueueName, int]
    ) -> tuple[Actors, Actors]:
        """Start and remove actors.

        Args:
            plans: of all pools, as the cluster's resources now allow.
            facts: what each actor last said of itself.
            open_jobs: what waits or is computed, by queue; a queue that is not there is empty.

        Returns:
            The actors that must be up, and those that help when they are.
        """
        needed: Actors = {}
        welcome: Actors = {}
        for plan in plans:
            wanted = self._wanted(plan, facts, open_jobs)
            least = set(plan.actor_names(plan.least))
            for name, actor in start_pool(plan, self._settings, wanted).items():
                (needed if name in least else welcome)[name] = actor
            if plan.elastic:
                beyond = set(names_of(plan.name)) - set(plan.actor_names(wanted))
                self.departures.see_off(plan.name, beyond, facts)
        return needed, welcome

    def _wanted(
        self, plan: PoolPlan, facts: Mapping[str, Mapping[str, Any]], open_jobs: Mapping[QueueName, int]
    ) -> int:
        if not plan.elastic:
            return plan.actors
        served = [told for name, told in facts.items() if name.rpartition("-")[0] == plan.name and told.get("items")]
        items = sum(told["items"] for told in served)
        seconds = sum(told["seconds"] for told in served) / items if items else None
        backlog = Backlog(open_jobs.get(QUEUE_OF[plan.name], 0), seconds)
        return self._sizes[plan.name].wanted(backlog, least=plan.least, most=plan.most, now=time.monotonic())
