"""Estimates: policies whose share of the rows the planner can guess, and jobs by their lease."""

from db.migrate import run_sql

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
