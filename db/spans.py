"""Owns work spans: which actor worked for a document, when, and how much processor time that took.

For people to look at, and for measuring; nothing is decided by them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from db.documents import Stage


@dataclass(frozen=True)
class WorkSpan:
    """One batch of one actor, or what the driver itself computed."""

    stage: Stage
    actor: str  # "reader-0", "ocr-1", "driver" ...
    began_at: float  # seconds since the epoch, on the clock of the actor's machine
    ended_at: float
    cpu_seconds: float  # processor time meanwhile
    items: int  # pages, images, chunks, analyses, products


ADD: LiteralString = """
    insert into work_spans (document_id, stage, actor, began_at, ended_at, cpu_seconds, items)
    select id, %(stage)s, %(actor)s, to_timestamp(%(began_at)s), to_timestamp(%(ended_at)s), %(cpu_seconds)s, %(items)s
    from processed_documents where id = %(document_id)s
"""


def add_spans(conn: Connection[Any], document_id: UUID, spans: Sequence[WorkSpan]) -> None:
    """Store spans, in the transaction of what was done in them; nothing of a document that was deleted meanwhile."""
    with conn.cursor() as cursor:
        cursor.executemany(ADD, [{"document_id": document_id, **asdict(span)} for span in spans])


LIST: LiteralString = """
    select stage, actor, extract(epoch from began_at)::float8 as began_at,
           extract(epoch from ended_at)::float8 as ended_at, cpu_seconds, items
    from work_spans
    where document_id = %(document_id)s
    order by began_at
"""


def list_spans(conn: Connection[Any], document_id: UUID) -> list[WorkSpan]:
    """A document's spans in the order in which they began."""
    with conn.cursor(row_factory=class_row(WorkSpan)) as cursor:
        return cursor.execute(LIST, {"document_id": document_id}).fetchall()
