"""An actor of a pool that computes nothing. Its processes import this module, so it imports nothing of the tests."""

import time
from functools import partial
from pathlib import Path

from cluster.workers.pool_workers import ANYONE, PoolWorker, Shift


class Held(PoolWorker):
    """Is at a batch until the file is there that the batch names."""

    def __init__(self, settings, *, duty, gpu, threads, niceness):
        self._shift = Shift(settings, duty, niceness)

    def embed(self, until_there, *, turn=ANYONE):
        return self._shift.batch(turn, partial(self._embed, until_there))

    def _embed(self, until_there):
        while not Path(until_there).exists():
            time.sleep(0.05)
        return self._shift.end_batch([until_there])

    def facts(self):
        return self._shift.facts("held", "cpu")
