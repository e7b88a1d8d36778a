"""Random sequences of operations on the real queue in Postgres, beside a model of a few lines.

Every operation may come from a worker that is long dead: fences of all claims ever made are kept and used again. After
each step every row must stand where the model says, and the tallies must add up to the rows.
"""

from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from db import document_actions, document_claims, job_results, metrics, queue, reaper, tallies
from db.errors import DocumentBusy, LeaseLost
from db.queue_switches import pause_queue, resume_queue
from tests.integration import factories
from tests.integration.db.model_of_jobs import MAX_RETRIES, Model, Row

BOUNDED = settings(
    max_examples=30,
    stateful_step_count=40,
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
LEASE_S = 3600.0
PICK = st.integers(0, 1_000_000)
EXPIRE = "update {} set lease_expires_at = now() - interval '1 s' where id = %s and status = 'processing'"
JOBS = "select id, status, attempt, jsonb_array_length(errors) from image_processing_queue"
STATES = ("pending", "processing", "completed", "failed", "cancelled")
SUMS_OF_IMAGES = f"select {', '.join(STATES)} from ({tallies.SUMS} where queue = 'image') as sums"
DOCUMENT = "select status, attempt, jsonb_array_length(errors), cancel_requested from processed_documents where id = %s"


class JobsOfADocument(RuleBasedStateMachine):
    """One document with image jobs, its drivers, living and dead, and those who cancel, retry and reap."""

    def __init__(self, service):
        super().__init__()
        self.service = service
        self.model = Model()
        self.pages = 0
        self.fences = [0]  # of the document's claims, the dead ones' as well
        self.claims = []  # claimed jobs, whoever did it and whenever
        self.id = None

    @initialize()
    def upload(self):
        with self.service.transaction() as conn:
            conn.execute("delete from processed_documents")
            self.id = factories.add_document(conn, max_retries=MAX_RETRIES).id

    def fence(self, pick):
        """The newest fence half of the time, else one of a dead driver."""
        return self.fences[-1] if pick % 2 else self.fences[pick // 2 % len(self.fences)]

    def do(self, work, *args, **kwargs):
        """Call it in a transaction; `LeaseLost` is an answer."""
        try:
            with self.service.transaction() as conn:
                return work(conn, *args, **kwargs)
        except (LeaseLost, DocumentBusy) as error:
            return type(error)

    # ---- drivers

    @rule()
    def claim_document(self):
        claimed = self.do(document_claims.claim_next, worker="w", lease_s=LEASE_S, max_active=5)
        assert (claimed is not None) == (self.model.document.status == "pending")
        if claimed is not None:
            self.fences.append(claimed.fence)
            self.model.claim_document(claimed.fence)

    @rule(pick=PICK, worker=st.sampled_from(["w", "w", "w", "another"]))
    def take_over(self, pick, worker):
        fence, document = self.fence(pick), self.model.document
        taken = self.do(document_claims.take_over, self.id, worker=worker, lease_s=LEASE_S, claimed_fence=fence)
        first_run = document.fence == fence
        expected = document.status == "processing" and worker == "w" and (first_run or document.attempt <= MAX_RETRIES)
        assert (taken is not None) == expected
        if taken is not None:
            self.fences.append(taken.fence)
            self.model.claim_document(taken.fence, counted=not first_run)

    @rule(pick=PICK)
    def renew(self, pick):
        fence = self.fence(pick)
        answer = self.do(document_claims.renew_document, self.id, fence, LEASE_S)
        assert answer == (self.model.cancel_requested if self.model.holds(fence) else None)
        if self.model.holds(fence):
            self.model.renew()

    @rule(pick=PICK, pages=st.integers(1, 3))
    def store_and_enqueue(self, pick, pages):
        fence = self.fence(pick)
        numbers = range(self.pages + 1, self.pages + pages + 1)
        rows = [factories.page_json(page, images=[factories.image_json(page)]) for page in numbers]

        def work(conn):
            factories.pages.save_pages(conn, self.id, fence, rows)
            return queue.queue_image_processing_jobs(conn, self.id, max_retries=MAX_RETRIES)

        new = self.do(work)
        if not self.model.holds(fence):
            assert new is LeaseLost
            return
        self.pages += pages
        assert new == pages
        with self.service.transaction() as conn:
            for (job,) in conn.execute("select id from image_processing_queue").fetchall():
                self.model.jobs.setdefault(job, Row())

    @rule(pick=PICK, limit=st.integers(1, 4))
    def claim_jobs(self, pick, limit):
        fence = self.fence(pick)
        claimed = self.do(queue.claim_image_jobs, self.id, fence, worker="w", limit=limit, lease_s=LEASE_S)
        if not self.model.holds(fence):
            assert claimed is LeaseLost, "a driver that has lost its document claims nothing"
            return
        waiting = sum(job.status == "pending" for job in self.model.jobs.values())
        assert len(claimed) == min(limit, waiting)
        for job in claimed:
            self.model.jobs[job.id].take(job.fence)
        self.claims += claimed

    # ---- what comes back from actors, soon or much too late

    @precondition(lambda self: self.claims)
    @rule(picks=st.lists(PICK, min_size=1, max_size=3))
    def complete(self, picks):
        jobs = {job.id: job for job in (self.claims[-1 - pick % len(self.claims)] for pick in picks)}.values()
        ours = self.do(job_results.complete_image_jobs, [factories.image_completion(job) for job in jobs])
        assert ours == {job.id for job in jobs if self.model.working(job.id, job.fence)}
        for job in ours:
            self.model.jobs[job].status = "completed"

    @precondition(lambda self: self.claims)
    @rule(pick=PICK, permanent=st.booleans())
    def fail(self, pick, permanent):
        job = self.claims[-1 - pick % len(self.claims)]
        working = self.model.working(job.id, job.fence)
        answer = self.do(
            job_results.mark_job_failed, "image", job.id, job.fence, "boom", permanent=permanent, backoff_s=0
        )
        if working:
            self.model.jobs[job.id].lose_attempt(permanent=permanent)
        assert answer == (self.model.jobs[job.id].status if working else "lease_lost")

    # ---- time

    @precondition(lambda self: self.claims)
    @rule(pick=PICK)
    def job_expires(self, pick):
        job = self.claims[-1 - pick % len(self.claims)].id
        self.do(lambda conn: conn.execute(EXPIRE.format("image_processing_queue"), [job]))
        if job in self.model.jobs and self.model.jobs[job].status == "processing":
            self.model.jobs[job].expired = True

    @rule()
    def document_expires(self):
        self.do(lambda conn: conn.execute(EXPIRE.format("processed_documents"), [self.id]))
        self.model.document.expired = self.model.document.status == "processing"

    @rule()
    def reap(self):
        self.do(reaper.reap_expired, backoff_s=0)
        self.model.reap()

    # ---- ends

    @rule(pick=PICK, status=st.sampled_from(["completed", "partial", "failed", "cancelled"]))
    def finish(self, pick, status):
        fence = self.fence(pick)
        reason = {"error_code": "c", "error_message": "m"} if status == "failed" else {}
        answer = self.do(document_claims.finish_document, self.id, fence, status, **reason)
        if self.model.holds(fence):
            self.model.end(status)
        else:
            assert answer is LeaseLost

    @rule(pick=PICK, permanent=st.booleans())
    def fail_document(self, pick, permanent):
        fence, held = self.fence(pick), self.model.holds(self.fence(pick))
        answer = self.do(
            document_claims.fail_document_attempt, self.id, fence, "e", code="c", permanent=permanent, backoff_s=0
        )
        if held:
            self.model.fail_document(permanent=permanent)
        assert answer == (self.model.document.status if held else LeaseLost)

    @rule(pick=PICK)
    def release(self, pick):
        fence, held = self.fence(pick), self.model.holds(self.fence(pick))
        assert self.do(document_claims.release_document, self.id, fence) == held
        if held:
            self.model.release()

    # ---- people

    @rule()
    def cancel(self):
        answer = self.do(document_actions.request_cancel, self.id, "tester")
        if self.model.document.status == "pending":
            self.model.cancel_requested = True
            self.model.end("cancelled")
            assert answer == "cancelled"
        elif self.model.document.status == "processing":
            self.model.cancel_requested = True
            assert answer == "cancelling"
        else:
            assert answer == self.model.document.status

    @rule()
    def retry(self):
        again = sum(job.status in ("failed", "cancelled") for job in self.model.jobs.values())
        answer = self.do(document_actions.retry_document, self.id, "tester")
        if not self.model.ended:
            assert answer is DocumentBusy
        elif self.model.document.status == "completed":
            assert answer == 0
        else:
            assert answer == again
            self.model.requeue()

    @rule()
    def reprocess(self):
        answer = self.do(document_actions.reprocess_document, self.id, "tester")
        if not self.model.ended:
            assert answer is DocumentBusy
            return
        self.model.jobs.clear()
        self.model.requeue()

    # ---- what must always hold

    @invariant()
    def every_row_stands_where_the_model_says(self):
        if self.id is None:
            return
        with self.service.transaction() as conn:
            rows = {job: tuple(facts) for job, *facts in conn.execute(JOBS)}
            document = conn.execute(DOCUMENT, [self.id]).fetchone()
        assert rows == {job: row.facts for job, row in self.model.jobs.items()}
        assert document == (*self.model.document.facts, self.model.cancel_requested)

    @invariant()
    def the_tallies_add_up(self):
        if self.id is None:
            return
        with self.service.transaction() as conn:
            found = conn.execute(SUMS_OF_IMAGES).fetchone()
        counted = Counter(job.status for job in self.model.jobs.values())
        assert found == tuple(counted[state] for state in STATES)


def test_jobs_and_their_document_do_what_the_model_says(service):
    run_state_machine_as_test(lambda: JobsOfADocument(service), settings=BOUNDED)


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
