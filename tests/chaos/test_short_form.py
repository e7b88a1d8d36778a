"""The short form of `make chaos` for `make test`: one stack, the faults that reach furthest, the same judgement.

A row may have several faults meet one run of the document, each in a later state. Each says how long the document may
stand still, well above what was measured on two busy cores; together they keep the whole within six minutes.
"""

import pytest

from tests.chaos.faults import FAULTS
from tests.chaos.run import Ground
from tests.chaos.stack import Stack
from tests.chaos.states import UPLOAD

BY_NAME = {fault.name: fault for fault in FAULTS}
WHOLE_S = 360.0
SHORT = (
    (60.0, (("commit done, reply lost, at every write once", UPLOAD),)),
    (60.0, (("SIGKILL OCR actor", "image_processing"), ("SIGKILL driver", "ai_analysis"))),
    (60.0, (("connections terminated at random", "image_processing"), ("stale driver wakes", "ai_analysis"))),
    (90.0, (("SIGKILL everything, up", "image_processing"),)),
)


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chaos")
    stack = Stack(folder)
    try:
        yield Ground(stack, folder)
    finally:
        stack.close()


@pytest.mark.parametrize(("standstill_s", "steps"), SHORT, ids=["; ".join(name for name, _ in row) for _, row in SHORT])
def test_nothing_is_lost_and_nothing_done_twice(ground, standstill_s, steps):
    row = ground.run(*((BY_NAME[name], state) for name, state in steps))
    assert (row.lost, row.doubled, row.wrong) == (0, 0, ())
    assert row.recovery_s < standstill_s


def test_the_short_form_stays_short():
    assert sum(standstill_s for standstill_s, _ in SHORT) <= WHOLE_S
