"""Documents that retention has pruned."""

from db.migrate import run_sql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
