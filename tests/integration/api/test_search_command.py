"""`quarry search` against the real API, which is connected to no models here."""

import json

import pytest

from tests.integration.api import situations


@pytest.fixture
def processed(pipeline, storage):
    with pipeline.transaction() as conn:
        return situations.process(conn, storage)


def test_products_are_found_by_words(quarry, processed):
    code, out, _ = quarry("search", "marmara", "porcelain")
    assert (code, "Marmara White" in out) == (0, True)
    assert "By words only: " in out
    assert "Nothing fits." in quarry("search", "chandelier")[1]
    found = json.loads(quarry("search", "porcelain", "--limit", "1", "--json")[1])
    assert [hit["product"]["name"] for hit in found["items"]] == ["Marmara White"]


def test_a_picture_goes_to_the_api(quarry, tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("no picture")
    code, _, err = quarry("search", "--like", notes)
    assert (code != 0, "not_an_image" in err) == (True, True)


def test_neither_or_both_is_wrong_use(quarry, tmp_path):
    assert quarry("search")[0] == 2
    (tmp_path / "a.png").write_bytes(situations.png())
    assert quarry("search", "tile", "--like", tmp_path / "a.png")[0] == 2
