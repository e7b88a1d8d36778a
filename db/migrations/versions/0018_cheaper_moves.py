"""What a claim and a completion of jobs do beside their rows, made less: indexes, counts, the look at the claims."""

from db.migrate import run_sql

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
