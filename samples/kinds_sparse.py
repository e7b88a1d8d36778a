"""Catalogues that print little beside the names: bare numbers, sizes below all, a price list without rules, a team.

Each function draws a kind and returns what is in it. Makers, goods and people do not exist.
"""

from collections.abc import Callable
from pathlib import Path

from samples.objects import kitchen, lamp
from samples.paper import ACCENT, GREY, MARGIN, WIDTH, Paper
from samples.textures import Surface
from samples.truth import Known, saved

RIGHT = WIDTH - MARGIN
CLOTHS = (("#c9a77a", "#a27b4d", "#e0c8a4"), ("#6d4a2f", "#4d3320", "#8a6346"), ("#d8c9b4", "#b8a48a", "#efe4d4"))


def unruled_list(path: Path) -> Known:
    """German price list: groups of rows without any rule, columns close together, the group's name over its rows."""
    paper, known = Paper("Preise", "Holz Lindner"), Known("de")
    groups = {
        "Landhausdielen Eiche": ("Rustikal gebürstet", "Natur geölt", "Astig gekalkt", "Select lackiert"),
        "Terrassendielen": ("Lärche sibirisch", "Douglasie glatt", "Bangkirai geriffelt", "WPC Anthrazit"),
        "Sockelleisten": ("Eiche furniert", "Buche massiv", "Weiß folierte Leiste"),
    }
    columns = (MARGIN, 120, 300, 420, 500)
    paper.new_page()
    paper.write(MARGIN, 60, "Preisliste Böden", 20, "bold")
    y, number = 100, 0
    for group, names in groups.items():
        paper.write(MARGIN, y, group, 12, "bold", ACCENT)
        for x, text in zip(columns, ("Art.", "Bezeichnung", "Maße mm", "VE", "Preis"), strict=True):
            paper.write(x, y + 18, text, 8, "bold")
        y += 32
        for name in names:
            code, size = f"HL{1200 + 3 * number}", f"{1800 + 50 * number} x {140 + 5 * number} x {14 + number % 3 * 3}"
            price = f"{39 + 4 * number},90"
            for x, text in zip(columns, (code, name, size, f"{2 + number % 3} m²", price), strict=True):
                paper.write(x, y, text, 8.5)
            known.add(name, 1, code=code, dimensions=f"{size} mm")
            y, number = y + 14, number + 1
        y += 16
    return saved(paper, known, path)


def numbered_cloths(path: Path) -> Known:
    """Portuguese textiles: two qualities, a page each, every cloth known by a bare number only."""
    paper, known = Paper("Tecidos", "Tear do Minho"), Known("pt")
    for place, series in enumerate(("Linho Minho", "Veludo Douro")):
        paper.new_page()
        paper.write(MARGIN, 60, series, 24, "bold", ACCENT)
        paper.write(MARGIN, 80, "Largura 140 cm", 9)
        for cloth in range(12):
            x, y, number = MARGIN + cloth % 4 * 130, 110 + cloth // 4 * 170, f"{100 * place + 101 + cloth}"
            paper.picture(
                (x, y, x + 115, y + 130), Surface("marble", CLOTHS[cloth % 3], 20 * place + cloth).draw(230, 260)
            )
            paper.write(x + 57, y + 145, number, 10, align="middle")
            known.add(number, paper.number, series=series)
    return saved(paper, known, path)


def formats_below_all(path: Path) -> Known:
    """Italian tiles: a series a page, its colours in one row under a room, the formats in a line below them all."""
    paper, known = Paper("Collezioni", "Ceramiche Alba"), Known("it")
    colours = {
        "Terrae": ("Sabbia", "Cotto", "Fango", "Cenere", "Notte"),
        "Lumen": ("Avorio", "Perla", "Fumo", "Grafite", "Ocra"),
        "Riva": ("Conchiglia", "Alga", "Duna", "Onda", "Scoglio"),
    }
    for place, (series, names) in enumerate(colours.items()):
        paper.new_page()
        paper.write(MARGIN, 90, series, 40, "serif bold", ACCENT)
        paper.picture((MARGIN, 140, RIGHT, 420), kitchen(1000, 560))
        paper.write(RIGHT, 434, f"Pavimento {names[0]}, rivestimento {names[3]}", 7, "regular", GREY, "right")
        for number, name in enumerate(names):
            x = MARGIN + 104 * number
            paper.write(x, 470, name, 10, "bold")
            surface = Surface("marble", CLOTHS[number % 3], 60 + 5 * place + number)
            paper.picture((x, 478, x + 94, 572), surface.draw(190, 190))
            known.add(name, paper.number, series=series, dimensions="60x120 cm, 60x60 cm, 30x60 cm", thickness="9 mm")
        paper.write(MARGIN, 610, "Formati", 11, "bold")
        paper.write(MARGIN, 628, "60x120 cm   60x60 cm   30x60 cm", 9)
        paper.write(MARGIN, 643, "Spessore 9 mm", 9)
    return saved(paper, known, path)


