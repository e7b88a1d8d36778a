import pytest

from tests.unit.products.printed import (
    HEIGHT,
    WIDTH,
    block,
    grid_page,
    line,
    names_of,
    page,
    picture,
    products_of,
    scanned,
)

HEADER = ("Type", "Inner diameter (mm)", "Length (mm)", "kg/pc", "Price (EUR/pc)")
PIPES = [
    ("TA 30/100 pipe with socket", "300", "1 000", "100", "64.00"),
    ("TA 40/100 pipe with socket", "400", "1 000", "180", "96.00"),
    ("TA 50/100 pipe with socket", "500", "1 000", "280", "134.00"),
]


def table(rows: list[tuple[str, ...]], y: float = 200.0) -> object:
    lines = [
        line(cell, 40 + 170 * (column > 0) + 80 * column, y + 14 * number, 8)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
    ]
    return block(*lines, label="table", rows=tuple(rows))


def test_the_rows_of_a_price_list_are_products_with_their_codes():
    products = products_of(page(1, [table([HEADER, *PIPES])]))
    assert [product.name for product in products] == [row[0] for row in PIPES]
    assert all(item.value in item.text for product in products for item in product.evidence if item.field == "name")


def test_a_table_of_properties_names_no_product():
    rows = [
        ("Property", "Value"),
        ("Water absorption", "0.5 %"),
        ("Thickness", "10 mm"),
        ("Weight", "22 kg"),
        ("Length", "60 cm"),
    ]
    assert names_of(page(1, [table(rows)])) == []


def test_a_table_of_contents_names_no_product():
    entries = block(
        *(line(f"{name} ........................ {number}", 60, 100 + 20 * number) for number, name in enumerate(
            ["Commercial plywood", "Marine plywood", "Flush doors", "Oak veneer"], start=1
        ))
    )  # fmt: skip
    assert names_of(page(1, [entries])) == []


def test_numbered_families_with_a_sentence_each_are_products():
    names = ["Commercial Plywood", "Marine Plywood", "Decorative Laminates", "Oak Veneers"]
    blocks = [block(line("Our Products", 60, 60, 18, bold=True), label="section_header")]
    for number, name in enumerate(names):
        y = 110 + 60 * number
        blocks.append(block(line(f"{number + 1}. {name}", 60, y, 12, bold=True), label="section_header"))
        blocks.append(block(line("Strong and economical for furniture and general use.", 60, y + 24, 10)))
    assert names_of(page(1, blocks)) == sorted(names)


def test_chapters_of_a_report_are_no_products():
    chapters = ["Introduction", "Scope of the guideline", "Duties of the physician", "Documentation"]
    pages = []
    for number, chapter in enumerate(chapters, start=1):
        prose = [
            line("The measures are to be documented in every single case and kept for ten years.", 60, 110 + 14 * k)
            for k in range(20)
        ]
        pages.append(page(number, [block(line(chapter, 60, 80, 14, bold=True), label="section_header"), block(*prose)]))
    assert names_of(*pages) == []


def test_one_product_a_page_with_picture_and_properties():
    pages = []
    for number, name in enumerate(["Graphene Oxide", "Carbon Nanotube", "Copper Powder"], start=1):
        prose = [
            line("High surface area with excellent conductivity, easily dispersed in solvents.", 60, 110 + 14 * k)
            for k in range(6)
        ]
        values = block(
            line("Thickness: 12 mm", 60, 500), line("Density: 0.3 g/cm3", 60, 520), line("Purity: 99 %", 60, 540)
        )
        heading = block(line(name, 60, 80, 16, bold=True), label="section_header")
        image = picture((200.0, 220.0, 420.0, 440.0), f"jar-{number}")
        rows = table([("Purity", "99 %"), ("Particle size", "30 um"), ("Surface", "400 m2/g")], 600)
        pages.append(page(number, [heading, block(*prose), values, rows], [image]))
    products = products_of(*pages)
    assert sorted(product.name for product in products) == ["Carbon Nanotube", "Copper Powder", "Graphene Oxide"]
    assert [image.image_id for image in products[0].images] == ["jar-1"]


