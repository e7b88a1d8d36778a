"""Pages that are one raster: names at any side of the pictures that were seen in it."""

from actors.naming.product_names import parse_name, parse_number
from actors.page.labels import page_labels
from actors.page.regions import page_regions
from actors.records import PageContent, PageImage
from tests.unit.products.printed import HEIGHT, WIDTH, block, grid_boxes, names_of, page, products_of, scanned

WHOLE = PageImage(image_id="whole", kind="page", box=(0, 0, WIDTH, HEIGHT), width_px=1200, height_px=1600)
WOODS = ("Harbour Oak", "Meadow Ash", "Quarry Elm", "Chapel Walnut", "Orchard Cherry", "Mill Larch")
SIZE = "1200 x 190 mm"


def scan(lines, boxes, number: int = 1) -> PageContent:
    """A scanned page with lines that OCR read, each a block, and the pictures that were seen in its pixels."""
    seen = [
        PageImage(image_id=f"seen-{number}-{index}", kind="region", box=box, width_px=200, height_px=200)
        for index, box in enumerate(boxes)
    ]
    return page(number, [block(one, source="ocr") for one in lines], [WHOLE, *seen], kind="image")


def test_names_over_their_pictures_are_found_in_the_top_row_too():
    boxes = grid_boxes(3, 2)
    lines = [scanned("Oak floors 1200 x 190 mm", 40, 60, 24)]
    lines += [scanned(name, box[0], box[1] - 20, 12) for name, box in zip(WOODS, boxes, strict=True)]
    products = products_of(scan(lines, boxes))
    assert sorted(product.name for product in products) == sorted(WOODS)
    assert {product.name: product.images[0].image_id for product in products}["Harbour Oak"] == "seen-1-0"


def test_names_left_of_a_column_of_pictures_are_found_however_far_they_stand():
    boxes = [(320.0, 100.0 + 130 * row, 560.0, 200.0 + 130 * row) for row in range(5)]
    lines = []
    for name, box in zip(WOODS[:5], boxes, strict=True):
        lines += [scanned(name, 40, box[1] + 20, 14), scanned(SIZE, 40, box[1] + 44, 11)]
    products = products_of(scan(lines, boxes))
    assert sorted(product.name for product in products) == sorted(WOODS[:5])
    assert all(product.images[0].image_id.startswith("seen-1-") for product in products)


def test_a_code_between_picture_and_name_is_the_code_and_not_the_name():
    boxes = grid_boxes(3, 2)
    lines = []
    for number, (name, box) in enumerate(zip(WOODS, boxes, strict=True)):
        rows = ((f"EB 42{number}", 10.0, 4), (name, 13.0, 20), (SIZE, 10.0, 40))
        lines += [scanned(text, box[0], box[3] + down, size) for text, size, down in rows]
    products = products_of(scan(lines, boxes))
    assert {product.name: product.code for product in products} == {
        name: f"EB 42{number}" for number, name in enumerate(WOODS)
    }


def test_the_ground_of_a_caption_is_no_picture_where_few_captions_have_one_that_was_seen():
    captions = [(70.0 + 270 * column, 300.0 + 330 * row) for row in range(2) for column in range(2)]
    lines = []
    for number, (name, (x, y)) in enumerate(zip(WOODS, captions, strict=False)):
        lines += [scanned(name, x, y, 16), scanned(f"EB 42{number}", x, y + 22, 10)]
    cards = [(x - 40, y - 14, x + 140, y + 44) for x, y in captions]
    one, all_of_them = (scan(lines, seen) for seen in (cards[:1], cards))
    assert [(product.name, product.code) for product in products_of(one)] == [
        (name, f"EB 42{at}") for at, name in enumerate(WOODS[:4])
    ]
    assert [len(page_regions(read, page_labels(read))) for read in (one, all_of_them)] == [0, 4]


