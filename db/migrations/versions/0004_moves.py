"""The database refuses wrong moves between states; docs/states.md is the table."""

from db.migrate import run_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
