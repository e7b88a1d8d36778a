"""What a reprocess takes over of pages and text vectors, and words of products that search finds by an index."""

from db.migrate import run_sql

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Run the .sql file beside this one."""
    run_sql(__file__)
