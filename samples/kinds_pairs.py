"""Catalogues in which words and pictures are paired in other ways: lists beside pictures, names left of swatches, sets.

Each function draws a kind and returns what is in it. Makers and goods do not exist.
"""

from collections.abc import Callable
from pathlib import Path

from samples.objects import kitchen, lamp
from samples.paper import ACCENT, GREY, MARGIN, WIDTH, Paper
from samples.textures import Surface
from samples.truth import Known, saved

RIGHT = WIDTH - MARGIN
LAMPS = ("Campana", "Sfera", "Cono")
STONES = (("#f4f2ee", "#85888f", "#dfdcd6"), ("#2f4a3c", "#c9d6c6", "#1d3229"), ("#e6d5b8", "#c9ae85", "#8f744f"))
PAINTS = ("#9fae93", "#d9b9ac", "#1d5560", "#e7dcc4", "#a9441f", "#33383d", "#c8b13a", "#7d6b9a", "#5f8a4e", "#d8d8d4")


def tables_beside_pictures(path: Path) -> Known:
    """German lighting: three lamps a page, at the right of each picture its variants as a small table."""
    paper, known = Paper("Leuchten", "Lichtwerk"), Known("de")
    goods = ("Pendelleuchte Kaskade", "Wandleuchte Lotse", "Stehleuchte Mast", "Tischleuchte Boje",
             "Deckenleuchte Segel", "Bodenleuchte Anker")  # fmt: skip
    for number, name in enumerate(goods):
        if number % 3 == 0:
            paper.new_page()
        top = 60 + 250 * (number % 3)
        paper.picture((MARGIN, top, MARGIN + 160, top + 200), lamp(LAMPS[number % 3], 320, 400))
        paper.write(230, top + 18, name, 14, "bold", ACCENT)
        rows = [("Art.-Nr.", "Farbe", "Maße (mm)", "Preis €")]
        for place, colour in enumerate(("Weiß", "Schwarz", "Messing")):
            code, size = f"{41000 + 10 * number + place}", f"{200 + 20 * number} x {200 + 20 * number} x {300 + place}"
            rows.append((code, colour, size, f"{149 + 10 * place},00"))
            known.add(name, paper.number, code=code, dimensions=f"{size} mm", colour=colour)
        for row, cells in enumerate(rows):
            for x, text in zip((230, 300, 380, 490), cells, strict=True):
                paper.write(x, top + 44 + 18 * row, text, 9, "bold" if row == 0 else "regular")
            paper.rule(230, top + 49 + 18 * row, RIGHT, top + 49 + 18 * row)
    return saved(paper, known, path)


