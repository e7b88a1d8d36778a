"""Faults of drivers: late ones, two for one document; and clocks that are wrong, theirs and others'."""

import subprocess
import sys
from contextlib import contextmanager

from tests.chaos.stack import wait_until
from tests.checkout import PROJECT


@contextmanager
def stale_driver(stack, document_id):
    """Stopped until another has taken its document over, then woken: each of its writes must be refused."""
    process = stack.wait_for("driver")
    fence = stack.document(document_id)["fence"]
    process.suspend()
    try:
        wait_until(lambda: another_has(stack, document_id, fence), "nobody took the document over")
    finally:
        process.resume()
    yield
    wait_until(lambda: said_lost(stack, document_id), "the driver that woke has not said why it stopped", 30)


def said_lost(stack, document_id):
    """A claim or a write that was refused, or the lease's own thread, whichever came first."""
    words = stack.log()
    return f"{document_id} is no longer held" in words or f"{document_id} was given back or claimed by another" in words


def another_has(stack, document_id, fence):
    row = stack.document(document_id)
    return row["status"] == "processing" and row["fence"] > fence and row["stage"] is not None


@contextmanager
def second_driver(stack, document_id, *options):
    """Another driver for the same document, under the same name: the higher fence has it, the other one stops."""
    row = stack.document(document_id)
    arguments = [document_id, row["worker"], str(row["fence"]), *options]
    environment = {**stack.checkout.environment, "PYTHONPATH": str(PROJECT)}
    other = subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.second_driver", *arguments],
        env=environment,
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
    )
    yield
    assert other.wait(timeout=60) == 0


def clock_of_the_driver(seconds):
    """The driver that has the document from now on believes that it is so much later, or earlier."""

    @contextmanager
    def strike(stack, document_id):
        with second_driver(stack, document_id, str(seconds)):
            yield

    return strike


@contextmanager
def clocks_of_the_others(stack, document_id):
    """The supervisor and the progress actor are started anew and believe that it is an hour later."""
    set_clocks(stack, 3600)
    try:
        yield
    finally:
        set_clocks(stack, 0)


def set_clocks(stack, ahead_s):
    environment = {**stack.checkout.environment, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "tests.chaos.wrong_clocks", str(ahead_s)]
    done = subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr[-500:]
