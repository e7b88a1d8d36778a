"""Owns the audit trail: who did what to which document. It only grows."""

from collections.abc import Mapping
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection

from db import values

RECORD: LiteralString = """
    insert into audit_log (actor, action, document_id, detail)
    values (%(actor)s, %(action)s, %(document_id)s, %(detail)s)
"""


def record(
    conn: Connection[Any], actor: str, action: str, document_id: UUID | None, detail: Mapping[str, object] | None = None
) -> None:
    """Write one line, in the transaction of the deed itself.

    Args:
        conn: the transaction.
        actor: subject of the token, or the part of Quarry that acted.
        action: `submit`, `cancel`, `retry`, `reprocess`, `delete` ...
        document_id: what it was done to.
        detail: whatever helps to understand it later, JSON types only.
    """
    detail_json = values.jsonb(dict(detail or {}))
    row = {"actor": values.text(actor), "action": action, "document_id": document_id, "detail": detail_json}
    conn.execute(RECORD, row)
