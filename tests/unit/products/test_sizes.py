from tests.unit.products.printed import below, block, grid_boxes, grid_page, line, page, picture, products_of, scanned
from tests.unit.products.test_scans import scan


def banner(text: str, y: float = 60.0) -> object:
    return block(line(text, 60, y, 18, bold=True, font="Head"), label="section_header")


def test_the_size_in_the_banner_is_inherited_with_its_evidence():
    pages = [
        grid_page(1, ["Grey", "Ivory"], banner("Plain Series 30x30 cm")),
        grid_page(2, ["Basalt", "Chalk"], banner("Rock Series 60x60 cm")),
        grid_page(3, ["Onda", "Riva"], banner("Wave Series 20x20 cm")),
    ]
    found = {product.name: product for product in products_of(*pages)}
    chalk = found["Chalk"]
    assert chalk.dimensions is not None
    assert (chalk.dimensions.length_mm, chalk.dimensions.width_mm) == (600.0, 600.0)
    proof = next(item for item in chalk.evidence if item.field == "physicalProperties.dimensions")
    assert (proof.page, proof.text) == (2, "Rock Series 60x60 cm")
    assert chalk.fields["coreIdentity"]["collection"] == "Rock Series"


def test_each_product_takes_the_banner_over_it_and_the_same_name_in_two_sizes_is_two_products():
    boxes = grid_boxes(2, 1, top=120) + grid_boxes(2, 1, top=420)
    captions = block(*(below(box, name) for box, name in zip(boxes, ["Grey", "Ivory"] * 2, strict=True)))
    images = [picture(box, f"{index}") for index, box in enumerate(boxes)]
    pages = [page(n, [banner("30x30 cm"), banner("20x10 cm", 370), captions], images) for n in (1, 2, 3)]
    sizes = sorted((product.name, product.dimensions.printed) for product in products_of(*pages))
    assert sizes == [("Grey", "20x10 cm"), ("Grey", "30x30 cm"), ("Ivory", "20x10 cm"), ("Ivory", "30x30 cm")]


def test_a_page_without_a_size_continues_the_page_before_and_says_so():
    first = grid_page(1, ["Antique", "Barn"], banner("1520 x 228 x 7.5 mm"))
    pages = [first, grid_page(2, ["Linen", "Maize"]), grid_page(3, ["Oak", "Ash"], banner("900 x 90 x 8 mm"))]
    linen = next(product for product in products_of(*pages) if product.name == "Linen")
    assert linen.dimensions is not None and linen.dimensions.thickness_mm == 7.5
    assert linen.needs_review and "page 1" in linen.review_reasons[0]
    assert {item.page for item in linen.evidence if item.field == "physicalProperties.dimensions"} == {1}


def test_the_size_at_the_product_wins_over_the_banner_and_is_reported():
    badge = block(line("228mm", 50, 160, 6))
    pages = [
        grid_page(1, ["Classic", "Jarrah"], banner("1520 x 180 x 7.5 mm"), badge),
        grid_page(2, ["Antique", "Barn"], banner("1520 x 180 x 7.5 mm")),
        grid_page(3, ["Linen", "Maize"], banner("1520 x 180 x 7.5 mm")),
    ]
    found = {product.name: product for product in products_of(*pages)}
    assert found["Classic"].dimensions.width_mm == 228.0
    assert any("228mm" in reason for reason in found["Classic"].review_reasons)
    assert found["Jarrah"].dimensions.width_mm == 180.0
    assert not found["Jarrah"].needs_review


def test_the_size_in_a_caption_is_cut_off_the_name():
    captions = ['WASH BASIN 14" x 11"', 'WASH BASIN 17" x 12"', 'MOON CORNER 14" x 14"']
    pages = [grid_page(number, captions) for number in (1, 2, 3)]
    found = sorted((product.name, product.dimensions.length_mm) for product in products_of(*pages))
    assert found == [("MOON CORNER", 355.6), ("WASH BASIN", 355.6), ("WASH BASIN", 431.8)]


def test_a_new_section_does_not_inherit_the_size_of_the_one_before():
    pages = [
        grid_page(1, ["Antique", "Barn"], banner("Basin Series 18 x 12 cm")),
        grid_page(2, ["Linen", "Maize"], banner("Rustic Series")),
        grid_page(3, ["Oak", "Ash"], banner("Plank Series 90 x 9 cm")),
    ]
    found = {product.name: product for product in products_of(*pages)}
    assert found["Linen"].dimensions is None
    assert found["Linen"].fields["coreIdentity"]["collection"] == "Rustic Series"


def test_a_caption_of_several_lines_set_flush_right_is_one_name():
    boxes = grid_boxes(2, 1)
    blocks = [
        block(
            line("Sinia pearl limestone", box[0], box[3] + 4, 12),
            line("acid washed", box[0] + 6 * 21 - 6 * 11, box[3] + 20, 12),
        )
        for box in boxes
    ]
    pages = [page(n, blocks, [picture(box, f"{n}-{i}") for i, box in enumerate(boxes)]) for n in (1, 2, 3)]
    products = products_of(*pages)
    assert [product.name for product in products] == ["Sinia pearl limestone acid washed"]
    assert products[0].finish == "acid washed"
    assert len(products[0].images) == 6


