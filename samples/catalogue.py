"""The sample catalogue of a maker that does not exist: nine pages of tiles, stone, wood, lamps and paint.

It is what `make run` reads when no file is named, and it holds what real catalogues do: an index, names below, beside
and inside swatches, a size that stands in the page's banner, colours that are vector fills, a picture stored on its
side, another in CMYK, soft masks, a price list, a scanned page, a picture with words, a logo on every page and a legal
notice.
"""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageFilter

from samples.broken import (
    make_absurd_page,
    make_empty,
    make_encrypted,
    make_endless_page,
    make_heavy_image,
    make_not_a_pdf,
    make_truncated,
    make_zero_pages,
)
from samples.large import make_large_catalogue, make_small_catalogue
from samples.objects import kitchen, lamp, logo, sample_box
from samples.paper import ACCENT, GREY, HEIGHT, INK, MARGIN, WARM, WIDTH, Box, Paper
from samples.products import (
    LAMPS,
    PAINTS,
    PLANK_FINISH,
    PLANK_SIZE,
    PLANKS,
    SAMPLE_PRODUCTS,
    SCANNED,
    STONES,
    TILES,
    SampleProduct,
)

__all__ = [
    "SAMPLE_OCR_PAGE",
    "SAMPLE_OCR_WORDS",
    "SAMPLE_PAGES",
    "SAMPLE_PRODUCTS",
    "SAMPLE_SCAN_PAGE",
    "SAMPLE_SCAN_WORDS",
    "SampleProduct",
    "make_absurd_page",
    "make_empty",
    "make_encrypted",
    "make_endless_page",
    "make_heavy_image",
    "make_large_catalogue",
    "make_not_a_pdf",
    "make_sample_catalogue",
    "make_small_catalogue",
    "make_truncated",
    "make_zero_pages",
]

SAMPLE_PAGES = 9
SAMPLE_OCR_PAGE = 4
SAMPLE_OCR_WORDS = ("FROST", "PROOF", "SAMPLE", "BOX")
"""Words that stand in one picture of `SAMPLE_OCR_PAGE` and nowhere in the text layer."""
SAMPLE_SCAN_PAGE = 8
SAMPLE_SCAN_WORDS = ("Ardesia", "Notte", "Natural", "cleft", "Data", "sheet")
"""Words of the scanned page, which has no text layer."""
BRAND = "Marenna"
RIGHT = WIDTH - MARGIN
SWATCH_PX = 520
SCAN_DPI = 150


def make_sample_catalogue(path: str | Path) -> None:
    """Write the sample catalogue; the bytes are the same every time."""
    paper = Paper("Marenna Surfaces & Light 2026", BRAND)
    mark = logo()
    _cover(paper, mark)
    _contents(paper, mark)
    _tiles(paper, mark)
    _stones(paper, mark)
    _planks(paper, mark)
    _light_and_colour(paper, mark)
    _price_list(paper, mark)
    _scan(paper, mark)
    _legal(paper, mark)
    paper.save(path)


def _cover(paper: Paper, mark: Image.Image) -> None:
    paper.new_page()
    paper.picture((0, 0, WIDTH, 560), kitchen(1190, 1120))
    paper.area((0, 560, WIDTH, HEIGHT), ACCENT)
    paper.picture((MARGIN, 604, MARGIN + 54, 658), mark)
    paper.write(MARGIN + 70, 644, BRAND, 34, "serif bold", "#f4f2ee")
    paper.write(MARGIN, 706, "Surfaces & Light", 22, "serif", "#e8b566")
    paper.write(MARGIN, 734, "Catalogue 2026", 13, "regular", "#f4f2ee")
    paper.write(
        MARGIN, 792, "Tiles, stone, timber, lamps and paint for rooms that are lived in.", 10, "italic", "#c9d6d3"
    )


