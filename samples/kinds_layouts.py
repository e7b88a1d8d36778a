"""More catalogues with a text layer, each for a layout that once was misread: draws the file, returns what is in it."""

import colorsys
from collections.abc import Sequence
from pathlib import Path

from samples.objects import kitchen, lamp
from samples.paper import ACCENT, GREY, INK, MARGIN, WIDTH, Paper
from samples.textures import Surface
from samples.truth import Known, saved

RIGHT = WIDTH - MARGIN
LAMPS = ("Campana", "Sfera", "Cono")
WOODS = (("#d8b384", "#a67845"), ("#7a4f31", "#3c2415"), ("#cfc8bd", "#9b9388"), ("#4a423c", "#1f1a17"))


def variant_tables(path: Path) -> Known:
    """English: a lamp a page, and below its picture a table of its variants that names only codes and colours."""
    paper, known = Paper("Lamps", "Northlight"), Known("en")
    goods = (
        ("Orbit Pendant", (("ORB-20-BK", "Black", "Ø 200 mm"), ("ORB-30-BK", "Black", "Ø 300 mm"))),
        ("Halo Wall Lamp", (("HAL-12-WH", "White", "Ø 120 mm"), ("HAL-18-WH", "White", "Ø 180 mm"))),
        ("Pillar Floor Lamp", (("PIL-150-OK", "Oak", "H 1500 mm"), ("PIL-150-WA", "Walnut", "H 1500 mm"))),
    )
    for number, (name, variants) in enumerate(goods):
        paper.new_page()
        paper.write(MARGIN, 70, name, 26, "serif bold", ACCENT)
        paper.picture((MARGIN, 90, 300, 420), lamp(LAMPS[number], 500 + number, 640))
        rows = [(*variant, f"{120 + 30 * place}.00") for place, variant in enumerate(variants)]
        _table(paper, 470, 120, [("Code", "Colour", "Size", "Price"), *rows])
        for code, _, size in variants:
            known.add(name, paper.number, code=code, dimensions=size)
    return saved(paper, known, path)


def models_side_by_side(path: Path) -> Known:
    """French: radiators, the columns of a table are the models and its rows their properties."""
    paper, known = Paper("Radiateurs", "Chauffage du Lac"), Known("fr")
    for number, family in enumerate(("Azur", "Cobalt")):
        models = [f"{family} {width}" for width in (500, 750, 1000)]
        codes = [f"RA{number}{place}50" for place in range(3)]
        paper.new_page()
        paper.write(MARGIN, 60, f"Gamme {family}", 22, "bold", ACCENT)
        paper.picture((MARGIN, 80, 300, 300), lamp(LAMPS[number], 510, 440))
        rows = (
            ("Modèle", *models), ("Référence", *codes), ("Largeur (mm)", "500", "750", "1000"),
            ("Hauteur (mm)", "600", "600", "600"), ("Puissance (W)", "750", "1000", "1500"),
            ("Poids (kg)", "9,5", "12,8", "16,2"), ("Prix (€)", "249", "299", "349"),
        )  # fmt: skip
        _table(paper, 350, 120, rows)
        for model, code, width in zip(models, codes, (500, 750, 1000), strict=True):
            known.add(model, paper.number, code=code, dimensions=f"{width} x 600 mm")
    return saved(paper, known, path)


