"""The verdict on memory: growth is found, noise and warming up are not, and too few samples give no verdict."""

import random

import pytest

from benchmarks.soak import Sample, judge

MIB = 1024 * 1024


def samples(sizes):
    return [Sample(number, {"driver": size * MIB}) for number, size in enumerate(sizes, start=1)]


def test_what_warms_up_and_then_wavers_is_flat():
    chance = random.Random(3)
    (verdict,) = judge(samples([100, 180, 240, 290, *(300 + chance.uniform(-12, 12) for _ in range(11))]))
    assert verdict.flat


def test_one_outlier_is_no_growth():
    (verdict,) = judge(samples([300] * 14 + [900]))
    assert verdict.flat


def test_what_grows_with_every_document_is_found():
    (verdict,) = judge(samples([300 + 5 * number for number in range(15)]))
    assert verdict.growth == pytest.approx(0.125, abs=0.01)
    assert not verdict.flat


def test_a_process_that_was_away_for_a_while_is_not_judged():
    seen = samples([300] * 15)
    seen[9].memory.clear()
    assert judge(seen) == []


def test_too_few_samples_are_refused():
    with pytest.raises(ValueError, match="too few"):
        judge(samples([300] * 6))