def test_lines_that_are_codes_and_nothing_else_are_no_part_of_names_set_a_little_larger():
    boxes = grid_boxes(3, 2)
    lines = []
    for number, (name, box) in enumerate(zip(WOODS, boxes, strict=True)):
        rows = ((name, 13.2, 4), (f"EB 42{number}", 12.0, 18), ("Brushed brass", 12.0, 31))
        lines += [scanned(text, box[0], box[3] + down, size) for text, size, down in rows]
    page_read = scan(lines, boxes).model_copy(update={"blocks": (block(*lines, source="ocr"),)})
    found = {product.name: product.code for product in products_of(page_read)}
    assert found == {name: f"EB 42{number}" for number, name in enumerate(WOODS)}


def test_codes_of_two_letters_and_two_digits_are_no_part_of_names_however_wide_ocr_sees_the_space_between():
    boxes = grid_boxes(3, 2)
    codes = [f"VD{'' if number % 3 == 1 else ' '}{number + 12}" for number in range(6)]
    lines = []
    for code, name, box in zip(codes, WOODS, boxes, strict=True):
        lines += [scanned(name, box[0], box[3] + 4, 12.2), scanned(code, box[0], box[3] + 17, 11)]
    assert {product.name: product.code for product in products_of(scan(lines, boxes))} == dict(
        zip(WOODS, codes, strict=True)
    )


def test_names_over_their_codes_over_pictures_are_the_names_though_the_codes_are_nearer_and_smaller():
    boxes = grid_boxes(3, 2)
    lines = []
    for number, (name, box) in enumerate(zip(WOODS, boxes, strict=True)):
        rows = ((name, 12.2 if number % 2 else 13.4, -26), (f"RI 40{number}", 10.7, -13))
        lines += [scanned(text, box[0], box[1] + up, size) for text, size, up in rows]
    assert {product.name: product.code for product in products_of(scan(lines, boxes))} == {
        name: f"RI 40{number}" for number, name in enumerate(WOODS)
    }


def test_large_letters_are_no_picture():
    title = scanned("HARBOUR", 40, 40, 60)
    boxes = grid_boxes(3, 2)
    names = [scanned(name, box[0], box[3] + 4, 12) for name, box in zip(WOODS, boxes, strict=True)]
    sizes = [scanned(SIZE, box[0], box[3] + 24, 9) for box in boxes]
    assert names_of(scan([title, *names, *sizes], [title.box, *boxes])) == sorted(WOODS)


def test_captions_of_photos_in_a_scanned_report_name_no_products():
    pages = []
    for number, captions in enumerate((("South view", "Hall"), ("Staircase", "Opening"), ("Kitchen", "Yard")), start=1):
        boxes = [(40.0, 300.0, 280.0, 460.0), (310.0, 300.0, 550.0, 460.0)]
        lines = [scanned(text, box[0], box[3] + 5, 10) for text, box in zip(captions, boxes, strict=True)]
        pages.append(scan([scanned("Report on the works of the year", 40, 50, 18), *lines], boxes, number))
    assert names_of(*pages) == []


