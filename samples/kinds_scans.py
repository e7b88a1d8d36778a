"""Scans whose names stand elsewhere than under a picture, and pages of which only a part has a text layer."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pymupdf

from samples.kinds_pictures import photographed, saved
from samples.objects import lamp
from samples.paper import ACCENT, GREY, INK, MARGIN, Box, Paper
from samples.textures import Surface
from samples.truth import Known

CLAY, SLATE, BOARD = ("#c98f6b", "#8d5a3f", "#e3b899"), ("#6d7275", "#3b4043", "#a7adb0"), ("#b98d5c", "#7d5a34")
GLAZE = ("#c9872c", "#e8b566")
FLAT = ("#b5533c", "#2f6d72", "#d9a441", "#5c6f3b", "#8a5a83", "#3b4a6b", "#a39887", "#c7b9a5")


def names_left_of_swatches(path: Path) -> Known:
    """German scan: a column of names, each with its code and size, left of a wide sample."""
    known, sheets = Known("de"), []
    for page, (series, names) in enumerate(
        (
            ("Kollektion Harz", ("Brocken", "Ilsetal", "Wernigerode", "Okerstein", "Selke")),
            ("Kollektion Rhön", ("Milseburg", "Wasserkuppe", "Ulstertal", "Kreuzberg", "Schwarzes Moor")),
        ),
        start=1,
    ):
        sheet = _sheet(series, 24)
        for row, name in enumerate(names):
            y, code = 110.0 + row * 138, f"HZ-{page}{row + 1}0"
            sheet.write(MARGIN, y + 34, name, 15, "bold")
            sheet.write(MARGIN, y + 54, f"Art.-Nr. {code}", 10)
            sheet.write(MARGIN, y + 70, "300 x 600 x 10 mm", 10)
            sheet.picture((250, y, 550, y + 112), Surface("travertine", CLAY, 10 * page + row).draw(600, 224))
            known.add(name, page, code=code, dimensions="300 x 600 x 10 mm")
        sheets.append(sheet)
    return _scanned(path, known, sheets)


def names_inside_swatches(path: Path) -> Known:
    """Italian scan: a colour chart, each name printed on its colour."""
    known, sheets = Known("it"), []
    for page, names in enumerate(
        (
            ("Corallo", "Laguna", "Ocra", "Bosco", "Prugna", "Notte", "Corda", "Sabbia"),
            ("Mattone", "Petrolio", "Miele", "Salvia", "Malva", "Zaffiro", "Fango", "Avena"),
        ),
        start=1,
    ):
        sheet = _sheet("Smalti opachi 20 x 20 cm", 20)
        for place, name in enumerate(names):
            x, y = MARGIN + (place % 2) * 262.0, 100 + (place // 2) * 178.0
            sheet.area((x, y, x + 240, y + 160), FLAT[place])
            sheet.write(x + 14, y + 142, name, 14, "bold", "#ffffff" if place in (0, 1, 3, 4, 5) else INK)
            known.add(name, page, dimensions="20 x 20 cm")
        sheets.append(sheet)
    return _scanned(path, known, sheets)


def codes_between(path: Path) -> Known:
    """English scan: under each picture first its code, then its name, then its size."""
    known, sheets = Known("en"), []
    for page, names in enumerate(
        (
            ("Harbour Oak", "Meadow Ash", "Quarry Elm", "Chapel Walnut", "Orchard Cherry", "Mill Larch"),
            ("Station Oak", "Garden Ash", "Tower Elm", "Abbey Walnut", "Market Cherry", "Bridge Larch"),
        ),
        start=1,
    ):
        sheet = _sheet("Engineered boards", 22)
        for place, name in enumerate(names):
            x, y = MARGIN + (place % 2) * 262.0, 104 + (place // 2) * 236.0
            code = f"EB {410 + 10 * page + place}"
            sheet.picture((x, y, x + 240, y + 158), Surface("wood", BOARD, 20 * page + place).draw(480, 316))
            for line, (text, size, font) in enumerate(
                ((code, 10, "regular"), (name, 14, "bold"), ("1200 x 190 x 14 mm", 10, "regular"))
            ):
                sheet.write(x, y + 174 + 18 * line, text, size, font)
            known.add(name, page, code=code, dimensions="1200 x 190 x 14 mm")
        sheets.append(sheet)
    return _scanned(path, known, sheets)


def names_over_swatches(path: Path) -> Known:
    """French scan: each name over its picture, the first row under the title of the page."""
    known, sheets = Known("fr"), []
    for page, names in enumerate(
        (
            ("Étretat", "Fécamp", "Dieppe", "Honfleur", "Trouville", "Cabourg", "Granville", "Barfleur", "Saint-Malo"),
            ("Cancale", "Paimpol", "Roscoff", "Morlaix", "Brest", "Crozon", "Quimper", "Lorient", "Vannes"),
        ),
        start=1,
    ):
        sheet = _sheet("Grès cérame 60 x 60 cm", 20)
        for place, name in enumerate(names):
            x, y = MARGIN + (place % 3) * 174.0, 126 + (place // 3) * 226.0
            sheet.write(x, y - 8, name, 13, "bold")
            sheet.picture((x, y, x + 160, y + 168), Surface("marble", SLATE, 30 * page + place).draw(320, 336))
            known.add(name, page, dimensions="60 x 60 cm")
        sheets.append(sheet)
    return _scanned(path, known, sheets)


def skewed_grid(path: Path) -> Known:
    """Portuguese: pages laid askew on the glass, one to the left and one to the right."""
    known, sheets = Known("pt"), []
    for page, names in enumerate(
        (
            ("Sintra Areia", "Sintra Pedra", "Sintra Musgo", "Sintra Cinza", "Sintra Barro", "Sintra Neve"),
            ("Évora Trigo", "Évora Cal", "Évora Terra", "Évora Sobreiro", "Évora Vinho", "Évora Azeite"),
        ),
        start=1,
    ):
        sheet = _sheet(names[0].split()[0], 24)
        for place, name in enumerate(names):
            x, y = 70 + (place % 2) * 240.0, 120 + (place // 2) * 222.0
            sheet.picture((x, y, x + 210, y + 150), Surface("travertine", CLAY, 40 * page + place).draw(420, 300))
            sheet.write(x, y + 170, name, 14, "bold")
            sheet.write(x, y + 187, "33 x 33 cm", 11)
            known.add(name, page, dimensions="33 x 33 cm")
        sheets.append(sheet)
    return _scanned(path, known, sheets, degrees=(3.5, -3.0))


def photographed_leaflet(path: Path) -> Known:
    """Turkish: a leaflet of one lamp, photographed; beside the picture its name, and lines without labels below."""
    sheet, known = Paper("", ""), Known("tr")
    sheet.new_page()
    sheet.write(300, 200, "Ayna Sarkit", 30, "bold")
    sheet.write(300, 226, "sarkit aydinlatma", 14, colour=GREY)
    sheet.picture((50, 120, 270, 380), lamp("Sfera", 440, 520))
    for number, line in enumerate(("350 x 350 x 280 mm", "Cam ve metal", "15 W  2700 K", "Beyaz veya siyah")):
        sheet.write(300, 270 + number * 28, line, 14)
    known.add("Ayna Sarkit", 1, dimensions="350 x 350 x 280 mm")
    return _scanned(path, known, [sheet], degrees=(2.2,))


def families_of_a_scan(path: Path) -> Known:
    """Portuguese scan: a list of families, each a heading with a paragraph, no picture."""
    sheet, known = _sheet("Gama de pavimentos", 26), Known("pt")
    families = (
        ("Soalho Maciço", "Tábuas de carvalho maciço com 20 mm de espessura, para pregar ou colar sobre ripas."),
        ("Soalho Flutuante", "Réguas de encaixe com 14 mm e face de madeira nobre, prontas a assentar sem cola."),
        ("Pavimento Vinílico", "Réguas de vinil resistentes à água, com 5 mm, para cozinhas e casas de banho."),
        ("Parquet Mosaico", "Lamelas de 8 mm coladas em rede, para desenhos à portuguesa ou à inglesa."),
        ("Deck Exterior", "Réguas estriadas de madeira tropical com 25 mm, tratadas para o exterior."),
    )
    for number, (name, text) in enumerate(families):
        y = 130 + number * 130.0
        sheet.write(MARGIN, y, name, 15, "bold", ACCENT)
        sheet.paragraph((MARGIN, y + 10, 550, y + 80), text, 11)
        known.add(name, 1)
    return _scanned(path, known, [sheet])


def scanned_spread(path: Path) -> Known:
    """French scan: an open brochure, two printed pages side by side, each with a banner of its own."""
    sheet, known = Paper("", ""), Known("fr")
    sheet.new_page(842, 595)
    halves = (
        ("Série Alpes", "Format 30 x 60 cm", "marble", ("Alpes Givre", "Alpes Glacier", "Alpes Granit", "Alpes Pin")),
        ("Série Corse", "Format 45 x 45 cm", "glaze", ("Corse Maquis", "Corse Soleil", "Corse Figue", "Corse Sel")),
    )
    for half, (series, size, kind, names) in enumerate(halves):
        left = half * 421.0
        sheet.write(left + 40, 60, series, 20, "bold", ACCENT)
        sheet.write(left + 40, 82, size, 11)
        for place, name in enumerate(names):
            x, y = left + 40 + (place % 2) * 176, 100 + (place // 2) * 226.0
            sheet.picture((x, y, x + 158, y + 158), Surface(kind, GLAZE if half else CLAY, 60 + place).draw(316, 316))
            sheet.write(x, y + 178, name, 13, "bold")
            known.add(name, 1, dimensions=size.removeprefix("Format "), series=series)
        sheet.write(left + 40, 572, str(24 + half), 9, colour=GREY)
    return _scanned(path, known, [sheet])


def half_banner_spread(path: Path) -> Known:
    """Spanish, with a text layer: the left page of a spread prints a size for its tiles, the right one prints none."""
    paper, known = Paper("Doble", "Cerámica Ebro"), Known("es")
    paper.new_page(1190, 842)
    halves = (
        ("SERIE NORTE 60 x 60 cm", ("Norte Hielo", "Norte Bruma", "Norte Fiordo", "Norte Aurora")),
        ("SERIE SUR", ("Sur Albero", "Sur Almagra", "Sur Cal", "Sur Olivo")),
    )
    for half, (banner, names) in enumerate(halves):
        left = half * 595.0
        paper.write(left + MARGIN, 60, banner, 22, "bold", ACCENT)
        for place, name in enumerate(names):
            x, y = left + MARGIN + (place % 2) * 262, 100 + (place // 2) * 330.0
            paper.picture((x, y, x + 240, y + 240), Surface("glaze", GLAZE, 70 + place).draw(360, 360))
            paper.write(x, y + 262, name, 13, "bold")
            known.add(name, 1, series=" ".join(banner.split()[:2]), dimensions="" if half else "60 x 60 cm")
        paper.write(left + 290, 815, str(8 + half), 9, colour=GREY)
    return saved(paper, known, path)


def outlined_names(path: Path) -> Known:
    """Spanish: titles and names are outlines, the description and the sizes a text layer."""
    paper, known = Paper("Contornos", "Maderas Tajo"), Known("es")
    for page, (title, names) in enumerate(
        (
            ("Tarima", ("Roble Cobre", "Nogal Bravo", "Haya Clara", "Pino Viejo")),
            ("Parquet", ("Cerezo Rubí", "Fresno Plata", "Arce Miel", "Teca Brasa")),
        ),
        start=1,
    ):
        sheet = Paper("", "")
        sheet.new_page()
        sheet.write(MARGIN, 70, title, 26, "bold", ACCENT)
        paper.new_page()
        for place, name in enumerate(names):
            x, y = MARGIN + (place % 2) * 262, 120 + (place // 2) * 340.0
            sheet.write(x, y + 244, name, 16, "bold")
            paper.picture((x, y, x + 240, y + 220), Surface("wood", BOARD, 80 * page + place).draw(480, 440))
            paper.write(x, y + 262, "1820 x 190 x 14 mm", 9)
            about = (
                "Lamas de tres capas con acabado al aceite, biseladas a cuatro lados, para poner flotantes o pegadas."
            )
            paper.paragraph((x, y + 268, x + 240, y + 320), about, 9)
            known.add(name, page, dimensions="1820 x 190 x 14 mm")
        _lay_outlines(paper, sheet)
    return saved(paper, known, path)


def scanned_report(path: Path) -> Known:
    """English scan that sells nothing: prose with photos and their captions, page after page."""
    known, sheets = Known("en"), []
    prose = (
        "The works were carried out between March and October. The board visited the site twice and was "
        "informed about progress, cost and safety. No serious accident was recorded in the year under review. "
    )
    for page, captions in enumerate(
        (("View from the south", "Entrance hall"), ("The new staircase", "Opening day"), ("Library wing", "Courtyard")),
        start=1,
    ):
        sheet = _sheet(f"{page}. Report on the works", 18)
        sheet.paragraph((MARGIN, 100, 553, 240), prose * 3, 11)
        for place, caption in enumerate(captions):
            x = MARGIN + place * 262.0
            sheet.picture((x, 260, x + 240, 420), Surface("marble", SLATE, 90 * page + place).draw(480, 320))
            sheet.write(x, 436, caption, 10)
        sheet.paragraph((MARGIN, 470, 553, 760), prose * 6, 11)
        sheets.append(sheet)
    return _scanned(path, known, sheets)


def sizes_spaced_out(path: Path) -> Known:
    """Portuguese scan: planks, each with its name at the left and its size, set wide, at the right of one line."""
    known, sheets = Known("pt"), []
    for page, names in enumerate(
        (
            ("Carvalho Minho", "Carvalho Douro", "Castanho Lima", "Freixo Vouga", "Nogueira Sado"),
            ("Pinho Tejo", "Cerejeira Dão", "Faia Mondego", "Ácer Ave", "Teca Guadiana"),
        ),
        start=1,
    ):
        sheet = _sheet("Soalho multicamada", 22)
        for row, name in enumerate(names):
            y, size = 100 + row * 140.0, f"{(1900, 2200)[row % 2]}  x  220  x  15 mm"
            sheet.picture((MARGIN, y, 553, y + 84), Surface("wood", BOARD, 10 * page + row).draw(1000, 168))
            sheet.write(MARGIN, y + 102, name, 11, "bold")
            sheet.write(553, y + 102, size, 8.5, align="right")
            sheet.write(MARGIN, y + 116, "Escovado e oleado", 8)
            known.add(name, page, dimensions=size)
        sheets.append(sheet)
    return _scanned(path, known, sheets)


def sizes_broken_in_two(path: Path) -> Known:
    """German scan: four narrow columns, in which every size is broken after its sign."""
    known, sheets = Known("de"), []
    shades = ("Grau", "Sand", "Moos", "Basalt", "Kreide", "Ton", "Rost", "Lehm")
    for page, series in enumerate(("Eifel", "Spree"), start=1):
        sheet = _sheet("Feinsteinzeug", 22)
        for place, shade in enumerate(shades):
            x, y = MARGIN + (place % 4) * 132.0, 110 + (place // 4) * 300
            sheet.picture((x, y, x + 118, y + 150), Surface("travertine", CLAY, 10 * page + place).draw(236, 300))
            sheet.write(x, y + 168, f"{series} {shade}", 11, "bold")
            lines = (("60 x", "120 cm"), ("30 x", "60 cm"))[place % 2]
            for row, text in enumerate(lines):
                sheet.write(x, y + 182 + 12 * row, text, 9.5)
            known.add(f"{series} {shade}", page, dimensions=" ".join(lines))
        sheets.append(sheet)
    return _scanned(path, known, sheets)


SCANS: dict[str, Callable[[Path], Known]] = {
    "musterbuch_de": names_left_of_swatches,
    "smalti_it": names_inside_swatches,
    "boards_en": codes_between,
    "gres_fr": names_over_swatches,
    "ladrilhos_pt": skewed_grid,
    "sarkit_tr": photographed_leaflet,
    "gama_pt": families_of_a_scan,
    "brochure_fr": scanned_spread,
    "doble_es": half_banner_spread,
    "contornos_es": outlined_names,
    "works_en": scanned_report,
    "soalhos_pt": sizes_spaced_out,
    "umbruch_de": sizes_broken_in_two,
}
"""By file name: what draws it and says what stands in it."""


def _sheet(title: str, size: float) -> Paper:
    sheet = Paper("", "")
    sheet.new_page()
    sheet.write(MARGIN, 70, title, size, "bold", ACCENT)
    return sheet


def _scanned(path: Path, known: Known, sheets: Sequence[Paper], degrees: Sequence[float] = ()) -> Known:
    """Each sheet as one picture that fills its page, blurred a little; `degrees` says how far each lies askew."""
    paper = Paper("Scan", "")
    for number, sheet in enumerate(sheets):
        box: Box = (0, 0, sheet.page.rect.width, sheet.page.rect.height)
        paper.new_page(box[2], box[3])
        paper.picture(box, photographed(sheet, degrees[number] if degrees else 0.2), quality=82)
    return saved(paper, known, path)


def _lay_outlines(paper: Paper, sheet: Paper) -> None:
    """The sheet's letters as outlines over the page under way."""
    outlines = pymupdf.open("svg", sheet.page.get_svg_image(text_as_path=True).encode())
    paper.page.show_pdf_page(paper.page.rect, pymupdf.open("pdf", outlines.convert_to_pdf()), 0)
