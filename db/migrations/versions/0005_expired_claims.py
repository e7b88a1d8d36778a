"""Claims whose time has passed open nothing."""

from db.migrate import run_sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