def team(path: Path) -> Known:
    """English brochure of a firm: its people and its branches, in grids of captioned pictures; it sells nothing."""
    paper, known = Paper("About us", "Beacon Partners"), Known("en")
    people = ("Anna Lind", "Ben Holt", "Cara Moss", "Dev Rao", "Eli Stone", "Fay Brook")
    roles = ("Managing director", "Head of design", "Engineer", "Accountant", "Head of sales", "Assistant")
    branches = ("London", "Oslo", "Madrid", "Rome", "Lisbon", "Ankara")
    phones = [f"+44 20 7946 00{number}0" for number in range(6)]
    pages = (("Our team", people, roles), ("Our branches", branches, phones), ("Partners", branches, phones))
    for title, names, below in pages:
        paper.new_page()
        paper.write(MARGIN, 60, title, 22, "bold")
        for number, (name, text) in enumerate(zip(names, below, strict=True)):
            x, y = MARGIN + number % 3 * 175, 100 + number // 3 * 260
            paper.picture((x, y, x + 150, y + 190), lamp(("Campana", "Sfera", "Cono")[number % 3], 300, 380))
            paper.write(x, y + 206, name, 11, "bold")
            paper.write(x, y + 220, text, 8)
    return saved(paper, known, path)


def slides(path: Path) -> Known:
    """English floors as slides: one product each, its name in the bar at the top, its properties behind dashes."""
    paper, known = Paper("Range", "Fern Floors"), Known("en")
    names = ("Oak Plank 220", "Herringbone Ash", "Vinyl Tile Stone", "Cork Silent", "Bamboo Strand")
    for number, name in enumerate(names):
        size, thickness = f"{1200 + 100 * number} x {180 + 5 * number} mm", f"{8 + number} mm"
        paper.new_page(960, 540)
        paper.area((0, 0, 960, 70), ACCENT)
        paper.write(40, 46, name, 28, "bold", "#ffffff")
        paper.picture((520, 100, 920, 480), Surface("marble", CLOTHS[number % 3], 90 + number).draw(800, 760))
        said = (f"Size: {size}", f"Thickness: {thickness}", "Wear class 33", "Finish: matt lacquered")
        for row, text in enumerate(said):
            paper.write(60, 130 + 36 * row, f"- {text}", 16)
        known.add(name, paper.number, dimensions=size, thickness=thickness, finish="matt lacquered")
    return saved(paper, known, path)


def descriptions_in_rows(path: Path) -> Known:
    """English furniture: a price list with a picture in each row, and code, wood and a sentence under each name."""
    paper, known = Paper("Price list", "Hearth and Bough"), Known("en")
    names = ("Stool Alder", "Bench Rowan", "Chair Hazel", "Table Thorn", "Shelf Willow", "Desk Maple")
    for number, name in enumerate(names):
        if number % 3 == 0:
            paper.new_page()
            paper.write(MARGIN, 50, "Retail price list", 18, "bold")
            for x, text in ((140, "Description"), (420, "Size (cm)"), (500, "Price \u00a3")):
                paper.write(x, 84, text, 8, "bold")
        y, size = 100 + number % 3 * 170, f"{40 + 5 * number} x {40 + 2 * number} x {45 + 4 * number}"
        paper.picture((MARGIN, y, MARGIN + 80, y + 110), lamp(("Campana", "Sfera", "Cono")[number % 3], 160, 220))
        paper.write(140, y + 14, name, 10, "bold")
        paper.write(140, y + 28, f"HB-{300 + number}, solid oak, oiled", 8)
        paper.write(140, y + 40, "Made to order in four weeks", 8, "regular", GREY)
        paper.write(420, y + 14, size, 9)
        paper.write(500, y + 14, f"{95 + 20 * number}.00", 9)
        paper.rule(MARGIN, y + 130, RIGHT, y + 130)
        known.add(name, paper.number, code=f"HB-{300 + number}", dimensions=f"{size} cm", material="solid oak")
    return saved(paper, known, path)


SPARSE: dict[str, Callable[[Path], Known]] = {
    "boeden_de": unruled_list,
    "tecidos_pt": numbered_cloths,
    "collezioni_it": formats_below_all,
    "slides_en": slides,
    "retail_en": descriptions_in_rows,
    "team_en": team,
}
"""By file name: what draws it and says what stands in it."""
