"""Exports of records that real catalogues make: strange letters, formulas, nested values, none at all."""

import io
import json
from datetime import UTC, datetime
from uuid import UUID

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from cluster.exports import COLUMNS, FORMATS, LONGEST_CELL, export_products, flat_product
from db.products import ProductRow

EVIDENCE = {
    "field": "name",
    "value": "x",
    "page": 1,
    "box": [0, 0, 1, 1],
    "source": "ocr",
    "text": "x",
    "confidence": 1,
}


def product(**given):
    row = {
        "id": UUID(int=1),
        "document_id": UUID(int=2),
        "document_title": "Catalogue",
        "document_languages": ["es", "en"],
        "identity_key": "inside",
        "name": "Oak",
        "code": None,
        "product_type": None,
        "description": None,
        "dimensions": None,
        "materials": [],
        "colours": [],
        "finish": None,
        "fields": {},
        "evidence": [EVIDENCE],
        "pages": [1, 3],
        "confidence": 0.5,
        "needs_review": True,
        "review_reasons": ["no size"],
        "embedding_model": "inside",
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
        "review_state": "open",
        "reviewed_by": None,
        "reviewed_at": None,
        "images": [{"image_id": str(UUID(int=3)), "page": 1, "storage_key": "inside"}],
    }
    return ProductRow(**{**row, **given})


def cell(data, column, line=2):
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return sheet.cell(row=line, column=COLUMNS.index(column) + 1)


def first_row(data):
    return pd.read_csv(io.BytesIO(data), keep_default_na=False).iloc[0]


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://evil")', "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "plain"]
)
def test_text_is_never_a_formula(text):
    excel = cell(export_products([product(name=text)], "xlsx"), "name")
    assert (excel.data_type, excel.value) == ("s", text)
    written = first_row(export_products([product(name=text)], "csv"))["name"]
    assert written[0] not in "=+-@\t"
    assert written.removeprefix("'") == text


@pytest.mark.parametrize("number", ["-20", "+4.5", "-1,5"])
def test_numbers_are_left_as_they_are(number):
    written = export_products([product(code=number)], "csv").decode()
    assert "'" not in written
    assert number in written


def test_control_characters_do_not_stop_excel():
    assert cell(export_products([product(description="a\x07b\x00c\nd")], "xlsx"), "description").value == "abc\nd"


def test_long_text_is_cut_for_excel_only():
    long = product(description="x" * 50_000)
    assert len(cell(export_products([long], "xlsx"), "description").value) == LONGEST_CELL
    assert len(first_row(export_products([long], "csv"))["description"]) == 50_000


def test_parquet_has_types_also_when_everything_is_empty():
    empty = pq.read_schema(io.BytesIO(export_products([], "parquet")))
    full = pq.read_schema(io.BytesIO(export_products([product()], "parquet")))
    assert empty.equals(full)
    assert str(full.field("pages").type) == "list<element: int32>"
    assert str(full.field("length_mm").type) == "double"
    row = pq.read_table(io.BytesIO(export_products([product()], "parquet"))).to_pylist()[0]
    assert (row["pages"], row["review_reasons"], row["needs_review"]) == ([1, 3], ["no size"], True)


def test_fields_find_their_columns_and_nothing_is_lost():
    fields = {
        "commercialInformation": {"price": 24.5, "certifications": ["CE", "ISO"], "discount": {"percent": 5}},
        "physicalProperties": {"weight": {"value": 2, "unit": "kg"}},
        "ownCategory": {"anything": [1, 2]},
    }
    row = flat_product(product(fields=fields))
    assert row["commercialInformation.price"] == "24.5"
    assert row["commercialInformation.certifications"] == "CE; ISO"
    assert json.loads(row["physicalProperties.weight"]) == {"value": 2, "unit": "kg"}
    assert json.loads(row["other_fields"]) == {
        "commercialInformation": {"discount": {"percent": 5}},
        "ownCategory": {"anything": [1, 2]},
    }


@pytest.mark.parametrize("export_format", FORMATS)
def test_the_same_products_give_the_same_rows_twice(export_format):
    rows = [product(name="Größe ✓ 大理石"), product(name="b")]
    if export_format != "xlsx":  # Excel's files carry the time of their making
        assert export_products(rows, export_format) == export_products(rows, export_format)
    else:
        assert cell(export_products(rows, "xlsx"), "name").value == "Größe ✓ 大理石"


def test_json_keeps_nothing_of_the_inside():
    text = export_products([product()], "json").decode()
    assert "inside" not in text
    assert json.loads(text)[0]["images"] == [{"image_id": str(UUID(int=3)), "page": 1}]
