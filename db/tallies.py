"""Owns the counts of rows by state, which triggers keep as rows move (migration 0007): their sums, and folding them."""

from typing import Any, LiteralString

from psycopg import Connection

# The sum of one queue's lines as a row; a queue without a line has zeros.
SUMS: LiteralString = """
    select coalesce(sum(pending), 0)::bigint as pending, coalesce(sum(processing), 0)::bigint as processing,
           coalesce(sum(completed), 0)::bigint as completed, coalesce(sum(partial), 0)::bigint as partial,
           coalesce(sum(failed), 0)::bigint as failed, coalesce(sum(cancelled), 0)::bigint as cancelled,
           coalesce(sum(run_us), 0)::bigint as run_us
    from queue_tallies
"""
FOLD: LiteralString = """
    with gone as (delete from queue_tallies returning *)
    insert into queue_tallies
    select queue, sum(pending), sum(processing), sum(completed), sum(partial), sum(failed), sum(cancelled), sum(run_us)
    from gone
    group by queue
"""
# Two that fold at once would only wait for each other's lines.
LOCK: LiteralString = "select pg_try_advisory_xact_lock(hashtext('quarry fold tallies'))"
LINES: LiteralString = "select count(*) from queue_tallies"


def fold_tallies(conn: Connection[Any], *, above: int = 300) -> int:
    """Turn many lines into one a queue; every sum stays what it is, also for those who read and write meanwhile.

    Args:
        conn: a short transaction.
        above: so few lines are read as fast as one, and are left alone.

    Returns:
        How many lines there were.
    """
    held = conn.execute(LOCK).fetchone()
    counted = conn.execute(LINES).fetchone()
    lines = int(counted[0]) if counted else 0
    if held and held[0] and lines > above:
        conn.execute(FOLD)
    return lines
