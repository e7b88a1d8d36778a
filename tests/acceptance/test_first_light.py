"""A catalogue goes from upload to products: contents are compared, not only states."""

import io
import json
import math

import pandas as pd
import pytest
from PIL import Image

from samples.catalogue import SAMPLE_OCR_PAGE, SAMPLE_OCR_WORDS, SAMPLE_PRODUCTS, SAMPLE_SCAN_PAGE, SAMPLE_SCAN_WORDS
from tests.small_clip import DIMENSIONS

SHOWN = [product for product in SAMPLE_PRODUCTS if not product.only_in_table]


@pytest.fixture(scope="session")
def products(client, sample_id):
    return client.all(sample_id, "products")


@pytest.fixture(scope="session")
def images(client, sample_id):
    return client.all(sample_id, "images")


def vectors(checkout, where):
    """Hash, page and vector of images, read with psql as the admin role."""
    query = (
        "select json_agg(json_build_object('document', document_id, 'hash', content_hash, 'vector', embedding::text)) "
        f"from document_images where {where}"
    )
    done = checkout.quarry("sql", "--role", "admin", "-At", "-c", query)
    assert done.returncode == 0, done.stderr
    return [{**row, "vector": json.loads(row["vector"])} for row in json.loads(done.stdout)]


def test_one_command_shows_stages_products_and_addresses(first_run, checkout):
    assert first_run.returncode == 0, first_run.stdout + first_run.stderr
    for word in ("extraction", "image processing", "chunking", "ai analysis", "product creation", "completed"):
        assert word in first_run.stdout
    assert SHOWN[0].name in first_run.stdout
    for port in ("API_PORT", "MONITOR_PORT", "DASHBOARD_PORT"):
        assert f"127.0.0.1:{checkout.variables[f'QUARRY_{port}']}" in first_run.stdout


def test_the_document_says_its_language(client, sample_id, products):
    assert client.get(f"/documents/{sample_id}")["languages"][:1] == ["en"]
    assert {tuple(product["document_languages"][:1]) for product in products} == {("en",)}


def test_every_product_of_the_sample_is_found(products):
    found = {product["name"].casefold() for product in products}
    assert [product.name for product in SHOWN if product.name.casefold() not in found] == []


def test_nothing_else_is_taken_for_a_product(products):
    known = {product.name.casefold() for product in SAMPLE_PRODUCTS}
    assert [product["name"] for product in products if product["name"].casefold() not in known] == []


@pytest.mark.parametrize("expected", SHOWN, ids=lambda product: product.name)
def test_code_and_size_are_those_on_the_page(products, expected):
    product = next(p for p in products if p["name"].casefold() == expected.name.casefold())
    assert product["code"] == expected.code
    assert expected.page in product["pages"]
    if expected.millimetres:
        size = product["dimensions"]
        assert [size["length_mm"], size["width_mm"], size["thickness_mm"]] == pytest.approx(expected.millimetres)


def test_every_value_has_its_evidence_on_the_page(products):
    for product in products:
        fields = {evidence["field"] for evidence in product["evidence"]}
        assert "name" in fields
        for evidence in product["evidence"]:
            assert evidence["value"].casefold() in evidence["text"].casefold(), evidence
            assert evidence["page"] in range(1, 10)
            assert len(evidence["box"]) == 4


def test_tiles_show_their_own_picture(products, images):
    page_of = {image["id"]: {placement["page"] for placement in image["placements"]} for image in images}
    tiles = [product for product in SHOWN if product.kind == "tile"]
    for tile in tiles:
        product = next(p for p in products if p["name"] == tile.name)
        assert product["images"], tile.name
        assert all(tile.page in page_of[image["image_id"]] and image["reason"] for image in product["images"])


def test_words_in_a_picture_are_read(images):
    pictures = [i for i in images if i["kind"] == "embedded" and i["page"] == SAMPLE_OCR_PAGE and i["ocr_text"]]
    read = " ".join(image["ocr_text"] for image in pictures).upper()
    assert [word for word in SAMPLE_OCR_WORDS if word not in read] == []


def test_a_scanned_page_is_read(images, client, sample_id):
    (scan,) = [image for image in images if image["kind"] == "page" and image["page"] == SAMPLE_SCAN_PAGE]
    assert [word for word in SAMPLE_SCAN_WORDS if word not in scan["ocr_text"]] == []
    chunks = [chunk for chunk in client.all(sample_id, "chunks") if chunk["page"] == SAMPLE_SCAN_PAGE]
    assert {chunk["source"] for chunk in chunks} == {"ocr"}


def test_no_text_is_told_apart_from_text(images):
    states = {image["ocr_status"] for image in images}
    assert states == {"text", "no_text"}
    assert all(bool(image["ocr_text"]) == (image["ocr_status"] == "text") for image in images)


def test_vectors_are_unit_length_and_differ_between_images(checkout, sample_id):
    found = vectors(checkout, f"document_id = '{sample_id}'")
    assert {len(row["vector"]) for row in found} == {DIMENSIONS}
    assert all(math.hypot(*row["vector"]) == pytest.approx(1.0, abs=1e-3) for row in found)
    assert len({tuple(row["vector"]) for row in found}) == len({row["hash"] for row in found}) > 5


def test_the_same_bytes_answer_with_the_document_that_exists(client, sample, sample_id):
    answer = client.upload(sample)
    assert (answer.status_code, answer.json()["document_id"]) == (200, sample_id)


def test_processed_again_everything_is_equal_and_progress_only_rises(client, checkout, sample, sample_id, products):
    answer = client.upload(sample, force="true")
    assert answer.status_code == 202
    document, progress = client.wait(answer.json()["document_id"], look_every_s=0.1)
    assert document["status"] == "completed"
    assert progress == sorted(progress)
    assert len(set(progress)) > 5
    again = client.all(document["id"], "products")
    assert [(p["name"], p["code"], p["dimensions"]) for p in again] == [
        (p["name"], p["code"], p["dimensions"]) for p in products
    ]
    first = {row["hash"]: row["vector"] for row in vectors(checkout, f"document_id = '{sample_id}'")}
    second = {row["hash"]: row["vector"] for row in vectors(checkout, f"document_id = '{document['id']}'")}
    assert first.keys() == second.keys()
    assert all(first[key] == pytest.approx(second[key], abs=1e-5) for key in first)


def test_an_image_comes_back_as_a_picture(client, images):
    answer = client.http.get(images[0]["content_url"])
    assert answer.headers["content-type"] == images[0]["media_type"]
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.size == (images[0]["width_px"], images[0]["height_px"])


def test_an_export_opens_with_the_same_products(client, sample_id, products):
    answer = client.http.get(f"/documents/{sample_id}/export", params={"format": "xlsx"})
    table = pd.read_excel(io.BytesIO(answer.content))
    assert sorted(table["name"]) == sorted(product["name"] for product in products)


def test_search_finds_a_product_by_its_words(client):
    found = client.get("/search/products", q="Noce Antico", limit=5)["items"]
    assert found[0]["product"]["name"] == "Noce Antico"


def test_the_admin_role_sees_and_a_connection_without_a_claim_sees_nothing(checkout, first_run):
    for table in ("image_processing_queue", "ai_analysis_queue", "job_progress", "products"):
        query = ("-At", "-c", f"select count(*) from {table}")
        assert int(checkout.quarry("sql", "--role", "admin", *query).stdout) > 0
        assert int(checkout.quarry("sql", "--role", "none", *query).stdout) == 0
