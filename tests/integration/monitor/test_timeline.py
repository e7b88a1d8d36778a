from db.spans import WorkSpan, add_spans
from monitor.document_timeline import joined
from tests.integration.monitor import situations


def span(stage, actor, began_at, ended_at, items=1):
    return WorkSpan(stage, actor, began_at, ended_at, 0.5, items)


def test_the_timeline_says_who_worked_when(monitor, service):
    held = situations.held_document(service, "Nordiche")
    with service.transaction() as conn:
        spans = [
            span("extraction", "reader-0", 1000.0, 1002.0, 4),
            span("image_processing", "ocr-1", 1001.5, 1004.0, 9),
        ]
        add_spans(conn, held.id, spans)
    monitor.open("document", id=str(held.id), view="Timeline")
    assert "4.0 s from first to last" in monitor.text
    assert "Extraction 4 pages 0.0 s 2.0 s 0.5 s" in monitor.text
    assert "Images 9 images 1.5 s 4.0 s 0.5 s" in monitor.text


def test_a_document_that_nobody_has_worked_for_says_so(monitor, service):
    held = situations.held_document(service, "Nordiche")
    monitor.open("document", id=str(held.id), view="Timeline")
    assert "Nobody has worked for it yet" in monitor.text


def test_short_pauses_are_not_drawn():
    spans = [
        span("extraction", "reader-0", 0, 1),
        span("chunking", "reader-0", 1, 2),
        span("extraction", "reader-0", 1.1, 2),
    ]
    spans += [span("extraction", "reader-0", 5, 6)]
    assert [(one.stage, one.began_at, one.ended_at, one.items) for one in joined(spans, 0.2)] == [
        ("extraction", 0, 2, 2),
        ("chunking", 1, 2, 1),
        ("extraction", 5, 6, 1),
    ]
