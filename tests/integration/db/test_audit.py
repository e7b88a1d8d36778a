"""Every action leaves one line that says who did what to which document, and when."""

from datetime import UTC, datetime, timedelta

from db import document_actions, document_claims, queue_switches, retention
from tests.integration import factories


def ended(conn, status="partial"):
    document = factories.add_claimed_document(conn, submitted_by="uwe")
    document_claims.finish_document(conn, document.id, document.fence, status)
    return document


def submit(conn):
    return factories.add_document(conn, submitted_by="uwe").id


def cancel_waiting(conn):
    document = factories.add_document(conn)
    document_actions.request_cancel(conn, document.id, "uwe")
    return document.id


def cancel_running(conn):
    document = factories.add_claimed_document(conn)
    document_actions.request_cancel(conn, document.id, "uwe")
    return document.id


def retry(conn):
    document = ended(conn)
    document_actions.retry_document(conn, document.id, "uwe")
    return document.id


def reprocess(conn):
    document = ended(conn, "completed")
    document_actions.reprocess_document(conn, document.id, "uwe")
    return document.id


def delete(conn):
    document = ended(conn)
    document_actions.delete_document(conn, document.id, "uwe")
    return document.id


def pause(conn):
    queue_switches.pause_queue(conn, "image", "uwe")


def resume(conn):
    queue_switches.pause_queue(conn, "ai", "maria")
    queue_switches.resume_queue(conn, "ai", "uwe")


def prune(conn):
    document = ended(conn, "completed")
    conn.execute("update processed_documents set completed_at = now() - interval '9 days' where id = %s", [document.id])
    retention.prune_next(conn, days=1, products=False)
    return document.id


DEEDS = {
    submit: ("uwe", "submit"),
    cancel_waiting: ("uwe", "cancel"),
    cancel_running: ("uwe", "cancel"),
    retry: ("uwe", "retry"),
    reprocess: ("uwe", "reprocess"),
    delete: ("uwe", "delete"),
    pause: ("uwe", "pause"),
    resume: ("uwe", "resume"),
    prune: (retention.ACTOR, "prune"),
}


def test_every_action_is_there_with_who_what_and_when(service):
    for deed, (actor, action) in DEEDS.items():
        with service.transaction() as conn:
            target = deed(conn)
            query = "select actor, action, document_id, at, detail from audit_log order by id desc limit 1"
            line = conn.execute(query).fetchone()
            conn.execute("delete from processed_documents")
        assert line[:3] == (actor, action, target), deed.__name__
        assert abs(line[3] - datetime.now(UTC)) < timedelta(minutes=1)
        assert isinstance(line[4], dict) and line[4], "says what it was done to, or what stood there before"


def test_what_changes_nothing_leaves_no_line(service):
    lines = "select count(*) from audit_log"
    with service.transaction() as conn:
        document = ended(conn, "completed")
        before = conn.execute(lines).fetchone()
        assert document_actions.request_cancel(conn, document.id, "uwe") == "completed"
        assert document_actions.retry_document(conn, document.id, "uwe") == 0
        assert conn.execute(lines).fetchone() == before
