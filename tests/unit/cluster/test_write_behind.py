from threading import Event, get_ident
from time import sleep

import pytest
from structlog.contextvars import bound_contextvars, get_contextvars

from cluster.write_behind import MOST_WAITING, WriteBehind


class Refused(Exception):
    pass


def refuse():
    raise Refused


def test_writes_are_done_in_order_by_another_thread_under_the_callers_name():
    done = []
    with WriteBehind() as writes, bound_contextvars(document_id="d-1"):
        for number in range(10):
            writes.put(lambda number=number: done.append((number, get_ident(), get_contextvars()["document_id"])))
    assert [number for number, *_ in done] == list(range(10))
    assert {name for *_, name in done} == {"d-1"}
    assert get_ident() not in {thread for _, thread, _ in done}


def test_the_caller_goes_on_until_too_many_wait():
    gate, handed_over = Event(), []

    def hand_over(writes):
        for number in range(MOST_WAITING + 1):
            writes.put(gate.wait)
            handed_over.append(number)

    with WriteBehind() as writes, WriteBehind() as other:
        other.put(lambda: hand_over(writes))
        while len(handed_over) < MOST_WAITING:
            sleep(0.01)
        assert not gate.is_set()
        gate.set()
        other.settle()
    assert len(handed_over) == MOST_WAITING + 1


def test_an_error_is_raised_at_the_next_occasion_and_only_once():
    with WriteBehind() as writes:
        writes.put(refuse)
        with pytest.raises(Refused):
            writes.settle()
        writes.settle()


def test_an_error_is_raised_at_the_end():
    with pytest.raises(Refused), WriteBehind() as writes:
        writes.put(refuse)


def test_what_ended_the_block_is_not_hidden_and_all_is_written_by_then():
    done = []
    with pytest.raises(KeyError), WriteBehind() as writes:
        writes.put(lambda: done.append(sleep(0.05)))
        writes.put(refuse)
        raise KeyError
    assert done == [None]
