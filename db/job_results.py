"""Owns the end of a job: its result and its state change in one transaction, or its failed attempt.

A completion counts only where id and fence are right and the status is 'processing'; what is not ours any more is left
alone and missing from the answer. Every function first holds the jobs' documents, in the order of their ids: all
writers hold the document before its jobs, so that they do not wait for each other in a circle.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, LiteralString, TypedDict
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from db import values
from db.content_results import AnalysisKind, keep_results
from db.document_claims import require_fence
from db.job_recovery import MARK_IMAGES_FAILED
from db.queues import QueueName, for_both

HOLD_DOCUMENTS = for_both("""
    select 1 from processed_documents
    where id = any (array(select document_id from {queue} where id = any (%(job_ids)s)))
    order by id
    for no key update
""")

COMPLETE_IMAGES: LiteralString = """
    with given as (
        select * from jsonb_to_recordset(%(completions)s) as g (
            job_id uuid, fence bigint, ocr_status text, ocr_text text, ocr_lines jsonb, ocr_confidence real,
            embedding_status text, embedding text, embedding_model text, result jsonb)),
    done as (
        update image_processing_queue q
        set status = 'completed', result = coalesce(g.result, '{}'), error_message = null,
            worker = null, lease_expires_at = null, completed_at = now(), updated_at = now()
        from given g
        where q.id = g.job_id and q.fence = g.fence and q.status = 'processing'
        returning q.id, q.image_id),
    stored as (
        update document_images i
        set ocr_status = g.ocr_status, ocr_text = g.ocr_text, ocr_lines = coalesce(g.ocr_lines, '[]'),
            ocr_confidence = g.ocr_confidence, embedding_status = g.embedding_status,
            embedding = g.embedding::vector, embedding_model = g.embedding_model
        from done d join given g on g.job_id = d.id
        where i.id = d.image_id)
    select id from done
"""


def complete_image_jobs(conn: Connection[Any], completions: Sequence[Mapping[str, Any]]) -> set[UUID]:
    """Store what was read from images and end their jobs.

    Args:
        conn: the transaction.
        completions: each with `job_id`, `fence`, `ocr_status` (text, no_text, failed), `ocr_text`, `ocr_lines`,
            `ocr_confidence` (0-1 or None), `embedding_status` (stored, model_missing, failed), `embedding` (floats, or
            None unless stored), `embedding_model` and `result` (JSON); `image_id` is not needed. `keep` is a list of
            what to keep by content, each with `kind`, `content_hash`, `model`, `result`, for CLIP `embedding` (floats),
            and where it was taken over `from_document` and `from_job`.

    Returns:
        The jobs that were ours; results of the others are discarded.
    """
    rows = [{**completion, "embedding": values.vector(completion.get("embedding"))} for completion in completions]
    return _complete(conn, "image", COMPLETE_IMAGES, rows)


COMPLETE_ANALYSES: LiteralString = """
    with given as (
        select * from jsonb_to_recordset(%(completions)s) as g (job_id uuid, fence bigint, result jsonb))
    update ai_analysis_queue q
    set status = 'completed', result = coalesce(g.result, '{}'), error_message = null,
        worker = null, lease_expires_at = null, completed_at = now(), updated_at = now()
    from given g
    where q.id = g.job_id and q.fence = g.fence and q.status = 'processing'
    returning q.id
"""


def complete_ai_jobs(conn: Connection[Any], completions: Sequence[Mapping[str, Any]]) -> set[UUID]:
    """End analysis jobs with their results.

    Args:
        conn: the transaction.
        completions: each with `job_id`, `fence`, `result` (JSON), and `keep` as in `complete_image_jobs`.

    Returns:
        The jobs that were ours.
    """
    return _complete(conn, "ai", COMPLETE_ANALYSES, completions)


def _complete(
    conn: Connection[Any], queue: QueueName, statement: LiteralString, completions: Sequence[Mapping[str, Any]]
) -> set[UUID]:
    if not completions:
        return set()
    rows = [
        {key: str(value) if key.endswith("_id") else value for key, value in row.items() if key != "keep"}
        for row in completions
    ]
    with conn.pipeline():  # both are sent at once and run in their order
        conn.execute(HOLD_DOCUMENTS[queue], {"job_ids": [UUID(row["job_id"]) for row in rows]})
        done = conn.execute(statement, {"completions": values.jsonb(rows)})
    ours = {job_id for (job_id,) in done}
    kept = [
        {"job_id": row["job_id"], **entry}
        for row in completions
        if UUID(str(row["job_id"])) in ours
        for entry in row.get("keep", ())
    ]
    keep_results(conn, queue, kept)
    return ours


FAIL = for_both("""
    update {queue}
    set status = case when %(permanent)s or attempt > max_retries then 'failed' else 'pending' end,
        completed_at = case when %(permanent)s or attempt > max_retries then now() end,
        run_after = now() + make_interval(
            secs => least(300, %(backoff_s)s * 2 ^ greatest(attempt - 1, 0)) * (0.5 + random())),
        errors = errors || jsonb_build_object('attempt', attempt, 'at', now(), 'error', %(error)s::text),
        last_error_at = now(), error_message = %(error)s,
        worker = null, lease_expires_at = null, updated_at = now()
    where id = %(job_id)s and fence = %(fence)s and status = 'processing'
    returning status
