"""Running headers, page numbers, headings and their path, columns."""

import pytest

from cluster.stages.structure.headings import HeadingPath, Headings
from cluster.stages.structure.page_furniture import Furniture
from cluster.stages.structure.reading_order import in_reading_order
from tests.unit.chunking.pages import block, line, page, paragraph


def furniture(pages, text):
    """The pages on which a line is furniture."""
    repeated = Furniture(pages)
    return [
        one.page
        for one in pages
        for part in one.blocks
        for each in part.lines
        if each.text == text and repeated.holds(one, part.label, each)
    ]


def book(count, *extra):
    """Pages of text with the same header and a page number."""
    return [
        page(n, block(line("Leier price list", 50, 20)), paragraph(200), block(line(f"Page {n}", 280, 780)), *extra)
        for n in range(1, count + 1)
    ]


def test_a_header_on_most_pages_is_furniture_and_so_is_its_number():
    pages = book(6)
    assert furniture(pages, "Leier price list") == [1, 2, 3, 4, 5, 6]
    assert furniture(pages, "Page 3") == [3]


def test_a_banner_of_a_few_pages_is_none():
    pages = [*book(3), page(4, block(line("Plain Series 30x30 cm", 50, 20)), paragraph(200)),
             page(5, block(line("Plain Series 30x30 cm", 50, 20)), paragraph(200))]  # fmt: skip
    assert furniture(pages, "Plain Series 30x30 cm") == []


def test_in_a_short_document_nothing_repeats_often_enough():
    assert furniture(book(3), "Leier price list") == []


def test_a_watermark_at_the_same_place_is_furniture_wherever_it_stands():
    pages = book(6, block(line("www.supplier.com", 250, 400)))
    assert len(furniture(pages, "www.supplier.com")) == 6


def test_prices_at_the_same_place_of_every_page_are_none():
    """Only at the page's edges numbers are left out of the comparison, since only there they count pages."""
    pages = book(6)
    pages = [one.model_copy(update={"blocks": (*one.blocks, block(line(f"EUR 1{one.page},00", 300, 400)))})
             for one in pages]  # fmt: skip
    assert furniture(pages, "EUR 13,00") == []


def test_a_form_that_every_page_fills_in_anew_is_none():
    rows = [f"Strength {part / 20:.2f}" for part in range(20)]
    pages = book(6, *(block(line(text, 50 + 200 * (n % 2), 300 + 14 * n)) for n, text in enumerate(rows)))
    assert [furniture(pages, text) for text in rows] == [[]] * 20
    assert len(furniture(pages, "Leier price list")) == 6


def test_captions_that_come_again_elsewhere_on_the_pages_are_none():
    pages = [page(n, paragraph(100), block(line("Grey", 50, 300 + 40 * n))) for n in range(1, 8)]
    assert furniture(pages, "Grey") == []


@pytest.mark.parametrize(
    ("text", "y", "expected"),
    [("12", 780, True), ("Page 12", 780, True), ("Seite 12", 20, True), ("3 / 24", 780, True), ("12", 400, False),
     ("Oak 12", 780, False), ("60x60", 780, False)],
)  # fmt: skip
def test_page_numbers_stand_at_an_edge(text, y, expected):
    one = page(1, block(line(text, 280, y)))
    assert Furniture([one]).holds(one, "text", one.blocks[0].lines[0]) is expected


def test_numbers_under_the_last_row_of_a_grid_are_no_page_numbers():
    captions = [line(text, x, 780) for text, x in (("407", 90), ("408", 250), ("409", 410))]
    number = line("19", 550, 779)
    one, spread = page(1, block(*captions)), page(2, block(line("18", 20, 780), number))
    assert not any(Furniture([one]).holds(one, "text", each) for each in captions)
    assert all(Furniture([spread]).holds(spread, "text", each) for each in spread.blocks[0].lines)


# ---- headings


