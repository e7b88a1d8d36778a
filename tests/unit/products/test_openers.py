"""Title pages of sections: which products take their name as series, and which titles are none."""

import pytest

from cluster.stages.product_rules.openers import names_section
from tests.unit.products.printed import block, grid_page, line, page, picture, products_of

NAMES = ("Fjord", "Skagen", "Lund", "Malmo", "Ystad", "Visby")
PHOTO = (0.0, 0.0, 600.0, 500.0)


def opener(number, title, *more, size=36.0):
    head = line(title, 40, 600, size, bold=True, font="Head")
    return page(number, [block(head, label="section_header"), *more], [picture(PHOTO, f"photo-{number}")])


def goods(number, shade):
    return grid_page(number, [f"{name} {shade} 60x60 cm" for name in NAMES])


def series(*pages):
    """By page, the series of its products and where it is read."""
    return {
        product.pages[0]: (
            product.fields.get("coreIdentity", {}).get("collection"),
            next((proof.page for proof in product.evidence if proof.field == "coreIdentity.collection"), None),
        )
        for product in products_of(*pages)
    }


def test_all_pages_up_to_the_next_title_page_are_of_the_series():
    pages = (opener(1, "Estremoz"), goods(2, "Sal"), goods(3, "Cal"), opener(4, "Lioz"), goods(5, "Mar"))
    assert series(*pages) == {2: ("Estremoz", 1), 3: ("Estremoz", 1), 5: ("Lioz", 4)}


def test_the_evidence_is_the_line_on_the_title_page():
    pages = (opener(1, "Estremoz"), goods(2, "Sal"), opener(3, "Lioz"), goods(4, "Mar"))
    (proof,) = {proof for proof in products_of(*pages)[0].evidence if proof.field == "coreIdentity.collection"}
    assert (proof.page, proof.text, proof.box[:2]) == (1, "Estremoz", (40.0, 600.0))


def test_a_cover_by_itself_opens_no_section():
    assert series(opener(1, "Estremoz"), goods(2, "Sal"), goods(3, "Cal")) == {2: (None, None), 3: (None, None)}


def test_a_chapter_ends_the_section_before_it_and_is_no_series():
    pages = (
        opener(1, "Estremoz"), goods(2, "Sal"), opener(3, "Lioz"), goods(4, "Mar"), opener(5, "Alpinina"),
        goods(6, "Cal"), opener(7, "Technical information"), goods(8, "Pez"),
    )  # fmt: skip
    assert series(*pages) == {2: ("Estremoz", 1), 4: ("Lioz", 3), 6: ("Alpinina", 5), 8: (None, None)}


def test_where_most_titles_are_chapters_the_others_are_as_well():
    pages = (opener(1, "Floor tiles"), goods(2, "Sal"), opener(3, "Novelty"), goods(4, "Mar"))
    assert {name for name, _ in series(*pages).values()} == {None}


def test_a_heading_on_the_page_is_nearer_than_the_title_page():
    head = block(line("Serie Halland", 40, 40, 24, bold=True), label="section_header")
    pages = (
        opener(1, "Estremoz"),
        grid_page(2, [f"{name} 60x60 cm" for name in NAMES], head),
        opener(3, "Lioz"),
        goods(4, "Mar"),
    )
    assert series(*pages)[2] == ("Serie Halland", 2)


def test_a_page_with_a_photo_and_many_lines_opens_nothing():
    lines = [block(line(f"House {place}", 40 + 280 * (place % 2), 650 + 36 * (place // 2))) for place in range(8)]
    pages = (opener(1, "Estremoz", *lines), goods(2, "Sal"), opener(3, "Lioz", *lines), goods(4, "Mar"))
    assert {name for name, _ in series(*pages).values()} == {None}


@pytest.mark.parametrize(
    "text",
    ["Technical information", "Index", "Floor tiles", "Wall tiles", "Bathroom", "Contact", "Informação técnica",
     "Índice", "Pavimentos", "Installation", "Catalogue 2026"],
)  # fmt: skip
def test_words_for_chapters_name_no_section(text):
    assert not names_section(text)