def test_the_blanks_of_a_grid_are_as_high_as_most_and_as_wide_as_it_leaves_room():
    lines = [scanned("Vitrosa", 30, 40, 20)]
    lines += [scanned(f"Rosa {40 + place}", 90 + 180 * (place % 3), 330 + 180 * (place // 3), 10) for place in range(9)]
    regions = {
        product.name: product.images[0].box for product in products_of(scan([*lines, scanned(SIZE, 30, 70)], []))
    }
    first, last = regions["Rosa 41"], regions["Rosa 47"]
    assert first[3] - first[1] <= 1.25 * (last[3] - last[1])
    assert {round(box[2] - box[0]) for box in regions.values()} == {162}


def test_a_photo_over_half_of_a_scanned_page_is_the_picture_of_its_caption():
    big = (60.0, 120.0, 540.0, 680.0)
    pages = [scan([scanned(f"Rado {n}", 60, 690, 12), scanned(SIZE, 60, 708, 9)], [big], n) for n in (2, 3, 4)]
    grid = [scanned(name, box[0], box[3] + 5, 12) for name, box in zip(WOODS, grid_boxes(3, 2), strict=True)]
    products = {
        product.name: product for product in products_of(*(scan(grid, grid_boxes(3, 2), n) for n in (1, 5)), *pages)
    }
    assert [products[f"Rado {n}"].images[0].image_id for n in (2, 3, 4)] == ["seen-2-0", "seen-3-0", "seen-4-0"]


def test_the_first_line_beside_a_picture_names_it_though_only_its_middle_was_seen():
    """Things on white, two columns of them, a text right of each that begins level with the paper above the thing."""
    corners = [(60.0 + 265 * (n % 2), 130.0 + 230 * (n // 2)) for n in range(6)]
    boxes = [(x + 2 * n, y, x + 70 - 2 * n, y + 100) for n, (x, y) in enumerate(corners)]
    lines = []
    for number, (name, box) in enumerate(zip(WOODS, boxes, strict=True)):
        x, y = 160 + 265 * (number % 2), box[1] - 24
        told = ((name, 14.0, 0), (f"Ref. 2041{number}0", 9.0, 24), (SIZE, 9.0, 40), ("149,00", 13.0, 70))
        lines += [scanned(text, x, y + down, size) for text, size, down in told]
    products = products_of(scan(lines, boxes))
    assert [product.name for product in products] == list(WOODS)
    assert [product.images[0].image_id for product in products] == [f"seen-1-{number}" for number in range(6)]


def test_heads_of_columns_and_amounts_are_no_names():
    assert [parse_name(text) for text in ("Size (cm)", "Price \u20ac", "Preis (EUR)")] == [None] * 3
    assert parse_number("115.00") is None and parse_number("115.2") is not None
    assert parse_name("Colour Series") is not None


def test_a_size_on_the_line_of_the_name_does_not_take_its_place_however_large_ocr_sees_it():
    boxes = [(40.0, 98.0 + 140 * row, 553.0, 185.0 + 140 * row) for row in range(4)]
    lines = []
    for place, (name, box) in enumerate(zip(WOODS, boxes, strict=False)):
        near = 0 if place == 1 else 3
        lines += [scanned(name, 40, box[3] + 8, 12), scanned(SIZE, 440, box[3] + 8 + near, 10.2 if place == 1 else 8.5)]
        lines[-1] = lines[-1].model_copy(update={"box": (440, box[3] + 7, 553, box[3] + 19.5 - near)})
    assert names_of(scan(lines, boxes)) == sorted(WOODS[:4])


def test_codes_set_bold_over_names_are_no_part_of_them():
    boxes = grid_boxes(3, 2)
    lines = [scanned("Decors 2800 x 2070 mm", 40, 60, 24)]
    for number, (name, box) in enumerate(zip(WOODS, boxes, strict=True)):
        code = scanned(f"0{112 + 17 * number} PE", box[0], box[3] + 4, 10)
        lines += [code.model_copy(update={"bold": True}), scanned(name, box[0], box[3] + 17, 10)]
    products = products_of(scan(lines, boxes))
    assert sorted(product.name for product in products) == sorted(WOODS)
    assert {product.name: product.code for product in products}["Meadow Ash"] == "0129"


def test_lines_a_little_smaller_than_names_are_not_among_them():
    boxes = grid_boxes(3, 2)
    lines = [scanned("Decors 2800 x 2070 mm", 40, 60, 24)]
    for name, box in zip(WOODS, boxes, strict=True):
        lines += [scanned(name, box[0], box[3] + 4, 10), scanned(f"Dekor {name.split()[1]}", box[0], box[3] + 16, 8.4)]
    products = products_of(scan(lines, boxes))
    assert sorted(product.name for product in products) == sorted(WOODS)


def test_a_labelled_code_over_a_bold_name_is_its_code():
    boxes = grid_boxes(3, 2)
    lines = [scanned("Boards 1200 x 190 mm", 40, 60, 24)]
    for number, (name, box) in enumerate(zip(WOODS, boxes, strict=True)):
        lines.append(scanned(f"Item No. BW-30{10 + number}", box[0], box[3] + 4, 8.8))
        lines.append(scanned(name, box[0], box[3] + 15, 10).model_copy(update={"bold": True}))
    products = products_of(scan(lines, boxes))
    assert sorted(product.name for product in products) == sorted(WOODS)
    assert {product.name: product.code for product in products}["Harbour Oak"] == "BW-3010"


def test_names_on_planks_are_names_though_their_letters_are_high_for_them():
    boxes = [(36.0, 128.0 + 82 * row, 559.0, 200.0 + 82 * row) for row in range(5)]
    lines = [scanned("Boards 1200 x 190 mm", 40, 60, 24)]
    for number, (name, box) in enumerate(zip(WOODS, boxes, strict=False)):
        lines.append(scanned(name, 48, box[1] + 50, 12).model_copy(update={"bold": True}))
        lines.append(scanned(f"FG12{number}", 500, box[1] + 52, 8.8))
    products = products_of(scan(lines, boxes))
    assert {product.name: product.code for product in products} == {
        name: f"FG12{number}" for number, name in enumerate(WOODS[:5])
    }


def test_one_caption_of_a_row_that_ocr_saw_bold_is_one_of_the_row():
    boxes = [(40.0 + 130 * column, 400.0, 150.0 + 130 * column, 640.0) for column in range(4)]
    lines = [scanned(name, box[0], box[3] + 4, 10) for name, box in zip(WOODS, boxes, strict=False)]
    lines[3] = lines[3].model_copy(update={"bold": True})
    assert names_of(scan([scanned("Boards 1200 x 190 mm", 40, 60, 24), *lines], boxes)) == sorted(WOODS[:4])


def test_names_with_sizes_fill_a_page_of_their_own_though_those_of_other_pages_are_more():
    names = [f"{wood} {suffix}" for wood in WOODS for suffix in ("Light", "Dark")]
    grids = [scan([scanned(name, box[0], box[3] + 5, 12) for name, box in zip(names, grid_boxes(3, 3), strict=False)]
                  + [scanned(SIZE, 30, 70)], grid_boxes(3, 3)[:8], number) for number in (1, 2)]  # fmt: skip
    beside = [(40.0, 100.0 + 150 * row, 170.0, 220.0 + 150 * row) for row in range(4)]
    paving = ("Adoquin Castilla", "Adoquin Toledo", "Losa Gredos", "Losa Moncayo")

    def slabs(size):
        lines = [scanned(name, 180, box[1] + 8, 14) for name, box in zip(paving, beside, strict=True)]
        return scan([*lines, *(scanned(size, 180, box[1] + 28, 10) for box in beside)], beside, 3)

    assert set(paving) <= set(names_of(*grids, slabs("20 x 30 cm")))
    assert not set(paving) & set(names_of(*grids, slabs("for terraces")))


def test_heads_of_packing_tables_are_no_names():
    assert [parse_name(text) for text in ("Pcs/box", "Piezas/caja", "Stk/Karton")] == [None] * 3


def test_a_thing_that_was_seen_in_an_embedded_picture_is_no_second_picture():
    boxes = [(45.0, 90.0 + 230 * row, 195.0, 240.0 + 230 * row) for row in range(3)]
    seen = scan([], [(45.0, box[1] + 70, 195.0, box[3]) for box in boxes])
    whole = [
        PageImage(image_id=f"in-{at}", kind="embedded", box=box, width_px=300, height_px=300)
        for at, box in enumerate(boxes)
    ]
    regions = page_regions(seen.model_copy(update={"images": (*seen.images, *whole)}), [])
    assert [region.image_id for region in regions] == ["in-0", "in-1", "in-2"]
    assert len(page_regions(seen, [])) == 3
