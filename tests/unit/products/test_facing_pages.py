"""Banners that run over two facing pages."""

from tests.unit.products.printed import WIDTH, block, grid_page, line, products_of

NAMES = (("Baklava Gri", "Baklava Bej", "Çizgi Mavi"), ("Çizgi Bej", "Çizgi Siyah", "Baklava Siyah"))


def spread(title, *, first=2):
    """Two pages of products, with the title of a series at the fold of the left one and the size at the right one's."""
    end = WIDTH - 20 - 7.5 * len(title)
    left = [block(line(title, end, 30, 15, bold=True, font="Head")), block(line("15 mm", 40, 52, 7))]
    right = [block(line("30x30 cm", 20, 30, 15, bold=True, font="Head"))]
    others = [
        grid_page(number, [f"{name} {number}" for name in ("Uni", "Mono", "Solo")],
                  block(line("Düz Seri 60x60 cm, 11 mm", 60, 30, 15, bold=True, font="Head")))
        for number in (first + 3, first + 4)
    ]  # fmt: skip
    found = products_of(grid_page(first, NAMES[0], *left), grid_page(first + 1, NAMES[1], *right), *others)
    return {
        (one.dimensions.printed if one.dimensions else None, one.fields.get("coreIdentity", {}).get("collection"))
        for one in found
        if one.name in (*NAMES[0], *NAMES[1])
    }


def test_a_title_that_goes_on_across_the_fold_is_over_the_products_of_both_pages():
    assert spread("Kaymaz Seri –") == {("30x30 cm, 15 mm", "Kaymaz Seri")}


def test_a_title_that_ends_is_of_its_own_page():
    assert spread("Kaymaz Seri") != {("30x30 cm, 15 mm", "Kaymaz Seri")}
