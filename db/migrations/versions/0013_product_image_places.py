"""A product may show several places of one image: the link's key has the place."""

from db.migrate import run_sql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
