"""Titles in banners beside badges, captions of cards whose pictures are of all heights, pages set otherwise."""

import pytest

from actors.values.codes import parse_codes
from tests.unit.products.printed import block, grid_boxes, grid_page, line, names_of, page, picture, products_of

SHADES = ("Lichtgrau", "Elfenbein", "Ziegelrot")
NAMES = ("Aria tile", "Luna tile", "Vela tile", "Mira tile", "Nora tile", "Tosca tile")


def bannered(number, series, size, thickness, *, side=54.0):
    """A banner with a badge that says how thick the tiles below are."""
    over = [
        block(line(f"{series}-Serie {size}", 66, 34, 14, bold=True, font="Head")),
        block(line(thickness, 12, 53, 7)),
    ]
    shown = grid_page(number, SHADES, *over, images=[picture((0, 24, side, 24 + side), f"badge-{number}")])
    classes = [line("R11", box[2] - 20, box[3] + 5, 5.2) for box in grid_boxes(3, 1)]
    blocks = (*shown.blocks, *(block(one) for one in classes))
    return shown.model_copy(update={"languages": ("de",), "blocks": blocks})


def banners(side):
    said = (("Uni", "30 x 30 cm", "18 mm"), ("Profil", "20 x 20 cm", "15 mm"), ("Korn", "60 x 60 cm", "12 mm"))
    return [bannered(number, *each, side=side) for number, each in enumerate(said, 1)]


def test_titles_beside_badges_are_no_products_but_say_size_thickness_and_series_of_those_below():
    found = products_of(*banners(54.0))
    assert {one.name for one in found} == set(SHADES)
    said = {
        (one.dimensions.printed, one.dimensions.thickness_mm, one.fields["coreIdentity"]["collection"]) for one in found
    }
    assert said == {
        ("30 x 30 cm, 18 mm", 18.0, "Uni-Serie"),
        ("20 x 20 cm, 15 mm", 15.0, "Profil-Serie"),
        ("60 x 60 cm, 12 mm", 12.0, "Korn-Serie"),
    }


def test_a_class_under_a_name_is_no_code():
    assert {one.code for one in products_of(*banners(54.0))} == {None}


def test_a_labelled_code_goes_on_behind_a_blank_and_a_hyphen():
    assert [one.code for one in parse_codes("Art.-Nr. KS 15-90")] == ["KS 15-90"]


def test_low_pictures_in_cards_have_the_captions_centred_under_them():
    boxes = grid_boxes(3, 2)
    low = [box if place % 4 else (box[0], box[1] + 20, box[2], box[3] - 36) for place, box in enumerate(boxes)]
    captions = [
        line(name, (box[0] + box[2]) / 2 - 2.5 * len(name), box[3] + 8) for name, box in zip(NAMES, boxes, strict=True)
    ]
    pictures = [picture(box, f"card-{place}") for place, box in enumerate(low)]
    found = products_of(page(1, [block(one) for one in captions], pictures))
    assert {one.name: one.images[0].image_id for one in found} == {
        name: f"card-{place}" for place, name in enumerate(NAMES)
    }


def test_a_page_whose_captions_are_set_otherwise_has_products_where_each_says_a_property():
    def beside(said):
        boxes = [(40.0, 100.0 + 130 * row, 140.0, 200.0 + 130 * row) for row in range(3)]
        lines = [
            one
            for box, name in zip(boxes, ("Cushion", "Blanket", "Mirror"), strict=True)
            for one in (line(name, 160, box[1], 16, font="Head"), line(said, 160, box[1] + 24, 8))
        ]
        return page(4, [block(one) for one in lines], [picture(box, f"beside-{box[1]}") for box in boxes])

    grids = [grid_page(number, [f"{name} {number}" for name in NAMES]) for number in (1, 2, 3)]
    assert len(names_of(*grids, beside("Cotton, 40 x 60 cm"))) == 3 * len(NAMES) + 3
    assert len(names_of(*grids, beside("Once upon a time"))) == 3 * len(NAMES)


@pytest.mark.parametrize(("side", "width"), [("Width 142 cm", 1420.0), ("H 200 mm", None)])
def test_the_width_and_the_make_of_cloth_are_said_over_its_colours(side, width):
    pages = []
    for number, cloth in enumerate(("Alba", "Brina", "Cora"), start=1):
        title = block(line(f"Velvet {cloth}", 40, 40, 26, bold=True), label="title")
        band = block(line(side, 40, 90, 9), line("Composition 100 % polyester", 140, 90, 9))
        pages.append(grid_page(number, [f"{cloth} 0{place}" for place in range(1, 7)], title, band))
    products = products_of(*pages)
    assert len(products) == 18
    assert {one.materials for one in products} == {("polyester",)}
    assert {one.dimensions.width_mm if one.dimensions else None for one in products} == {width}


def test_a_size_that_inches_say_again_is_the_metric_one_with_the_thickness_behind_the_inches():
    over = [block(line("60 x 120 cm", 20, 30, 12)), block(line("24 x 48 in 9 mm", 200, 30, 12))]
    found = products_of(grid_page(1, NAMES, *over))
    assert len(found) == len(NAMES)
    for size in (one.dimensions for one in found):
        assert (size.length_mm, size.width_mm, size.thickness_mm) == (600.0, 1200.0, 9.0)
        assert size.printed == "60 x 120 cm, 24 x 48 in 9 mm"
