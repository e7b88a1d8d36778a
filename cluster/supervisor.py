"""The actor that admits documents and starts their drivers, takes over the work of dead ones, and keeps the pools up.

All truth is in Postgres: this actor may die and start again at any moment and finds there what to do. It holds nothing
that is lost with it but the object refs of running drivers.
"""

import logging
import os
import queue
import threading
import time
import uuid
from typing import Any

import ray
from ray.actor import ActorHandle
from ray.exceptions import RayError

from cluster.driver_start import start_driving
from cluster.host.process_start import begin_process
from cluster.pool_care.pool_keeper import PoolKeeper, count_open_items
from cluster.pool_care.replacement import Replacements
from cluster.pools import cluster_resources, plan_pools, start_actor, start_progress
from cluster.settings import Settings
from cluster.upkeep.courier import start_courier
from cluster.upkeep.housekeeping import Housekeeping
from cluster.upkeep.numbers import Numbers
from cluster.workers.actor_names import NAMESPACE, QUESTIONS, SUPERVISOR, progress_names
from cluster.workers.dispatch import end_actor
from cluster.workers.pool_watch import PoolWatch
from db.connection import Database
from db.document_claims import claim_next, release_document
from db.documents import Document
from db.errors import DatabaseUnavailable
from db.reaper import reap_expired

SUPERVISOR_CALLS = 8
LOOK_EVERY_S = 0.3
POOL_CHECK_EVERY_S = 5.0
NUMBERS_EVERY_S = 10.0
RESULT_TIMEOUT_S = 3.0
LEAST_STARTING = 2
"""So many drivers may start at a time, however few cores there are."""

logger = logging.getLogger(__name__)


