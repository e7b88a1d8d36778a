"""A block with something going on beside it."""

import threading
from contextlib import contextmanager


@contextmanager
def in_a_thread(work):
    """`work(stop)` beside the block."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=[stop], daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=30)
