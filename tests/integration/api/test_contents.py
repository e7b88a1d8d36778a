"""What was made of a document, as the API gives it out: images, chunks, products, exports, numbers."""

import io
import json
import zipfile
from uuid import uuid4

import pandas as pd
import pytest

from cluster.access.tokens import Token
from cluster.exports import COLUMNS
from tests.integration.api import situations


@pytest.fixture(scope="session")
def processed(app, address, server, settings):
    """One document for all tests here: they only read it."""
    services = app.state.services
    with services.acts(Token("tester", "service")).transaction() as conn:
        return situations.process(conn, services.storage, title="Tiles & Stones", filename="Fliesen Größe.pdf")


def test_products_come_with_evidence_and_images(client, processed):
    page = client.get(f"/documents/{processed.id}/products").json()
    assert page["total"] == 2
    product = page["items"][0]
    assert (product["name"], product["code"], product["finish"]) == ("Marmara White", "MW-60", "matt")
    assert product["dimensions"]["length_mm"] == 600.0
    assert product["fields"]["coreIdentity"]["manufacturer"] == "Marmara"
    assert product["evidence"][0]["text"] == "Marmara White"
    (image,) = product["images"]
    assert image["reason"] == "the name stands below it"
    assert image["content_url"] == f"/images/{processed.image_id}/content"
    assert "storage_key" not in json.dumps(page)


def test_lists_come_in_pages(client, processed):
    page = client.get(f"/documents/{processed.id}/products", params={"limit": 1, "offset": 1}).json()
    assert (len(page["items"]), page["total"]) == (1, 2)
    page = client.get(f"/documents/{processed.id}/chunks", params={"limit": 1, "offset": 1}).json()
    assert [chunk["text"] for chunk in page["items"]] == ["Index"]
    assert page["items"][0]["is_index"] is True


def test_pages_say_what_could_not_be_read(client, pipeline, storage):
    with pipeline.transaction() as conn:
        document = situations.process(conn, storage, title="A bad page")
        conn.execute(
            "update document_pages set kind = 'failed', error_code = 'page_timeout', error_message = 'took too long',"
            " warnings = '[\"an image was left out\"]', skipped_images = 2 where document_id = %s",
            [document.id],
        )
    answer = client.get(f"/documents/{document.id}/pages").json()
    (page,) = answer["items"]
    assert (page["page"], page["kind"], page["error_code"]) == (1, "failed", "page_timeout")
    assert (page["error_message"], page["warnings"]) == ("took too long", ["an image was left out"])
    assert (page["skipped_images"], answer["total"]) == (2, 1)


def test_images_come_with_what_was_read_in_them(client, processed):
    (image,) = client.get(f"/documents/{processed.id}/images").json()["items"]
    assert (image["ocr_status"], image["ocr_text"]) == ("text", "OAK 120")
    assert image["embedding_status"] == "stored"
    assert image["content_url"] == f"/images/{processed.image_id}/content"


