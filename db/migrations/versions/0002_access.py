"""Who may read and write: auth.jwt(), grants, row-level security."""

from db.migrate import run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
