import pytest

from db.document_claims import finish_document
from db.documents import count_open, find_by_hash, get_document, list_documents
from tests.integration import factories
from tests.integration.factories import claim_document


def test_a_new_document_waits_and_its_arrival_is_on_record(service):
    with service.transaction() as conn:
        document = factories.add_document(conn, title="Stone 2026", tags=["stone", "new"], priority=3)
        assert get_document(conn, document.id) == document
        entry = conn.execute("select actor, action, document_id, detail ->> 'filename' from audit_log").fetchone()
    assert (document.status, document.progress, document.attempt, document.max_attempts) == ("pending", 0, 0, 4)
    assert (document.title, document.tags, document.priority) == ("Stone 2026", ["stone", "new"], 3)
    assert entry == ("tester", "submit", document.id, document.filename)


def test_names_that_postgres_refuses_are_mended(service):
    with service.transaction() as conn:
        document = factories.add_document(conn, filename="a\0.pdf", title="\ud800", tags=["x\0"])
    assert (document.filename, document.title, document.tags) == ("a\ufffd.pdf", "\ufffd", ["x\ufffd"])


def test_the_same_bytes_are_found_again_unless_they_failed(service):
    with service.transaction() as conn:
        first = factories.add_claimed_document(conn, content_hash="same")
        assert find_by_hash(conn, "same").id == first.id
        assert find_by_hash(conn, "other") is None
        finish_document(conn, first.id, first.fence, "cancelled")
        assert find_by_hash(conn, "same") is None
    with service.transaction() as conn:
        second = factories.add_document(conn, content_hash="same")
    with service.transaction() as conn:
        third = factories.add_document(conn, content_hash="same")
        assert find_by_hash(conn, "same").id == third.id != second.id


@pytest.fixture
def three(service):
    documents = []
    for title, filename, tags in (
        ("Oak floors", "a.pdf", ["wood"]),
        ("Tiles", "OAK.pdf", []),
        ("100 % wool", "c.pdf", []),
    ):
        with service.transaction() as conn:
            documents.append(factories.add_document(conn, title=title, filename=filename, tags=tags))
    return documents


def titles(found):
    return [document.title for document in found[0]]


def test_documents_are_listed_newest_first_with_their_number(service, three):
    with service.transaction() as conn:
        assert titles(list_documents(conn)) == ["100 % wool", "Tiles", "Oak floors"]
        assert titles(list_documents(conn, limit=1, offset=1)) == ["Tiles"]
        assert list_documents(conn, limit=1)[1] == 3
        assert list_documents(conn, offset=10) == ([], 3)


def test_documents_are_found_by_title_file_name_tag_and_id(service, three):
    with service.transaction() as conn:
        assert titles(list_documents(conn, text="oak")) == ["Tiles", "Oak floors"]
        assert titles(list_documents(conn, text="WOOD")) == ["Oak floors"]
        assert titles(list_documents(conn, text=str(three[0].id)[:13])) == ["Oak floors"]
        assert titles(list_documents(conn, text="%")) == ["100 % wool"], "a percent sign is no wildcard"
        assert list_documents(conn, text="")[1] == 3


def test_documents_are_filtered_by_state_and_open_ones_counted(service, three):
    with service.transaction() as conn:
        claimed = claim_document(conn)
        assert titles(list_documents(conn, status="processing")) == [claimed.title]
        assert list_documents(conn, status="processing", text="tiles")[1] == 0
        assert count_open(conn) == 3
        finish_document(conn, claimed.id, claimed.fence, "completed")
        assert count_open(conn) == 2
