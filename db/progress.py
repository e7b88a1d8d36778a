"""Owns how far a document is: a row for each stage, and the sum over the stages on the document itself."""

from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection

from db.documents import Stage

STAGE_RANGES: dict[Stage, tuple[int, int]] = {
    "extraction": (0, 20),
    "image_processing": (20, 20),
    "chunking": (40, 20),
    "ai_analysis": (60, 30),
    "product_creation": (90, 10),
}
"""Where each stage starts and how much of the whole it is, in percent."""

HOLD: LiteralString = """
    select 1 from processed_documents
    where id = %(document_id)s and status = 'processing' and (%(fence)s::bigint is null or fence = %(fence)s)
    for no key update
"""
# The rate is measured over the last half minute to minute: `mark` is set anew every 30 s and becomes `previous` then.
UPDATE: LiteralString = """
    insert into job_progress as old
        (document_id, stage, progress, total_items, completed_items, current_item_id, metadata)
    values (
        %(document_id)s, %(stage)s,
        floor(100.0 * %(known)s * case when %(total)s = 0 then 1 else %(completed)s::numeric / %(total)s end),
        %(total)s, %(completed)s, %(current_item_id)s,
        jsonb_build_object(
            'failed', %(failed)s::int, 'known', %(known)s::numeric, 'started_at', now(),
            'mark', jsonb_build_object('at', now(), 'completed', %(completed)s::int),
            'previous', jsonb_build_object('at', now(), 'completed', %(completed)s::int)))
    on conflict (document_id, stage) do update
    set total_items = greatest(old.total_items, excluded.total_items),
        completed_items = greatest(old.completed_items, excluded.completed_items),
        progress = greatest(old.progress, floor(100.0 * %(known)s * case
            when greatest(old.total_items, excluded.total_items) = 0 then 1
            else greatest(old.completed_items, excluded.completed_items)::numeric
                 / greatest(old.total_items, excluded.total_items) end)),
        current_item_id = coalesce(excluded.current_item_id, old.current_item_id),
        metadata = old.metadata
            || jsonb_build_object('failed', greatest((old.metadata ->> 'failed')::int, %(failed)s::int),
                                  'known', %(known)s::numeric)
            || case when (old.metadata #>> '{mark,at}')::timestamptz < now() - interval '30 seconds'
                    then jsonb_build_object(
                        'previous', old.metadata -> 'mark',
                        'mark', jsonb_build_object('at', now(), 'completed', excluded.completed_items))
                    else '{}' end,
        updated_at = now()
"""
REACHED: LiteralString = """
    (select coalesce(sum(
         stage_range * coalesce((metadata ->> 'known')::numeric, 1)
         * case when total_items = 0 then 1 else completed_items::numeric / total_items end), 0) as percent
     from job_progress
     join unnest(%(stages)s::text[], %(ranges)s::numeric[]) as ranges (stage, stage_range) using (stage)
     where document_id = %(document_id)s) as reached
"""
RAISE_OVERALL: LiteralString = f"""
    update processed_documents d
    set progress = greatest(d.progress, least(100, reached.percent)), updated_at = now()
    from {REACHED}
    where d.id = %(document_id)s
    returning d.progress::float8
"""
SET_OVERALL: LiteralString = f"""
    update processed_documents d set progress = least(100, reached.percent) from {REACHED} where d.id = %(document_id)s
"""


def ranges(document_id: UUID) -> dict[str, object]:
    """What the two statements ask for."""
    widths = [width for _, width in STAGE_RANGES.values()]
    return {"document_id": document_id, "stages": list(STAGE_RANGES), "ranges": widths}


def update_progress(
    conn: Connection[Any],
    document_id: UUID,
    stage: Stage,
    *,
    total: int,
    completed: int,
    failed: int = 0,
    current_item_id: str | None = None,
    fence: int | None = None,
    known: float = 1.0,
) -> float | None:
    """Say how far a stage is. Nothing ever falls: an old message that arrives late changes nothing.

    Overall progress is the sum over the stages of range * completed / total; stages may overlap.

    Args:
        conn: the transaction.
        document_id: which.
        stage: which.
        total: items that there are; 0 says that there is nothing to do, and completes the stage.
        completed: items that are done; finally failed ones are done as well and count here.
        failed: how many of the completed ones have failed.
        current_item_id: what was done last, for people to read.
        fence: of the claim that the caller counted under; None for what was counted in the database itself.
        known: share of the stage's items that `total` counts, while those to come are not known yet.

    Returns:
        Overall progress, 0-100; None when the document is not being processed (any more) or is somebody else's, then
        nothing was written.
    """
    if conn.execute(HOLD, {"document_id": document_id, "fence": fence}).fetchone() is None:
        return None
    total = max(total, 0)
    params = {
        "document_id": document_id,
        "stage": stage,
        "total": total,
        "completed": min(max(completed, 0), total),
        "failed": failed,
        "current_item_id": current_item_id,
        "known": known,
    }
    conn.execute(UPDATE, params)
    row = conn.execute(RAISE_OVERALL, ranges(document_id)).fetchone()
    return None if row is None else float(row[0])


SOURCES: dict[Stage, Stage] = {"image_processing": "extraction", "ai_analysis": "chunking"}
"""Stages whose items another stage brings about while they run."""
SOURCE_DONE: LiteralString = """
    select completed_items::float8 / nullif(total_items, 0) from job_progress
    where document_id = %(document_id)s and stage = %(stage)s
"""


def known_share(conn: Connection[Any], document_id: UUID, stage: Stage) -> float:
    """How much of a stage's items are known: as much as the stage that brings them about has done, 0-1."""
    row = conn.execute(SOURCE_DONE, {"document_id": document_id, "stage": SOURCES[stage]}).fetchone()
    return 1.0 if row is None or row[0] is None else float(row[0])


OPEN_PAGES: LiteralString = """
    select coalesce(sum(coalesce(p.total_items - p.completed_items, d.page_count, 1)), 0)::bigint
    from processed_documents d left join job_progress p on p.document_id = d.id and p.stage = 'extraction'
    where d.status = 'processing'
"""


def count_open_pages(conn: Connection[Any]) -> int:
    """Pages that are not read yet, of all documents in work; one whose pages nobody has counted stands for one."""
    row = conn.execute(OPEN_PAGES).fetchone()
    return int(row[0]) if row else 0


def recount_progress(conn: Connection[Any], document_id: UUID) -> None:
    """Set overall progress to what the stages say, lower as well: for a document that begins again."""
    conn.execute(SET_OVERALL, ranges(document_id))
