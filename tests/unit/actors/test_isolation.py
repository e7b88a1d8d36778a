from actors.errors import ImageUnreadable, describe
from actors.isolation import run_isolated


def test_a_batch_without_trouble_is_one_call():
    calls = []
    assert run_isolated([1, 2, 3], lambda items: calls.append(items) or [item * 2 for item in items]) == [2, 4, 6]
    assert calls == [[1, 2, 3]]


def test_only_the_bad_item_fails_and_order_is_kept():
    def double(items):
        if 3 in items:
            raise ValueError("three")
        return [item * 2 for item in items]

    results = run_isolated([1, 2, 3, 4, 5], double)
    assert [results[0], results[1], results[3], results[4]] == [2, 4, 8, 10]
    assert isinstance(results[2], ValueError)


def test_a_device_that_holds_two_at_a_time_does_them_all():
    def small(items):
        if len(items) > 2:
            raise RuntimeError("out of memory")
        return list(items)

    assert run_isolated(list(range(9)), small) == list(range(9))


def test_nothing_asks_for_nothing():
    assert run_isolated([], lambda items: 1 / 0) == []


def test_errors_are_described_with_their_permanence():
    assert describe(ImageUnreadable("The bytes are no image.", "Send another.")) == (
        "The bytes are no image. Send another.",
        True,
    )
    assert describe(ValueError("bad")) == ("ValueError: bad", False)
    assert describe(MemoryError()) == ("MemoryError", False)