def headed(*blocks):
    one = page(1, *blocks, paragraph(300), paragraph(500))
    return one, Headings([one])


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (block(line("Technical Specifications", 50, 50, 18)), True),
        (block(line("1. Commercial Plywood", 50, 50, bold=True)), True),
        (block(line("Unique Features", 50, 50), label="section_header"), True),
        (block(line("plain words", 50, 50)), False),
        (block(line("1520 x 228 x 7.5mm", 50, 50, 22)), False),
        (block(line("eeeeeeeeeeee", 50, 50, 36)), False),
        (block(line("2 cm", 50, 50, 14)), False),
        (block(line("goes on in small letters", 50, 50, 14)), False),
        (block(line("A bold sentence that ends.", 50, 50, bold=True)), False),
        (block(line("Grey", 50, 50, 18), label="caption"), False),
        (paragraph(50), False),
    ],
)
def test_what_is_a_heading(part, expected):
    one, headings = headed(part)
    assert headings.is_heading(one, part) is expected


def test_a_page_of_larger_text_has_its_own_measure():
    small = page(1, *[paragraph(60 + 100 * i, count=6) for i in range(6)])
    large = [line("These robust tiles are not only designed for mega areas", 50, 100 + 20 * i, 14) for i in range(6)]
    second = page(2, *[block(each) for each in large])
    headings = Headings([small, second])
    assert not any(headings.is_heading(second, part) for part in second.blocks)


def paths(*pages, index=()):
    """The path at the end of each page."""
    headings = Headings(pages)
    path = HeadingPath(headings)
    found = []
    for one in pages:
        path.begin_page(one, is_index=one.page in index)
        for part in one.blocks:
            if headings.is_heading(one, part):
                path.enter(one, part)
        found.append(path.texts)
    return found


def section(number, *titles):
    """A page of text with headings of falling size."""
    sizes = (24, 18, 14)
    blocks = [block(line(title, 50, 40 + 40 * i, sizes[i])) for i, title in enumerate(titles)]
    return page(number, *blocks, paragraph(300), paragraph(500))


def test_smaller_headings_stand_under_larger_ones():
    assert paths(section(1, "Floors", "Planks", "Sizes")) == [("Floors", "Planks", "Sizes")]


def test_a_heading_ends_those_of_its_size_and_below():
    first, second = section(1, "Floors", "Planks"), page(2, block(line("Tiles", 50, 40, 18)), paragraph(300, count=8))
    assert paths(first, second)[1] == ("Floors", "Tiles") or paths(first, second)[1] == ("Tiles",)


def test_text_that_runs_on_keeps_the_headings_of_a_recurring_style():
    pages = (section(1, "Floors"), section(2, "Walls"), page(3, paragraph(100, count=10)))
    assert paths(*pages) == [("Floors",), ("Walls",), ("Walls",)]


def test_pages_of_pictures_keep_only_the_heading_of_a_title_page():
    alone = page(1, block(line("Contemporary", 50, 400, 40)))
    pictures = page(2, block(line("Antique", 50, 400)), block(line("Barnside", 250, 400)))
    assert paths(alone, pictures)[1] == ("Contemporary",)
    assert paths(section(1, "Floors"), pictures)[1] == ()


def test_headings_of_an_index_head_nothing():
    pages = (section(1, "Linea Lisos"), section(2, "Linea Blend"), page(3, paragraph(100, count=10)))
    assert paths(*pages, index=(1, 2))[2] == ()


# ---- columns


def test_columns_are_read_one_after_the_other():
    left = [paragraph(100 + 100 * i, x=30, words="left") for i in range(3)]
    right = [paragraph(100 + 100 * i, x=330, words="right") for i in range(3)]
    mixed = [part for pair in zip(left, right, strict=True) for part in pair]
    assert list(in_reading_order(page(1, *mixed))) == left + right


def test_a_title_over_both_columns_comes_first():
    title = block(line("General conditions of sale and delivery, printed over the whole width of this page", 30, 40))
    left, right = (
        [paragraph(y, x=30, words="left") for y in (100, 200)],
        [paragraph(y, x=330, words="right") for y in (110, 230)],
    )
    mixed = [right[0], left[0], title, left[1], right[1]]
    assert list(in_reading_order(page(1, *mixed))) == [title, *left, *right]


def test_pages_of_captions_keep_their_order():
    captions = [block(line(name, x, 500)) for name, x in (("Grey", 300), ("Ivory", 50), ("Oak", 450), ("Ash", 150))]
    assert list(in_reading_order(page(1, *captions))) == captions
