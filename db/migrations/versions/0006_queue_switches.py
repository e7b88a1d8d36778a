"""Queues that can be paused."""

from db.migrate import run_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
