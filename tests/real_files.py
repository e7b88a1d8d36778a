"""The published catalogues and torture files beside the checkout, where there are any; no test may need them."""

import csv
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "pdfs"
ABSENT = "the real files in ../shared/pdfs are absent"


def real_catalogues() -> list[tuple[str, int]]:
    """Name and number of pages of every real catalogue."""
    index = FOLDER / "INDEX.tsv"
    if not index.is_file():
        return []
    with index.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row["path"], int(row["pages"])) for row in rows if row["path"].startswith("catalogues/")]


def real_file(path: str) -> Path:
    """The file, or the test is skipped."""
    file = FOLDER / path
    if not file.is_file():
        pytest.skip(ABSENT)
    return file
