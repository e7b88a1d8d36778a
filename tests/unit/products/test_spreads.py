"""Two printed pages in one page of the PDF: what one says is not said of the other."""

import pytest

from actors.page.spreads import gutter
from actors.records import PageContent
from tests.unit.products.printed import HEIGHT, below, block, line, page, picture, products_of

SPREAD = 1200.0
LEFT, RIGHT = ("Norte Hielo", "Norte Bruma"), ("Sur Cal", "Sur Olivo")


def spread(left_banner: str, right_banner: str, *more, width: float = SPREAD) -> PageContent:
    """Two tiles a half, each with its caption; the banners stand at one height."""
    blocks, images = [], []
    for half, (banner, names) in enumerate(((left_banner, LEFT), (right_banner, RIGHT))):
        x = 40 + half * width / 2
        if banner:
            blocks.append(block(line(banner, x, 50, 22, bold=True), label="title"))
        for place, name in enumerate(names):
            box = (x + 250 * place, 150.0, x + 250 * place + 200, 350.0)
            images.append(picture(box, name))
            blocks.append(block(below(box, name)))
    blocks += [block(one) for one in more]
    return page(1, blocks, images).model_copy(update={"width_pt": width})


def numbers(left: int, right: int):
    return line(str(left), 300, HEIGHT - 30), line(str(right), 900, HEIGHT - 30)


def sizes(content: PageContent):
    return {product.name: product.dimensions and product.dimensions.printed for product in products_of(content)}


def test_a_size_in_the_left_banner_is_of_the_left_half_alone():
    assert sizes(spread("SERIE NORTE 60 x 60 cm", "SERIE SUR")) == {
        **dict.fromkeys(LEFT, "60 x 60 cm"),
        **dict.fromkeys(RIGHT),
    }


def test_each_half_has_its_own_series():
    products = products_of(spread("Serie Norte 60 x 60 cm", "Serie Sur 30 x 30 cm"))
    series = {product.name: product.fields["coreIdentity"]["collection"] for product in products}
    assert series == {**dict.fromkeys(LEFT, "Serie Norte"), **dict.fromkeys(RIGHT, "Serie Sur")}


def test_page_numbers_tell_a_spread():
    assert gutter(spread("", "", *numbers(8, 9))) == SPREAD / 2
    assert gutter(spread("", "", *numbers(8, 12))) is None


def test_codes_at_the_foot_that_follow_each_other_are_no_page_numbers():
    codes = [line(f"LV-{number}", x, HEIGHT - 30) for number, x in ((8, 200), (9, 450), (10, 800), (11, 1050))]
    assert gutter(spread("", "", *codes)) is None


def test_a_row_of_names_set_alike_is_no_pair_of_titles():
    names = [line(name, 40 + 300 * at, 50, 22) for at, name in enumerate(("OLMO", "FRESNO", "ROBLE", "WENGE"))]
    assert gutter(spread("", "", *names)) is None
    assert gutter(spread("", "", names[0], names[2])) == SPREAD / 2


def test_one_banner_over_a_wide_page_is_of_all_its_products():
    assert sizes(spread("SERIE NORTE 60 x 60 cm", "")) == dict.fromkeys((*LEFT, *RIGHT), "60 x 60 cm")


@pytest.mark.parametrize("crossing", ["A sentence about both halves", "Norte y Sur"])
def test_a_line_across_the_middle_tells_that_it_is_one_page(crossing):
    across = line(crossing, SPREAD / 2 - 80, 500, 30)
    assert gutter(spread("", "", *numbers(8, 9), across)) is None


def test_a_page_that_is_higher_than_wide_is_none():
    assert gutter(spread("Serie Norte", "Serie Sur", *numbers(8, 9), width=600)) is None
