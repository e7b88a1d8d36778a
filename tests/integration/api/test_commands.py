"""`quarry`'s commands on documents against the real API and a real Postgres; the pipeline is played by the tests."""

import io
import json
import threading
import time
from uuid import uuid4

import httpx
import pandas as pd
import pytest

from cluster.access.tokens import read_token
from cluster.commands.api_client import ApiClient
from db.document_claims import finish_document
from tests.integration import factories
from tests.integration.api import pdfs, situations


@pytest.fixture
def pdf(tmp_path):
    """A catalogue that nobody has uploaded yet."""
    path = tmp_path / "Fliesen Größe.pdf"
    path.write_bytes(pdfs.valid_pdf())
    return path


@pytest.fixture
def processed(pipeline, storage):
    title = f"Processed {uuid4().hex[:8]}"
    with pipeline.transaction() as conn:
        return situations.process(conn, storage, title=title, filename="stones.pdf"), title


def test_ingest_says_the_id_of_what_it_uploaded(quarry, pdf, client):
    code, out, _ = quarry("ingest", pdf, "--title", "Tiles", "--tag", "floor", "--tag", "wall", "--priority", "7")
    assert code == 0
    document = client.get(f"/documents/{out.split()[0]}").json()
    assert (document["title"], document["tags"], document["priority"]) == ("Tiles", ["floor", "wall"], 7)
    assert document["submitted_by"] == "command line"


def test_the_same_file_again_is_the_same_document(quarry, pdf):
    first = quarry("ingest", pdf)[1].split()[0]
    _, out, _ = quarry("ingest", pdf)
    assert out.split()[0] == first
    assert "uploaded before" in out
    assert quarry("ingest", "--force", pdf)[1].split()[0] != first


def test_a_refused_file_is_named_and_the_others_are_uploaded(quarry, pdf, tmp_path):
    broken = tmp_path / "notes.pdf"
    broken.write_bytes(b"these are notes")
    code, out, err = quarry("ingest", "--json", broken, pdf)
    assert code == 1
    assert [answer["file"] for answer in json.loads(out)] == [str(pdf)]
    assert "notes.pdf" in err
    assert "not_a_pdf" in err


@pytest.mark.parametrize("name", ["[red] tiles.pdf", "tiles [bold].pdf"])
def test_a_file_name_with_brackets_is_shown_as_it_is(quarry, tmp_path, name):
    (tmp_path / name).write_bytes(b"these are notes")
    code, _, err = quarry("ingest", name)
    assert (code, name in err) == (1, True), err


def test_an_answer_that_it_cannot_do_it_now_is_not_a_fault_of_the_file(quarry, pdf, settings, monkeypatch):
    monkeypatch.setattr("cluster.commands.api_client.TRIES", 1)
    files = settings.root / "files"
    files.rename(settings.root / "files away")
    files.write_text("no folder")
    try:
        code, _, err = quarry("ingest", pdf)
    finally:
        files.unlink()
        (settings.root / "files away").rename(files)
    assert (code, "storage_failed" in err) == (3, True), err


def test_what_was_answered_before_the_service_went_down_is_kept(quarry, pdf, tmp_path, monkeypatch):
    """The line to the service is cut before the second of three files."""
    monkeypatch.setattr("cluster.commands.api_client.TRIES", 1)
    sent = ApiClient.upload

    def upload(self, path, **fields):
        if path.name == "second.pdf":
            self._http.close()
            self._http = httpx.Client(base_url="http://127.0.0.1:1")
        return sent(self, path, **fields)

    monkeypatch.setattr(ApiClient, "upload", upload)
    others = [tmp_path / "second.pdf", tmp_path / "third.pdf"]
    for other in others:
        other.write_bytes(pdfs.valid_pdf())
    code, out, err = quarry("ingest", "--json", "--wait", pdf, *others)
    assert code == 3
    assert [answer["file"] for answer in json.loads(out)] == [str(pdf)]
    assert "service_down" in err
    assert "third.pdf: not uploaded" in err


def test_a_missing_file_is_wrong_use(quarry):
    code, _, err = quarry("ingest", "nowhere.pdf")
    assert code == 2
    assert "nowhere.pdf" in err


@pytest.mark.parametrize(("status", "expected"), [("completed", 0), ("partial", 4), ("failed", 1), ("cancelled", 1)])
def test_the_exit_code_says_how_a_watched_document_ended(quarry, pipeline, status, expected):
    with pipeline.transaction() as conn:
        document = situations.claimed(conn, title="Watched")

    def finish():
        time.sleep(1)
        error = {"error_code": "document_broken", "error_message": "No page."} if status == "failed" else {}
        with pipeline.transaction() as conn:
            finish_document(conn, document.id, document.fence, status, **error)

    thread = threading.Thread(target=finish)
    thread.start()
    code, out, _ = quarry("watch", document.id)
    thread.join()
    assert code == expected
    assert "Watched: 0.0 %, processing" in out
    assert f"Watched: {status}" in out.splitlines()[-1] or status == "failed"


def test_watch_ends_with_the_products(quarry, processed):
    document, title = processed
    code, out, _ = quarry("watch", document.id)
    assert code == 0
    assert "2 products" in out
    assert "Marmara White" in out
    assert "60 x 60 cm" in out
    assert f"{title}: completed" in out