def test_names_under_the_pictures_of_a_scan_are_found_without_any_region():
    def scan(number: int, names: list[str]) -> object:
        lines = [scanned(name, 60 + 200 * (index % 2), 300 + 250 * (index // 2)) for index, name in enumerate(names)]
        head = scanned("WASH BASINS", 60, 40, 18)
        whole = picture((0.0, 0.0, WIDTH, HEIGHT), f"scan-{number}").model_copy(update={"kind": "page"})
        return page(number, [block(one, source="ocr") for one in (head, *lines)], [whole], kind="image")

    pages = [
        scan(1, ["POLO SET", "SOPHIA SET", "STERLING SET", "REGAL SET"]),
        scan(2, ["A - 101", "A - 102", "A - 103", "A - 104"]),
    ]
    products = products_of(*pages)
    assert len(products) == 8
    code = next(product for product in products if product.name == "A - 103")
    assert code.code == "A - 103"
    assert code.images[0].image_id == "scan-2"
    assert code.images[0].box is not None and code.images[0].box[3] <= 550
    assert {item.source for item in code.evidence} == {"ocr"}


def test_a_document_of_prose_and_team_photos_has_no_products():
    team = grid_page(1, ["Anna Berg", "Jon Dahl", "Eva Lund"])
    assert names_of(team) == []


def test_lettering_in_photos_is_no_name():
    boxes = [(40.0, 100.0, 240.0, 250.0), (300.0, 100.0, 500.0, 250.0), (40.0, 300.0, 240.0, 450.0)]
    signs = [scanned("PIZZA", 80, 120, 30), scanned("HOTEL", 330, 210, 40), scanned("CAFE", 60, 380, 25)]
    pages = [
        page(
            n, [block(sign, source="ocr") for sign in signs], [picture(box, f"{n}-{i}") for i, box in enumerate(boxes)]
        )
        for n in (1, 2, 3)
    ]
    assert names_of(*pages) == []


def test_bare_numbers_are_names_where_they_caption_a_whole_grid():
    pages = [grid_page(page_number, [f"{page_number}0{index}" for index in range(1, 7)]) for page_number in (4, 5, 6)]
    assert len(products_of(*pages)) == 18
    assert names_of(grid_page(4, ["401", "402"]), grid_page(5, ["501", "502"])) == []


def test_a_list_goes_on_over_the_page():
    names = ["Commercial Plywood", "Marine Plywood", "Oak Veneers"]
    text = "Strong and economical for furniture and general use."

    def entries(first: int, names: list[str]) -> list[object]:
        return [
            one
            for index, name in enumerate(names)
            for one in (
                block(line(f"{first + index}. {name}", 60, 110 + 60 * index, 12, bold=True), label="section_header"),
                block(line(text, 60, 134 + 60 * index, 10)),
            )
        ]

    assert names_of(page(1, entries(1, names)), page(2, entries(4, ["Interior Panels"]))) == sorted(
        [*names, "Interior Panels"]
    )


def test_thousands_with_a_space_are_one_number():
    wide = ("TA 100/100 pipe with socket", "1 000", "2 500", "960", "29 900")
    products = products_of(page(1, [table([HEADER, *PIPES, wide])]))
    sizes = [product.dimensions for product in products]
    assert [size.length_mm for size in sizes if size] == [1000, 1000, 1000, 2500]
    assert "\u00a0" not in products[3].model_dump_json(), "the print keeps its own spaces"


def test_three_numbers_with_strokes_are_no_telephone():
    rows = [(f"LKE {side}/{side}/100 frame", "300", "1 000", "100", "64.00") for side in (120, 150, 180)]
    assert len(names_of(page(1, [table([HEADER, *rows])]))) == 3


def test_charges_are_no_articles():
    charges = [
        ("Packaging fee for pallets", "300", "1 000", "1", "4.00"),
        ("Express surcharge", "300", "10", "1", "9.00"),
    ]
    assert names_of(page(1, [table([HEADER, *PIPES, *charges])])) == sorted(row[0] for row in PIPES)


def test_rows_take_the_picture_that_stands_beside_their_table():
    near, far = picture((4, 205, 36, 240), "near"), picture((4, 700, 36, 740), "far")
    for product in products_of(page(1, [table([HEADER, *PIPES])], [near, far])):
        assert [(link.image_id, link.reason) for link in product.images] == [("near", "the picture beside its table")]


def test_rows_take_the_picture_level_with_them():
    pictures = [picture((4, 213.0 + 14 * row, 36, 225.0 + 14 * row), f"row {row}") for row in range(3)]
    products = products_of(page(1, [table([HEADER, *PIPES])], pictures))
    assert [product.images[0].image_id for product in products] == ["row 0", "row 1", "row 2"]
    assert {product.images[0].reason for product in products} == {"the picture level with its row"}


def test_a_picture_larger_than_the_table_beside_it_is_its_own():
    tall = picture((4.0, 190.0, 36.0, 2000.0), "tall")
    for product in products_of(page(1, [table([HEADER, *PIPES])], [tall])):
        assert [link.image_id for link in product.images] == ["tall"]


def test_a_variant_has_the_colour_that_its_header_says_it_is():
    rows = [("Art.-Nr.", "Farbe", "Preis €"), ("41000", "Weiß", "149,00"), ("41001", "Messing", "159,00")]
    title = block(line("Pendelleuchte Kaskade", 40, 160, 14, bold=True), label="section_header")
    found = products_of(page(1, [title, table(rows)]))
    assert [(one.name, one.code, one.colours) for one in found] == [
        ("Pendelleuchte Kaskade", "41000", ("Weiß",)),
        ("Pendelleuchte Kaskade", "41001", ("Messing",)),
    ]


def test_a_name_of_two_lines_is_read_beside_many_cells_that_stand_between_them():
    heads = ["Type", *(f"Part {number} (mm)" for number in range(14)), "Price (EUR)"]
    names = [("Separator 10 for storm", "water"), ("Separator 20 for storm", "water")]
    rows = [tuple(heads)]
    lines = [line(head, 20 + 40 * index, 100, 6) for index, head in enumerate(heads)]
    for number, (first, second) in enumerate(names):
        top = 120 + 30 * number
        cells = [str(100 * (number + 1) + index) for index in range(15)]
        rows.append((f"{first} {second}", *cells))
        lines += [line(first, 20, top, 6), *(line(cell, 90 + 30 * i, top + 3, 6) for i, cell in enumerate(cells))]
        lines.append(line(second, 20, top + 7, 6))
    assert names_of(page(1, [block(*lines, label="table", rows=tuple(rows))])) == [" ".join(name) for name in names]


@pytest.mark.parametrize(
    "charges",
    [
        ["EUR raklap", "Leier piros raklap", "Tetőcserép kiegészítő fuvardíj", "Állásidő"],
        ["Térkő, lap, fedlap, szegélykő raklapbontási díj", "Leier általános csomagolási díj"],
        ["Gebrauchte Palette", "Frachtkosten", "Standzeit"],
        ["EUR pallet", "Waiting time", "Delivery charge"],
    ],
)
def test_what_a_price_list_charges_for_is_no_article(charges):
    goods = ["Terra 60 tile", "Marmo 30 tile", "Luna 45 tile"]
    listed = [("Name", "Price (EUR)"), *((name, f"{10 + index},50") for index, name in enumerate([*goods, *charges]))]
    assert names_of(page(1, [table(listed)])) == sorted(goods)


def test_rows_of_one_name_are_articles_where_a_header_tells_names_and_codes():
    rows = [
        ("Ref.", "Denominación", "Medidas", "Ud./caja"),
        ("CR-107", "Cantonera recta", "10 x 2500 mm", "20"),
        ("CR-114", "Cantonera recta", "12 x 2500 mm", "20"),
        ("CR-121", "Cantonera recta", "15 x 2500 mm", "20"),
    ]
    shown = page(1, [table(rows)]).model_copy(update={"languages": ("es",)})
    assert [(one.name, one.code) for one in products_of(shown)] == [("Cantonera recta", row[0]) for row in rows[1:]]


def test_rows_that_count_one_thing_go_by_the_name_over_their_table():
    rows = [("Code", "Elements", "Output (W)", "Price (EUR)"), ("DL117", "4 elements", "516", "74.00"),
            ("DL238", "6 elements", "774", "108.00")]  # fmt: skip
    name = block(line("Delta 600", 40, 170, 13, bold=True))
    assert [(one.name, one.code) for one in products_of(page(1, [name, table(rows)]))] == [
        ("Delta 600", "DL117"),
        ("Delta 600", "DL238"),
    ]


def test_ranges_of_lengths_are_no_articles():
    rows = [("Room length", "Gap at walls", "Strip (mm)"), ("up to 8 m", "8 mm", "10"), ("over 16 m", "15 mm", "20")]
    assert names_of(page(1, [table(rows)])) == []


def test_a_name_that_is_printed_once_for_several_rows_is_that_of_each():
    merged = [("Kapadokya Bej", "30x60", "KP115", "420,00"), ("", "60x60", "KP125", "480,00"),
              ("Efes Beyaz", "30x60", "KP215", "421,00"), ("", "60x60", "KP225", "481,00")]  # fmt: skip
    assert [(one.name, one.code) for one in products_of(page(1, [table(merged)]))] == [
        ("Kapadokya Bej", "KP115"),
        ("Kapadokya Bej", "KP125"),
        ("Efes Beyaz", "KP215"),
        ("Efes Beyaz", "KP225"),
    ]
    groups = [("Finish", "Name", "Code", "Price (EUR)"), ("Matt", "Ural", "KP115", "420,00"),
              ("", "Altai", "KP125", "480,00"), ("", "Pamir", "KP135", "421,00")]  # fmt: skip
    assert names_of(page(1, [table(groups)])) == ["Altai", "Pamir", "Ural"]


def test_headings_whose_code_and_size_stand_in_a_column_of_values_are_products():
    names = ("Colette", "Bulle", "Gustave", "Rosalie")
    lines = [scanned("Lampes", 40, 40, 28)]
    for row, name in enumerate(names):
        y = 100.0 + 160 * row
        lines += [scanned(name, 200, y, 22), scanned("Ref.", 200, y + 34, 14), scanned(f"81{row}5", 300, y + 34, 14)]
        lines += [scanned("Dimensions", 200, y + 56, 14), scanned(f"L {30 + row} x H 48 cm", 300, y + 56, 14)]
        lines += [scanned("Douille", 200, y + 78, 14), scanned("E27 max. 40 W", 300, y + 78, 14)]
        lines.append(scanned(f"{89 + row},00 €", 320, y + 130, 14))
    whole = picture((0, 0, WIDTH, HEIGHT), "scan")
    products = products_of(page(1, [block(one, source="ocr") for one in lines], [whole]))
    assert [product.name for product in products] == list(names)
    assert [product.code for product in products] == ["8105", "8115", "8125", "8135"]


def test_rows_that_say_only_which_one_go_by_the_titles_of_their_groups():
    rows = [("Formato", "Codice", "Pz", "€/mq"), ("Terra Bianco", "", "", ""), ("30x60 cm", "AD145", "4", "24,90"),
            ("60x60 cm", "AD245", "5", "27,90"), ("Mare Blu", "", "", ""), ("30x60 cm", "AD345", "4", "25,90"),
            ("60x60 cm", "AD445", "5", "28,90")]  # fmt: skip
    plain, titles = table(rows), ("Terra Bianco", "Mare Blu")
    lines = tuple(one.model_copy(update={"bold": one.text in titles}) for one in plain.lines)
    bold = plain.model_copy(update={"lines": lines})
    assert [(one.name, one.code, one.dimensions.printed) for one in products_of(page(1, [bold]))] == [
        ("Terra Bianco", "AD145", "30x60 cm"),
        ("Terra Bianco", "AD245", "60x60 cm"),
        ("Mare Blu", "AD345", "30x60 cm"),
        ("Mare Blu", "AD445", "60x60 cm"),
    ]


def test_prices_with_signs_are_numbers_where_rows_have_codes_and_sizes():
    rows = [("Product", "Size (mm)", "Code", "RRP"), ("Anchor Lamp", "200 x 200 x 400", "BC0031", "£89.00"),
            ("Beam Lamp", "210 x 210 x 420", "BC0131", "£99.00")]  # fmt: skip
    assert names_of(page(1, [table(rows)])) == ["Anchor Lamp", "Beam Lamp"]
    freight = [
        ("Zone", "Délai", "1 palette", "2 à 5 palettes", "6 palettes"),
        ("Bretagne", "96 h", "145,00 €", "118,00 €", "99,00 €"),
        ("Corse", "72 h", "390,00 €", "330,00 €", "299,00 €"),
    ]
    assert names_of(page(1, [table(freight)])) == []


def test_a_table_with_a_column_for_a_charge_lists_no_goods_where_none_is_for_codes_or_names():
    zones = [
        ("Zona", "Pedido mínimo", "Precio por palé", "Plazo"),
        ("Soria capital", "300 €", "24,00 €", "24 h"),
        ("Aragón y La Rioja", "450 €", "36,00 €", "72 h"),
    ]
    assert names_of(page(1, [table(zones)])) == []
    goods = [("Código", "Producto", "Pedido mínimo", "Precio"), ("KL-2010", "Haya Alba", "300 m", "24,00 €"),
             ("KL-2020", "Haya Boreal", "450 m", "36,00 €")]  # fmt: skip
    assert names_of(page(1, [table(goods)])) == ["Haya Alba", "Haya Boreal"]
