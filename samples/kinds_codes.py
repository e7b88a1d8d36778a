"""Kinds that each failed when first read, for where their codes stand: over names, beside them, under other pictures.

Each function draws a kind and returns what is in it. Makers and goods do not exist.
"""

from collections.abc import Callable
from pathlib import Path

from samples.objects import lamp
from samples.paper import ACCENT, GREY, HAIR, MARGIN, WARM, WIDTH, Paper
from samples.textures import Surface
from samples.truth import Known, saved

RIGHT = WIDTH - MARGIN
LAMPS = ("Campana", "Sfera", "Cono")
WOODS = (("#d8b384", "#a67845"), ("#7a4f31", "#3c2415"), ("#cfc8bd", "#9b9388"), ("#4a423c", "#1f1a17"))
CLAY = ("#a7745a", "#7c5140", "#c99c84")


def structured_codes(path: Path) -> Known:
    """English boards: number and structure in bold under each decor, its name below in letters no larger, then German.

    Colours are names there as well.
    """
    paper, known = Paper("Decors", "Norwood Panels"), Known("en")
    plain = ("0112 PE Stone Grey", "0190 PE Black", "0197 SU Chinchilla", "0515 PE Sand", "0564 SM Almond",
             "1700 PE Fog", "5515 BS Marmara", "5981 BS Cashmere")  # fmt: skip
    grained = ("K003 PW Gold Craft Oak", "K004 FP Tobacco Oak", "K081 PW Coastland Oak", "K520 SU Dark Emerald",
               "5194 SN Aida Walnut", "8914 SN White Pine")  # fmt: skip
    shades = ("#8c8f8c", "#1b1b1b", "#a3a19b", "#d8ccb0", "#e6dac2", "#b9bcbd", "#3c6f8f", "#d9d0c4")
    for title, decors in (("Unicolours", plain), ("Woodgrains", grained)):
        paper.new_page()
        paper.write(MARGIN, 50, title, 18, "bold", ACCENT)
        paper.write(RIGHT, 50, "MF MDF / MFC 2800 x 2070 mm", 8, align="right")
        for number, decor in enumerate(decors):
            code, structure, name = decor.split(" ", 2)
            x, y = MARGIN + number % 4 * 130, 80 + number // 4 * 165
            box = (x, y, x + 118, y + 110)
            if title == "Unicolours":
                paper.area(box, shades[number])
            else:
                paper.picture(box, Surface("wood", WOODS[number % 4], 40 + number).draw(236, 220))
            paper.write(x, y + 122, f"{code} {structure}", 8, "bold")
            paper.write(x, y + 133, name, 8)
            paper.write(x, y + 143, f"Dekor {name.split()[0]}", 6, "italic", GREY)
            known.add(name, paper.number, code=code, dimensions="2800 x 2070 mm")
    return saved(paper, known, path)


def codes_beside_names(path: Path) -> Known:
    """Italian handles: in each frame the code in bold at the left, the name at the right of the same line."""
    paper, known = Paper("Maniglie", "Ottone Mella"), Known("it")
    names = ("Elba", "Capri", "Ponza", "Giglio", "Ischia", "Lipari", "Salina", "Ustica", "Marettimo")
    paper.new_page()
    paper.write(MARGIN, 44, "MANIGLIE PER MOBILI", 12, "bold", ACCENT)
    for number, name in enumerate(names):
        x, y, code = MARGIN + number % 3 * 174, 60 + number // 3 * 200, f"OB{610 + 5 * number}"
        for x0, y0, x1, y1 in ((x, y, x + 164, y), (x, y + 185, x + 164, y + 185)):
            paper.rule(x0, y0, x1, y1, HAIR)
        paper.write(x + 8, y + 16, code, 11, "bold")
        paper.write(x + 156, y + 16, name, 8, "italic", align="right")
        paper.picture((x + 20, y + 26, x + 144, y + 120), lamp(LAMPS[number % 3], 248 + number, 188))
        for row, said in enumerate(("Interasse: 128 mm", "Finitura: ottone satinato", "Conf. 10 pz")):
            paper.write(x + 8, y + 140 + 12 * row, said, 7)
        known.add(name, 1, code=code)
    return saved(paper, known, path)


def sizes_under_pictures(path: Path) -> Known:
    """Dutch bricks: names over wide pictures, size and code of each under it, near the name of the next."""
    paper, known = Paper("Gevelstenen", "De Lek"), Known("nl")
    names = ("Ardenna Rood", "Ardenna Bruin", "Zilvergrijs", "Oud Delft", "Polder Geel", "Nachtzwart")
    sizes = ("210 x 100 x 50 mm", "210 x 100 x 65 mm", "240 x 100 x 40 mm")
    for number, name in enumerate(names):
        if number % 2 == 0:
            paper.new_page()
        y, size, code = 60 + number % 2 * 380, sizes[number % 3], str(70210 + 11 * number)
        paper.write(MARGIN, y, name.upper(), 12, "bold", WARM)
        texture = Surface("terrazzo", (*CLAY, "#777777"), number).draw(700, 380)
        paper.picture((MARGIN, y + 10, RIGHT, y + 290), texture)
        paper.write(MARGIN, y + 305, "Handvorm", 9)
        paper.write(200, y + 305, size, 9)
        paper.write(RIGHT, y + 305, f"Art. {code}", 9, align="right")
        known.add(name, paper.number, dimensions=size, code=code)
    return saved(paper, known, path)


CODES: dict[str, Callable[[Path], Known]] = {
    "decors_en": structured_codes,
    "maniglie_it": codes_beside_names,
    "gevelstenen_nl": sizes_under_pictures,
}
"""By file name: what draws it and says what stands in it."""
