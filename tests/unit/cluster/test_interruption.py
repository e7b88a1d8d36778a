"""Ctrl-C and SIGTERM, also when they come where nothing can be raised: in programs of their own."""

import signal
import subprocess
import sys

import pytest

BEGIN = "import os, signal, time\nfrom cluster.commands.interruption import unwind_on_signals\nunwind_on_signals()\n"
DEAF = """
class Deaf:
    def __del__(self):
        os.kill(os.getpid(), signal.{name})
        time.sleep(0.05)

try:
    Deaf()
    time.sleep(30)
finally:
    print("unwound")
"""
PLAIN = "try:\n    os.kill(os.getpid(), signal.{name})\n    time.sleep(30)\nfinally:\n    print('unwound')\n"


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("program", [PLAIN, DEAF])
def test_a_signal_unwinds_wherever_it_comes(program, name):
    command = [sys.executable, "-c", BEGIN + program.format(name=name)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (128 + getattr(signal, name), "unwound\n", "")


def test_what_else_is_dropped_is_reported():
    dropped = "class Broken:\n    def __del__(self):\n        raise ValueError('lost')\n\nBroken()\n"
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + dropped], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 0 and "ValueError: lost" in done.stderr
