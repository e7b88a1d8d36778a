"""A zip with the records and their images, and the example that reads it."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from uuid import UUID

import pandas as pd
import pytest
from jsonschema import Draft202012Validator

from actors.errors import StorageFailed
from api.product_schema import SCHEMA_FILE, as_text, product_schema
from cluster.export_archive import write_archive
from cluster.exports import export_products
from cluster.storage import Storage
from tests.unit.cluster.test_exports import EVIDENCE, product

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "read_products.py"


def link(number, key):
    return {"image_id": str(UUID(int=number)), "page": 1, "box": None, "reason": "below", "confidence": 0.9,
            "storage_key": key}  # fmt: skip


@pytest.fixture
def storage(tmp_path):
    return Storage(f"file://{tmp_path}/store")


@pytest.fixture
def records(storage):
    jpeg, png = storage.put(b"jpeg bytes", ".jpg"), storage.put(b"png bytes", ".png")
    size = {"length_mm": 600.0, "width_mm": 300.0, "printed": "60 x 30 cm"}
    return [
        product(name="Eiche Größe 1", dimensions=size, images=[link(3, jpeg), link(4, png)], evidence=[EVIDENCE]),
        product(name="Esche", images=[link(3, jpeg)]),
        product(name="Ohne Bild", images=[]),
    ]


@pytest.fixture
def archive(records, storage):
    target = io.BytesIO()
    write_archive(records, storage, target)
    return zipfile.ZipFile(target)


def test_each_image_is_there_once_and_the_records_say_where(archive):
    jpeg, png = f"images/{UUID(int=3)}.jpg", f"images/{UUID(int=4)}.png"
    assert archive.namelist() == ["products.json", "products.csv", jpeg, png]
    assert (archive.read(jpeg), archive.read(png)) == (b"jpeg bytes", b"png bytes")
    told = json.loads(archive.read("products.json"))
    assert [[image["file"] for image in one["images"]] for one in told] == [[jpeg, png], [jpeg], []]
    assert "storage_key" not in archive.read("products.json").decode()
    assert list(pd.read_csv(io.BytesIO(archive.read("products.csv")))["name"]) == [
        "Eiche Größe 1",
        "Esche",
        "Ohne Bild",
    ]


def test_an_image_that_is_gone_is_an_error_and_no_smaller_zip(storage):
    with pytest.raises(StorageFailed):
        write_archive([product(images=[link(3, "ab/gone.jpg")])], storage, io.BytesIO())


def test_the_schema_in_docs_is_that_of_the_record():
    assert SCHEMA_FILE.read_text(encoding="utf-8") == as_text(), "python -m api.product_schema writes it anew"


def test_exported_records_keep_to_the_schema(records, archive):
    validator = Draft202012Validator(product_schema())
    for record in [*json.loads(export_products(records, "json")), *json.loads(archive.read("products.json"))]:
        assert list(validator.iter_errors(record)) == []
    broken = {**json.loads(export_products(records, "json"))[0], "confidence": 7}
    assert [error.json_path for error in validator.iter_errors(broken)] == ["$.confidence"]


def test_the_example_reads_both_exports(records, archive, tmp_path):
    plain, packed = tmp_path / "products.json", tmp_path / "products.zip"
    plain.write_bytes(export_products(records, "json"))
    packed.write_bytes(archive.fp.getvalue())
    printed = [
        subprocess.run(
            [sys.executable, "-I", EXAMPLE, path], capture_output=True, text=True, check=True, timeout=60
        ).stdout
        for path in (plain, packed)
    ]
    assert printed[0] == printed[1]
    assert "Eiche Größe 1" in printed[0]
    assert "60 x 30 cm, no finish, 2 images" in printed[0]
    assert "to review: no size" in printed[0]