def captioned(*lines: str, over: str = "") -> object:
    boxes = grid_boxes(3, 1)
    blocks = [block(line(over, 40, 60))] if over else []
    for box, name in zip(boxes, ("Luna", "Sole", "Mare"), strict=True):
        more = [line(text, box[0], box[3] + 22 + 11 * row, 8) for row, text in enumerate(lines)]
        blocks.append(block(line(name, box[0], box[3] + 4, 12, bold=True), *more))
    return products_of(page(1, blocks, [picture(box, f"{index}") for index, box in enumerate(boxes)]))[0]


def faces(product: object) -> list[tuple[float, float]]:
    sizes = product.fields["physicalProperties"]["dimensions"]
    return [(size["length_mm"], size["width_mm"]) for size in sizes]


def test_several_sizes_are_kept_side_by_side_and_not_mixed():
    one = captioned("60x60 cm", "60x120 cm", "80x80 cm")
    assert one.dimensions.printed == "60x60 cm"
    assert faces(one) == [(600, 600), (600, 1200), (800, 800)]
    assert not one.needs_review, "nothing contradicts"
    assert [item.value for item in one.evidence if item.field.endswith("dimensions")] == [
        "60x60 cm", "60x120 cm", "80x80 cm",
    ]  # fmt: skip


def test_a_banner_that_lists_sizes_gives_them_all():
    assert faces(captioned(over="Formati 60x60 / 60x120 cm")) == [(600, 600), (600, 1200)]


def test_centimetres_and_inches_are_one_size():
    one = captioned('20x20 cm | 8" x 8"')
    assert faces(one) == [(200, 200)]
    assert not one.needs_review
    assert faces(captioned('20x20 cm | 12" x 12"')) == [(200, 200), (304.8, 304.8)], "twelve inches are another size"


def test_one_side_alone_completes_a_size():
    one = captioned("60x60 cm", "Thickness: 9 mm")
    assert (one.dimensions.length_mm, one.dimensions.width_mm, one.dimensions.thickness_mm) == (600, 600, 9)


def test_thicknesses_to_choose_from_are_a_list():
    one = captioned("60x60 cm", over="Espesor: 3, 5,5, 18 mm")
    assert one.dimensions.thickness_mm is None, "none of them is the one"
    one = captioned("60x60 cm", "Spessore: 9, 11, 20 mm")
    assert one.dimensions.thickness_mm is None
    assert [each["value"] for each in one.fields["physicalProperties"]["thicknesses"]] == [9, 11, 20]
    over = captioned("Acabado: mate", over="Espesor: 3, 5,5, 18 mm")
    assert [each["value"] for each in over.fields["physicalProperties"]["thicknesses"]] == [3, 5.5, 18]
    assert all(item.value in item.text for item in over.evidence)


def test_a_thickness_over_products_with_faces_is_theirs():
    def thick(*notices):
        lines = [block(line(text, 40, 40 + 24 * row, 12)) for row, text in enumerate(notices)]
        names = [f"{name} 60 x 90 cm" for name in ("Nera", "Verde", "Ruggine")]
        found = products_of(*(grid_page(number, names, *lines) for number in (1, 2, 3)))
        return {product.dimensions.thickness_mm for product in found}

    assert thick("Slate, thickness 20 mm") == {20.0}
    assert thick("Thickness 20 mm", "Thickness 12 mm") == {None}


def test_a_size_with_a_word_for_edges_is_no_caption_although_it_is_set_like_one():
    captions = ("Oak Serena", "Walnut Sierra", "Ash Alba")
    size = block(line("20 x 120 cm rectified", 300, 340, bold=True))
    found = products_of(*(grid_page(number, [f"{name} {number}" for name in captions], size) for number in (1, 2, 3)))
    assert {product.dimensions.printed for product in found} == {"20 x 120 cm"}


def test_a_line_below_that_begins_with_a_word_for_all_says_the_size_of_all_above():
    def shown(said):
        note = block(line(said, 400, 700, 10, bold=True))
        return [grid_page(1, ["Heath", "Gorse", "Fern", "Rowan", "Peat", "Tide"], note)]

    sizes = {one.name: one.dimensions.printed for one in products_of(*shown("All sets 560 x 430 x 830 mm"))}
    assert sizes == dict.fromkeys(("Heath", "Gorse", "Fern", "Rowan", "Peat", "Tide"), "560 x 430 x 830 mm")
    one_more = products_of(*shown("Coral 560 x 430 x 830 mm"))
    assert not any(one.dimensions for one in one_more if one.name != "Coral")


def test_each_of_two_colour_charts_on_a_page_has_the_width_of_the_line_over_it():
    charts = {"LUNA": "Blind . blackout . 100 % polyester Width 240 cm",
              "AURA": "Blind . dim . 70 % polyester; 30 % cotton Width 200 cm"}  # fmt: skip
    lines, boxes = [], []
    for at, (series, told) in enumerate(charts.items()):
        top = 60.0 + 330 * at
        lines += [scanned(series, 40, top, 24), scanned(told, 200, top + 10, 12)]
        for place, name in enumerate(("Taupe", "Olive", "Cream", "Sand")):
            box = (40.0 + 130 * place, top + 40, 150.0 + 130 * place, top + 120)
            boxes.append(box)
            code = f"{1 + at}40{place}"
            lines += [scanned(f"{name} {series[0]}", box[0], box[3] + 4, 12), scanned(code, box[0], box[3] + 20, 11)]
    products = products_of(scan(lines, boxes).model_copy(update={"languages": ("en",)}))
    found = {one.name[-1]: set() for one in products}
    for one in products:
        found[one.name[-1]].add(one.dimensions and one.dimensions.width_mm)
    assert (len(products), found) == (8, {"L": {2400}, "A": {2000}})
