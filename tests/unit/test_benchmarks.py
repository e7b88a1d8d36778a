"""What the benchmarks make and read, without what they measure."""

import os
import subprocess
import sys

import pymupdf

from benchmarks.figures import Figure, machine
from benchmarks.memory import make_thousand_pages
from benchmarks.rows import apart, attempt
from benchmarks.uploads import pad
from benchmarks.visibility import ends
from db.spans import WorkSpan
from samples.large import make_small_catalogue


def test_ray_is_not_imported_before_quarry_has_prepared_it():
    """It reads then by which address its head is reached; `make bench` waited for one on the outer network."""
    program = "import sys, benchmarks.__main__; sys.exit('ray' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def made_apart(work):
    return [Figure(work, str(os.getpid()), "")]


def test_rows_with_a_quarry_of_their_own_are_measured_in_another_process():
    (figure,) = apart(made_apart, "row")
    assert figure.work == "row"
    assert int(figure.figure) != os.getpid()


def test_every_item_ends_with_its_batch():
    spans = [
        WorkSpan("image_processing", "ocr-2", 1.0, 5.0, 3.0, 1),
        WorkSpan("image_processing", "ocr-1", 2.0, 4.0, 1.0, 2),
        WorkSpan("image_processing", "clip-0", 2.0, 3.0, 1.0, 3),
    ]
    assert ends(spans, "ocr") == [4.0, 4.0, 5.0]


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