def _furniture(paper: Paper, mark: Image.Image, section: str) -> None:
    """Logo and section above, address and page number below."""
    paper.new_page()
    paper.picture((MARGIN, 26, MARGIN + 26, 52), mark)
    paper.write(MARGIN + 36, 44, BRAND, 13, "serif bold", ACCENT)
    paper.write(RIGHT, 43, section, 8.5, "regular", GREY, "right")
    paper.rule(MARGIN, 60, RIGHT, 60)
    paper.write(MARGIN, HEIGHT - 26, "www.marenna.example", 7.5, "regular", GREY)
    paper.write(RIGHT, HEIGHT - 26, str(paper.number), 8.5, "bold", ACCENT, "right")


def _heading(paper: Paper, title: str, text: str, width: float = 340.0) -> None:
    paper.write(MARGIN, 100, title, 25, "serif bold", ACCENT)
    paper.paragraph((MARGIN, 110, MARGIN + width, 160), text, 9, colour=GREY)


def _contents(paper: Paper, mark: Image.Image) -> None:
    _furniture(paper, mark, "Contents")
    paper.write(MARGIN, 104, "Contents", 25, "serif bold", ACCENT)
    y = 140.0
    sections = (("Porcelain and glaze", TILES), ("Natural stone", STONES), ("Timber floors", PLANKS), ("Lamps", LAMPS),
                ("Paint", PAINTS), ("Data sheets", (SCANNED,)))  # fmt: skip
    for title, products in sections:
        paper.write(MARGIN, y, title, 11, "bold", WARM)
        y += 19
        for product in products:
            _index_line(paper, y, f"{product.name}, {product.code}", product.page)
            y += 16
        y += 11
    for title, page in (("Price list", 7), ("Legal notice", 9)):
        _index_line(paper, y, title, page)
        y += 16


def _index_line(paper: Paper, y: float, text: str, page: int) -> None:
    paper.write(MARGIN, y, text, 10)
    paper.dots(MARGIN + paper.length(text, 10) + 4, RIGHT - 18, y)
    paper.write(RIGHT, y, str(page), 10, "bold", INK, "right")


def _swatch(product: SampleProduct, width: int = SWATCH_PX, height: int = SWATCH_PX) -> Image.Image:
    assert product.surface is not None
    return product.surface.draw(width, height)


def _caption(paper: Paper, x: float, y: float, product: SampleProduct, size: float = 11.0) -> None:
    """Name, code, size and finish, one below the other, y the first baseline."""
    paper.write(x, y, product.name, size, "bold")
    lines = [product.code, product.dimensions, product.finish]
    for number, line in enumerate(filter(None, lines)):
        paper.write(x, y + 14 + 12 * number, str(line), 8.5, "regular", GREY)


