"""Owns the names of the two queues and their tables, and statements that are written once and made for both.

Both have the same columns for claims, leases, attempts and ends. `queue` puts jobs in, `job_results` ends them,
`job_recovery` saves them.
"""

from typing import Literal, LiteralString

from psycopg import sql

QueueName = Literal["image", "ai"]
QUEUES: tuple[QueueName, ...] = ("image", "ai")
TABLES: dict[QueueName, sql.Identifier] = {
    "image": sql.Identifier("image_processing_queue"),
    "ai": sql.Identifier("ai_analysis_queue"),
}


def for_both(statement: LiteralString) -> dict[QueueName, sql.Composed]:
    """The statement for each queue; `{queue}` stands for the table, `{name}` for the queue's name as a literal."""
    return {name: sql.SQL(statement).format(queue=table, name=sql.Literal(name)) for name, table in TABLES.items()}
