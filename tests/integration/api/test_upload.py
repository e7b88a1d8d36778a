"""Uploads: what is accepted, what is refused, and that a refusal leaves nothing behind."""

import hashlib
import socket
import time
from concurrent.futures import ThreadPoolExecutor, wait
from urllib.parse import urlsplit
from uuid import UUID

import pymupdf
import pytest

from db.contents import lock_files
from tests.integration.api.conftest import MAX_UPLOAD_BYTES
from tests.integration.api.pdfs import broken_pdf, encrypted_pdf, pdf_without_pages, valid_pdf


def rows(pipeline):
    with pipeline.transaction() as conn:
        return conn.execute("select count(*) from processed_documents").fetchone()[0]


def test_a_pdf_is_stored_queued_and_answered(upload, client, storage):
    data = valid_pdf()
    answer = upload(data, title="Terrazzo 2026", tags="stone, floor", priority="7")
    assert answer.status_code == 202
    body = answer.json()
    document_id = UUID(body["document_id"])
    assert body == {
        "document_id": str(document_id),
        "status": "pending",
        "duplicate": False,
        "status_url": f"/documents/{document_id}",
        "progress_url": f"/documents/{document_id}/progress",
        "events_url": f"/documents/{document_id}/events",
    }
    assert answer.headers["location"] == body["status_url"]
    document = client.get(body["status_url"]).json()
    assert document["title"] == "Terrazzo 2026"
    assert document["tags"] == ["stone", "floor"]
    assert document["priority"] == 7
    assert document["filename"] == "catalogue.pdf"
    assert document["submitted_by"] == "service tester"
    assert document["size_bytes"] == len(data)
    digest = hashlib.sha256(data).hexdigest()
    assert document["content_hash"] == digest
    assert storage.read(f"{digest[:2]}/{digest}.pdf") == data


def test_the_file_name_is_the_title_when_none_is_given(upload, client):
    answer = upload(filename="../../etc/Fliesen 2026.PDF")
    document = client.get(answer.json()["status_url"]).json()
    assert document["filename"] == "Fliesen 2026.PDF"
    assert document["title"] == "Fliesen 2026"


def test_the_same_bytes_again_give_the_document_that_exists(upload):
    data = valid_pdf()
    first, second = upload(data), upload(data, title="another title")
    assert (first.status_code, second.status_code) == (202, 200)
    assert second.json()["duplicate"] is True
    assert second.json()["document_id"] == first.json()["document_id"]


def test_force_makes_a_document_of_its_own(upload):
    data = valid_pdf()
    first, second = upload(data), upload(data, force="true")
    assert second.status_code == 202
    assert second.json()["document_id"] != first.json()["document_id"]


def test_the_same_bytes_sent_at_once_become_one_document(upload):
    data = valid_pdf()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: upload(data), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [202]
    assert len({answer.json()["document_id"] for answer in answers}) == 1


def test_a_cancelled_document_does_not_stand_for_its_bytes(upload, client):
    data = valid_pdf()
    first = upload(data).json()
    client.post(f"{first['status_url']}/cancel")
    assert upload(data).status_code == 202


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 422, "empty_file"),
        (b"PK\x03\x04 a zip archive" * 100, 415, "not_a_pdf"),
        (b"short", 415, "not_a_pdf"),
        (broken_pdf(), 422, "document_broken"),
        (encrypted_pdf(), 422, "document_encrypted"),
        (pdf_without_pages(), 422, "document_has_no_pages"),
        (valid_pdf() + bytes(MAX_UPLOAD_BYTES), 413, "document_too_large"),
        (valid_pdf() + bytes(3 * MAX_UPLOAD_BYTES), 413, "document_too_large"),
    ],
)
def test_what_cannot_become_a_document_is_refused_and_leaves_nothing(upload, pipeline, leftovers, data, status, code):
    documents, files = rows(pipeline), leftovers()
    answer = upload(data)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == code
    assert problem["status"] == status
    assert len(problem["detail"].split()) > 8
    assert rows(pipeline) == documents
    assert leftovers() == files
    assert upload().status_code == 202  # the next one works


