"""Pages whose cells repeat: what stands at one distance from each name belongs to it, seen pictures or not."""

from actors.page.cells import at_one_distance
from actors.page.labels import label_of
from tests.unit.products.printed import HEIGHT, block, grid_boxes, line, picture, products_of, scanned
from tests.unit.products.test_scans import WOODS, scan

SWATCHES = (
    ("ROBLE MORELLA", "ML 101"),
    ("NOGAL REQUENA", "ML 102"),
    ("OLMO NIEVE", "ML 103"),
    ("FRESNO GRIS", "ML 104"),
)


def labels(*lines):
    holder = block(*lines)
    return [label_of(one, holder) for one in lines]


def full_bleed(number, swatches):
    """Swatches from edge to edge, of which no picture was seen: the name in the middle, finish and code at the foot."""
    lines = [scanned("Línea Bosque", 20, HEIGHT - 30, 8)]
    for place, (name, code) in enumerate(swatches):
        x, y = 300 * (place % 2), 380 * (place // 2)
        lines += [scanned(name, x + 150 - 5 * len(name), y + 150, 20), scanned(code, x + 240, y + 330, 10),
                  scanned("Acabado: Poro", x + 20, y + 330, 10)]  # fmt: skip
    return scan(lines, [], number).model_copy(update={"languages": ("es",)})


def test_names_in_swatches_that_were_not_seen_are_told_by_their_codes():
    halves = [full_bleed(number, SWATCHES[2 * number - 2 : 2 * number]) for number in (1, 2)]
    products = products_of(*halves, full_bleed(3, [("PINO RUBIO", "ML 105"), ("CEREZO", "ML 106")]))
    assert {one.name: one.code for one in products} == {**dict(SWATCHES), "PINO RUBIO": "ML 105", "CEREZO": "ML 106"}
    assert {one.finish for one in products} == {"Poro"}
    morella = next(one for one in products if one.name == "ROBLE MORELLA")
    x0, y0, x1, y1 = morella.images[0].box
    assert (x0 < 30, y0 < 160, x1 > 240, y1 > 330) == (True, True, True, True)


def test_codes_and_sizes_left_and_right_of_pictures_are_of_the_name_between():
    boxes = [(100.0 + 280 * column, 60.0 + 180 * row, 200.0 + 280 * column, 160.0 + 180 * row)
             for row in range(3) for column in range(2)]  # fmt: skip
    lines = []
    for number, (name, box) in enumerate(zip(WOODS, boxes, strict=True)):
        middle = (box[0] + box[2]) / 2
        lines += [scanned(name, middle - 3 * len(name), box[3] + 6, 12),
                  scanned(f"PH-110{number}", middle - 125, box[3] + 28, 9),
                  scanned(f"Ø {10 + number} cm", middle + 85, box[3] + 28, 9)]  # fmt: skip
    products = products_of(scan(lines, boxes))
    assert {one.name: (one.code, one.dimensions.printed) for one in products} == {
        name: (f"PH-110{number}", f"Ø {10 + number} cm") for number, name in enumerate(WOODS)
    }


def test_a_label_may_be_centred_or_begin_or_end_at_one_distance():
    names = labels(line("Ash", 100, 40), line("Chapel Walnut", 300, 40), line("Elm", 100, 140))
    centred = labels(*(line("PH-1", name.centre[0] - 10, name.box[1] + 20) for name in names))
    found = at_one_distance(names, centred, least=3)
    assert {name.text: centred.index(label) for name, label in found} == {"Ash": 0, "Chapel Walnut": 1, "Elm": 2}
    moved = [*centred[:2], *labels(line("PH-1", 150, 190))]
    assert at_one_distance(names, moved, least=3) == []


def test_bars_with_a_name_each_are_the_grounds_of_the_names_and_no_pictures():
    boxes = [(40.0 + 280 * (at % 2), 60.0 + 180 * (at // 2), 240.0 + 280 * (at % 2), 160.0 + 180 * (at // 2))
             for at in range(4)]  # fmt: skip
    bars = [(left, bottom + 4, right, bottom + 26) for left, _, right, bottom in boxes]
    names = [scanned(name, bar[0] + 20, bar[1] + 4, 12) for name, bar in zip(WOODS, bars, strict=False)]
    content = scan(names, [*boxes, *bars])
    coloured = [one.model_copy(update={"colour": "#7b2e43"}) if one.box in bars else one for one in content.images]
    products = products_of(content.model_copy(update={"images": tuple(coloured)}))
    assert {one.name: one.images[0].box for one in products} == dict(zip(WOODS, boxes, strict=False))


def sheet(number, name, code, *views):
    """A product a page: its title, two captioned views of it, and a list of what it is like."""
    lines = [line(name, 40, 60, 20), line(code, 240, 200, 16)]
    listed = (("Purity", "99 %"), ("Particle size", "5 µm"), ("Colour", "Greyish black"))
    for row, (label, value) in enumerate(listed):
        lines += [line(label, 40, 300 + 20 * row), line(value, 300, 300 + 20 * row)]
    boxes = [(40.0 + 280 * at, 500.0, 240.0 + 280 * at, 640.0) for at in range(len(views))]
    lines += [line(view, box[0] + 20, 646, 9) for view, box in zip(views, boxes, strict=True)]
    pictures = [picture(box, f"view-{number}-{at}") for at, box in enumerate(boxes)]
    return scan([], []).model_copy(
        update={"page": number, "kind": "text", "blocks": tuple(block(one) for one in lines), "images": tuple(pictures)}
    )


def test_views_of_the_one_product_of_a_sheet_are_no_products():
    views = ("Microscope image", "Distribution")
    pages = [sheet(1, "Graphene Powder", "OX-G10", *views), sheet(2, "Zinc Oxide", "OX-Z40", *views)]
    assert [(one.name, one.code) for one in products_of(*pages)] == [
        ("Graphene Powder", "OX-G10"),
        ("Zinc Oxide", "OX-Z40"),
    ]


def test_a_code_may_be_followed_by_the_look_that_has_it():
    """Of six cards two pictures were seen: the other names stand where these do."""
    boxes = grid_boxes(3, 2)
    lines = []
    for number, (name, box) in enumerate(zip(WOODS, boxes, strict=True)):
        lines += [scanned(name, box[0], box[3] + 6, 14), scanned(f"Ref. TU10{number} chrome", box[0], box[3] + 26, 10)]
    products = products_of(scan(lines, boxes[:2]))
    assert {one.name: one.code for one in products} == {name: f"TU10{number}" for number, name in enumerate(WOODS)}
    assert {one.name: one.images[0].box for one in products} == dict(zip(WOODS, boxes, strict=True))


def test_a_list_of_properties_goes_on_between_labels_that_no_vocabulary_has():
    listed = (
        ("Article no.", "ZF-80"),
        ("Grain", "Zirconia"),
        ("Backing", "Fibreglass"),
        ("Pack", "10"),
        ("Weight", "2 kg"),
    )
    lines = [scanned("Zircon Flap Disc", 40, 60, 26), scanned("Even pattern", 60, 700), scanned("Low dust", 300, 700)]
    for row, (label, value) in enumerate(listed):
        lines += [scanned(label, 44, 420 + 24 * row, 12), scanned(value, 200, 420 + 24 * row, 12)]
    place = [(340.0, 160.0, 540.0, 360.0)]
    others = [[scanned(f"Ceramic {kind} Disc", 40, 60, 26), *lines[1:]] for kind in ("Fibre", "Cut")]
    products = products_of(*(scan(each, place, number) for number, each in enumerate((lines, *others), start=1)))
    assert [one.name for one in products] == ["Zircon Flap Disc", "Ceramic Fibre Disc", "Ceramic Cut Disc"]
