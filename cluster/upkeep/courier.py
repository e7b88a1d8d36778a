"""Delivers webhooks from the outbox: claims, sends, writes down what came of it. A thread of the supervisor's process.

Any number of couriers may run; each delivery is claimed with a lease and a fence like every job. Knows no HTTP.
"""

import logging
import random
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from urllib.parse import urlsplit

from cluster.settings import Settings
from cluster.upkeep.callback_rules import CallbackRules
from cluster.upkeep.webhook_sending import DEADLINE_S, Outcome, send_webhook
from db.connection import Database
from db.errors import DatabaseUnavailable, LeaseLost
from db.webhooks import (
    Claimed,
    claim_deliveries,
    complete_delivery,
    fail_delivery,
    reap_deliveries,
    release_delivery,
)

AT_ONCE = 8
AT_ONCE_TO_A_HOST = 2
"""A receiver that takes its time keeps only its own messages waiting."""
LOOK_EVERY_S = 1.0
LEASE_S = 4 * DEADLINE_S
"""An attempt has a deadline, but a name server may take longer, and Postgres may be away for a moment."""
LONGEST_WAIT_S = 6 * 3600.0
GROWTH = 4.0

logger = logging.getLogger(__name__)


class Courier:
    """The thread and what it needs."""

    def __init__(self, settings: Settings, secret: str) -> None:
        """Nothing is sent before `start`.

        Args:
            settings: resolved, with the service role's address.
            secret: signs every message.
        """
        self._settings, self._secret = settings, secret
        self._rules = CallbackRules.from_settings(settings)
        self._database = Database(settings.service_url, "service", max_size=4)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook")
        self._on_their_way: dict[Future[None], str] = {}  # and to which host
        self._name = f"courier-{uuid.uuid4().hex[:8]}"
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self, grace_s: float) -> None:
        """Take nothing more and wait for what is on its way; what is left then goes on when its lease has run out."""
        deadline = time.monotonic() + grace_s
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=grace_s)
        wait(self._on_their_way, timeout=max(0.0, deadline - time.monotonic()))
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._database.close()

    def round(self) -> int:
        """Begin to deliver what is due, as far as there is room; how many those are. Raises DatabaseUnavailable."""
        self._forget_arrived()
        with self._database.transaction() as conn:
            reap_deliveries(conn, most_tries=self._settings.webhook_max_attempts)
        begun = 0
        while len(self._on_their_way) < AT_ONCE and (claimed := self._claim()) is not None:
            self._on_their_way[self._threads.submit(self._deliver, claimed)] = host_of(claimed.url)
            begun += 1
        return begun

    def _claim(self) -> Claimed | None:
        """The next one to a host that is not busy with others."""
        busy = [host for host, number in Counter(self._on_their_way.values()).items() if number >= AT_ONCE_TO_A_HOST]
        with self._database.transaction() as conn:
            claimed = claim_deliveries(conn, worker=self._name, lease_s=LEASE_S, limit=1, except_hosts=busy)
        return claimed[0] if claimed else None

    def _forget_arrived(self) -> None:
        for future in [future for future in self._on_their_way if future.done()]:
            del self._on_their_way[future]
            if (error := future.exception()) is not None:  # its lease runs out, and it is tried again
                logger.error("a delivery failed in a way that nobody foresaw", exc_info=error)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.round()
            except DatabaseUnavailable as error:
                logger.warning("webhooks wait for the database: %s", error)
            except Exception:  # the round's boundary: whatever it was, the next round is tried
                logger.exception("a round of webhooks failed")
            if len(self._on_their_way) == AT_ONCE:
                wait(self._on_their_way, timeout=LOOK_EVERY_S, return_when=FIRST_COMPLETED)
            else:
                self._stopping.wait(LOOK_EVERY_S)

    def _deliver(self, claimed: Claimed) -> None:
        if self._stopping.is_set():
            with self._database.transaction() as conn:
                release_delivery(conn, claimed)
            return
        outcome = send_webhook(claimed.url, str(claimed.id), claimed.body, self._secret, self._rules)
        try:
            self._write_down(claimed, outcome)
        except (LeaseLost, DatabaseUnavailable) as error:  # sent, but not known to be: it is sent again
            logger.warning("the outcome of delivery %s is lost: %s", claimed.id, error)

    def _write_down(self, claimed: Claimed, outcome: Outcome) -> None:
        with self._database.transaction() as conn:
            if outcome.delivered and outcome.status_code is not None:
                complete_delivery(conn, claimed, status_code=outcome.status_code, seconds=outcome.seconds)
                return
            error = outcome.error or "It was not delivered."
            fail_delivery(
                conn,
                claimed,
                error,
                status_code=outcome.status_code,
                seconds=outcome.seconds,
                wait_s=self._wait_after(claimed, outcome),
            )
        logger.info("delivery %s of document %s: %s", claimed.id, claimed.document_id, error)

    def _wait_after(self, claimed: Claimed, outcome: Outcome) -> float | None:
        """Seconds until the next attempt, None when there is none: four times longer each time, with jitter."""
        if outcome.permanent or claimed.tries >= self._settings.webhook_max_attempts:
            return None
        grown = self._settings.webhook_backoff_s * GROWTH ** (claimed.tries - 1)
        return max(min(grown, LONGEST_WAIT_S) * random.uniform(0.5, 1.5), outcome.retry_after_s or 0.0)


def host_of(url: str) -> str:
    """Host and port, as the address names them."""
    return urlsplit(url).netloc


def start_courier(settings: Settings) -> Courier | None:
    """A courier at work, or None where nothing could be signed."""
    secret = settings.webhook_secret
    if secret is None or not secret.get_secret_value():
        return None
    courier = Courier(settings, secret.get_secret_value())
    courier.start()
    return courier