def _tiles(paper: Paper, mark: Image.Image) -> None:
    _furniture(paper, mark, "Porcelain and glaze")
    _heading(
        paper,
        "Porcelain and glaze",
        "Full-body porcelain for floors and walls, and small glazed tiles that are made by hand. Rectified "
        "edges; lay with a joint of 2 mm.",
    )
    side, gap = 156.0, 21.0
    for number, product in enumerate(TILES):
        x, y = MARGIN + (number % 3) * (side + gap), 182 + (number // 3) * 292
        paper.picture((x, y, x + side, y + side + 40), _swatch(product, 468, 588))
        _caption(paper, x, y + side + 58, product)


def _stones(paper: Paper, mark: Image.Image) -> None:
    """Swatches left and right in turn, their words beside them; the last is stored on its side, the first in CMYK."""
    _furniture(paper, mark, "Natural stone")
    _heading(
        paper,
        "Natural stone",
        "Marble and travertine, cut and finished in our own works. Veins and colours differ from slab to slab; "
        "choose yours at the yard.",
    )
    for number, product in enumerate(STONES):
        y = 176 + number * 152
        left = number % 2 == 0
        box: Box = (MARGIN, y, MARGIN + 262, y + 132) if left else (RIGHT - 262, y, RIGHT, y + 132)
        pixels = _swatch(product, 660, 332)
        if number == 0:
            paper.picture(box, pixels.convert("CMYK"))
        elif number == 2:
            paper.picture(box, pixels.transpose(Image.Transpose.ROTATE_90), rotate=-90)
        else:
            paper.picture(box, pixels)
        _caption(paper, MARGIN + 282 if left else MARGIN, y + 52, product, 13)
    paper.picture((MARGIN, 644, MARGIN + 210, 782), sample_box(SAMPLE_OCR_WORDS))
    paper.write(MARGIN + 230, 690, "See it at home", 13, "serif bold", WARM)
    paper.paragraph(
        (MARGIN + 230, 698, RIGHT, 770),
        "Order three pieces of your choice by post, 10 x 10 cm each. They are free of charge for architects "
        "and cost 12 euros for everybody else, credited against the first order.",
        9,
        colour=GREY,
    )


def _planks(paper: Paper, mark: Image.Image) -> None:
    """Names inside the swatches; size and finish stand once, in the page's banner."""
    _furniture(paper, mark, "Timber floors")
    _heading(
        paper,
        "Timber floors",
        "Three layers, with a wearing layer of 4 mm of the named timber. Suited to underfloor heating.",
    )
    paper.area((MARGIN, 158, RIGHT, 188), ACCENT)
    paper.write(MARGIN + 12, 177, f"All planks {PLANK_SIZE}", 10.5, "bold", "#f4f2ee")
    paper.write(RIGHT - 12, 177, PLANK_FINISH, 10.5, "regular", "#e8b566", "right")
    for number, product in enumerate(PLANKS):
        y = 206 + number * 145
        paper.picture((MARGIN, y, RIGHT, y + 130), _swatch(product, 1020, 260))
        colour = "#2b2117" if number in (0, 2) else "#ffffff"
        paper.write(MARGIN + 18, y + 98, product.name, 17, "serif bold", colour)
        paper.write(MARGIN + 18, y + 116, product.code, 9, "regular", colour)


def _light_and_colour(paper: Paper, mark: Image.Image) -> None:
    """Lamps with soft masks, and paint as vector fills."""
    _furniture(paper, mark, "Light and colour")
    _heading(
        paper, "Lamps", "Spun, blown and turned in small runs. All with 2 m of textile cable, E27, for LED up to 12 W."
    )
    for number, product in enumerate(LAMPS):
        x = MARGIN + number * 177
        paper.picture((x, 158, x + 157, 352), lamp(product.name))
        _caption(paper, x + 24, 372, product)
    paper.write(MARGIN, 462, "Paint", 25, "serif bold", ACCENT)
    paper.paragraph(
        (MARGIN, 472, MARGIN + 340, 510),
        "Mineral wall paint in tins of 2.5 litres, enough for 20 square metres in two coats.",
        9,
        colour=GREY,
    )
    for number, product in enumerate(PAINTS):
        x, y = MARGIN + (number % 3) * 177, 526 + (number // 3) * 138
        assert product.surface is not None
        paper.area((x, y, x + 157, y + 78), product.surface.colours[0])
        _caption(paper, x, y + 94, product)


def _price_list(paper: Paper, mark: Image.Image) -> None:
    _furniture(paper, mark, "Price list")
    _heading(
        paper,
        "Price list",
        "Recommended prices from 1 March 2026, in euros, value added tax included; tiles, stone and timber per "
        "square metre.",
    )
    header = ("Code", "Product", "Size", "Finish", "EUR")
    columns = (MARGIN, MARGIN + 78, MARGIN + 212, MARGIN + 330, MARGIN + 462, RIGHT)
    rows = [
        (p.code, p.name, p.dimensions or "2.5 l", p.finish or "", p.price) for p in SAMPLE_PRODUCTS if not p.scanned
    ]
    _table(paper, 172, columns, header, rows)
    paper.paragraph(
        (MARGIN, 708, RIGHT, 740),
        "Skirting is sold by the piece. Delivery on the pallet from 400 euros free of charge; below that we "
        "charge 38 euros.",
        8.5,
        colour=GREY,
    )


def _table(
    paper: Paper, top: float, columns: Sequence[float], header: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """A ruled table; the last column is set to the right."""
    height = 21.5
    bottom = top + height * (len(rows) + 1)
    paper.area((columns[0], top, columns[-1], top + height), ACCENT)
    for number, row in enumerate([header, *rows]):
        y = top + number * height
        look = ("bold", "#f4f2ee") if number == 0 else ("regular", INK)
        for column, text in enumerate(row):
            last = column == len(row) - 1
            x = columns[column + 1] - 6 if last else columns[column] + 6
            paper.write(x, y + 14.5, text, 8.5, *look, align="right" if last else "left")
        paper.rule(columns[0], y + height, columns[-1], y + height)
    for x in columns:
        paper.rule(x, top, x, bottom)


def _scan(paper: Paper, mark: Image.Image) -> None:
    """A page drawn, photographed and put in as one grey-edged picture: no text layer."""
    sheet = Paper("", "")
    sheet.new_page()
    sheet.picture((MARGIN, 40, MARGIN + 40, 80), mark)
    sheet.write(MARGIN + 54, 69, BRAND, 20, "serif bold", ACCENT)
    sheet.write(RIGHT, 67, "Data sheet", 16, "bold", INK, "right")
    sheet.rule(MARGIN, 96, RIGHT, 96, INK, 1.2)
    sheet.write(MARGIN, 142, SCANNED.name, 30, "serif bold")
    sheet.picture((MARGIN, 168, RIGHT, 430), _swatch(SCANNED, 1020, 524))
    facts = (("Code", SCANNED.code), ("Size", str(SCANNED.dimensions)), ("Finish", str(SCANNED.finish)),
             ("Slip resistance", "R11"), ("Water absorption", "0.3 %"), ("Origin", "Liguria, Italy"))  # fmt: skip
    for number, (label, value) in enumerate(facts):
        y = 476 + number * 36
        sheet.write(MARGIN, y, label, 15, "bold")
        sheet.write(MARGIN + 190, y, value, 15)
        sheet.rule(MARGIN, y + 12, RIGHT, y + 12, GREY, 0.8)
    sheet.paragraph(
        (MARGIN, 706, RIGHT, 790),
        "Split slate for floors, walls and steps, indoors and outdoors. Seal it before grouting.",
        14,
    )
    pixmap = sheet.page.get_pixmap(dpi=SCAN_DPI)
    flat = Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)
    turned = flat.rotate(0.5, Image.Resampling.BICUBIC, fillcolor=(236, 234, 228)).filter(ImageFilter.GaussianBlur(0.5))
    paper.new_page()
    paper.picture((0, 0, WIDTH, HEIGHT), turned, quality=80)


def _legal(paper: Paper, mark: Image.Image) -> None:
    _furniture(paper, mark, "Legal notice")
    paper.write(MARGIN, 104, "Legal notice", 25, "serif bold", ACCENT)
    paragraphs = (
        "This catalogue is an invitation to make an offer and not an offer itself. Errors and changes are "
        "reserved. Colours are reproduced as faithfully as print allows and may differ from the goods; "
        "variations in shade, structure and veining are a property of natural materials and no defect.",
        "All dimensions are nominal. Tolerances follow EN 14411 for ceramic tiles, EN 12057 for natural stone "
        "and EN 13489 for parquet. Check the goods before laying them: claims for visible defects are excluded "
        "once they have been laid.",
        "Our general terms and conditions of sale apply, in the version of 1 January 2026. The place of "
        "jurisdiction is Genoa. Goods remain our property until they have been paid for in full.",
        "No part of this catalogue may be reproduced without our written permission. Marenna is a maker that "
        "does not exist; any likeness to real firms and goods is accidental.",
    )
    for number, text in enumerate(paragraphs):
        y = 128 + number * 92
        paper.paragraph((MARGIN, y, RIGHT, y + 86), text, 9.5)
    paper.write(MARGIN, 540, "Marenna S.r.l., Via dei Forni 12, 16100 Genoa, Italy", 9, "bold")
    paper.write(MARGIN, 556, "Telephone +39 010 555 0199, office@marenna.example", 9)
