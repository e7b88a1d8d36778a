"""Owns the switches of the queues: whether one is paused, by whom and since when.

A paused queue gives no claims: `document_claims` and `queue` ask in the very statement that claims. What is claimed
goes on to its end; leases are renewed, cancels work, and no attempt is counted while a queue stands.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, LiteralString

from psycopg import Connection
from psycopg.rows import class_row

from db import audit, values

SwitchName = Literal["documents", "image", "ai"]
SWITCHES: tuple[SwitchName, ...] = ("documents", "image", "ai")


@dataclass(frozen=True)
class QueueSwitch:
    """One queue's switch."""

    queue: SwitchName
    paused: bool
    changed_by: str | None  # None: it was never touched
    changed_at: datetime | None


LIST: LiteralString = """
    select queue, coalesce(paused, false) as paused, changed_by, changed_at
    from unnest(%(queues)s::text[]) with ordinality as all_queues (queue, place) left join queue_switches using (queue)
    order by place
"""


def queue_switches(conn: Connection[Any]) -> dict[SwitchName, QueueSwitch]:
    """The switches of all queues, the one of the documents first."""
    with conn.cursor(row_factory=class_row(QueueSwitch)) as cursor:
        return {row.queue: row for row in cursor.execute(LIST, {"queues": list(SWITCHES)})}


PAUSE: LiteralString = """
    insert into queue_switches as old (queue, paused, changed_by) values (%(queue)s, true, %(actor)s)
    on conflict (queue) do update set paused = true, changed_by = excluded.changed_by, changed_at = now()
    where not old.paused
"""
RESUME: LiteralString = """
    update queue_switches set paused = false, changed_by = %(actor)s, changed_at = now()
    where queue = %(queue)s and paused
"""


def pause_queue(conn: Connection[Any], queue: SwitchName, actor: str) -> QueueSwitch:
    """Let nothing more of this queue be claimed; pausing a paused queue changes nothing."""
    return _switch(conn, PAUSE, "pause", queue, actor)


def resume_queue(conn: Connection[Any], queue: SwitchName, actor: str) -> QueueSwitch:
    """Let the queue be claimed again; resuming one that runs changes nothing."""
    return _switch(conn, RESUME, "resume", queue, actor)


def _switch(conn: Connection[Any], statement: LiteralString, action: str, queue: SwitchName, actor: str) -> QueueSwitch:
    if conn.execute(statement, {"queue": queue, "actor": values.text(actor)}).rowcount:
        audit.record(conn, actor, action, None, {"queue": queue})
    return queue_switches(conn)[queue]
