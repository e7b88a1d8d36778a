"""Catalogues without a usable text layer, and turned pages: each function draws a kind and returns what is in it."""

from pathlib import Path

import pymupdf
from PIL import Image, ImageFilter

from samples.objects import lamp
from samples.paper import ACCENT, GREY, HEIGHT, INK, MARGIN, WIDTH, Paper
from samples.textures import Surface
from samples.truth import Known

SCAN_DPI = 150
TABLE_GREY = (214, 209, 200)
STONES = (("#f4f2ee", "#85888f", "#dfdcd6"), ("#2f4a3c", "#c9d6c6", "#1d3229"), ("#e6d5b8", "#c9ae85", "#8f744f"))


def scanned_grid(path: Path) -> Known:
    """Spanish: two pages of six tiles each, scanned straight but blurred a little."""
    paper, known = Paper("Escaneo", "Azulejos Levante"), Known("es")
    pages = (
        (
            "Serie Marina",
            "30 x 60 cm",
            ("Marina Blanco", "Marina Gris", "Marina Azul", "Marina Beige", "Marina Verde", "Marina Negro"),
        ),
        ("Serie Duna", "45 x 45 cm", ("Duna Sol", "Duna Tierra", "Duna Roca", "Duna Perla", "Duna Humo", "Duna Oro")),
    )
    for number, (series, size, names) in enumerate(pages, start=1):
        sheet = Paper("", "")
        sheet.new_page()
        sheet.write(MARGIN, 70, series, 26, "bold", ACCENT)
        for place, name in enumerate(names):
            x, y = MARGIN + (place % 2) * 262, 110 + (place // 2) * 230
            surface = Surface("marble" if number == 1 else "travertine", STONES[place % 3], place)
            sheet.picture((x, y, x + 240, y + 160), surface.draw(480, 320))
            sheet.write(x, y + 182, name, 14, "bold")
            sheet.write(x, y + 200, size, 11)
            known.add(name, number, dimensions=size)
        paper.new_page()
        paper.picture((0, 0, WIDTH, HEIGHT), photographed(sheet, 0.3), quality=82)
    return saved(paper, known, path)


def scanned_price_list(path: Path) -> Known:
    """French: a price list scanned from paper, its rows the articles, without any picture."""
    sheet, known = Paper("", ""), Known("fr")
    sheet.new_page()
    sheet.write(MARGIN, 70, "Tarif carrelage 2026", 22, "bold", ACCENT)
    columns = (MARGIN, 130.0, 290.0, 420.0, 500.0)
    for x, text in zip(columns, ("Code", "Article", "Format (mm)", "Poids (kg)", "Prix €"), strict=True):
        sheet.write(x, 120, text, 11, "bold")
    names = (
        "Ardenne Gris",
        "Ardenne Sable",
        "Bretagne Bleu",
        "Camargue Blanc",
        "Jura Beige",
        "Landes Noir",
        "Vosges Rouge",
    )
    for row, name in enumerate(names):
        size, code = f"{300 + 150 * (row % 3)} x {300 + 150 * (row % 3)} x 10", f"TF-{210 + row}"
        cells = (code, name, size, f"{14 + row},5", f"{29 + 2 * row},90")
        for x, text in zip(columns, cells, strict=True):
            sheet.write(x, 150 + 26 * row, text, 11)
        known.add(name, 1, code=code, dimensions=f"{size} mm")
    paper = Paper("Tarif", "Carrelages du Nord")
    paper.new_page()
    paper.picture((0, 0, WIDTH, HEIGHT), photographed(sheet, 0.2), quality=82)
    return saved(paper, known, path)


def scanned_leaflet(path: Path) -> Known:
    """Italian: one lamp on one sheet, photographed askew on a table; its name is the largest line."""
    sheet, known = Paper("", ""), Known("it")
    sheet.new_page()
    sheet.write(WIDTH / 2, 90, "LAMPADA AURORA", 34, "bold", INK, "middle")
    sheet.write(WIDTH / 2, 118, "Modello AU-350", 16, "regular", GREY, "middle")
    sheet.picture((150, 140, 445, 440), lamp("Sfera", 590, 600))
    lines = (
        "Lampada a sospensione in vetro soffiato",
        "Dimensioni: 350 x 350 x 280 mm",
        "Materiale: vetro e ottone",
        "Potenza: 15 W",
        "Garanzia: 3 anni",
    )
    for number, line in enumerate(lines):
        sheet.write(MARGIN + 30, 490 + number * 34, line, 15)
    paper = Paper("Foglietto", "Luci di Murano")
    paper.new_page()
    paper.picture((0, 0, WIDTH, HEIGHT), photographed(sheet, 1.2), quality=80)
    known.add("Lampada Aurora", 1, code="AU-350", dimensions="350 x 350 x 280 mm")
    return saved(paper, known, path)


def outlined_leaflet(path: Path) -> Known:
    """Italian: letters drawn as outlines over swatches that are pictures; no text layer at all."""
    paper, known = Paper("Tracciati", "Legni di Carnia"), Known("it")
    names = ("Rovere Fumo", "Noce Canaletto", "Larice Miele", "Olmo Cenere")
    sheet = Paper("", "")
    sheet.new_page()
    sheet.write(MARGIN, 70, "Rivestimenti in legno", 24, "bold", ACCENT)
    sheet.write(MARGIN, 94, "Formato 1200 x 200 mm", 12)
    for number, name in enumerate(names):
        x, y = MARGIN + (number % 2) * 262, 120 + (number // 2) * 300
        sheet.picture((x, y, x + 240, y + 220), Surface("wood", ("#cfc8bd", "#9b9388"), number).draw(480, 440))
        sheet.write(x, y + 246, name, 15, "bold")
        sheet.write(x, y + 264, f"cod. LC {410 + number}", 11)
        known.add(name, 1, dimensions="1200 x 200 mm", code=f"LC {410 + number}")
    outlined = pymupdf.open("svg", sheet.page.get_svg_image(text_as_path=True).encode())
    paper.document.insert_pdf(pymupdf.open("pdf", outlined.convert_to_pdf()))
    return saved(paper, known, path)


def rotated_spread(path: Path) -> Known:
    """German: two printed pages on one sheet that is stored on its side and turned upright by its /Rotate."""
    paper, known = Paper("Doppelseite", "Werkstatt Holm"), Known("de")
    halves = (
        ("Serie Fjord", "Matt", ("Fjord Eis", "Fjord Moos", "Fjord Kiesel", "Fjord Teer")),
        ("Serie Heide", "Glänzend", ("Heide Honig", "Heide Torf", "Heide Beere", "Heide Birke")),
    )
    paper.new_page(842, 595)
    for half, (series, finish, names) in enumerate(halves):
        left = half * 421.0
        paper.write(left + 36, 60, series, 20, "bold", ACCENT)
        paper.write(left + 36, 80, f"Fliesen 300 x 300 x 9 mm, {finish}", 9.5)
        for number, name in enumerate(names):
            x, y = left + 36 + (number % 2) * 180, 100 + (number // 2) * 220
            surface = Surface("glaze", ("#2f7f86", "#7fc3bd") if half == 0 else ("#c9872c", "#e8b566"), number)
            paper.picture((x, y, x + 164, y + 164), surface.draw(328, 328))
            paper.write(x, y + 182, name, 11, "bold")
            known.add(name, 1, dimensions="300 x 300 x 9 mm", finish=finish, series=series)
        paper.write(left + 36, 575, str(12 + half), 8, "regular", GREY)
    _store_on_its_side(paper)
    return saved(paper, known, path)


def _store_on_its_side(paper: Paper) -> None:
    """The same look, but the page's own content is turned and /Rotate turns it back."""
    upright = pymupdf.open("pdf", paper.document.tobytes(no_new_id=True))
    paper.document.delete_page(0)
    paper.new_page(595, 842)
    paper.page.show_pdf_page(paper.page.rect, upright, 0, rotate=90)
    paper.page.set_rotation(90)


def photographed(sheet: Paper, degrees: float) -> Image.Image:
    """A sheet as a scanner or a telephone sees it: turned a little, and blurred."""
    pixmap = sheet.page.get_pixmap(dpi=SCAN_DPI)
    flat = Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)
    turned = flat.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=TABLE_GREY)
    return turned.filter(ImageFilter.GaussianBlur(0.6))


def saved(paper: Paper, known: Known, path: Path) -> Known:
    """Write the file; all its pages are known."""
    known.pages = paper.number
    paper.save(path)
    return known
