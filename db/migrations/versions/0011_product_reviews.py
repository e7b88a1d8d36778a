"""What people decide about products: kept by identity, so that it outlives a reprocess."""

from db.migrate import run_sql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
