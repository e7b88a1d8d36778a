import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from db.products import ProductRow
from monitor import evidence
from monitor.document_products import labels, summary
from monitor.pictures import Mark
from monitor.product_panel import size

NAME_BOX, SIZE_BOX = [10, 20, 60, 30], [10, 32, 80, 40]


def entry(field, value, box=NAME_BOX, page=3, **given):
    return {
        "field": field,
        "value": value,
        "page": page,
        "box": box,
        "source": "text_layer",
        "text": str(value),
        "confidence": 0.9,
        **given,
    }


def product(name="Terra", **given):
    row = {
        "id": uuid4(),
        "document_id": uuid4(),
        "document_title": "Nordiche",
        "document_languages": ["en"],
        "identity_key": name.lower(),
        "name": name,
        "code": None,
        "product_type": None,
        "description": None,
        "dimensions": None,
        "materials": [],
        "colours": [],
        "finish": None,
        "fields": {},
        "evidence": [entry("name", name)],
        "pages": [3],
        "confidence": 0.9,
        "needs_review": False,
        "review_reasons": [],
        "embedding_model": None,
        "created_at": datetime.now(UTC),
        "review_state": "open",
        "reviewed_by": None,
        "reviewed_at": None,
        "images": [],
    }
    return ProductRow(**{**row, **given})


def test_values_of_one_place_share_its_number_and_regions_come_last():
    found = evidence.located(
        product(
            evidence=[entry("name", "Terra"), entry("dimensions", "60 x 60", SIZE_BOX), entry("code", "T1")],
            images=[{"page": 3, "box": [0, 0, 90, 90]}, {"page": 4, "box": None}],
        )
    )
    assert found.marks == {
        3: [
            Mark(1, (10.0, 20.0, 60.0, 30.0), "text"),
            Mark(2, (10.0, 32.0, 80.0, 40.0), "text"),
            Mark(3, (0.0, 0.0, 90.0, 90.0), "region"),
        ]
    }


def test_the_same_box_on_another_page_is_another_place():
    found = evidence.located(product(evidence=[entry("name", "Terra"), entry("name", "Terra", page=5)]))
    assert sorted(found.numbers.values()) == [1, 2]
    assert set(found.marks) == {3, 5}


def test_pages_of_a_product_start_with_its_own():
    images = [{"page": 9, "box": None}, {"page": 3, "box": None}]
    found = evidence.pages_of(product(pages=[3], evidence=[entry("name", "T", page=1)], images=images))
    assert found == [3, 1, 9]


def test_a_side_has_the_evidence_of_its_size_and_a_field_without_any_says_so():
    sides = {"length": {"value": 600.0, "unit": "mm"}, "thickness": {"value": 20.0, "unit": "mm"}}
    fields = {"physicalProperties": {**sides, "weight": {"value": 4.5, "unit": "kg"}}}
    sizes = [("60 x 60 cm", SIZE_BOX), ("2 cm", NAME_BOX)]
    row = product(evidence=[entry("physicalProperties.dimensions", *size) for size in sizes], fields=fields)
    html = evidence.table(row, evidence.located(row))
    (length,) = re.findall(r"<tr>(?:(?!</tr>).)*600 mm.*?</tr>", html)
    assert '<span class="q-number-mark">1</span>' in length
    (thickness,) = re.findall(r"<tr>(?:(?!</tr>).)*20 mm.*?</tr>", html)
    assert '<span class="q-number-mark">2</span>' in thickness
    assert html.count("no evidence was kept") == 1
    assert "4.5 kg" in html


def test_a_side_that_no_printed_size_holds_has_no_evidence():
    row = product(
        evidence=[entry("dimensions", "60 x 60 cm", SIZE_BOX)],
        fields={"physicalProperties": {"length": {"value": 455.0}}},
    )
    assert "no evidence was kept" in evidence.table(row, evidence.located(row))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("matt", "matt"),
        (12.0, "12"),
        (["matt", "gloss"], "matt, gloss"),
        ({"value": 9.5, "unit": "mm"}, "9.5 mm"),
        ({"value": 9.5, "unit": None}, "9.5"),
        ({"min": 1, "max": 2}, "min 1, max 2"),
        (True, "True"),
    ],
)
def test_field_values_become_text(value, shown):
    assert evidence.plain(value) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [("primaryColor", "Primary color"), ("PEI", "PEI"), ("product_code", "Product code"), ("sku", "Sku")],
)
def test_field_names_become_words(name, shown):
    assert evidence.camel(name) == shown


@pytest.mark.parametrize(
    ("dimensions", "shown"),
    [
        (None, ""),
        ({"printed": "60 x 120 cm", "length_mm": 1200.0, "width_mm": 600.0}, "60 x 120 cm (1200 x 600 mm)"),
        ({"printed": "1200 x 600 mm", "length_mm": 1200.0, "width_mm": 600.0}, "1200 x 600 mm"),
        ({"printed": "Ø 180 x 340 mm", "length_mm": 340.0, "width_mm": 180.0}, "Ø 180 x 340 mm"),
        ({"printed": '12"', "length_mm": 304.8}, '12" (304.8 mm)'),
        ({"printed": "A4"}, "A4"),
    ],
)
def test_a_size_is_shown_as_printed_and_in_millimetres_where_that_differs(dimensions, shown):
    assert size(dimensions) == shown


def test_every_product_has_a_label_of_its_own():
    products = [product("Terra"), product("Terra"), product("Alba")]
    found = labels(products)
    assert list(found.values()) == [r"Terra \(1\)", r"Terra \(2\)", "Alba"]
    assert set(found) == {str(row.id) for row in products}


def test_a_summary_leaves_out_what_is_not_known():
    row = product(code="T-1", dimensions={"printed": "60 x 60"}, pages=[3, 4], needs_review=True)
    assert summary(row) == "T\\-1 · 60 x 60 · p\\.\u00a03, 4 · to be reviewed"
