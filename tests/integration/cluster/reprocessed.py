"""A document that a driver has dealt with, begun anew and driven again."""

from contextlib import contextmanager

from cluster.document_run import DocumentRun
from cluster.lease import DocumentLease
from db.document_actions import reprocess_document
from db.document_claims import finish_document
from tests.integration import factories


@contextmanager
def reprocessed(service, run, **settings):
    """Another driver's view of the document of `run`, which ends; `settings` have changed meanwhile."""
    with service.transaction() as conn:
        finish_document(conn, run.document.id, run.lease.fence, "completed")
        reprocess_document(conn, run.document.id, "tester")
        claimed = factories.claim_document(conn)
    changed = run.settings.model_copy(update=settings)
    with DocumentLease.take(service, claimed.id, factories.WORKER, claimed.fence, changed) as lease:
        yield DocumentRun(changed, service, lease)