def names_left_of_swatches(path: Path) -> Known:
    """Polish paints: the name left of its swatch, the code under the name, two columns a page."""
    paper, known = Paper("Kolory", "Farby Wista"), Known("pl")
    names = ("Biel Polarna", "Szary Beton", "Morska Ton", "Piasek Pustyni", "Ceglany Mur", "Grafit Nocny",
             "Cytryna Dojrzala", "Lawenda Sucha", "Trawa Majowa", "Srebro Matowe")  # fmt: skip
    for number, name in enumerate(names):
        if number % 10 == 0:
            paper.new_page()
            paper.write(MARGIN, 50, "Farby do wnetrz, wykonczenie mat", 15, "bold", ACCENT)
        x, y = MARGIN + (number % 2) * 262, 90 + (number // 2) * 110
        paper.write(x, y + 30, name, 11, "bold")
        paper.write(x, y + 46, f"kod FW-{310 + 7 * number}", 8, "regular", GREY)
        paper.area((x + 120, y, x + 230, y + 80), PAINTS[number])
        known.add(name, paper.number, code=f"FW-{310 + 7 * number}")
    return saved(paper, known, path)


def slabs_with_choices(path: Path) -> Known:
    """Italian stone: two slabs a page, sizes and thicknesses to choose from under each."""
    paper, known = Paper("Lastre", "Marmi Apuani"), Known("it")
    names = ("Calacatta Neve", "Verde Foresta", "Travertino Sole", "Bardiglio Scuro")
    for number, name in enumerate(names):
        if number % 2 == 0:
            paper.new_page()
        top = 50 + 380 * (number % 2)
        surface = Surface("marble", STONES[number % 3], 40 + number)
        paper.picture((MARGIN, top, RIGHT, top + 270), surface.draw(1020, 540))
        paper.write(MARGIN, top + 292, name, 16, "serif bold")
        paper.write(MARGIN, top + 308, "Lastre 300 x 150 cm, 280 x 120 cm", 9)
        paper.write(MARGIN, top + 321, "Spessore: 12, 20, 30 mm", 9)
        paper.write(MARGIN, top + 334, "Finitura: lucido", 9)
        known.add(name, paper.number, dimensions="300 x 150 cm, 280 x 120 cm", thickness="12, 20, 30 mm",
                  finish="lucido")  # fmt: skip
    return saved(paper, known, path)


def grids_and_single_pages(path: Path) -> Known:
    """French lighting: two pages with six captioned lamps each, then three lamps with a page of their own."""
    paper, known = Paper("Luminaires", "Atelier Lumen"), Known("fr")
    names = ("Alizé", "Brume", "Cascade", "Dune", "Écume", "Falaise", "Givre", "Houle", "Islande", "Jade", "Kiosque",
             "Lagune")  # fmt: skip
    for number, name in enumerate(names):
        if number % 6 == 0:
            paper.new_page()
            paper.write(MARGIN, 46, "Suspensions", 18, "bold", ACCENT)
        x, y = MARGIN + (number % 3) * 175, 80 + (number % 6 // 3) * 340
        paper.picture((x, y, x + 150, y + 240), lamp(LAMPS[number % 3], 300, 480))
        paper.write(x, y + 258, name, 11, "bold")
        paper.write(x, y + 272, f"réf. AL {520 + number}", 8.5, "regular", GREY)
        known.add(name, paper.number, code=f"AL {520 + number}")
    for number, name in enumerate(("Lampadaire Phare", "Applique Sirène", "Lampe Mouette")):
        paper.new_page()
        paper.write(MARGIN, 80, name, 26, "serif bold")
        paper.picture((MARGIN, 110, 380, 560), lamp(LAMPS[number], 660, 900))
        size = f"{300 + 50 * number} x {300 + 50 * number} x {1500 - 400 * number} mm"
        facts = (("Dimensions", size), ("Matière", "Laiton"), ("Puissance", "12 W"), ("Garantie", "2 ans"))
        for row, (label, value) in enumerate(facts):
            paper.write(400, 140 + 22 * row, label, 9, "bold")
            paper.write(470, 140 + 22 * row, value, 9)
        known.add(name, paper.number, dimensions=size, material="Laiton")
    return saved(paper, known, path)


def set_lists(path: Path) -> Known:
    """Turkish furniture: a photo of a set, its name, and below it the pieces with code and size each."""
    paper, known = Paper("Oturma", "Defne Mobilya"), Known("tr")
    sets = (("Defne", "DF"), ("Lale", "LA"), ("Badem", "BD"))
    for number, (name, prefix) in enumerate(sets):
        paper.new_page()
        paper.picture((MARGIN, 60, RIGHT, 400), kitchen(1020, 680 + number))
        paper.write(MARGIN, 430, f"{name} Oturma Grubu", 18, "bold", ACCENT)
        pieces = (
            ("Üçlü Koltuk", "220 x 90 x 85 cm"),
            ("Berjer", "75 x 80 x 95 cm"),
            ("Orta Sehpa", "110 x 60 x 40 cm"),
        )
        for row, (piece, size) in enumerate(pieces):
            y, code = 456 + 16 * row, f"{prefix}-{301 + row}"
            paper.write(MARGIN, y, code, 9)
            paper.write(MARGIN + 70, y, piece, 9)
            paper.write(MARGIN + 180, y, size, 9)
            known.add(piece, paper.number, code=code, dimensions=size)
    return saved(paper, known, path)


def codes_below_names(path: Path) -> Known:
    """Polish tiles: a grid, under each picture name, number of the article, size, and the digits of its bar code."""
    paper, known = Paper("Plytki", "Ceramika Odra"), Known("pl")
    names = ("Beton Jasny", "Granit Ciemny", "Marmur Kremowy", "Onyks Zielony", "Piaskowiec Bury", "Kwarc Rdzawy")
    for number, name in enumerate(names):
        if number == 0:
            paper.new_page()
            paper.write(MARGIN, 46, "Gres szkliwiony", 18, "bold", ACCENT)
        x, y = MARGIN + (number % 2) * 262, 70 + (number // 2) * 245
        paper.picture((x, y, x + 230, y + 170), Surface("marble", STONES[number % 3], 60 + number).draw(460, 340))
        paper.write(x, y + 186, name, 11, "bold")
        for row, text in enumerate((f"Indeks: {7210 + 13 * number}", "60 x 60 cm", f"590{1234500000 + 7 * number}")):
            paper.write(x, y + 199 + 11 * row, text, 8, "regular", GREY)
        known.add(name, paper.number, code=f"{7210 + 13 * number}", dimensions="60 x 60 cm")
    return saved(paper, known, path)


def chart_with_names_at_the_right(path: Path) -> Known:
    """German paints: small swatches, name and shade number at the right of each, three columns."""
    paper, known = Paper("Farbkarte", "Lasurwerk Elbe"), Known("de")
    first, second = ("Kreide", "Sand", "Moos", "Rost", "Nacht"), ("weiß", "hell", "warm")
    paper.new_page()
    paper.write(MARGIN, 46, "Holzlasuren seidenmatt", 16, "bold")
    for number in range(15):
        row, column = divmod(number, 3)
        x, y, name = MARGIN + column * 175, 80 + row * 70, f"{first[row]} {second[column]}"
        paper.area((x, y, x + 50, y + 50), PAINTS[number % 10])
        paper.write(x + 58, y + 20, name, 9.5, "bold")
        paper.write(x + 58, y + 34, f"LE {600 + 11 * number}", 8, "regular", GREY)
        known.add(name, 1, code=f"LE {600 + 11 * number}", finish="seidenmatt")
    return saved(paper, known, path)


def labelled_captions(path: Path) -> Known:
    """Spanish furniture: every line of a caption has its label, the name as well."""
    paper, known = Paper("Muebles", "Casa Albor"), Known("es")
    goods = (
        ("Mesa Jara", "180 x 90 x 75 cm"),
        ("Silla Tomillo", "45 x 50 x 84 cm"),
        ("Banco Romero", "120 x 40 x 45 cm"),
        ("Estante Salvia", "80 x 30 x 190 cm"),
        ("Cama Lavanda", "160 x 200 x 95 cm"),
        ("Arca Menta", "90 x 45 x 50 cm"),
    )
    for number, (name, size) in enumerate(goods):
        if number % 4 == 0:
            paper.new_page()
        x, y = MARGIN + (number % 2) * 262, 60 + (number % 4 // 2) * 370
        paper.picture((x, y, x + 230, y + 260), Surface("wood", ("#d8b384", "#a67845"), 80 + number).draw(460, 520))
        lines = (f"Modelo: {name}", f"Ref.: {4410 + number}", f"Medidas: {size}", "Material: roble", "Acabado: aceite")
        for row, text in enumerate(lines):
            paper.write(x, y + 276 + 13 * row, text, 9)
        known.add(name, paper.number, code=f"{4410 + number}", dimensions=size, material="roble", finish="aceite")
    return saved(paper, known, path)


def formats_with_codes(path: Path) -> Known:
    """Italian tiles: under each picture its formats, each with an article number and a price of its own."""
    paper, known = Paper("Formati", "Ceramiche Lario"), Known("it")
    names = ("Ardesia Nera", "Cotto Antico", "Gesso Bianco", "Cenere Fine")
    paper.new_page()
    for number, name in enumerate(names):
        x, y = MARGIN + (number % 2) * 262, 60 + (number // 2) * 370
        paper.picture((x, y, x + 230, y + 230), Surface("travertine", STONES[number % 3], 90 + number).draw(460, 460))
        paper.write(x, y + 250, name, 13, "bold")
        for row, (size, price) in enumerate((("30x60 cm", "24,90"), ("60x60 cm", "29,90"), ("60x120 cm", "39,90"))):
            code = f"CL{number + 1}{row}70"
            for across, text in zip((0, 70, 140), (code, size, f"€ {price}"), strict=True):
                paper.write(x + across, y + 268 + 13 * row, text, 8.5)
            known.add(name, 1, code=code, dimensions=size)
    return saved(paper, known, path)


def pictures_in_rows(path: Path) -> Known:
    """Italian chairs: a price list with a small picture at the left of each row, the currency in its header only."""
    paper, known = Paper("Listino", "Sedie Friuli"), Known("it")
    names = ("Sedia Carnia", "Sgabello Tarvisio", "Poltrona Grado", "Panca Sappada", "Sedia Collio", "Tavolo Muggia")
    paper.new_page()
    paper.write(MARGIN, 50, "Listino prezzi 2026", 16, "bold", ACCENT)
    columns = (120.0, 210.0, 350.0, 460.0)
    for x, text in zip(columns, ("Codice", "Articolo", "Legno", "Prezzo (€)"), strict=True):
        paper.write(x, 84, text, 9, "bold")
    for row, name in enumerate(names):
        y, code = 100.0 + 80 * row, f"{60120 + 5 * row}"
        paper.picture((MARGIN, y, MARGIN + 60, y + 70), lamp(LAMPS[row % 3], 120, 140))
        wood = ("Faggio", "Rovere", "Frassino")[row % 3]
        for x, text in zip(columns, (code, name, wood, f"{180 + 35 * row},00"), strict=True):
            paper.write(x, y + 40, text, 9)
        paper.rule(MARGIN, y + 75, RIGHT, y + 75)
        known.add(name, 1, code=code, material=wood)
    return saved(paper, known, path)


PAIRS: dict[str, Callable[[Path], Known]] = {
    "leuchten_de": tables_beside_pictures,
    "kolory_pl": names_left_of_swatches,
    "lastre_it": slabs_with_choices,
    "luminaires_fr": grids_and_single_pages,
    "takimlar_tr": set_lists,
    "plytki_pl": codes_below_names,
    "farbkarte_de": chart_with_names_at_the_right,
    "muebles_es": labelled_captions,
    "formati_it": formats_with_codes,
    "listino_it": pictures_in_rows,
}
"""By file name: what draws it and says what stands in it."""
