"""One actor on a clock that only computing moves: who is served when."""

from collections import Counter

import pytest

from cluster.workers.fair_share import DOCUMENTS_REMEMBERED, FairShare, Turn

BATCH_S = 2.0
HEAD_START_S = 10.0
LONGEST_WAIT_S = 150.0


class Actor:
    """Computes what is next; documents that never end keep as many calls waiting as a driver does."""

    def __init__(self):
        self.fair = FairShare(head_start_s=HEAD_START_S, longest_wait_s=LONGEST_WAIT_S)
        self.now = 0.0
        self.ended = []  # (document, call, when)
        self.endless = {}

    def send(self, document, calls=1, *, priority=0, seconds=BATCH_S):
        for number in range(calls):
            self.fair.add(Turn(document, priority), (number, seconds), self.now)

    def keep_busy(self, document, *, calls=2, priority=0):
        self.endless[document] = priority
        self.send(document, calls, priority=priority)

    def compute(self, until):
        while self.now < until and (taken := self.fair.take(self.now)) is not None:
            turn, (number, seconds) = taken
            self.now += seconds
            self.fair.charge(turn.document, seconds)
            self.ended.append((turn.document, number, self.now))
            if turn.document in self.endless:
                self.send(turn.document, priority=self.endless[turn.document])

    def served(self, since=0.0):
        return Counter(document for document, _, when in self.ended if when > since)

    def end_of(self, document):
        return max(when for name, _, when in self.ended if name == document)


@pytest.fixture
def actor():
    return Actor()


@pytest.fixture
def busy(actor):
    """Ten large documents, each long past its head start."""
    for number in range(10):
        actor.keep_busy(f"large-{number}")
    actor.compute(until=400.0)
    return actor


def test_large_documents_get_equal_shares(busy):
    served = busy.served()
    assert max(served.values()) - min(served.values()) <= 1


def test_a_small_newcomer_does_not_stand_behind_what_large_documents_have_sent(busy):
    came = busy.now
    busy.send("small", 3)
    busy.compute(until=came + 60.0)
    assert busy.end_of("small") - came == 3 * BATCH_S


def test_it_is_first_come_first_served_that_keeps_a_newcomer_waiting(busy):
    """What the order is for: twenty calls of two seconds stand before it."""
    assert len(busy.fair) * BATCH_S == 40.0


def test_a_large_newcomer_has_its_head_start_once_and_then_its_share(busy):
    came = busy.now
    busy.keep_busy("large-new")
    busy.compute(until=came + 10 * HEAD_START_S)
    served = busy.served(since=came)
    head_start = HEAD_START_S / BATCH_S
    equal = (served.total() - head_start) / 11
    assert served["large-new"] == pytest.approx(head_start + equal, abs=1.5)


def test_who_pauses_shortly_comes_back_to_its_own_share(busy):
    """A driver that waits for Postgres between two batches gains no new head start by it."""
    busy.send("pauses", 6)
    for _ in range(10):
        busy.compute(until=busy.now + 11 * BATCH_S)
        busy.send("pauses")
    came = busy.now
    busy.send("pauses", 3)
    busy.compute(until=came + 22 * BATCH_S)
    assert busy.served(since=came)["pauses"] <= 3


def test_priority_goes_first_and_the_newcomers_after_it_are_not_punished(busy):
    came = busy.now
    busy.send("urgent", 20, priority=5)
    busy.compute(until=came + 40.0)
    assert busy.served(since=came) == {"urgent": 20}
    came = busy.now
    busy.send("small", 3)
    busy.compute(until=came + 60.0)
    assert busy.end_of("small") - came == 3 * BATCH_S


def test_nobody_waits_for_ever(actor):
    actor.send("low", 2)
    actor.keep_busy("urgent", priority=5)
    actor.compute(until=400.0)
    first, second = sorted(when for document, _, when in actor.ended if document == "low")
    assert LONGEST_WAIT_S < first <= LONGEST_WAIT_S + 2 * BATCH_S
    assert second <= first + BATCH_S


def test_a_documents_own_calls_keep_their_order(busy):
    busy.send("ordered", 5)
    busy.compute(until=busy.now + 200.0)
    assert [number for document, number, _ in busy.ended if document == "ordered"] == [0, 1, 2, 3, 4]


def test_calls_that_arrive_in_another_order_are_computed_as_they_were_sent(actor):
    for number in (2, 0, 1):
        actor.fair.add(Turn("sent", number=number), (number, BATCH_S), actor.now)
    actor.compute(until=100.0)
    assert [number for _, number, _ in actor.ended] == [0, 1, 2]


def test_it_remembers_a_bounded_number_of_documents(actor):
    for number in range(DOCUMENTS_REMEMBERED + 50):
        actor.send(f"document-{number}", seconds=0.01)
        actor.compute(until=float("inf"))
    assert len(actor.fair._received) <= DOCUMENTS_REMEMBERED + 1


def test_nothing_waits_nothing_is_next(actor):
    assert actor.fair.take(0.0) is None


def test_a_crowd_is_the_other_documents(busy):
    assert busy.fair.others("large-0") == 9
    assert busy.fair.others("small") == 10
