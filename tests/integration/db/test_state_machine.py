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

from db import document_actions, document_claims, job_recovery, job_results, queue, reaper, tallies
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
TABLES = {"image": "image_processing_queue", "ai": "ai_analysis_queue"}
JOBS = " union all ".join(f"select id, status, attempt, jsonb_array_length(errors) from {t}" for t in TABLES.values())
IN_ORDER = "select id from {} order by created_at"
QUEUE = st.sampled_from(sorted(TABLES))
WORKER = st.sampled_from(["w", "w", "another"])
ANALYSES = ["classification", "metadata"]
STATES = ("pending", "processing", "completed", "failed", "cancelled")
SUMS = f"select {', '.join(STATES)} from ({tallies.SUMS} where queue = %s) as sums"
DOCUMENT = "select status, attempt, jsonb_array_length(errors), cancel_requested from processed_documents where id = %s"


class JobsOfADocument(RuleBasedStateMachine):
    """One document with jobs in both queues, its drivers, living and dead, and those who cancel, retry, reap, pause."""

    def __init__(self, service):
        super().__init__()
        self.service = service
        self.model = Model()
        self.pages = 0  # or chunks, whichever are stored: they are numbered alike
        self.fences = [0]  # of the document's claims, the dead ones' as well
        self.claims = []  # claimed jobs, whoever did it and whenever
        self.id = None

    @initialize()
    def upload(self):
        with self.service.transaction() as conn:
            conn.execute("delete from processed_documents")
            for queue_name in TABLES:
                resume_queue(conn, queue_name, "tester")
            self.id = factories.add_document(conn, max_retries=MAX_RETRIES).id
        self.claim_document()
        for priority in (0, 1):
            self.store_and_enqueue_images(1, pages=2, priority=priority)
            self.store_and_enqueue_analyses(1, chunks=1, priority=priority)
        for name in TABLES:
            self.claim_jobs(1, name, "w", limit=2)

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

    @rule(pick=PICK, pages=st.integers(1, 3), priority=st.integers(-1, 1))
    def store_and_enqueue_images(self, pick, pages, priority):
        numbers = range(self.pages + 1, self.pages + pages + 1)
        rows = [factories.page_json(page, images=[factories.image_json(page)]) for page in numbers]

        def work(conn):
            factories.pages.save_pages(conn, self.id, self.fence(pick), rows)
            return queue.queue_image_processing_jobs(conn, self.id, max_retries=MAX_RETRIES, priority=priority)

        self.enqueued("image", self.do(work), pages, self.fence(pick), priority)

    @rule(pick=PICK, chunks=st.integers(1, 2), priority=st.integers(-1, 1))
    def store_and_enqueue_analyses(self, pick, chunks, priority):
        rows = [factories.chunk_json(self.pages + number) for number in range(1, chunks + 1)]
        vectors = [factories.unit_vector(0)] * chunks

        def work(conn):
            factories.chunks.save_chunks(conn, self.id, self.fence(pick), rows, vectors, "test-model")
            return queue.queue_ai_analysis_jobs(conn, self.id, ANALYSES, max_retries=MAX_RETRIES, priority=priority)

        self.enqueued("ai", self.do(work), chunks * len(ANALYSES), self.fence(pick), priority)

    def enqueued(self, name, new, expected, fence, priority):
        if not self.model.holds(fence):
            assert new is LeaseLost
            return
        self.pages += expected
        assert new == expected
        with self.service.transaction() as conn:
            for place, (job,) in enumerate(conn.execute(IN_ORDER.format(TABLES[name])).fetchall()):
                self.model.jobs.setdefault(job, Row(queue=name, place=(-priority, place)))

    @rule(pick=PICK, name=QUEUE, worker=WORKER, limit=st.integers(1, 4))
    def claim_jobs(self, pick, name, worker, limit):
        fence = self.fence(pick)
        claim = {"image": queue.claim_image_jobs, "ai": queue.claim_ai_jobs}[name]
        claimed = self.do(claim, self.id, fence, worker=worker, limit=limit, lease_s=LEASE_S)
        if not self.model.holds(fence):
            assert claimed is LeaseLost, "a driver that has lost its document claims nothing"
            return
        assert [job.id for job in claimed] == self.model.in_line(name)[:limit], "by priority, then in order"
        for job in claimed:
            self.model.jobs[job.id].take(job.fence, worker=worker)
        self.claims += claimed

    @rule(worker=WORKER, name=st.sampled_from([None, *TABLES]))
    def release_jobs(self, worker, name):
        assert self.do(job_recovery.release_jobs, self.id, worker, name) == self.model.release_jobs(worker, name)

    @precondition(lambda self: self.claims)
    @rule(picks=st.lists(PICK, min_size=1, max_size=3))
    def release_calls(self, picks):
        """Calls that were lost before they were begun: of this claim, or of one long gone."""
        calls = {job.id: job for job in (self.claims[-1 - pick % len(self.claims)] for pick in picks)}.values()
        for name in TABLES:
            claims = [(job.id, job.fence) for job in calls if queue_of(job) == name]
            ours = [job for job, fence in claims if self.model.working(job, fence)]
            assert self.do(job_recovery.release_calls, self.id, name, claims) == len(ours)
            for job in ours:
                self.model.jobs[job].give_back()

    @rule(name=QUEUE, pause=st.booleans())
    def switch(self, name, pause):
        self.do(pause_queue if pause else resume_queue, name, "tester")
        (self.model.paused.add if pause else self.model.paused.discard)(name)

    # ---- what comes back from actors, soon or much too late

    @precondition(lambda self: self.claims)
    @rule(picks=st.lists(PICK, min_size=1, max_size=3))
    def complete(self, picks):
        jobs = {job.id: job for job in (self.claims[-1 - pick % len(self.claims)] for pick in picks)}.values()
        images = [factories.image_completion(job) for job in jobs if queue_of(job) == "image"]
        analyses = [analysis_completion(job) for job in jobs if queue_of(job) == "ai"]
        ours = self.do(job_results.complete_image_jobs, images) | self.do(job_results.complete_ai_jobs, analyses)
        assert ours == {job.id for job in jobs if self.model.working(job.id, job.fence)}
        for job in ours:
            self.model.jobs[job].status = "completed"

    @precondition(lambda self: self.claims)
    @rule(pick=PICK, permanent=st.booleans())
    def fail(self, pick, permanent):
        job = self.claims[-1 - pick % len(self.claims)]
        working = self.model.working(job.id, job.fence)
        answer = self.do(
            job_results.mark_job_failed, queue_of(job), job.id, job.fence, "boom", permanent=permanent, backoff_s=0
        )
        if working:
            self.model.jobs[job.id].lose_attempt(permanent=permanent)
        assert answer == (self.model.jobs[job.id].status if working else "lease_lost")

    # ---- time

    @precondition(lambda self: self.claims)
    @rule(pick=PICK)
    def job_expires(self, pick):
        claim = self.claims[-1 - pick % len(self.claims)]
        job = claim.id
        self.do(lambda conn: conn.execute(EXPIRE.format(TABLES[queue_of(claim)]), [job]))
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
            found = {name: conn.execute(SUMS, [name]).fetchone() for name in TABLES}
        counted = Counter((job.queue, job.status) for job in self.model.jobs.values())
        assert found == {name: tuple(counted[name, state] for state in STATES) for name in TABLES}


def queue_of(job):
    """Of a claimed job."""
    return "image" if isinstance(job, queue.ImageJob) else "ai"


def analysis_completion(job):
    """What the pipeline hands in for an analysis that found nothing."""
    return {"job_id": str(job.id), "fence": job.fence, "result": {}}


def test_jobs_and_their_document_do_what_the_model_says(service):
    run_state_machine_as_test(lambda: JobsOfADocument(service), settings=BOUNDED)
