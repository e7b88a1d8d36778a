"""`make chaos`: breaks everything at each state and prints what that cost; exits non-zero when a row is wrong.

`make chaos ARGS="raylet poison"` takes the faults whose names have one of the words in them, `ARGS="raylet+chunking"`
only in that state.
"""

import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.faults import FAULTS
from tests.chaos.run import Ground
from tests.chaos.stack import Stack
from tests.chaos.watch import Row
from tests.conftest import FOREIGN

FOLDER = Path(__file__).parent.parent.parent / ".quarry-test"
HEAD = ("fault", "state", "jobs lost", "doubled", "recovery, s")


def chosen(words):
    """The faults and states in which all parts of one of the words occur; everything without a word."""
    rows = [(fault, state) for fault in FAULTS for state in fault.states]
    texts = [(f"{fault.name} {state}", (fault, state)) for fault, state in rows]
    return [
        row for text, row in texts if not words or any(all(part in text for part in word.split("+")) for word in words)
    ]


def line(row):
    cells = (row.fault, row.state, str(row.lost), str(row.doubled), f"{row.recovery_s:.1f}")
    return "| " + " | ".join(cells) + " |" + "".join(f"  WRONG: {text}" for text in row.wrong)


def attempt(ground, fault, state):
    """The row; a fault that the suite itself could not bring about, or that nothing recovered from, is a wrong row."""
    try:
        return ground.run((fault, state))
    except (AssertionError, OSError) as error:
        return Row(fault.name, state, 0, 0, 0.0, wrong=(f"{type(error).__name__}: {str(error)[:500]}",))


def main(words):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended; what was started is taken down"))
    for name in [name for name in os.environ if name.startswith(FOREIGN)]:
        del os.environ[name]
    rows = chosen(words)
    FOLDER.mkdir(exist_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="chaos-", dir=FOLDER, ignore_cleanup_errors=True) as folder:
        stack = Stack(Path(folder))
        try:
            ground = Ground(stack, Path(folder))
            print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD), flush=True)
            done = []
            for fault, state in rows:
                done.append(attempt(ground, fault, state))
                print(line(done[-1]), flush=True)
        finally:
            stack.close()
    wrong = [row for row in done if not row.right]
    print(f"{len(done)} faults in {time.monotonic() - began:.0f} s on {os.cpu_count()} cores, {len(wrong)} wrong")
    return 1 if wrong or not done else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
