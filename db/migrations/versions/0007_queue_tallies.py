"""Counts of rows by state that are kept as rows move, and the index of the waiting jobs."""

from db.migrate import run_sql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
