"""What the benchmarks make and read, without what they measure."""

import json

import pymupdf
import pytest

from benchmarks.__main__ import attempt
from benchmarks.batches import batches_since
from benchmarks.figures import machine
from benchmarks.memory import make_thousand_pages
from benchmarks.uploads import pad
from benchmarks.visibility import ends
from samples.large import make_small_catalogue


def line(process, second, items=2, event="batch done"):
    told = {"process": process, "event": event, "items": items, "model_seconds": 0.5}
    return json.dumps({**told, "timestamp": f"2026-11-28T12:00:{second:02d}Z"}) + "\n"


@pytest.fixture
def batches(tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "quarry.log.1").write_text(line("ocr-1", 2) + line("ocr-1", 7))
    (logs / "quarry.log").write_text(line("clip-0", 9, 3) + line("ocr-2", 8, 1) + line("ocr-2", 9, event="item failed"))
    return batches_since(tmp_path, began=1795867205.0)


def test_batches_are_read_from_all_log_files_since_a_moment(batches):
    assert [(batch.actor, batch.items) for batch in batches] == [("ocr-1", 2), ("ocr-2", 1), ("clip-0", 3)]
    assert sum(batch.seconds for batch in batches) == 1.5


def test_every_item_ends_with_its_batch(batches):
    first, second, third = ends(batches, "ocr")
    assert first == second < third


def test_a_padded_catalogue_is_as_large_as_said_and_whole(tmp_path):
    path = tmp_path / "small.pdf"
    make_small_catalogue(path, seed=1)
    pad(path, 1_000_000)
    assert 1_000_000 <= path.stat().st_size < 1_001_000
    with pymupdf.open(path) as document:
        assert (document.page_count, document.is_repaired) == (2, False)


def test_no_two_pictures_of_the_many_pages_are_alike(tmp_path):
    path = tmp_path / "pages.pdf"
    make_thousand_pages(path, 5)
    with pymupdf.open(path) as document:
        images = [document.extract_image(entry[0])["image"] for page in document for entry in page.get_images()]
    assert len(set(images)) == len(images) == 10


def test_a_row_that_cannot_be_measured_says_why():
    def broken():
        raise RuntimeError("the catalogue ended failed")

    (figure,) = attempt("busy", broken)
    assert figure.met is False
    assert "ended failed" in figure.figure


def test_the_machine_is_named():
    assert " cores, " in machine()