def names_over_pictures(path: Path) -> Known:
    """Dutch: floors, name and size over each picture, a title over all."""
    paper, known = Paper("Vloeren", "Houthuis"), Known("nl")
    names = ("Eiken Rustiek", "Noten Select", "Essen Wit", "Grenen Vintage", "Iepen Naturel", "Beuken Licht",
             "Kersen Warm", "Lariks Grof")  # fmt: skip
    for number, name in enumerate(names):
        if number % 4 == 0:
            paper.new_page()
            paper.write(MARGIN, 46, "Houten vloeren", 18, "serif bold", ACCENT)
        x, y = MARGIN + (number % 2) * 262, 80 + (number % 4 // 2) * 360
        size = f"{1800 + number * 20} x {180 + number} x 15 mm"
        paper.write(x, y, name, 12, "bold")
        paper.write(x, y + 13, size, 8.5, "regular", GREY)
        paper.picture((x, y + 20, x + 240, y + 320), Surface("wood", WOODS[number % 4], number).draw(480, 600))
        known.add(name, paper.number, dimensions=size)
    return saved(paper, known, path)


def one_a_page(path: Path) -> Known:
    """Portuguese: a piece of furniture a page, a photo over the whole width, its properties beside a text."""
    paper, known = Paper("Mobiliário", "Casa Norte"), Known("pt")
    goods = (("Mesa Lisboa", "180 x 90 x 75 cm", "Carvalho"), ("Cadeira Porto", "48 x 52 x 82 cm", "Nogueira"),
             ("Aparador Faro", "160 x 45 x 80 cm", "Freixo"), ("Banco Évora", "120 x 40 x 45 cm", "Pinho"))  # fmt: skip
    for number, (name, size, material) in enumerate(goods):
        paper.new_page()
        paper.write(RIGHT, 40, "Casa Norte", 9, "serif", GREY, "right")
        paper.picture((0, 60, WIDTH, 480), kitchen(1190, 840 + number))
        paper.write(MARGIN, 530, name, 24, "serif bold")
        paper.write(MARGIN, 552, "Design: Ana Sousa", 10, "italic", GREY)
        paper.paragraph(
            (MARGIN, 570, 300, 660),
            "Peça desenhada para durar, produzida na nossa oficina com madeira de florestas certificadas.",
            10,
        )
        facts = (("Dimensões", size), ("Material", material), ("Acabamento", "Óleo natural"))
        for row, (label, value) in enumerate(facts):
            paper.write(330, 580 + 20 * row, label, 9, "bold")
            paper.write(430, 580 + 20 * row, value, 9)
        known.add(name, paper.number, dimensions=size, material=material)
    return saved(paper, known, path)


def fan_deck(path: Path) -> Known:
    """German: forty wall paints a page, codes on the colours, names below, the finish once at the top."""
    paper, known = Paper("Farbfächer", "Kalk und Kreide"), Known("de")
    paper.new_page()
    paper.write(MARGIN, 40, "Wandfarben 2026", 16, "bold")
    paper.write(RIGHT, 40, "Silikatfarbe, stumpfmatt", 9, "regular", GREY, "right")
    for number in range(40):
        row, column = divmod(number, 5)
        x, y = MARGIN + column * 104, 60 + row * 92
        mixed = colorsys.hsv_to_rgb(number / 40, 0.5, 0.85 - 0.05 * column)
        paper.area((x, y, x + 96, y + 56), "#" + "".join(f"{int(part * 255):02x}" for part in mixed))
        tone = ("hell", "zart", "mittel", "tief", "dunkel")[column]
        name = f"{('Sand', 'Moos', 'Kiesel', 'Nebel', 'Ocker', 'Rost', 'Tanne', 'Fjord')[row]} {tone}"
        paper.write(x + 4, y + 50, f"F1{row}{column}0", 7)
        paper.write(x, y + 68, name, 8.5, "bold")
        known.add(name, 1, finish="stumpfmatt")
    return saved(paper, known, path)


def finished_buildings(path: Path) -> Known:
    """Italian, no catalogue: buildings that a firm has furnished, each with its place, area and year."""
    paper, known = Paper("Progetti", "Studio Riva"), Known("it")
    names = ("Hotel Miramare", "Ospedale San Luca", "Scuola Verdi", "Teatro Nuovo", "Villa Serena", "Museo Civico",
             "Uffici Delta", "Stazione Nord", "Biblioteca Centrale", "Palazzo Ducale", "Casa Brenta")  # fmt: skip
    for number, name in enumerate(names):
        if number % 4 == 0:
            paper.new_page()
            paper.write(MARGIN, 50, "Progetti realizzati", 20, "bold", ACCENT)
        x, y = MARGIN + (number % 2) * 262, 80 + (number % 4 // 2) * 340
        paper.picture((x, y, x + 240, y + 220), kitchen(480 + number, 440))
        paper.write(x, y + 236, name, 12, "bold")
        place = ("Rimini", "Lucca", "Parma", "Trento")[number % 4]
        lines = (f"Luogo: {place}", f"Superficie: {1200 + 300 * number} mq", f"Anno: {2012 + number}")
        for row, line in enumerate(lines):
            paper.write(x, y + 250 + 13 * row, line, 9)
    return saved(paper, known, path)


def _table(paper: Paper, top: float, step: float, rows: Sequence[tuple[str, ...]]) -> None:
    for number, row in enumerate(rows):
        y = top + number * 23
        for column, text in enumerate(row):
            paper.write(MARGIN + column * step, y, text, 10, "bold" if number == 0 else "regular", INK)
        paper.rule(MARGIN, y + 7, RIGHT, y + 7)
