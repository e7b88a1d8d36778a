"""Several articles under one picture: each line with a code of its own is one of them."""

from tests.unit.products.printed import block, grid_boxes, line, page, picture, products_of

BOXES = grid_boxes(2, 1)


def printed(*columns, name=None):
    blocks = []
    for box, texts in zip(BOXES, columns, strict=True):
        head, *rest = texts if name else ("", *texts)
        lines = [line(head, box[0], box[3] + 4, 12, bold=True)] if name else []
        lines += [line(text, box[0], box[3] + 22 + 12 * row, 9) for row, text in enumerate(rest)]
        blocks.append(block(*lines))
    return products_of(page(1, blocks, [picture(box, f"image-{place}") for place, box in enumerate(BOXES)]))


def test_lines_that_begin_with_a_code_are_not_one_name():
    found = printed(("LR-1000 White", "LR-1001 Black", "LR-1002 Red"), ("LR-2000 White", "LR-2001 Black"))
    assert sorted((one.name, one.code, one.images[0].image_id) for one in found) == [
        ("LR-1000 White", "LR-1000", "image-0"),
        ("LR-1001 Black", "LR-1001", "image-0"),
        ("LR-1002 Red", "LR-1002", "image-0"),
        ("LR-2000 White", "LR-2000", "image-1"),
        ("LR-2001 Black", "LR-2001", "image-1"),
    ]
    assert next(one for one in found if one.code == "LR-1001").colours == ("Black",)


def test_a_code_whose_name_stands_in_the_next_line_keeps_it():
    found = printed(("LR-1000", "White", "LR-1001", "Black"), ("LR-2000", "White", "LR-2001", "Black"))
    assert sorted(one.name for one in found) == ["LR-1000 White", "LR-1001 Black", "LR-2000 White", "LR-2001 Black"]


def test_codes_and_sizes_under_a_name_are_a_record_each():
    found = printed(
        ("Luna", "LR-1000 White 60x60 cm", "LR-1001 Black 60x120 cm"),
        ("Sole", "LR-2000 White 30x30 cm", "LR-2001 Black 30x60 cm"),
        name=True,
    )
    said = sorted((one.name, one.code, one.dimensions.printed, one.colours) for one in found)
    assert said == [
        ("Luna", "LR-1000", "60x60 cm", ("White",)),
        ("Luna", "LR-1001", "60x120 cm", ("Black",)),
        ("Sole", "LR-2000", "30x30 cm", ("White",)),
        ("Sole", "LR-2001", "30x60 cm", ("Black",)),
    ]


def test_lines_that_name_a_thing_behind_their_code_are_articles_by_that_name():
    pieces = (("Three-seater", "220 x 90 x 85 cm"), ("Armchair", "75 x 80 x 95 cm"), ("Low table", "110 x 60 x 40 cm"))
    pages = []
    for number, name in enumerate(("Laurel Set", "Tulip Set", "Almond Set"), start=1):
        cells = [line(name, 60, 420, 18, bold=True)]
        for row, (piece, size) in enumerate(pieces):
            texts = zip((60, 130, 240), (f"L{number}-{301 + row}", piece, size), strict=True)
            cells += [line(text, x, 446 + 15 * row, 9) for x, text in texts]
        pages.append(page(number, [block(*cells)], [picture((60.0, 60.0, 520.0, 400.0), f"room-{number}")]))
    found = products_of(*pages)
    assert [(one.name, one.code, one.dimensions.printed) for one in found[:3]] == [
        ("Three-seater", "L1-301", "220 x 90 x 85 cm"),
        ("Armchair", "L1-302", "75 x 80 x 95 cm"),
        ("Low table", "L1-303", "110 x 60 x 40 cm"),
    ]
    assert len(found) == 9
    assert all(one.images[0].page == one.pages[0] for one in found)
