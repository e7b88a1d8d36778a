"""Random sequences of operations on the documents that wait in Postgres, beside a model of a few lines.

Which one is next, how many are active, who takes back what a dead supervisor held, and what the tallies say of it.
"""

from collections import Counter

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from db import document_actions, document_claims, metrics, reaper
from db.queue_switches import pause_queue, resume_queue
from tests.integration import factories
from tests.integration.db.model_of_jobs import MAX_RETRIES, Row
from tests.integration.db.test_state_machine import BOUNDED, EXPIRE, LEASE_S, PICK, STATES


class LineOfDocuments(RuleBasedStateMachine):
    """Several documents in line, with priorities, a bound on the active ones, and a switch."""

    def __init__(self, service):
        super().__init__()
        self.service = service
        self.uploads = 0
        self.line = {}  # id: (place in line, Row); a lower place goes first
        self.asked_to_cancel = set()
        self.paused = False

    @initialize()
    def begin(self):
        with self.service.transaction() as conn:
            conn.execute("delete from processed_documents")
            resume_queue(conn, "documents", "tester")

    def pick(self, pick):
        return list(self.line)[pick % len(self.line)]

    def in_state(self, *states):
        return [row for _, row in self.line.values() if row.status in states]

    @rule(priority=st.integers(-1, 1))
    def upload(self, priority):
        with self.service.transaction() as conn:
            document = factories.add_document(conn, priority=priority, max_retries=MAX_RETRIES)
        self.uploads += 1
        self.line[document.id] = ((-priority, self.uploads), Row())

    @rule(pause=st.booleans())
    def switch(self, pause):
        with self.service.transaction() as conn:
            (pause_queue if pause else resume_queue)(conn, "documents", "tester")
        self.paused = pause

    @rule(max_active=st.integers(1, 3))
    def admit(self, max_active):
        with self.service.transaction() as conn:
            claimed = factories.claim_document(conn, lease_s=LEASE_S, max_active=max_active)
        waiting = [(place, key) for key, (place, row) in self.line.items() if row.status == "pending"]
        active = sum(not row.expired for row in self.in_state("processing"))
        if self.paused or active >= max_active or not waiting:
            assert claimed is None
        else:
            _, key = min(waiting)
            assert claimed.id == key, "by priority, then in order of arrival"
            self.line[key][1].take(claimed.fence)

    @precondition(lambda self: self.line)
    @rule(pick=PICK)
    def expire(self, pick):
        key = self.pick(pick)
        with self.service.transaction() as conn:
            conn.execute(EXPIRE.format("processed_documents"), [key])
        row = self.line[key][1]
        row.expired = row.status == "processing"

    @rule()
    def reap(self):
        with self.service.transaction() as conn:
            reaped = set(reaper.reap_expired(conn, backoff_s=0).documents)
        expected = {key for key, (_, row) in self.line.items() if row.status == "processing" and row.expired}
        assert reaped == expected
        for key in reaped:
            self.line[key][1].lose_attempt()
            if key in self.asked_to_cancel:
                self.line[key][1].status = "cancelled"

    @precondition(lambda self: self.line)
    @rule(pick=PICK, status=st.sampled_from(["completed", "partial", "cancelled"]))
    def finish(self, pick, status):
        key = self.pick(pick)
        row = self.line[key][1]
        if row.status == "processing":
            with self.service.transaction() as conn:
                document_claims.finish_document(conn, key, row.fence, status)
            row.status = status

    @precondition(lambda self: self.line)
    @rule(pick=PICK)
    def cancel(self, pick):
        key = self.pick(pick)
        row = self.line[key][1]
        with self.service.transaction() as conn:
            document_actions.request_cancel(conn, key, "tester")
        if row.status in ("pending", "processing"):
            self.asked_to_cancel.add(key)
        if row.status == "pending":
            row.status = "cancelled"

    @precondition(lambda self: self.line)
    @rule(pick=PICK)
    def delete(self, pick):
        key = self.pick(pick)
        with self.service.transaction() as conn:
            document_actions.delete_document(conn, key, "tester")
        del self.line[key]

    @invariant()
    def every_document_stands_where_the_model_says(self):
        query = "select id, status, attempt, jsonb_array_length(errors) from processed_documents"
        with self.service.transaction() as conn:
            rows = {key: tuple(facts) for key, *facts in conn.execute(query)}
            totals = metrics.document_totals(conn)
        assert rows == {key: row.facts for key, (_, row) in self.line.items()}
        counted = Counter(row.status for _, row in self.line.values())
        assert all(getattr(totals, state) == counted[state] for state in (*STATES, "partial"))


def test_documents_take_their_turns_as_the_model_says(service):
    run_state_machine_as_test(lambda: LineOfDocuments(service), settings=BOUNDED)
