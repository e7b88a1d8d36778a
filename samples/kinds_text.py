"""Catalogues with a text layer, one function a kind: draws the file and returns what stands in it."""

from pathlib import Path

from samples.objects import kitchen, lamp
from samples.paper import ACCENT, GREY, HEIGHT, INK, MARGIN, WARM, WIDTH, Paper
from samples.textures import Surface
from samples.truth import Known, saved

RIGHT = WIDTH - MARGIN
LAMPS = ("Campana", "Sfera", "Cono")
WOODS = (("#d8b384", "#a67845"), ("#7a4f31", "#3c2415"), ("#cfc8bd", "#9b9388"), ("#4a423c", "#1f1a17"))
STONES = (("#f4f2ee", "#85888f", "#dfdcd6"), ("#2f4a3c", "#c9d6c6", "#1d3229"), ("#e6d5b8", "#c9ae85", "#8f744f"))
TINTS = {
    "Bianco Latte": "#f1ede2", "Avorio": "#e6dcc3", "Cipria": "#d9b9ac", "Terra di Siena": "#a8562f",
    "Mattone": "#8e3b2c", "Salvia": "#9fae93", "Verde Bosco": "#2c4a38", "Carta Zucchero": "#8fa9bf",
    "Blu Notte": "#1c2741", "Perla": "#d9d9d6", "Tortora": "#a89a89", "Fango": "#6e6357",
    "Antracite": "#3a3c40", "Senape": "#c79a2b", "Corallo": "#d9644f", "Lilla": "#a793b8",
    "Petrolio": "#1d5560", "Nero": "#161616",
}  # fmt: skip


def price_list(path: Path) -> Known:
    """German: articles as rows of two tables a page, no pictures; material and finish stand in the table's title."""
    paper, known = Paper("Preisliste 2026", "Feldhaus Beschläge"), Known("de")
    tables = (
        ("Fensterbänke Granit poliert", "FB", ("Nero Tal", "Azul Mar", "Viskont", "Steingrau", "Rosa Beta"), 850, 200),
        ("Treppenstufen Granit geflammt", "TS", ("Bergweiß", "Multirot", "Tiefschwarz", "Juragelb"), 1200, 330),
        ("Bodenplatten Kalkstein gebürstet", "BP", ("Dietfurt", "Treuchtling", "Kelheim", "Solnhofen"), 600, 400),
        ("Mauersteine Sandstein bossiert", "MS", ("Maintal", "Seedorf", "Obernkirch", "Ihrlstein"), 400, 200),
    )
    for number, (title, prefix, names, length, width) in enumerate(tables):
        if number % 2 == 0:
            paper.new_page()
            paper.write(MARGIN, 60, "Feldhaus Naturstein", 18, "bold", ACCENT)
            paper.write(RIGHT, 60, "Preise in Euro zzgl. MwSt., gültig ab 1.3.2026", 8, "regular", GREY, "right")
            paper.write(MARGIN, HEIGHT - 30, "Feldhaus GmbH, Am Bruch 4, 59302 Oelde", 7.5, "regular", GREY)
        top = 110.0 + 340.0 * (number % 2)
        paper.write(MARGIN, top, title, 13, "bold", WARM)
        columns = (MARGIN, 118.0, 270.0, 390.0, 470.0)
        header = ("Art.-Nr.", "Bezeichnung", "Maße (mm)", "kg/Stück", "Preis €")
        for x, text in zip(columns, header, strict=True):
            paper.write(x, top + 24, text, 8.5, "bold")
        paper.rule(MARGIN, top + 29, RIGHT, top + 29, INK)
        for row, name in enumerate(names):
            y, thickness = top + 46 + 20 * row, 20 + 10 * (row % 2)
            code, size = f"{prefix}-{1040 + 7 * row}", f"{length} x {width} x {thickness}"
            price = f"{38 + 4 * row},{50 if row % 2 else 90}"
            cells = (code, name, size, f"{12 + row},4", price)
            for x, text in zip(columns, cells, strict=True):
                paper.write(x, y, text, 9)
            paper.rule(MARGIN, y + 5, RIGHT, y + 5)
            known.add(
                name,
                paper.number,
                code=code,
                dimensions=f"{size} mm",
                finish=title.split()[-1],
                material=title.split()[1],
            )
    return saved(paper, known, path)


