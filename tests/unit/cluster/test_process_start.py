import os
import threading

from cluster.host.process_start import give_way


def niceness():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_a_thread_gives_way_for_itself_and_once():
    before, seen = niceness(), []

    def batch():
        for _ in range(2):
            give_way(before + 3)
            seen.append(niceness())

    thread = threading.Thread(target=batch)
    thread.start()
    thread.join()
    assert seen == [before + 3, before + 3]
    assert niceness() == before
    give_way(before - 1)  # nobody who asks to give way comes to go first
    assert niceness() == before
