"""Puts a million finished jobs into a database, as months of work would leave them: for benchmarks and plans."""

from typing import Any, LiteralString

from psycopg import Connection, sql

JOBS_A_DOCUMENT = 200
DOCUMENTS: LiteralString = """
    insert into processed_documents
        (filename, title, content_hash, size_bytes, storage_key, status, attempt, fence, created_at, started_at,
         completed_at)
    select 'f', 'Filled ' || n, 'hash ' || n, 1, 'key ' || n, 'completed', 1, 1, now() - make_interval(hours => n + 1),
           now() - make_interval(hours => n + 1), now() - make_interval(hours => n)
    from generate_series(1, %(documents)s) n
"""
# The queues alone: foreign keys are not looked at here, so that no million images has to stand behind the jobs.
IMAGE_JOBS: LiteralString = """
    insert into image_processing_queue
        (document_id, image_id, status, attempt, fence, result, created_at, updated_at, started_at, completed_at)
    select d.id, gen_random_uuid(), 'completed', 1, 1, '{"lines": 3}', at, at, at - interval '2 s', at
    from (select id, row_number() over () as number from processed_documents where title like 'Filled %%') d,
         generate_series(1, %(jobs)s) n,
         lateral (select now() - make_interval(secs => d.number * 60 + n * 0.05) as at) as moment
"""
AI_JOBS: LiteralString = """
    insert into ai_analysis_queue
        (document_id, chunk_id, analysis_type, status, attempt, fence, result, created_at, updated_at, started_at,
         completed_at)
    select document_id, image_id, 'metadata', status, attempt, fence, result, created_at, updated_at, started_at,
           completed_at
    from image_processing_queue
    limit %(jobs)s
"""
QUEUES = ("image_processing_queue", "ai_analysis_queue")
INDEXES: LiteralString = """
    select c.conname is not null, coalesce(c.conname, i.indexname)::text, i.tablename::text,
           coalesce(pg_get_constraintdef(c.oid), i.indexdef)
    from pg_indexes i left join pg_constraint c on c.conindid = i.indexname::regclass
    where i.schemaname = 'public' and i.tablename = any (%(tables)s)
"""
COUNT_ANEW: LiteralString = """
    insert into queue_tallies
    select {name}, 0, 0, count(*), 0, 0, 0, coalesce(sum(extract(epoch from completed_at - started_at) * 1000000), 0)
    from {table}
    having count(*) > 0
"""


def fill(conn: Connection[Any], image_jobs: int, ai_jobs: int) -> None:
    """Put so many finished jobs into the queues, with their tallies and fresh statistics.

    Args:
        conn: as a superuser in autocommit, over a migrated database whose queues are empty.
        image_jobs: a multiple of two hundred.
        ai_jobs: no more than those.
    """
    conn.execute("set session_replication_role = replica")  # no triggers, no foreign keys
    conn.execute("set maintenance_work_mem = '512MB'")
    indexes = conn.execute(INDEXES, {"tables": list(QUEUES)}).fetchall()  # sorted at the end: ten times as fast
    for constraint, name, table, _ in indexes:
        drop = "alter table {table} drop constraint {name}" if constraint else "drop index {name}"
        conn.execute(sql.SQL(drop).format(table=sql.Identifier(table), name=sql.Identifier(name)))
    conn.execute(DOCUMENTS, {"documents": image_jobs // JOBS_A_DOCUMENT})
    conn.execute(IMAGE_JOBS, {"jobs": JOBS_A_DOCUMENT})
    conn.execute(AI_JOBS, {"jobs": ai_jobs})
    for constraint, name, table, definition in indexes:
        again = sql.SQL("alter table {} add constraint {} ").format(sql.Identifier(table), sql.Identifier(name))
        conn.execute((again.as_string(conn) if constraint else "").encode() + definition.encode())
    counted = {"documents": "processed_documents", "image": "image_processing_queue", "ai": "ai_analysis_queue"}
    for queue, table in counted.items():
        conn.execute(sql.SQL(COUNT_ANEW).format(name=sql.Literal(queue), table=sql.Identifier(table)))
    conn.execute("analyze")
    conn.execute("reset session_replication_role")