def test_a_protected_pdf_is_taken_with_its_password_and_kept_without(upload, client, storage, pipeline, settings):
    """What the pipeline reads asks for nothing, so nobody has to keep the password."""
    data = encrypted_pdf("s3same-öffne")
    answer = upload(data, password="s3same-öffne")
    assert answer.status_code == 202, answer.text
    document = client.get(answer.json()["status_url"]).json()
    assert document["content_hash"] == hashlib.sha256(data).hexdigest()
    with pipeline.transaction() as conn:
        (key,) = conn.execute("select storage_key from processed_documents where id = %s", [document["id"]]).fetchone()
        documents = conn.execute("select jsonb_agg(d)::text from processed_documents d").fetchone()[0]
        trail = conn.execute("select jsonb_agg(a)::text from audit_log a").fetchone()[0]
    with pymupdf.open(stream=storage.read(key)) as stored:
        assert (stored.needs_pass, stored.page_count) == (0, 1)
        assert "Catalogue" in stored[0].get_text()
    assert "s3same" not in documents + trail
    for path in settings.root.rglob("*"):
        assert not path.is_file() or b"s3same" not in path.read_bytes()
    assert client.delete(answer.json()["status_url"]).status_code == 204
    assert not storage.exists(key)


def test_a_decrypted_copy_is_not_removed_while_a_row_begins_to_name_it(upload, client, pipeline):
    """Whoever removes the file of a protected PDF locks the copy's content, not that of the bytes that came."""
    data = encrypted_pdf("open sesame")
    first = upload(data, password="open sesame").json()
    with pipeline.transaction() as conn:
        asked = "select storage_key from processed_documents where id = %s"
        (key,) = conn.execute(asked, [first["document_id"]]).fetchone()
    assert client.delete(first["status_url"]).status_code == 204
    with ThreadPoolExecutor(1) as threads:
        with pipeline.transaction() as conn:
            lock_files(conn, [key])
            again = threads.submit(upload, data, password="open sesame")
            assert not wait([again], timeout=1.5).done
        assert again.result(timeout=30).status_code == 202


def test_without_the_password_or_with_a_wrong_one_it_is_refused(upload, pipeline, leftovers):
    data, documents, files = encrypted_pdf("open sesame"), rows(pipeline), leftovers()
    for fields, code in (
        ({}, "document_encrypted"), ({"password": ""}, "document_encrypted"),
        ({"password": "open barley"}, "document_password_wrong"),
    ):  # fmt: skip
        answer = upload(data, **fields)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert "barley" not in answer.text
    assert (rows(pipeline), leftovers()) == (documents, files)
    first = upload(data, password="open sesame").json()
    # Also when the same bytes are a document already.
    assert upload(data).json()["code"] == "document_encrypted"
    assert upload(data, password="open barley").json()["code"] == "document_password_wrong"
    again = upload(data, password="open sesame")
    assert (again.status_code, again.json()["document_id"]) == (200, first["document_id"])


def test_a_password_that_nobody_asked_for_changes_nothing(upload, client, storage):
    data = valid_pdf()
    assert upload(data, password="superfluous").status_code == 202
    digest = hashlib.sha256(data).hexdigest()
    assert storage.read(f"{digest[:2]}/{digest}.pdf") == data
    assert upload(valid_pdf(), password="x" * 300).json()["code"] == "validation_failed"


