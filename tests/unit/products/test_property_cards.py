"""Cards of a page: a title over the same list of properties, again and again."""

from tests.unit.products.printed import WIDTH, block, line, page, picture, products_of, scanned
from tests.unit.products.test_scans import scan

GLASSES = ("Wine Glass Set", "Shot Glass Set", "Wine Decanter", "Crystal Vase")
LISTED = (("Size", "H 21 cm"), ("Material", "Glass"), ("Packing", "12 sets"))


def card(printed, name, x, y, code=""):
    """A title, a sentence and three properties; the code stands at the page's other edge."""
    lines = [printed(name, x, y, 16), printed("Clear and thick, for every day", x, y + 24, 10)]
    for row, (label, value) in enumerate(LISTED):
        lines += [printed(label, x, y + 44 + 16 * row, 10), printed(value, x + 70, y + 44 + 16 * row, 10)]
    return lines + ([printed(code, WIDTH - 90, y, 11)] if code else [])


def test_titles_are_the_names_in_a_scan_whose_pictures_were_not_seen():
    lines = [scanned("GLASSWARE", 40, 30, 14)]
    for row, name in enumerate(GLASSES):
        lines += card(scanned, name, 220, 80 + 160 * row, f"AR-110{row}")
    products = products_of(scan(lines, []))
    assert [(one.name, one.code) for one in products] == [(name, f"AR-110{row}") for row, name in enumerate(GLASSES)]
    assert {one.dimensions.printed for one in products} == {"H 21 cm"}
    assert products[2].materials == ("Glass",)
    for row, one in enumerate(products):
        left, top, right, bottom = one.images[0].box
        assert right <= 220 and left < 10 and 75 + 160 * row <= top < bottom <= 240 + 160 * row


def test_names_under_pictures_get_all_values_of_the_lists_below_them():
    lists = (("Codice", "MA 0110"), ("Materiale", "Calcare"), ("Colore", "Beige"), ("Finitura", "Lucido"),
             ("Spessore", "2 - 3 cm"), ("Dimensione lastra", "270 x 160 cm"))  # fmt: skip
    boxes, lines = [(40.0 + 280 * half, 100.0, 290.0 + 280 * half, 300.0) for half in range(2)], []
    for name, box in zip(("Trani Fiorito", "Crema Minya"), boxes, strict=True):
        lines.append(scanned(name, box[0], 308, 22))
        for row, (label, value) in enumerate(lists):
            lines += [scanned(label, box[0], 344 + 14 * row), scanned(value, box[0] + 110, 344 + 14 * row)]
    scans = [scan([one.model_copy(update={"text": one.text.replace("MA 01", f"MA 0{number}")}) for one in lines],
                  boxes, number) for number in range(1, 4)]  # fmt: skip
    italian = [each.model_copy(update={"languages": ("it",)}) for each in scans]
    first = products_of(*italian)[0]
    assert (first.name, first.code, first.finish) == ("Trani Fiorito", "MA 0110", "Lucido")
    assert first.dimensions.printed.startswith("270 x 160 cm")
    assert first.dimensions.length_mm == 2700


def test_two_lists_without_a_property_in_common_are_no_cards():
    """A data sheet's technical and packing lists, each under its heading: one product."""
    lists = {"Technical data": LISTED[:2], "Packing": (("Boxes", "12"), ("Pallets", "40"))}
    lines = [line(GLASSES[0], 40, 60, 24)]
    for at, (title, listed) in enumerate(lists.items()):
        lines.append(line(title, 220, 120 + 160 * at, 16))
        for row, (label, value) in enumerate(listed):
            lines += [line(label, 220, 150 + 16 * row + 160 * at), line(value, 300, 150 + 16 * row + 160 * at)]
    content = page(1, [block(one) for one in lines], [picture((40.0, 120.0, 200.0, 240.0), "glass")])
    assert {one.name for one in products_of(content)} <= {GLASSES[0]}
