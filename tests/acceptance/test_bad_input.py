"""What bad input gets, through the running service: a clear refusal or a failed document, and the next upload works."""

import pytest

from samples import broken
from samples.large import make_small_catalogue


@pytest.mark.parametrize(
    ("make", "status", "code"),
    [
        (broken.make_not_a_pdf, 415, "not_a_pdf"),
        (broken.make_empty, 422, "empty_file"),
        (broken.make_encrypted, 422, "document_encrypted"),
        (broken.make_truncated, 422, "document_broken"),
        (broken.make_zero_pages, 422, "document_has_no_pages"),
    ],
)
def test_it_is_refused_at_upload(client, tmp_path, make, status, code):
    path = tmp_path / "bad.pdf"
    make(path)
    before = client.get("/documents")["total"]
    answer = client.upload(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert client.get("/documents")["total"] == before


def test_an_empty_user_password_is_no_obstacle(client, tmp_path):
    path = tmp_path / "owner-locked.pdf"
    broken.make_encrypted(path, user_password="")
    document, _ = client.wait(client.upload(path).json()["document_id"])
    assert document["status"] == "completed"


def test_of_a_page_of_absurd_size_the_words_are_kept_and_it_says_what_was_left_out(client, tmp_path):
    """Seventy metres a side are too many for the layout's picture of it, and for nothing else."""
    path = tmp_path / "absurd.pdf"
    broken.make_absurd_page(path)
    document, _ = client.wait(client.upload(path).json()["document_id"])
    assert document["status"] == "completed", document
    assert "pages_incomplete" in [warning["code"] for warning in document["warnings"]]
    assert any("WIDE" in chunk["text"] for chunk in client.all(document["id"], "chunks"))
    (page,) = client.all(document["id"], "pages")
    assert any("'layout' failed" in warning for warning in page["warnings"])


def test_the_next_upload_works(client, tmp_path):
    path = tmp_path / "good.pdf"
    make_small_catalogue(path, seed=77)
    document, _ = client.wait(client.upload(path).json()["document_id"])
    assert document["status"] == "completed"
