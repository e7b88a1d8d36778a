import pytest

from actors.inference.device_batch import GROW_AFTER, DeviceBatch, is_out_of_memory


class Device:
    """Doubles what it is given, if it has room for it; notes how much it was given."""

    def __init__(self, room, error=None):
        self.room, self.sizes = room, []
        self.error = error or RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    def __call__(self, items):
        self.sizes.append(len(items))
        if len(items) > self.room:
            raise self.error
        return [item * 2 for item in items]


def doubled(count):
    return [number * 2 for number in range(count)]


def test_a_device_with_room_gets_full_batches():
    device, batch = Device(8), DeviceBatch(8)
    assert batch.run(range(20), device) == doubled(20)
    assert device.sizes == [8, 8, 4]
    assert batch.fill == 20 / 24


@pytest.mark.parametrize("error", [RuntimeError("CUDA out of memory."), MemoryError()])
def test_too_little_memory_halves_the_batch_and_goes_on(error, caplog):
    device, batch = Device(3, error), DeviceBatch(8)
    assert batch.run(range(40), device) == doubled(40)
    assert batch.items == 2
    assert device.sizes.count(8) == 1
    assert "no memory for 8" in caplog.text
    device.sizes.clear()
    assert batch.run(range(10), device) == doubled(10)
    assert max(device.sizes) == 2


def test_no_room_for_a_single_item_is_that_items_error():
    batch = DeviceBatch(4)
    results = batch.run(range(3), Device(0))
    assert all(is_out_of_memory(result) for result in results)
    assert batch.items == 1


def test_room_that_comes_back_is_used_again():
    device, batch = Device(1), DeviceBatch(4)
    batch.run(range(4), device)
    assert batch.items == 1
    device.room = 4
    batch.run(range(3 * GROW_AFTER), device)
    assert batch.items == 4


def test_another_error_leaves_the_size_and_fails_alone():
    def call(items):
        if 5 in items:
            raise RuntimeError("illegal instruction")
        return list(items)

    batch = DeviceBatch(8)
    results = batch.run(range(8), call)
    assert [result for result in results if not isinstance(result, Exception)] == [0, 1, 2, 3, 4, 6, 7]
    assert batch.items == 8
    assert batch.run([], call) == []


def test_torch_says_it_in_words_that_are_understood():
    import torch

    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB."))
    assert not is_out_of_memory(RuntimeError("shapes do not match"))