def test_an_empty_user_password_is_no_hindrance(upload):
    assert upload(encrypted_pdf(user_password="")).status_code == 202


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"priority": "high"}, "body.priority"),
        ({"priority": "101"}, "body.priority"),
        ({"force": "perhaps"}, "body.force"),
        ({"title": "x" * 300}, "body.title"),
        ({"title": "a\x00b"}, "body.title"),
        ({"titel": "a typing error"}, "body.titel"),
        ({"tags": ",".join(map(str, range(60)))}, "body.tags"),
    ],
)
def test_wrong_fields_are_named(upload, fields, where):
    answer = upload(**fields)
    assert answer.status_code == 422
    assert answer.json()["code"] == "validation_failed"
    assert [error["where"] for error in answer.json()["errors"]] == [where]


@pytest.mark.parametrize(
    ("request_parts", "status", "code"),
    [
        ({"json": {"file": "x"}}, 415, "upload_media_type"),
        ({"content": valid_pdf(), "headers": {"Content-Type": "application/pdf"}}, 415, "upload_media_type"),
        ({}, 415, "upload_media_type"),
        ({"files": {"picture": ("a.pdf", valid_pdf())}}, 422, "validation_failed"),
        ({"files": [("file", ("a.pdf", valid_pdf())), ("file", ("b.pdf", valid_pdf()))]}, 422, "validation_failed"),
        (
            {"content": b"--cut\r\nrubbish", "headers": {"Content-Type": "multipart/form-data; boundary=cut"}},
            400,
            "malformed_upload",
        ),
    ],
)
def test_other_requests_are_refused_with_the_reason(client, leftovers, request_parts, status, code):
    files = leftovers()
    answer = client.post("/documents/upload-async", **request_parts)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert leftovers() == files


def test_a_body_of_unknown_length_is_limited_while_it_streams(client, leftovers):
    files = leftovers()

    def endless():
        yield b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n'
        for _ in range(1000):
            yield bytes(65536)

    headers = {"Content-Type": "multipart/form-data; boundary=cut"}
    answer = client.post("/documents/upload-async", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "document_too_large")
    assert leftovers() == files


def test_a_form_that_never_ends_is_ended(client, leftovers):
    files = leftovers()

    def endless():
        yield b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + valid_pdf()
        yield b"\r\n--cut--\r\n"
        for _ in range(1000):
            yield bytes(65536)

    headers = {"Content-Type": "multipart/form-data; boundary=cut"}
    answer = client.post("/documents/upload-async", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "document_too_large")
    assert leftovers() == files


def test_a_client_that_goes_away_leaves_nothing(client, address, pipeline, leftovers):
    documents, files = rows(pipeline), leftovers()
    place = urlsplit(address)
    head = (
        "POST /documents/upload-async HTTP/1.1\r\nHost: quarry\r\nContent-Length: 1000000\r\n"
        f"Authorization: {client.headers['authorization']}\r\n"
        "Content-Type: multipart/form-data; boundary=cut\r\n\r\n"
        '--cut\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n'
    )
    with socket.create_connection((place.hostname, place.port)) as line:
        line.sendall(head.encode() + bytes(200_000))
        deadline = time.monotonic() + 10
        while leftovers() == files and time.monotonic() < deadline:
            time.sleep(0.02)
        assert leftovers() != files  # it had begun
    while leftovers() != files and time.monotonic() < deadline:
        time.sleep(0.02)
    assert leftovers() == files
    assert rows(pipeline) == documents


def test_a_big_file_is_read_piece_by_piece(upload, client):
    data = valid_pdf() + bytes(MAX_UPLOAD_BYTES - 10_000)
    answer = upload(data)
    assert answer.status_code == 202
    assert client.get(answer.json()["status_url"]).json()["size_bytes"] == len(data)


def test_uploads_are_answered_within_a_second_side_by_side(upload):
    data = [valid_pdf() + bytes(500_000) for _ in range(20)]

    def timed(one):
        start = time.perf_counter()
        answer = upload(one)
        return answer.status_code, time.perf_counter() - start

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(timed, data))
    assert {status for status, _ in answers} == {202}
    seconds = sorted(taken for _, taken in answers)
    assert seconds[len(seconds) // 2] < 1.0, seconds
