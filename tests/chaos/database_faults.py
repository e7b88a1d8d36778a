"""Faults of Postgres and of the connections to it."""

import random
import time
from contextlib import contextmanager, suppress

import psutil
import psycopg

from tests.chaos.block import in_a_thread
from tests.chaos.wire import written

OUTAGE_S = 10.0
"""Longer than a lease of the suite's settings."""


@contextmanager
def postgres_away(stack, document_id):
    """Stopped for longer than a lease, and started."""
    stack.server.stop()
    time.sleep(OUTAGE_S)
    stack.server.start()
    yield


@contextmanager
def supervisor_killed_meanwhile(stack, document_id):
    """The supervisor dies while Postgres is away, and has to start without it."""
    stack.server.stop()
    stack.wait_for("supervisor").kill()
    time.sleep(OUTAGE_S)
    stack.server.start()
    yield


@contextmanager
def kill_postgres(stack, document_id):
    """SIGKILL to the server and its children at once; the operator says `quarry up`."""
    server = stack.server.process()
    for process in [server, *server.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    stack.up()
    yield


@contextmanager
def connections_terminated(stack, document_id):
    """Some of the pipeline's connections at random, again and again until the document has ended."""
    chance = random.Random(5)

    def terminate(stop):
        while not stop.wait(chance.uniform(0.3, 0.9)):
            with suppress(psycopg.OperationalError), stack.database() as conn:
                pids = conn.execute(
                    "select pid from pg_stat_activity where application_name like 'quarry %' order by pid"
                ).fetchall()
                for row in chance.sample(pids, min(2, len(pids))):
                    conn.execute("select pg_terminate_backend(%s)", [row["pid"]])

    with in_a_thread(terminate):
        yield


@contextmanager
def replies_lost(stack, document_id):
    """A quarter of all commits are done, and their answers lost with the connection."""
    before, stack.proxy.lose_share = stack.proxy.lost, 0.25
    try:
        yield
    finally:
        stack.proxy.lose_share = 0.0
    assert stack.proxy.lost - before > 10, "the fault has not struck"


EVERY_WRITE = {
    "insert into processed_documents",  # the upload
    "update processed_documents",  # claim, takeover, stage, counts, end
    "insert into document_pages",
    "insert into document_images",
    "insert into image_processing_queue",
    "update image_processing_queue",  # claims and results
    "insert into document_chunks",
    "insert into ai_analysis_queue",
    "update ai_analysis_queue",
    "insert into products",
    "insert into job_progress",
}
PLACES = 14
"""At least so many places of the code write for one document."""


@contextmanager
def first_replies_lost(stack, document_id):
    """Every place of the code that writes: its first commit is done, and the answer lost with the connection."""
    stack.proxy.lost_at.clear()
    stack.proxy.lose_first = True
    try:
        yield
    finally:
        stack.proxy.lose_first = False
    missed = EVERY_WRITE - {write for site in stack.proxy.lost_at for write in written(site)}
    assert not missed, f"the answer was never lost of: {sorted(missed)}"
    assert len(stack.proxy.lost_at) >= PLACES, stack.proxy.lost_at
