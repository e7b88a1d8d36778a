"""Webhooks: an outbox of what uploaders asked to be told, and the log of its deliveries."""

from db.migrate import run_sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
