"""Work spans: who worked for a document when."""

from db.migrate import run_sql

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
