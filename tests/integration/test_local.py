"""Starts that come to nothing, as a user sees them: what was started is ended, and what is in the way is named.

What a start that succeeds leaves is looked at in `tests/acceptance/test_what_up_and_down_do.py`.
"""

import os
import signal
import socket
import subprocess
import sys
import time

from cluster.host.processes import living
from tests.checkout import Checkout


def test_a_taken_port_is_named_and_nothing_is_started(tmp_path):
    checkout = Checkout(tmp_path / "home")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", checkout.port("MONITOR_PORT")))
        listener.listen()
        done = checkout.quarry("up")
    assert done.returncode == 3
    assert f"Port {checkout.port('MONITOR_PORT')} on 127.0.0.1 is taken" in done.stderr
    assert "QUARRY_MONITOR_PORT" in done.stderr
    assert f"pid {os.getpid()}" in done.stderr
    assert checkout.book.members() == {}


def test_an_interrupted_up_leaves_nothing_behind(tmp_path):
    checkout = Checkout(tmp_path / "home")
    command = [sys.executable, "-m", "cluster.cli", "up"]
    starting = subprocess.Popen(command, env=checkout.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + 60
    while not (checkout.home.exists() and checkout.book.members("monitor")):
        assert starting.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    try:
        started = set(checkout.processes())
        starting.send_signal(signal.SIGINT)
        words, _ = starting.communicate(timeout=120)
        assert starting.returncode == 130, words.decode()
        assert b"ending what was started" in words
        assert checkout.book.members() == {}
        assert checkout.book.state.folders == []
        assert [process for process in started if living(process.pid) == process] == []
    finally:
        checkout.quarry("down", timeout=120)  # nothing is left to end, unless this fails
