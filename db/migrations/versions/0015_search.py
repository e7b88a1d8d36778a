"""What search looks at: folded words, and of a product its materials, colours, series and sizes as well."""

from db.migrate import run_sql

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
