"""Owns how fast the queues move: jobs that ended, by minutes and one by one. What stands in them is in `metrics`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from db.queues import QueueName, for_both


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


@dataclass(frozen=True)
class EndedJob:
    """What an exporter counts of one job that was completed or has finally failed."""

    status: str
    attempts: int
    waited_s: float | None  # from the moment when it might run to its last claim; None when it was never claimed
    ran_s: float | None  # from its last claim to its end


ENDED_BETWEEN = for_both("""
    select status, attempt as attempts,
           greatest(0, extract(epoch from started_at - greatest(created_at, run_after)))::float8 as waited_s,
           greatest(0, extract(epoch from completed_at - started_at))::float8 as ran_s
    from {queue}
    where status in ('completed', 'failed') and completed_at > %(since)s and completed_at <= %(until)s
""")


def ended_between(conn: Connection[Any], queue: QueueName, since: datetime, until: datetime) -> list[EndedJob]:
    """Jobs that ended after `since` and not after `until`, by the database's clock.

    A row is seen only when its transaction has ended, some time after the moment that it bears: who counts each job
    once asks for moments that are a while ago.
    """
    with conn.cursor(row_factory=class_row(EndedJob)) as cursor:
        return cursor.execute(ENDED_BETWEEN[queue], {"since": since, "until": until}).fetchall()
