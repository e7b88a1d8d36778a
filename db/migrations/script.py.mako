"""${message}."""

from db.migrate import run_sql

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
