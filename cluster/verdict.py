"""How a document's attempt ends: completed, partial, failed or cancelled, with reasons and counts.

A document with nothing in it never turns green.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal
from uuid import UUID

from psycopg import Connection

from actors.errors import DocumentEmpty
from cluster.document_run import DocumentRun
from db.document_claims import add_warning, fail_document_attempt, finish_document, require_fence, set_counts
from db.errors import LeaseLost, QuarryError
from db.job_recovery import cancel_jobs
from db.job_results import token_usage
from db.lost_decisions import COUNTED_AS, WARNING, count_lost
from db.queue import job_counts
from db.results import count_rows

logger = logging.getLogger(__name__)

Status = Literal["completed", "partial", "failed", "cancelled"]


def end_document(run: DocumentRun, *, cancelled: bool = False) -> Status:
    """Write counts, warnings and the final status; returns the status.

    Raises `DocumentEmpty` when nothing at all could be read: such a document must not turn green.
    """
    if cancelled:
        run.transact(cancel_own_jobs)
    counts = run.read(count_results, cancelled=cancelled)
    run.transact(set_counts, counts)
    for code, message in warnings_of(counts):
        run.transact(add_warning, code, message)
    status: Status
    if cancelled:
        status = "cancelled"
    elif counts["pages"] == counts["failed_pages"]:
        raise DocumentEmpty("None of its pages could be read.", "The page list says why for each.")
    elif not counts["chunks"] and not counts["failed_jobs"]:
        raise DocumentEmpty("It holds no text, neither as text nor in its images.", "Check that it is the right file.")
    else:
        status = "partial" if counts["failed_jobs"] or counts["failed_pages"] else "completed"
    run.transact(finish_document, status)
    return status


def cancel_own_jobs(conn: "Connection[Any]", document_id: UUID, fence: int) -> None:
    """Cancel what is open of the document; raises `LeaseLost` when it is another driver's by now."""
    require_fence(conn, document_id, fence)
    cancel_jobs(conn, document_id)


def give_up_attempt(run: DocumentRun, error: Exception) -> str:
    """Keep the error; the document waits for its next attempt, or has failed."""
    code = error.code if isinstance(error, QuarryError) else "internal_error"
    permanent = isinstance(error, QuarryError) and error.permanent
    text = str(error) if isinstance(error, QuarryError) else f"{type(error).__name__}: {error}"
    try:
        return run.transact(
            fail_document_attempt, text, code=code, permanent=permanent, backoff_s=run.settings.retry_backoff_s
        )
    except LeaseLost:
        logger.warning("document %s belongs to another driver by now", run.document.id)
        return "lease lost"


def count_results(conn: "Connection[Any]", document_id: UUID, *, cancelled: bool = False) -> dict[str, int | float]:
    """What the document came to, by noun; what a language model cost where its tokens have a price.

    Of a cancelled document nobody knows which decisions its products would have fitted.
    """
    usage = token_usage(conn, document_id)
    return {
        **{f"language_model_{name}": number for name, number in usage.items() if number},
        **asdict(count_rows(conn, document_id)),
        COUNTED_AS: 0 if cancelled else count_lost(conn, document_id),
        "failed_jobs": sum(queue.failed for queue in job_counts(conn, document_id).values()),
    }


def warnings_of(counts: Mapping[str, int | float]) -> list[tuple[str, str]]:
    """What a reader of the results has to know, as (code, sentence)."""
    found = []
    if missing := counts["images_without_vector"]:
        sentence = f"{missing} images have no vector because the CLIP weights are missing; run: quarry backfill clip"
        found.append(("clip_model_missing", sentence))
    if failed := counts["failed_pages"]:
        found.append(("pages_failed", f"{failed} of {counts['pages']} pages could not be read; the page list says why"))
    if incomplete := counts["incomplete_pages"]:
        sentence = f"something was left out of {incomplete} of {counts['pages']} pages; the page list says what"
        found.append(("pages_incomplete", sentence))
    if failed := counts["failed_jobs"]:
        found.append(
            ("jobs_failed", f"{failed} jobs failed in every attempt; the error log says why; retry runs them again")
        )
    if lost := counts[COUNTED_AS]:
        sentence = (
            f"of reviewers' decisions {lost} fit no product any more: another name, code, size or finish was read; "
            "decide again about what took their place and forget them (monitor, GET /documents/{id}/lost-decisions)"
        )
        found.append((WARNING, sentence))
    if not counts["products"]:
        found.append(("no_products", "no product was recognised in this document"))
    return found
