"""The numbers that Ray's exporter shows to Prometheus. All of them come from the supervisor, most out of Postgres.

One process exports, because what a worker counted in its last seconds is lost with it: jobs are counted where they are
stored, each once, when it has ended. Ray forgets a gauge that was not set for two of its reports (20 s): whatever shall
stay to be seen is set at each look.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection
from ray.util.metrics import Counter, Gauge, Histogram

from cluster.settings import Settings
from db.metrics import document_totals, get_queue_metrics, server_time
from db.queues import QUEUES
from db.reaper import Reaped
from db.throughput import ended_between

SETTLED_S = 10.0
"""A job's end is counted when it is so long ago that its transaction has surely ended."""
JOB_STATES = ("pending", "processing", "completed", "failed", "cancelled")
DOCUMENT_STATES = ("pending", "processing", "completed", "partial", "failed", "cancelled")
SECONDS = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0]


@dataclass(frozen=True)
class ServedSoFar:
    """What one actor's process had done at a look."""

    items: int = 0
    batches: int = 0
    new_items: int = 0  # since the look before
    items_a_batch: float | None = None  # since the look before, or of the last batches that there were

    def next(self, items: int, batches: int) -> "ServedSoFar":
        """What the next look finds; smaller counts are those of a new process."""
        same_process = items >= self.items and batches >= self.batches
        before = self if same_process else ServedSoFar()
        average = before.items_a_batch
        if batches > before.batches:
            average = (items - before.items) / (batches - before.batches)
        return ServedSoFar(items, batches, items - before.items, average)


class Numbers:
    """Everything that is exported; each name begins with `ray_quarry_` there."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is shown yet; jobs are counted from the first look on."""
        self._settings = settings
        self._counted_until: datetime | None = None
        self._served: dict[str, ServedSoFar] = {}  # by actor, at the last look
        self._known: dict[str, dict[str, str]] = {}  # by actor that was ever up: what it said of itself
        self._leases_lost: dict[str, tuple[int, int]] = {}  # by progress actor: its pid, and what it had counted
        self._jobs = Gauge("quarry_jobs", "Jobs by queue and state.", tag_keys=("queue", "state"))
        self._documents = Gauge("quarry_documents", "Documents by state.", tag_keys=("state",))
        self._oldest = Gauge("quarry_oldest_pending_seconds", "Age of the job that waits longest.", tag_keys=("queue",))
        self._attempts = Counter(
            "quarry_attempts", "Attempts of jobs that have ended, and how they ended.", tag_keys=("queue", "outcome")
        )
        self._wait = Histogram(
            "quarry_job_wait_seconds",
            "From when a job may run to its claim.",
            boundaries=SECONDS,
            tag_keys=("queue",),
        )
        self._run = Histogram(
            "quarry_job_run_seconds",
            "From its claim to its end.",
            boundaries=SECONDS,
            tag_keys=("queue", "outcome"),
        )
        self._reaped = Counter("quarry_reaped", "Taken back because a lease ran out.", tag_keys=("what",))
        self._lost = Counter("quarry_leases_lost", "Results that came after their lease was lost, and were discarded.")
        self._ready = Gauge("quarry_ready", "1 while documents are processed, else 0.")
        self._drivers = Gauge("quarry_drivers", "Documents that are driven now.")
        self._actor = Gauge(
            "quarry_actor_up",
            "1 for each actor that answers, 0 when it has gone.",
            tag_keys=("actor", "device", "model"),
        )
        self._memory = Gauge("quarry_actor_memory_bytes", "Resident memory.", tag_keys=("actor",))
        self._items = Counter("quarry_actor_items", "Images or analyses that an actor has served.", tag_keys=("actor",))
        self._fill = Gauge(
            "quarry_actor_batch_fill_ratio",
            "Items of a batch by QUARRY_MAX_BATCH_ITEMS, on the average of the last ones.",
            tag_keys=("actor",),
        )

    def show_service(self, ready: bool, drivers: int) -> None:
        """Whether documents are processed, and how many."""
        self._ready.set(float(ready))
        self._drivers.set(drivers)

    def count_reaped(self, reaped: Reaped) -> None:
        """One round of the reaper."""
        for what, number in (("documents", len(reaped.documents)), ("jobs", reaped.jobs)):
            if number:
                self._reaped.inc(number, {"what": what})

    def show_actors(self, facts: Mapping[str, Mapping[str, Any]]) -> None:
        """What each actor says of itself; of one that is gone nothing but that."""
        for name in self._known.keys() - facts.keys():
            self._actor.set(0.0, self._known[name])
        for name, told in facts.items():
            tags = {"actor": name, "device": told.get("device", "cpu"), "model": told.get("model", "none")}
            self._known[name] = tags
            self._actor.set(1.0, tags)
            self._memory.set(told["memory_bytes"], {"actor": name})
            if "items" in told:
                self._count_served(name, told["items"], told["batches"])
            if "leases_lost" in told:
                self._count_lost(name, told["pid"], told["leases_lost"])

    def _count_served(self, name: str, items: int, batches: int) -> None:
        served = self._served[name] = self._served.get(name, ServedSoFar()).next(items, batches)
        if served.new_items:
            self._items.inc(served.new_items, {"actor": name})
        if served.items_a_batch is not None:
            analyses = name.startswith("analysis-")
            most = self._settings.max_batch_analyses if analyses else self._settings.max_batch_items
            self._fill.set(served.items_a_batch / most, {"actor": name})

    def _count_lost(self, name: str, pid: int, lost: int) -> None:
        known_pid, counted = self._leases_lost.get(name, (0, 0))
        before = counted if known_pid == pid else 0
        self._leases_lost[name] = (pid, lost)
        if lost > before:
            self._lost.inc(lost - before)

    def show_queues(self, conn: Connection[Any]) -> None:
        """What stands in the queues, and what ended since the last look."""
        totals = document_totals(conn)
        for state in DOCUMENT_STATES:
            self._documents.set(getattr(totals, state), {"state": state})
        for queue, metrics in get_queue_metrics(conn).items():
            for state in JOB_STATES:
                self._jobs.set(getattr(metrics, state), {"queue": queue, "state": state})
            self._oldest.set(metrics.oldest_pending_s or 0.0, {"queue": queue})
        until = server_time(conn) - timedelta(seconds=SETTLED_S)
        if self._counted_until is not None and until > self._counted_until:
            self._count_ended(conn, self._counted_until, until)
        self._counted_until = max(until, self._counted_until or until)

    def _count_ended(self, conn: Connection[Any], since: datetime, until: datetime) -> None:
        for queue in QUEUES:
            for job in ended_between(conn, queue, since, until):
                tags = {"queue": queue, "outcome": job.status}
                retried = job.attempts - 1
                if retried > 0:
                    self._attempts.inc(retried, {"queue": queue, "outcome": "retried"})
                self._attempts.inc(1, tags)
                if job.waited_s is not None and job.ran_s is not None:
                    self._wait.observe(job.waited_s, {"queue": queue})
                    self._run.observe(job.ran_s, tags)
