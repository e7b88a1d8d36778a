"""A restart in a rolling upgrade: a later program, whose schema is later as well."""

import shutil
import subprocess
import sys
from contextlib import contextmanager

from db.migrate import expected_version
from tests.checkout import PROJECT

MIGRATION = '''"""A later version of the schema."""
from alembic import op
revision, down_revision = "later", "{head}"
def upgrade():
    op.execute("alter table image_processing_queue add column noted text")
    op.execute("alter table ai_analysis_queue add column noted text default 'later'")
    op.execute("alter table processed_documents add column noted text default 'later'")
    op.execute("create index on document_chunks (document_id, page)")
'''


@contextmanager
def upgrade(stack, document_id):
    """A later program, with one migration more, migrates under the running pipeline and then restarts it."""
    later = stack.home.parent / "later"
    make_later_program(later)
    done = subprocess.run(
        [sys.executable, "-c", MIGRATE, stack.server.owner_url], cwd=later, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    stack.checkout.down()
    stack.checkout.program = later
    stack.up()
    yield


def make_later_program(folder):
    """A copy of this program with one migration more."""
    shutil.rmtree(folder, ignore_errors=True)
    for package in ("actors", "api", "cluster", "db", "evaluation", "monitor", "samples"):
        shutil.copytree(PROJECT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("serve_app.py", "monitor_app.py", "monitor_server.py"):
        shutil.copy(PROJECT / file, folder / file)
    (folder / "db/migrations/versions/later.py").write_text(MIGRATION.format(head=expected_version()))


MIGRATE = "import sys; from db.migrate import migrate; assert migrate(sys.argv[1]) == 'later'"
