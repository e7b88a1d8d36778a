"""Batches follow what the last ones took."""

import pytest

from cluster.workers.batch_size import BatchSize


def test_starts_small_before_anything_is_known():
    assert BatchSize(2.0, most=32).items == 2


@pytest.mark.parametrize(("seconds_per_item", "expected"), [(0.01, 32), (0.1, 20), (0.5, 4), (5.0, 1)])
def test_aims_at_the_target(seconds_per_item, expected):
    size = BatchSize(2.0, most=32)
    size.learn(10, 10 * seconds_per_item)
    assert size.items == expected


def test_follows_a_catalogue_that_becomes_slower():
    size = BatchSize(2.0, most=32)
    size.learn(10, 1.0)
    before = size.items
    for _ in range(10):
        size.learn(size.items, size.items * 1.0)
    assert size.items == 2 < before


def test_is_shorter_while_others_wait_and_grows_again():
    size = BatchSize(2.0, most=32)
    size.learn(10, 1.0, crowd=3)
    assert size.items == 5
    size.learn(0, 0.0, crowd=0)
    assert size.items == 20


def test_a_lost_batch_teaches_nothing():
    size = BatchSize(2.0, most=32)
    size.learn(4, 2.0)
    before = size.items
    size.learn(0, 0.0)
    assert size.items == before
