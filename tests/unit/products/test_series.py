"""Which headings over a product are its series."""

import pytest

from cluster.stages.product_series import names_series
from tests.unit.products.printed import block, grid_page, line, products_of

NAMES = ("Fjord", "Skagen", "Lund", "Malmo", "Ystad", "Visby")


@pytest.mark.parametrize(
    "text", ["Meteor", "Plain Series", "Textured Series", "Línea Blend", "Serie Marina", "Light Items", "AUSTRALIAN"]
)
def test_a_name_of_its_own_is_a_series(text):
    assert names_series(text)


@pytest.mark.parametrize(
    "text", ["SERIES", "Wash basin", "Floor tiles", "Matt", "journey of discovery", "Made for you, and for your home."]
)
def test_kinds_of_goods_looks_and_slogans_are_none(text):
    assert not names_series(text)


def collections(*headings):
    lines = [line(text, 40, 40 + 40 * place, size, bold=True) for place, (text, size) in enumerate(headings)]
    page = grid_page(1, NAMES, *(block(one, label="section_header") for one in lines))
    return {product.fields.get("coreIdentity", {}).get("collection") for product in products_of(page)}


def test_the_heading_behind_a_kind_of_goods_is_the_series():
    assert collections(("Serie Halland", 24.0), ("Floor tiles 60 x 60 cm", 18.0)) == {"Serie Halland"}


def test_a_kind_of_goods_alone_leaves_the_series_out():
    assert collections(("Floor tiles 60 x 60 cm", 18.0)) == {None}