def test_pixels_come_from_the_store_and_cannot_be_taken_for_a_page(client, processed):
    answer = client.get(f"/images/{processed.image_id}/content")
    assert answer.status_code == 200
    assert answer.content == processed.image_bytes
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-disposition"].startswith("inline")
    again = client.get(f"/images/{processed.image_id}/content", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_unknown_image_is_a_404(client):
    answer = client.get(f"/images/{uuid4()}/content")
    assert (answer.status_code, answer.json()["code"]) == (404, "image_not_found")


def test_an_image_whose_file_is_lost_is_a_problem(client, pipeline, storage):
    with pipeline.transaction() as conn:
        document = situations.process(conn, storage, title="lost file")
        (key,) = conn.execute("select storage_key from document_images where id = %s", [document.image_id]).fetchone()
        conn.execute("update document_images set storage_key = %s where id = %s", ["ff" + key[2:], document.image_id])
    answer = client.get(f"/images/{document.image_id}/content")
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_failed")


READERS = {
    "csv": lambda data: pd.read_csv(io.BytesIO(data)),
    "xlsx": lambda data: pd.read_excel(io.BytesIO(data)),
    "parquet": lambda data: pd.read_parquet(io.BytesIO(data)),
}


@pytest.mark.parametrize("export_format", sorted(READERS))
def test_tables_are_opened_again_with_the_same_columns(client, processed, export_format):
    answer = client.get(f"/documents/{processed.id}/export", params={"format": export_format})
    assert answer.status_code == 200
    assert f"-products.{export_format}" in answer.headers["content-disposition"]
    assert "filename*=UTF-8''Fliesen%20Gr%C3%B6%C3%9Fe-products" in answer.headers["content-disposition"]
    table = READERS[export_format](answer.content)
    assert tuple(table.columns) == COLUMNS
    assert len(table) == 2
    first, second = table.iloc[0], table.iloc[1]
    assert (first["name"], first["code"], first["length_mm"]) == ("Marmara White", "MW-60", 600.0)
    assert first["coreIdentity.manufacturer"] == "Marmara"
    assert first["commercialInformation.application"] == "floor; wall"
    assert first["commercialInformation.price"] == pytest.approx(24.5) or first["commercialInformation.price"] == "24.5"
    assert json.loads(first["other_fields"]) == {"technicalSpecifications": {"breakingStrength": "1300 N"}}
    assert json.loads(first["evidence"])[0]["value"] == "Marmara White"
    colours = first["colours"]
    assert (colours if isinstance(colours, str) else "; ".join(colours)) == "white; grey"
    assert second["name"].lstrip("'") == "=1+1 Özel"  # text still, no formula
    assert str(second["code"]) == "-20"


def test_json_holds_the_records_whole(client, processed):
    answer = client.get(f"/documents/{processed.id}/export")
    assert answer.headers["content-type"] == "application/json"
    first, second = answer.json()
    assert first["images"][0]["image_id"] == str(processed.image_id)
    assert first["evidence"][0]["box"] == [1.0, 2.0, 3.0, 4.0]
    assert second["name"] == "=1+1 Özel"


@pytest.mark.parametrize("export_format", sorted(READERS))
def test_a_document_without_products_gives_an_empty_table(client, upload, export_format):
    document = upload().json()
    answer = client.get(f"{document['status_url']}/export", params={"format": export_format})
    table = READERS[export_format](answer.content)
    assert tuple(table.columns) == COLUMNS
    assert len(table) == 0


def test_the_zip_holds_records_and_images(client, processed):
    answer = client.get(f"/documents/{processed.id}/export", params={"format": "zip"})
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        first, *_ = json.loads(archive.read("products.json"))
        pixels = archive.read(first["images"][0]["file"])
    assert pixels == client.get(f"/images/{processed.image_id}/content").content


def test_other_formats_are_refused(client, processed):
    answer = client.get(f"/documents/{processed.id}/export", params={"format": "pdf"})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


def test_search_finds_by_words_and_says_that_vectors_are_missing(client, processed):
    body = client.get("/search/products", params={"q": "marm"}).json()
    assert "Marmara White" in [hit["product"]["name"] for hit in body["items"]]
    assert body["method"]["words"] is True
    assert body["method"]["meaning"] is False
    assert body["method"]["reason"]
    body = client.get("/search/images", params={"q": "oak"}).json()
    assert "OAK 120" in [hit["image"]["ocr_text"] for hit in body["items"]]
    assert body["method"]["meaning"] is False


@pytest.mark.parametrize("q", ["", " ", "a\x00b", "x" * 300])
def test_search_wants_words(client, q):
    assert client.get("/search/products", params={"q": q}).json()["code"] == "validation_failed"


@pytest.mark.parametrize("q", ["'", "a & | ! b:*", "\\", "100%", "Özel", "ß"])
def test_search_takes_any_words(client, processed, q):
    assert client.get("/search/products", params={"q": q}).status_code == 200
    assert client.get("/search/images", params={"q": q}).status_code == 200


def test_queue_metrics_count_everything(client, admin_client, processed):
    body = client.get("/queues/metrics").json()
    assert body["documents"]["completed"] >= 1
    assert body["image"]["completed"] >= 1
    assert body["image"]["total"] >= body["image"]["completed"]
    assert set(body["ai"]) == set(body["image"])
    jobs = admin_client.get("/queues/image/jobs").json()
    assert str(processed.id) in [job["document_id"] for job in jobs]
    assert client.get("/queues/pdf/jobs").status_code == 422
