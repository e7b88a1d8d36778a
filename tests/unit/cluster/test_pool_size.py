import pytest

from cluster.pool_care.pool_size import KEPT_FOR_S, Backlog, PoolSize

BOUNDS = {"least": 1, "most": 8}


@pytest.fixture
def size():
    return PoolSize()


@pytest.mark.parametrize(
    ("items", "seconds", "actors"),
    [(0, 0.5, 1), (60, 0.5, 1), (61, 0.5, 2), (240, 0.5, 4), (100_000, 0.5, 8), (90, None, 3)],
)
def test_the_backlog_is_worked_off_in_half_a_minute_within_the_bounds(size, items, seconds, actors):
    assert size.wanted(Backlog(items, seconds), **BOUNDS, now=0.0) == actors


def test_it_grows_at_once_and_shrinks_when_nobody_missed_the_actors_for_a_minute(size):
    assert size.wanted(Backlog(0, 0.5), **BOUNDS, now=0.0) == 1
    assert size.wanted(Backlog(300, 0.5), **BOUNDS, now=5.0) == 5
    for now in range(10, int(5 + KEPT_FOR_S) + 1, 5):
        assert size.wanted(Backlog(0, 0.5), **BOUNDS, now=float(now)) == 5
    assert size.wanted(Backlog(0, 0.5), **BOUNDS, now=5.0 + KEPT_FOR_S + 5.0) == 1


def test_it_shrinks_to_what_was_needed_meanwhile(size):
    size.wanted(Backlog(300, 0.5), **BOUNDS, now=0.0)
    size.wanted(Backlog(120, 0.5), **BOUNDS, now=50.0)
    assert size.wanted(Backlog(0, 0.5), **BOUNDS, now=70.0) == 2


def test_bounds_that_move_hold_at_once(size):
    size.wanted(Backlog(300, 0.5), **BOUNDS, now=0.0)
    assert size.wanted(Backlog(0, 0.5), least=2, most=3, now=1.0) == 3
