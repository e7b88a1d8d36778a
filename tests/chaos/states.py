"""Brings a document to the middle of a stage; holds it there, where the stage is short, until the fault has struck."""

import time
from contextlib import contextmanager, suppress

import psycopg

from tests.chaos.stack import PATIENCE_S

UPLOAD = "upload"
"""Before the document's first byte, and from there to its end."""
STATES = ("extraction", "image_processing", "chunking", "ai_analysis", "product_creation")
HELD_BY = {"chunking": "document_chunks", "product_creation": "products"}
"""The table that a short stage writes last: a lock on it is a busy database."""
PROGRESS = """
    select d.status, p.completed_items, p.total_items
    from processed_documents d left join job_progress p on p.document_id = d.id and p.stage = %(state)s
    where d.id = %(id)s
"""
WAITING = "select 1 from pg_locks where not granted and relation = %s::regclass"


class Missed(Exception):
    """The document was past the state before anybody saw it there."""


@contextmanager
def in_the_middle_of(stack, document_id, state):
    """The block begins when the document is in the middle of the stage; a hold ends with the block."""
    with stack.database() as conn, hold(stack, HELD_BY.get(state)):
        deadline = time.monotonic() + PATIENCE_S
        while not reached(conn, document_id, state):
            assert time.monotonic() < deadline, f"{state} was not reached"
            time.sleep(0.01)
        conn.close()
        yield


def reached(conn, document_id, state):
    if state in HELD_BY:
        return conn.execute(WAITING, [HELD_BY[state]]).fetchone() is not None
    row = conn.execute(PROGRESS, {"id": document_id, "state": state}).fetchone()
    if row["status"] not in ("pending", "processing"):
        raise Missed(f"it ended {row['status']} before {state} was seen")
    done, total = row["completed_items"] or 0, row["total_items"] or 0
    least = 0 if state == "extraction" else 1  # a few pages are one call, and all stored when it is answered
    return least <= done < total


@contextmanager
def hold(stack, table):
    """Nobody writes to the table in the block; everybody may read. A server that goes away takes the lock along."""
    if table is None:
        yield
        return
    with suppress(psycopg.OperationalError), stack.database() as conn, conn.transaction():
        conn.execute(f"lock table {table} in share mode")
        yield
