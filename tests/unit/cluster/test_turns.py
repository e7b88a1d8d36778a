from concurrent.futures import ThreadPoolExecutor
from threading import Event

from cluster.workers.fair_share import Turn
from cluster.workers.turns import Turns


def test_who_is_served_sees_how_many_other_documents_wait():
    turns, gate = Turns(call_timeout_s=600.0), Event()
    with ThreadPoolExecutor() as callers:
        first = callers.submit(turns.take, Turn("a"), lambda: (gate.wait(), turns.crowd)[1])
        others = [callers.submit(turns.take, Turn(name), lambda: turns.crowd) for name in "abbc"]
        while turns.crowd < 2:
            gate.wait(0.01)
        gate.set()
        assert first.result() == 2
        assert sorted(other.result() for other in others)[0] == 0