def test_a_document_is_found_by_part_of_its_title_or_id(quarry, processed):
    document, title = processed
    for name in (title, str(document.id)[:13], str(document.id)):
        assert json.loads(quarry("status", name, "--json")[1])["id"] == str(document.id)


def test_an_unclear_name_is_wrong_use(quarry, processed):
    code, _, err = quarry("status", "no such title")
    assert (code, "document_unclear" in err) == (2, True)
    quarry_code, _, err = quarry("watch", uuid4())
    assert (quarry_code, "document_not_found" in err) == (2, True)


def test_status_shows_queues_and_documents(quarry, processed):
    code, out, _ = quarry("status")
    assert code == 0
    assert "AI analysis" in out
    assert processed[1] in out
    shown = json.loads(quarry("status", "--json")[1])
    assert shown["queues"]["image"]["completed"] >= 1


def test_status_of_a_failed_document_gives_the_reason(quarry, pipeline):
    with pipeline.transaction() as conn:
        document = situations.failed(conn, message="The PDF has no page tree.")
    code, out, _ = quarry("status", document.id)
    assert code == 0
    assert "The PDF has no page tree. (document_broken)" in out


@pytest.mark.parametrize("export_format", ["json", "csv", "xlsx", "parquet"])
def test_export_writes_each_format(quarry, processed, tmp_path, export_format):
    code, _, err = quarry("export", processed[0].id, "--format", export_format)
    path = tmp_path / f"stones-products.{export_format}"
    assert code == 0
    assert path.name in err
    readers = {"json": pd.read_json, "csv": pd.read_csv, "xlsx": pd.read_excel, "parquet": pd.read_parquet}
    assert "Marmara White" in list(readers[export_format](path)["name"])
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_export_to_standard_output(quarry, processed, tmp_path):
    code, out, _ = quarry("export", processed[0].id, "-f", "csv", "-o", "-")
    assert (code, "Marmara White" in out) == (0, True)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_wrong_use(quarry, processed):
    code, _, err = quarry("export", processed[0].id, "--format", "doc")
    assert code == 2
    assert "json, csv, xlsx, parquet" in err


def test_cancel_and_retry(quarry, pdf):
    document = quarry("ingest", pdf)[1].split()[0]
    assert quarry("cancel", document)[1].startswith(f"{document}: cancelled")
    assert quarry("retry", document)[1].startswith(f"{document}: pending")


def test_an_action_that_does_not_fit_says_so(quarry, pipeline):
    with pipeline.transaction() as conn:
        document = situations.claimed(conn)
    code, _, err = quarry("retry", document.id)
    assert code == 1
    assert "cancel" in err.lower()


def test_a_printed_token_opens_the_api(quarry, settings):
    code, out, _ = quarry("token", "--role", "admin", "--subject", "me", "--hours", "1")
    token = read_token(settings, out.strip())
    assert (code, token.subject, token.role) == (0, "me", "admin")


def test_without_the_api_the_exit_code_is_3(quarry, monkeypatch):
    monkeypatch.setenv("QUARRY_API_PORT", "1")
    monkeypatch.setattr("cluster.commands.api_client.TRIES", 1)
    code, _, err = quarry("status")
    assert code == 3
    assert "quarry up" in err


def test_reprocess_begins_an_ended_document_anew(quarry, processed, client):
    document, _ = processed
    code, out, _ = quarry("reprocess", document.id)
    assert (code, out.strip()) == (0, f"{document.id}: pending")
    assert client.get(f"/documents/{document.id}/products").json()["total"] == 0
    code, _, err = quarry("reprocess", document.id)
    assert (code, "document_state_conflict" in err) == (1, True)


def test_delete_asks_first_and_takes_everything_along(quarry, processed, client, monkeypatch):
    document, title = processed
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, out, _ = quarry("delete", document.id)
    assert code == 1
    assert f"Remove '{title}' ({document.id}) and everything made of it?" in out
    assert client.get(f"/documents/{document.id}").status_code == 200
    code, out, _ = quarry("delete", document.id, "--yes")
    assert (code, out.strip()) == (0, f"{document.id}: deleted")
    assert client.get(f"/documents/{document.id}").status_code == 404
    code, _, err = quarry("delete", document.id, "--yes")
    assert (code, "document_not_found" in err) == (2, True)


def test_deliveries_and_replay(quarry, pipeline, processed):
    code, out, _ = quarry("deliveries", processed[0].id)
    assert (code, "No webhook was asked for" in out) == (0, True)
    with pipeline.transaction() as conn:
        delivery = factories.add_failed_delivery(conn)
    code, out, _ = quarry("deliveries", delivery.document_id)
    assert code == 0
    assert f"{delivery.id}  document.cancelled  pending  https://hooks.example.com/" in out
    assert "attempt 1: answered 500" in out
    code, _, err = quarry("replay", delivery.id)
    assert (code, "delivery_state_conflict" in err) == (1, True)
    with pipeline.transaction() as conn:
        ended = "update webhook_deliveries set status = 'failed', completed_at = now() where id = %s"
        conn.execute(ended, [delivery.id])
    assert quarry("replay", delivery.id)[:2] == (0, f"{delivery.id}: pending\n")
    shown = json.loads(quarry("deliveries", delivery.document_id, "--json")[1])
    assert [one["status"] for one in shown] == ["pending"]