""")


def mark_job_failed(
    conn: Connection[Any],
    queue: QueueName,
    job_id: UUID,
    fence: int,
    error: str,
    *,
    permanent: bool = False,
    backoff_s: float = 2.0,
) -> Literal["pending", "failed", "lease_lost"]:
    """End an attempt with its error: the job waits and is tried again, up to `max_retries` times, or has failed.

    Args:
        conn: the transaction.
        queue: which of the two.
        job_id: the job.
        fence: of its claim.
        error: the whole message; kept beside those of the earlier attempts.
        permanent: another try cannot help.
        backoff_s: wait before the second attempt, seconds; doubles each time up to 5 minutes, half to one and a half
            times that at random.

    Returns:
        Where the job stands now, or `lease_lost` when it is not ours any more (nothing was changed).
    """
    conn.execute(HOLD_DOCUMENTS[queue], {"job_ids": [job_id]})
    params = {"job_id": job_id, "fence": fence, "error": values.text(error)}
    row = conn.execute(FAIL[queue], {**params, "permanent": permanent, "backoff_s": backoff_s}).fetchone()
    if row is None:
        return "lease_lost"
    status: Literal["pending", "failed"] = row[0]
    if queue == "image" and status == "failed":
        conn.execute(MARK_IMAGES_FAILED, {"job_ids": [job_id]})
    return status


RESULTS: LiteralString = """
    select q.chunk_id, q.analysis_type, q.result
    from ai_analysis_queue q join document_chunks c on c.id = q.chunk_id
    where q.document_id = %(document_id)s and q.status = 'completed'
    order by c.ordinal, q.analysis_type
"""


def analysis_results(conn: Connection[Any], document_id: UUID) -> list[tuple[UUID, str, dict[str, Any]]]:
    """What the analyses said of a document: (chunk, analysis type, result), in reading order."""
    return conn.execute(RESULTS, {"document_id": document_id}).fetchall()


INPUTS: LiteralString = """
    select id as job_id, chunk_id, analysis_type, result ->> 'input' as input
    from ai_analysis_queue
    where document_id = %(document_id)s and status = 'completed' and result ? 'input'
"""


@dataclass(frozen=True)
class StoredAnalysis:
    """A finished analysis and what it looked at."""

    job_id: UUID
    chunk_id: UUID
    analysis_type: AnalysisKind
    input: str  # digest of the chunk and its page, `cluster.flows.result_keys`


def analysis_inputs(conn: Connection[Any], document_id: UUID) -> list[StoredAnalysis]:
    """What the finished analyses of a document looked at; those that a version before stored do not say."""
    with conn.cursor(row_factory=class_row(StoredAnalysis)) as cursor:
        return cursor.execute(INPUTS, {"document_id": document_id}).fetchall()


FORGET_ANALYSES: LiteralString = """
    delete from ai_analysis_queue where document_id = %(document_id)s and id = any (%(job_ids)s)
"""


def forget_analyses(conn: Connection[Any], document_id: UUID, fence: int, job_ids: Sequence[UUID]) -> int:
    """Forget analyses of what stands there no longer, so that they are queued again. Raises `LeaseLost`."""
    require_fence(conn, document_id, fence)
    return conn.execute(FORGET_ANALYSES, {"document_id": document_id, "job_ids": list(job_ids)}).rowcount


TOKENS: LiteralString = """
    select coalesce(sum((result ->> 'input_tokens')::bigint), 0)::bigint,
           coalesce(sum((result ->> 'output_tokens')::bigint), 0)::bigint,
           coalesce(sum((result ->> 'cost')::numeric), 0)::float8
    from ai_analysis_queue
    where document_id = %(document_id)s and result ? 'input_tokens'
"""


class TokenUsage(TypedDict):
    """What a language model was given and gave for a document, and what that cost at the prices of the time."""

    input_tokens: int
    output_tokens: int
    cost: float  # in the currency of the prices in the settings; 0 where there are none


def token_usage(conn: Connection[Any], document_id: UUID) -> TokenUsage:
    """Over the finished analyses of a document; zeros where no language model was asked."""
    row = conn.execute(TOKENS, {"document_id": document_id}).fetchone()
    assert row is not None
    return {"input_tokens": row[0], "output_tokens": row[1], "cost": row[2]}
