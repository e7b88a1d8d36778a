"""Kinds that each failed when first read: texts beside pictures, codes on colours, choices, two that sell nothing.

Each function draws a kind and returns what is in it. Makers, goods and events do not exist.
"""

from collections.abc import Callable
from pathlib import Path

from samples.objects import kitchen, lamp
from samples.paper import ACCENT, GREY, HAIR, MARGIN, WARM, WIDTH, Paper
from samples.textures import Surface
from samples.truth import Known, saved

RIGHT = WIDTH - MARGIN
SHADES = ("#e6d2b5", "#f7b500", "#e75b12", "#a72920", "#59191f", "#903373", "#00387b", "#0f4336", "#383e42", "#7e4b26")
STONE = ("#d8d0c4", "#a59d90", "#efeae2")
LAMPS = ("Campana", "Sfera", "Cono")


def texts_beside(path: Path) -> Known:
    """French taps: name, code, marks and a price set like the name, one under the other beside each picture."""
    paper, known = Paper("Robinetterie", "Robinets du Jura"), Known("fr")
    names = ("Mitigeur Doubs", "Mitigeur haut Doubs", "Bidet Doubs", "Douchette Ain", "Colonne Loue", "Siphon Loue")
    for number, name in enumerate(names):
        if number == 0:
            paper.new_page()
            paper.write(MARGIN, 44, "ROBINETTERIE", 9, "bold", WARM)
        x, y = MARGIN + number % 2 * 262, 66 + number // 2 * 240
        paper.picture((x, y, x + 104, y + 200), lamp(LAMPS[number % 3], 210, 400))
        paper.write(x + 112, y + 20, name, 10.5, "bold")
        paper.write(x + 112, y + 52, f"Réf. {4510 + 10 * number} CR", 8)
        for row, text in enumerate(("Cartouche céramique", "Flexibles inox", "Débit 5 l/min")):
            paper.write(x + 112, y + 68 + 11 * row, f"• {text}", 7)
        paper.write(x + 112, y + 140, f"{89 + 20 * number},00 €", 10, "bold")
        known.add(name, 1, code=f"{4510 + 10 * number} CR")
    return saved(paper, known, path)


def codes_on_colours(path: Path) -> Known:
    """Polish paints: a norm's number in bold on each colour, its name below in small letters."""
    paper, known = Paper("Wzornik", "Farby Bug"), Known("pl")
    names = (
        "Jasny piasek",
        "Droga polna",
        "Pomarancza",
        "Ogien",
        "Wino",
        "Purpura",
        "Granat",
        "Mech",
        "Grafit",
        "Glina",
    )
    paper.new_page()
    paper.write(MARGIN, 56, "Paleta RAL Classic", 20, "bold", ACCENT)
    for number, (name, shade) in enumerate(zip(names, SHADES, strict=True)):
        x, y, code = MARGIN + number % 4 * 130, 96 + number // 4 * 140, f"RAL {1015 + 471 * number}"
        paper.area((x, y, x + 120, y + 100), shade)
        paper.write(x + 8, y + 92, code, 8, "bold", "#ffffff")
        paper.write(x, y + 112, name, 8)
        known.add(name, 1, code=code)
    return saved(paper, known, path)


def pieces_and_colours(path: Path) -> Known:
    """French sofas: a family a page with its pieces, and below them the colours that all of it comes in."""
    paper, known = Paper("Canapés", "Maison Brevent"), Known("fr")
    for page, family in enumerate(("Olonne", "Vercors", "Belledonne")):
        paper.new_page()
        paper.picture((MARGIN, 40, RIGHT, 300), kitchen(500, 260 + page))
        paper.write(MARGIN, 335, family, 28, "serif", ACCENT)
        for number, (name, width) in enumerate((("Canapé 3 places", 228), ("Fauteuil", 98), ("Pouf", 70))):
            x, size = MARGIN + number * 172, f"L. {width + 4 * page} x P. 95 x H. 82 cm"
            paper.picture((x, 400, x + 150, 520), lamp(LAMPS[number], 300, 240))
            paper.write(x, 536, name, 9, "bold")
            paper.write(x, 548, size, 7.5)
            known.add(name, paper.number, series=family, dimensions=size)
        for number, colour in enumerate(("Lin", "Nuit", "Brique", "Sauge")):
            paper.area((MARGIN + number * 40, 610, MARGIN + number * 40 + 30, 640), SHADES[number])
            paper.write(MARGIN + number * 40, 648, colour, 6)
    return saved(paper, known, path)