def swatch_grid(path: Path) -> Known:
    """Italian: colours as vector fills, nine a page, name and code below; size and finish in the banner of page 1."""
    paper, known = Paper("Tavolozza", "Ceramiche Aurelia"), Known("it")
    for number, (name, colour) in enumerate(TINTS.items()):
        place = number % 9
        if place == 0:
            paper.new_page()
            paper.write(MARGIN, 64, "Collezione Tinta Unita", 24, "serif bold", ACCENT)
            if number == 0:
                paper.area((MARGIN, 82, RIGHT, 108), ACCENT)
                paper.write(MARGIN + 10, 99, "Formato 20 x 20 cm, spessore 8 mm", 10, "bold", "#ffffff")
                paper.write(RIGHT - 10, 99, "Finitura: Opaco", 10, "regular", "#ffffff", "right")
            paper.write(WIDTH / 2, HEIGHT - 28, str(paper.number), 8, "regular", GREY, "middle")
        x, y = MARGIN + (place % 3) * 176, 132 + (place // 3) * 216
        paper.area((x, y, x + 150, y + 150), colour)
        paper.write(x, y + 166, name, 11, "bold")
        paper.write(x, y + 180, f"TU{number + 1:03d}", 8.5, "regular", GREY)
        known.add(
            name,
            paper.number,
            code=f"TU{number + 1:03d}",
            dimensions="20 x 20 cm",
            thickness="8 mm",
            finish="Opaco",
            series="Tinta Unita",
        )
    return saved(paper, known, path)


def spec_sheets(path: Path) -> Known:
    """French: one luminaire a page, its name large, a photo, a list of properties."""
    paper, known = Paper("Fiches techniques", "Lumières du Rhône"), Known("fr")
    sheets = (
        ("Applique Colombine", "LR-2101", "240 x 120 x 90 mm", "Laiton", "Brossé"),
        ("Suspension Mirabelle", "LR-2207", "Ø 380 x 260 mm", "Verre", "Opale"),
        ("Lampadaire Tournesol", "LR-2310", "300 x 300 x 1620 mm", "Acier", "Noir mat"),
        ("Lampe de table Pervenche", "LR-2415", "180 x 180 x 340 mm", "Céramique", "Émaillé"),
    )
    for name, code, size, material, finish in sheets:
        paper.new_page()
        paper.write(RIGHT, 50, "Lumières du Rhône", 10, "serif bold", GREY, "right")
        paper.write(MARGIN, 96, name, 26, "serif bold", ACCENT)
        paper.picture((MARGIN, 120, MARGIN + 260, 440), lamp(LAMPS[paper.number % 3], 400 + paper.number, 490))
        facts = (
            ("Référence", code),
            ("Dimensions", size),
            ("Matière", material),
            ("Finition", finish),
            ("Puissance", "12 W"),
            ("Indice de protection", "IP44"),
            ("Garantie", "5 ans"),
        )
        for number, (label, value) in enumerate(facts):
            y = 160 + number * 26
            paper.write(MARGIN + 290, y, label, 10, "bold")
            paper.write(MARGIN + 400, y, value, 10)
            paper.rule(MARGIN + 290, y + 8, RIGHT, y + 8)
        paper.paragraph(
            (MARGIN, 470, RIGHT, 560),
            "Dessinée dans notre atelier de Vienne, elle diffuse une lumière douce et régulière. Le câble textile se "
            "remplace sans outil, la source est fournie.",
            10,
            colour=GREY,
        )
        known.add(name, paper.number, code=code, dimensions=size, material=material, finish=finish)
    return saved(paper, known, path)


def names_on_swatches(path: Path) -> Known:
    """Portuguese: wood floors, names printed on the swatches, size and finish once a page, one room photo."""
    paper, known = Paper("Soalhos", "Madeiras do Minho"), Known("pt")
    pages = (
        ("Linha Serra", "1900 x 190 x 14 mm", "Escovado e oleado", ("Carvalho Claro", "Nogueira", "Freixo", "Cinza")),
        ("Linha Costa", "1200 x 140 x 12 mm", "Envernizado mate", ("Pinho Duna", "Castanho Mel", "Areia", "Bruma")),
    )
    for series, size, finish, names in pages:
        paper.new_page()
        paper.write(MARGIN, 60, series, 22, "serif bold", ACCENT)
        paper.write(MARGIN, 82, f"Dimensões: {size}", 10)
        paper.write(RIGHT, 82, f"Acabamento: {finish}", 10, "regular", INK, "right")
        for number, name in enumerate(names):
            x, y = MARGIN + (number % 2) * 262, 106 + (number // 2) * 190
            paper.picture((x, y, x + 249, y + 172), Surface("wood", WOODS[number], number + len(series)).draw(500, 344))
            paper.write(x + 14, y + 156, name, 13, "bold", "#ffffff" if number in (1, 3) else "#2b2117")
            known.add(name, paper.number, dimensions=size, finish=finish, series=series)
        paper.picture((MARGIN, 500, RIGHT, 790), kitchen(1022, 580))
        paper.write(MARGIN, 806, f"Ambiente com soalho {names[0]}", 8, "italic", GREY)
    return saved(paper, known, path)


def room_photos(path: Path) -> Known:
    """Spanish: each page a room photo and three stones to its right, captions left of nothing but below them."""
    paper, known = Paper("Piedras", "Canteras del Sur"), Known("es")
    pages = (
        (
            "Mármoles",
            "Pulido",
            (("Blanco Macael", "60 x 40 x 2 cm"), ("Verde Sierra", "60 x 40 x 2 cm"), ("Crema Real", "60 x 30 x 2 cm")),
        ),
        (
            "Calizas",
            "Apomazado",
            (("Gris Alba", "80 x 40 x 3 cm"), ("Olivo", "80 x 40 x 3 cm"), ("Arena Fina", "40 x 40 x 2 cm")),
        ),
    )
    for title, finish, stones in pages:
        paper.new_page(842, 595)
        paper.picture((0, 0, 520, 595), kitchen(1040, 1190))
        paper.write(556, 60, title, 26, "serif bold", ACCENT)
        paper.write(556, 80, f"Acabado {finish}", 10, "regular", GREY)
        for number, (name, size) in enumerate(stones):
            y = 104 + number * 160
            kind = "marble" if title == "Mármoles" else "travertine"
            paper.picture((556, y, 800, y + 112), Surface(kind, STONES[number], number + 3).draw(488, 224))
            paper.write(556, y + 128, name.upper(), 11, "bold")
            paper.write(556, y + 141, size, 8.5, "regular", GREY)
            known.add(name, paper.number, dimensions=size, finish=finish)
    return saved(paper, known, path)


def size_table(path: Path) -> Known:
    """Turkish: furniture, a photo left of each block, its name right of it, sizes with a letter a side."""
    paper, known = Paper("Mobilya", "Ahenk Mobilya"), Known("tr")
    goods = (
        ("Defne Koltuk", "G 85 x D 90 x Y 78 cm"),
        ("Lale Sehpa", "G 120 x D 60 x Y 42 cm"),
        ("Badem Kitaplik", "G 90 x D 35 x Y 200 cm"),
        ("Zeytin Masa", "G 180 x D 90 x Y 75 cm"),
        ("Nar Sandalye", "G 48 x D 52 x Y 82 cm"),
        ("Kiraz Konsol", "G 160 x D 45 x Y 80 cm"),
    )
    for number, (name, size) in enumerate(goods):
        if number % 3 == 0:
            paper.new_page()
            paper.write(MARGIN, 60, "Oturma Grubu" if number == 0 else "Yemek Odasi", 22, "bold", ACCENT)
        y = 96 + (number % 3) * 230
        paper.picture((MARGIN, y, MARGIN + 250, y + 200), lamp(LAMPS[number % 3], 500 + number, 400))
        paper.write(MARGIN + 276, y + 60, name, 15, "bold")
        paper.write(MARGIN + 276, y + 84, f"Ölçü: {size}", 9.5)
        paper.write(MARGIN + 276, y + 100, "Malzeme: Ceviz", 9.5)
        known.add(
            name, paper.number, dimensions=size.replace("G ", "").replace("D ", "").replace("Y ", ""), material="Ceviz"
        )
    return saved(paper, known, path)


def annual_report(path: Path) -> Known:
    """German, no catalogue at all: board members with photos, a table of figures, buildings with captions."""
    paper, known = Paper("Jahresbericht 2025", "Genossenschaft Nordhang"), Known("de")
    paper.new_page()
    paper.write(MARGIN, 64, "Unser Vorstand", 24, "serif bold", ACCENT)
    for number, (name, duty) in enumerate(
        (("Karin Vogt", "Vorsitz"), ("Jens Albers", "Finanzen"), ("Mira Tesch", "Personal"), ("Ole Brandt", "Bau"))
    ):
        x, y = MARGIN + (number % 2) * 262, 100 + (number // 2) * 300
        paper.picture((x, y, x + 200, y + 240), Surface("concrete", ("#66686b", "#cfc8bd"), number).draw(400, 480))
        paper.write(x, y + 258, name, 12, "bold")
        paper.write(x, y + 273, duty, 9, "regular", GREY)
    paper.new_page()
    paper.write(MARGIN, 64, "Zahlen des Jahres", 24, "serif bold", ACCENT)
    rows = (
        ("", "2024", "2025"),
        ("Umsatz (Mio. €)", "41,2", "43,8"),
        ("Jahresüberschuss (Mio. €)", "2,1", "2,4"),
        ("Mitglieder", "18.204", "18.911"),
        ("Wohnungen", "3.140", "3.166"),
        ("Beschäftigte", "96", "101"),
    )
    for number, row in enumerate(rows):
        for x, text in zip((MARGIN, 330.0, 440.0), row, strict=True):
            paper.write(x, 110 + 24 * number, text, 10, "bold" if number == 0 else "regular")
        paper.rule(MARGIN, 116 + 24 * number, RIGHT, 116 + 24 * number)
    for number, caption in enumerate(("Neubau am Deich", "Spatenstich in Holm")):
        x = MARGIN + number * 262
        paper.picture((x, 300, x + 249, 470), kitchen(500, 340))
        paper.write(x, 486, caption, 9, "italic")
    paper.paragraph(
        (MARGIN, 520, RIGHT, 640),
        "Das Jahr war von steigenden Baukosten geprägt. Dennoch wurden 26 Wohnungen fertiggestellt und 112 "
        "modernisiert. Die Mieten blieben im Mittel unter denen der Stadt.",
        10,
    )
    return saved(paper, known, path)
