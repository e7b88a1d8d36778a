"""In which languages a document is."""

from db.migrate import run_sql

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
