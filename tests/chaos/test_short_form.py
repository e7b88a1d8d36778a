"""The short form of `make chaos` for `make test`: one stack, the faults that reach furthest, the same judgement."""

import pytest

from tests.chaos.faults import FAULTS
from tests.chaos.run import Ground
from tests.chaos.stack import Stack

BY_NAME = {fault.name: fault for fault in FAULTS}
SHORT = (
    ("SIGKILL OCR actor", "image_processing"),
    ("SIGKILL driver", "ai_analysis"),
    ("commit done, reply lost", "image_processing"),
    ("SIGKILL everything, up", "image_processing"),
)


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chaos")
    stack = Stack(folder)
    try:
        yield Ground(stack, folder)
    finally:
        stack.close()


@pytest.mark.parametrize(("name", "state"), SHORT)
def test_nothing_is_lost_and_nothing_done_twice(ground, name, state):
    row = ground.run(BY_NAME[name], state)
    assert (row.lost, row.doubled, row.wrong) == (0, 0, ())
