from uuid import uuid4

from db.spans import WorkSpan, add_spans, list_spans

SPANS = [
    WorkSpan("image_processing", "ocr-0", 1000.5, 1002.25, 1.5, 4),
    WorkSpan("extraction", "reader-1", 999.0, 1001.0, 1.0, 7),
]


def test_spans_come_back_in_the_order_in_which_they_began(service, claimed_document):
    with service.transaction() as conn:
        add_spans(conn, claimed_document.id, SPANS)
        assert list_spans(conn, claimed_document.id) == [SPANS[1], SPANS[0]]


def test_what_is_written_of_a_deleted_document_is_nothing(service):
    with service.transaction() as conn:
        add_spans(conn, uuid4(), SPANS)
        assert conn.execute("select count(*) from work_spans").fetchone() == (0,)
