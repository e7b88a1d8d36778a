"""Colour areas that extraction drew are images too; the colour of an image that has only one."""

from db.migrate import run_sql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
