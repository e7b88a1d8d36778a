"""When an actor's process has served enough: by what it has served, and by what it holds."""

from cluster.settings import MEBIBYTE, Settings
from cluster.workers.allowance import Allowance


def test_one_that_has_served_enough_retires():
    allowance = Allowance(Settings(actor_recycle_items=4))
    allowance.spend(3)
    assert allowance.retiring() is None
    allowance.spend(1)
    assert allowance.retiring().reason == "it has served 4 items of 4"


def test_one_that_holds_too_much_retires_and_stays_so():
    room = Allowance(Settings()).memory_bytes() + 32 * MEBIBYTE
    allowance = Allowance(Settings(actor_recycle_bytes=room))
    allowance.spend(1)
    assert allowance.retiring() is None
    held = bytearray(b"x") * (64 * MEBIBYTE)
    allowance.spend(1)
    assert "MiB of" in allowance.retiring().reason
    del held
    allowance.spend(0)
    assert allowance.retiring() is not None, "what it allocated once it may allocate again"
