"""Searching by an example image over HTTP. What the model says of a picture is tested where the model is."""

import io
from uuid import uuid4

import pytest
from PIL import Image

from api.example_images import MAX_BYTES
from tests.integration.api import situations

PATHS = ("/search/images", "/search/products")


@pytest.fixture
def processed(pipeline, storage):
    with pipeline.transaction() as conn:
        return situations.process(conn, storage)


def send(client, path, data, field="file"):
    return client.post(path, files={field: ("example.png", data)})


def code(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_a_stored_image_finds_what_looks_like_it(client, processed):
    like = {"image_id": str(processed.image_id), "limit": 100}
    images = client.post("/search/images", params=like).json()
    assert images["method"] == {"words": False, "meaning": True, "reason": None}
    assert str(processed.image_id) in [hit["image"]["id"] for hit in images["items"]]
    products = client.post("/search/products", params=like).json()["items"]
    mine = [hit for hit in products if hit["product"]["document_id"] == str(processed.id)]
    assert [(hit["product"]["name"], hit["score"]) for hit in mine] == [("Marmara White", pytest.approx(1.0))]


@pytest.mark.parametrize("path", PATHS)
def test_without_a_model_that_answers_the_reason_is_said(client, path):
    answer = send(client, path, situations.png())
    assert code(answer) == (503, "actor_silent")
    assert int(answer.headers["retry-after"]) > 0


def test_a_stored_image_without_a_vector_says_what_to_do(client, pipeline, processed):
    with pipeline.transaction() as conn:
        conn.execute(
            "update document_images set embedding = null, embedding_status = 'model_missing' where id = %s",
            [processed.image_id],
        )
    answer = client.post("/search/products", params={"image_id": str(processed.image_id)})
    assert code(answer) == (503, "image_model_missing")
    assert "quarry backfill clip" in answer.json()["detail"]


@pytest.mark.parametrize("path", PATHS)
def test_what_is_no_picture_or_too_much_of_one_is_refused(client, path, pipeline):
    assert code(send(client, path, b"%PDF-1.4 no picture")) == (415, "not_an_image")
    wide = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(wide, "PNG")
    assert code(send(client, path, wide.getvalue())) == (413, "image_too_large"), "400 megapixels in a few kilobytes"
    assert code(send(client, path, b"x" * (MAX_BYTES + 1_000_000))) == (413, "image_too_large")
    assert code(send(client, path, situations.png(), field="picture")) == (422, "validation_failed")
    assert code(client.post(path)) == (415, "upload_media_type")
    assert code(client.post(path, content=b"--x", headers={"content-type": "multipart/form-data"})) == (
        400, "malformed_upload",
    )  # fmt: skip
    assert code(client.post(path, params={"image_id": str(uuid4())})) == (404, "image_not_found")


def test_a_body_without_a_length_is_bounded_as_well(client):
    def pieces():
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        for _ in range(MAX_BYTES // 1_000_000 + 2):
            yield b"x" * 1_000_000

    headers = {"content-type": "multipart/form-data; boundary=b"}
    assert code(client.post("/search/images", content=pieces(), headers=headers)) == (413, "image_too_large")