def formats_drawn_below(path: Path) -> Known:
    """Spanish tiles: the colours of a series under a room, and the formats as drawings to scale, a size below each."""
    paper, known = Paper("Pavimentos", "Azulejos Turia"), Known("es")
    for page, (series, names) in enumerate(
        {"Turia": ("Arena", "Barro", "Niebla"), "Palancia": ("Cal", "Musgo", "Tinta")}.items()
    ):
        paper.new_page()
        paper.picture((0, 0, WIDTH, 380), kitchen(500, 320 + page))
        paper.write(RIGHT, 372, f"Suelo: {series} {names[0]} 60x120 cm", 6.5, "italic", "#ffffff", "right")
        paper.write(MARGIN, 420, series, 30, "bold", ACCENT)
        for number, name in enumerate(names):
            x = MARGIN + number * 172
            paper.picture((x, 450, x + 150, 590), Surface("marble", STONE, 9 * page + number).draw(300, 280))
            paper.write(x, 604, f"{series} {name}", 8.5)
            known.add(f"{series} {name}", paper.number, series=series, dimensions="60x120 cm, 60x60 cm")
        for number, (height, size) in enumerate(((80, "60x120 cm"), (40, "60x60 cm"))):
            x = MARGIN + number * 110
            for y in (660, 660 + height):
                paper.rule(x, y, x + 40, y, GREY)
            paper.write(x, 670 + height, size, 7.5)
    return saved(paper, known, path)


def fitting_steps(path: Path) -> Known:
    """German manual: a shower screen is put up in twelve pictured steps; it sells nothing."""
    paper, known = Paper("Montageanleitung", "Duschwerk"), Known("de")
    paper.new_page()
    paper.write(MARGIN, 70, "Montageanleitung", 26, "bold")
    paper.write(MARGIN, 96, "Duschabtrennung DA 900", 14)
    for row, cells in enumerate(
        (("Pos.", "Bezeichnung", "Menge"), ("1", "Wandprofil 2000 mm", "2"), ("2", "Glas", "1"))
    ):
        for x, text in zip((MARGIN, 100, 400), cells, strict=True):
            paper.write(x, 160 + 18 * row, text, 9)
        paper.rule(MARGIN, 165 + 18 * row, RIGHT, 165 + 18 * row, HAIR)
    steps = ("Dübel einsetzen", "Wandprofil ausrichten", "Glas einschieben", "Silikon auftragen")
    for _ in range(3):
        paper.new_page()
        for number, step in enumerate(steps):
            x, y = MARGIN + number % 2 * 262, 80 + number // 2 * 235
            paper.picture((x, y, x + 240, y + 170), lamp(LAMPS[number % 3], 480, 340))
            paper.write(x, y + 188, step, 10, "bold")
    return saved(paper, known, path)


def house_of_guests(path: Path) -> Known:
    """English hotel: rooms called oak and marble with their guests, nights and hours; it sells no goods."""
    paper, known = Paper("Venues", "Harrow House"), Known("en")
    pages = {
        "Our rooms": (("The Oak Room", "Up to 60 guests"), ("Marble Hall", "Up to 180 guests")),
        "Suites": (("Slate Suite", "From £ 260 per night"), ("Velvet Room", "From £ 210 per night")),
        "Dining": (("Breakfast", "07:00 - 10:30"), ("Afternoon tea", "14:00 - 17:00")),
    }
    for page, (title, rooms) in enumerate(pages.items()):
        paper.new_page()
        paper.write(MARGIN, 60, title, 22, "serif bold")
        for number, (name, said) in enumerate(rooms):
            x = MARGIN + number * 262
            paper.picture((x, 90, x + 249, 280), kitchen(250, 190 + page))
            paper.write(x, 296, name, 11, "bold")
            paper.write(x, 309, said, 8.5, "regular", GREY)
    return saved(paper, known, path)


UNLIKE: dict[str, Callable[[Path], Known]] = {
    "robinets_fr": texts_beside,
    "wzornik_pl": codes_on_colours,
    "canapes_fr": pieces_and_colours,
    "pavimentos_es": formats_drawn_below,
    "montage_de": fitting_steps,
    "venues_en": house_of_guests,
}
"""By file name: what draws it and says what stands in it."""
