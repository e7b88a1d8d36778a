"""The first schema."""

from db.migrate import run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
