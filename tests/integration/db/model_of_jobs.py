"""What one document and its jobs in both queues should do, in a few lines of Python: Postgres is held to this model."""

from dataclasses import dataclass, field

MAX_RETRIES = 1
"""Small, so that random operations often use all attempts up."""


@dataclass
class Row:
    """A document or a job."""

    status: str = "pending"
    attempt: int = 0
    errors: int = 0
    fence: int | None = None
    expired: bool = False
    worker: str | None = None
    queue: str | None = None  # of a job
    place: tuple[int, int] = (0, 0)  # of a job: a lower one goes first

    def take(self, fence, *, counted=True, worker=None):
        self.status, self.fence, self.expired, self.worker = "processing", fence, False, worker
        self.attempt += counted

    def lose_attempt(self, *, permanent=False):
        """An attempt that failed or lapsed."""
        self.errors += 1
        self.status = "failed" if permanent or self.attempt > MAX_RETRIES else "pending"

    def give_back(self):
        self.status, self.attempt = "pending", max(0, self.attempt - 1)

    @property
    def facts(self):
        return (self.status, self.attempt, self.errors)


@dataclass
class Model:
    """The document, its jobs by id, and whether somebody asked to cancel it."""

    document: Row = field(default_factory=Row)
    jobs: dict = field(default_factory=dict)
    cancel_requested: bool = False
    paused: set = field(default_factory=set)

    @property
    def ended(self):
        return self.document.status not in ("pending", "processing")

    def holds(self, fence):
        return self.document.status == "processing" and self.document.fence == fence

    def working(self, job, fence):
        row = self.jobs.get(job)
        return row is not None and row.status == "processing" and row.fence == fence

    def in_line(self, queue):
        """The jobs that wait in a queue, in the order in which they are claimed; none while it is paused."""
        waiting = [(row.place, job) for job, row in self.jobs.items() if (row.queue, row.status) == (queue, "pending")]
        return [] if queue in self.paused else [job for _, job in sorted(waiting)]

    def release_jobs(self, worker, queue):
        held = [row for row in self.jobs.values() if (row.status, row.worker) == ("processing", worker)]
        given = [row for row in held if queue in (None, row.queue)]
        for row in given:
            row.give_back()
        return len(given)

    def claim_document(self, fence, *, counted=True):
        self.document.take(fence, counted=counted)
        for job in self.jobs.values():
            if job.status == "processing" and job.fence < fence:
                job.lose_attempt()

    def fail_document(self, *, permanent=False):
        self.document.lose_attempt(permanent=permanent)
        if self.cancel_requested:
            self.document.status = "cancelled"
        if self.document.status != "pending":
            self.cancel_jobs()

    def end(self, status):
        self.document.status = status
        self.cancel_jobs()

    def cancel_jobs(self):
        for job in self.jobs.values():
            if job.status in ("pending", "processing"):
                job.status = "cancelled"

    def release(self):
        held_since = self.document.fence
        self.document.give_back()
        for job in self.jobs.values():
            if job.status == "processing" and job.fence > held_since:
                job.give_back()

    def reap(self):
        if self.document.status == "processing" and self.document.expired:
            self.fail_document()
        for job in self.jobs.values():
            if job.status == "processing" and job.expired:
                job.lose_attempt()

    def renew(self):
        self.document.expired = False
        for job in self.jobs.values():
            if job.status == "processing" and job.fence > self.document.fence:
                job.expired = False

    def requeue(self):
        """Retry of an ended document."""
        self.cancel_requested = False
        self.document.status, self.document.attempt = "pending", 0
        for job in self.jobs.values():
            if job.status in ("failed", "cancelled"):
                job.status, job.attempt = "pending", 0
