"""Owns how fast the queues move: jobs that ended, minute by minute. What stands in the queues now is in `metrics`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from db.job_recovery import QueueName, for_both


@dataclass(frozen=True)
class ThroughputPoint:
    """The jobs of one queue that ended within one minute."""

    minute: datetime  # its beginning
    completed: int
    failed: int  # for good


THROUGHPUT = for_both("""
    with ended as (
        select date_trunc('minute', completed_at) as minute, status
        from {queue}
        where completed_at >= date_trunc('minute', now()) - make_interval(mins => %(minutes)s - 1)
          and status in ('completed', 'failed'))
    select minute,
           count(*) filter (where status = 'completed') as completed,
           count(*) filter (where status = 'failed') as failed
    from generate_series(
        date_trunc('minute', now()) - make_interval(mins => %(minutes)s - 1), date_trunc('minute', now()),
        interval '1 minute') as all_minutes (minute)
    left join ended using (minute)
    group by minute
    order by minute
""")


def throughput(conn: Connection[Any], queue: QueueName, *, minutes: int = 60) -> list[ThroughputPoint]:
    """Jobs that ended in each of the last minutes, oldest first; the minute that is running comes last.

    Args:
        conn: the transaction.
        queue: which of the two.
        minutes: how far back; minutes in which nothing ended are there as well, with zeros.
    """
    with conn.cursor(row_factory=class_row(ThroughputPoint)) as cursor:
        return cursor.execute(THROUGHPUT[queue], {"minutes": minutes}).fetchall()