class Supervisor:
    """A loop in a thread of its own: reap, look after the pools, admit documents. Beside it the courier's thread."""

    def __init__(self, settings: Settings) -> None:
        """Start the loop. Nothing here may fail: Ray does not start an actor again whose constructor has raised."""
        begin_process(settings, SUPERVISOR)
        self._settings = settings
        self._database = Database(settings.service_url, "service", max_size=2)
        self._role_checked = False
        self._name = f"supervisor-{uuid.uuid4().hex[:8]}"
        # Made once: each one is exported, and kept by every worker for good.
        self._driver_task: Any = ray.remote(max_calls=settings.driver_recycle_documents)(start_driving)
        self._drivers: dict[ray.ObjectRef[str], Document] = {}
        self._watch = PoolWatch()
        self._replacements = Replacements()
        self._keeper = PoolKeeper(settings, self._replacements)
        self._open_items: dict[str, int] | None = None  # by pool, as last seen; None before the first look
        self._retirements: queue.SimpleQueue[tuple[str, int, str]] = queue.SimpleQueue()
        self._numbers = Numbers(settings)
        self._next_numbers = 0.0
        self._pools_started = False
        self._starting_at_once = LEAST_STARTING
        self._stopping = threading.Event()
        self._stopped = threading.Event()
        self._last_error: str | None = None
        self._last_round_at = time.monotonic()
        self._next_pool_check = 0.0
        self._next_look_at_queues = 0.0
        self._next_reaping = 0.0
        """While the database is away nobody can renew: after it, living drivers get the time to do so."""
        self._housekeeping = Housekeeping(settings)
        self._housekeeping.start()
        self._courier = start_courier(settings)
        threading.Thread(target=self._run, name="supervisor", daemon=True).start()

    def status(self) -> dict[str, Any]:
        """Whether Quarry can do its work now, with the reason when not, and the facts of every actor."""
        reason = self._last_error or self._watch.trouble()
        if self._stopping.is_set():
            reason = "the supervisor is shutting down"
        elif not self._pools_started:
            reason = "the pools are not started yet"
        return {
            "ready": reason is None,
            "reason": reason,
            "active_documents": len(self._drivers),
            "actors": self._watch.facts(),
        }

    def facts(self) -> dict[str, Any]:
        """What the watchdog asks: answering shows that the process lives, the time of its last round that it works."""
        stood_still_s = 0.0 if self._stopping.is_set() else time.monotonic() - self._last_round_at
        return {"pid": os.getpid(), "stood_still_s": stood_still_s}

    def retire(self, name: str, pid: int, reason: str) -> None:
        """That process of an actor has served enough: it is ended in the next round, once, and Ray starts another."""
        self._retirements.put((name, pid, reason))

    def replaced_within(self, name: str, seconds: float) -> bool:
        """Whether that actor was ended on purpose lately: calls lost with it were not tried."""
        return self._replacements.within(name, seconds)

    def shutdown(self, grace_s: float) -> int:
        """Stop admitting, wait for running drivers, give the leases of the others back; returns how many those were."""
        deadline = time.monotonic() + grace_s  # of all of it: who asked waits little longer than the grace
        self._stopping.set()
        self._housekeeping.stop()
        if self._courier is not None:
            self._courier.stop(grace_s)
        self._stopped.wait(timeout=max(0.0, deadline - time.monotonic()))
        while self._drivers and time.monotonic() < deadline:
            self._forget_ended()
            time.sleep(0.1)
        for document in list(self._drivers.values()):
            with self._database.transaction() as conn:
                release_document(conn, document.id, worker=str(document.worker))
        return len(self._drivers)

    # ---- the loop

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._round()
                self._last_error = None
            except DatabaseUnavailable as error:
                logger.warning("the database is away, trying on: %s", error)
                self._last_error = str(error)
                self._next_reaping = time.monotonic() + self._settings.lease_s / 2
            except Exception as error:  # the loop's boundary: documents must be admitted again after whatever it was
                logger.exception("this round failed, trying on")
                self._last_error = str(error)
            self._last_round_at = time.monotonic()
            self._stopping.wait(LOOK_EVERY_S)
        self._stopped.set()

    def _round(self) -> None:
        """Raises DatabaseMisconfigured, which `status` shows, as long as the role would see an empty queue."""
        now = time.monotonic()
        if now >= self._next_pool_check:
            self._keep_pools()
            self._next_pool_check = now + POOL_CHECK_EVERY_S
        self._watch.poll()
        self._end_who_hangs()
        self._replace_retiring()
        self._forget_ended()
        if not self._role_checked:
            self._database.check_role()
            self._role_checked = True
        if now >= self._next_reaping:
            self._reap()
            self._next_reaping = now + self._settings.lease_s / 3
        self._admit()
        if now >= self._next_look_at_queues:
            self._look_at_queues()
            self._next_look_at_queues = now + POOL_CHECK_EVERY_S
        if now >= self._next_numbers:
            self._show_numbers()
            self._next_numbers = now + NUMBERS_EVERY_S

    def _keep_pools(self) -> None:
        """Start what is not there; actors that died are restarted by Ray itself."""
        writers = {name: start_progress(self._settings, name) for name in progress_names(self._settings)}
        resources = cluster_resources()
        self._starting_at_once = max(LEAST_STARTING, int(resources.get("CPU", 0)))
        plans = plan_pools(resources, self._settings).values()
        needed, welcome = self._keeper.keep(plans, self._watch.facts(), self._open_items)
        self._watch.follow({**writers, **needed}, welcome)
        self._pools_started = True

    def _look_at_queues(self) -> None:
        with self._database.transaction() as conn:
            open_items = count_open_items(conn)
        if self._open_items is None:  # pools may shrink from now on: who was leaving before must leave, not be replaced
            self._next_pool_check = 0.0
        self._open_items = open_items

    def _show_numbers(self) -> None:
        """Hand everything to Ray's exporter."""
        self._numbers.show_service(self.status()["ready"], len(self._drivers))
        self._numbers.show_actors(self._watch.facts())
        with self._database.transaction() as conn:
            self._numbers.show_queues(conn)

    def _end_who_hangs(self) -> None:
        """Also one that nobody sends anything to; a batch that never ends is ended by the driver that waits for it."""
        for name in self._watch.hung(self._settings.silence_s):
            logger.warning("restarting %s: no answer for %g s", name, self._settings.silence_s)
            end_actor(ray.get_actor(name, namespace=NAMESPACE))
            self._watch.forget_question(name)

    def _replace_retiring(self) -> None:
        """Those that drivers have met, and those that nobody sends anything to; who leaves ends what it is at first."""
        for name, facts in self._watch.facts().items():
            if facts.get("retiring") and not facts.get("at_work"):
                self.retire(name, facts["pid"], facts["retiring"])
        while not self._retirements.empty():
            name, pid, reason = self._retirements.get()
            if name not in self._keeper.departures and self._replacements.replace(name, pid, reason):
                self._watch.expect_back(name)

    def _reap(self) -> None:
        """Take back what dead workers held."""
        with self._database.transaction() as conn:
            reaped = reap_expired(conn, backoff_s=self._settings.retry_backoff_s)
        self._numbers.count_reaped(reaped)
        for document_id in reaped.documents:
            told = {"document_id": str(document_id)}
            logger.warning("a lease expired: its driver is gone, the document goes on later", extra=told)

    def _admit(self) -> None:
        """Claim what may start now, highest priority first, then in order of arrival, and start a driver for each.

        Large documents leave some places to small ones, which would wait for hours behind a dozen of them. No more
        drivers start at a time than there are cores: a dozen at once would all start late.
        """
        while not self._stopping.is_set():
            worker = f"{self._name}/{uuid.uuid4().hex[:8]}"
            with self._database.transaction() as conn:
                document = claim_next(
                    conn,
                    worker=worker,
                    lease_s=self._settings.lease_s,
                    max_active=self._settings.max_active_documents,
                    reserved=self._settings.reserved_documents,
                    small_bytes=self._settings.small_document_bytes,
                    max_starting=self._starting_at_once,
                )
            if document is None:
                return
            self._start_driver(document, worker)

    def _start_driver(self, document: Document, worker: str) -> None:
        options = self._driver_task.options(
            name=f"drive {document.title}",
            num_cpus=0,  # it waits for its actors
            max_retries=self._settings.max_retries,
            retry_exceptions=False,
            scheduling_strategy="SPREAD",  # over the nodes of a cluster, for what it holds in memory
        )
        ref = options.remote(str(document.id), worker, document.fence, self._settings)
        self._drivers[ref] = document
        told = {"document_id": str(document.id), "document_attempt": document.attempt, "worker": worker}
        logger.info("document started", extra=told)

    def _forget_ended(self) -> None:
        if not self._drivers:
            return
        ended, _ = ray.wait(list(self._drivers), num_returns=len(self._drivers), timeout=0)
        for ref in ended:
            document = self._drivers.pop(ref)
            try:
                told = {"document_id": str(document.id), "outcome": ray.get(ref, timeout=RESULT_TIMEOUT_S)}
                logger.info("document's driver ended", extra=told)
            except RayError as error:  # the driver died in all its tries; the reaper takes its lease back
                logger.warning("a driver is gone: %s", error, extra={"document_id": str(document.id)})


def start_supervisor(settings: Settings) -> "ActorHandle[Any]":
    """Start the supervisor, or find the one that runs; `settings` are resolved, Ray is connected."""
    return start_actor(SUPERVISOR, Supervisor, settings, max_concurrency=SUPERVISOR_CALLS, groups={QUESTIONS: 1})
