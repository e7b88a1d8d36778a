"""Results by content, and files that nothing needs any more."""

from db.migrate import run_sql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
