"""What the sample catalogue sells: the one list that its pages are drawn from and that tests compare with."""

from dataclasses import dataclass

from samples.textures import Surface


@dataclass(frozen=True)
class SampleProduct:
    """One product as the catalogue prints it."""

    name: str
    code: str
    page: int  # 1-based: the page that shows it, not the index
    dimensions: str | None  # as printed
    finish: str | None
    kind: str  # tile, stone, wood, lamp, paint
    surface: Surface | None = None
    price: str = ""  # euros, as printed in the price list
    millimetres: tuple[float, ...] = ()  # length, width, thickness where the print says so
    only_in_table: bool = False
    scanned: bool = False  # printed on a page without a text layer


def _tile(
    name: str, code: str, kind: str, colours: tuple[str, ...], size: str, finish: str, price: str
) -> SampleProduct:
    numbers = tuple(float(number) for number in size.removesuffix(" mm").split(" x "))
    surface = Surface(kind, colours, seed=sum(code.encode()))
    return SampleProduct(name, code, 3, size, finish, "tile", surface, price, numbers)


def _stone(
    name: str, code: str, kind: str, colours: tuple[str, ...], size: str, finish: str, price: str
) -> SampleProduct:
    numbers = tuple(float(number) for number in size.removesuffix(" mm").split(" x "))
    return SampleProduct(
        name, code, 4, size, finish, "stone", Surface(kind, colours, sum(code.encode())), price, numbers
    )


TILE_SIZE = "600 x 600 x 9 mm"
SLAB_SIZE = "600 x 300 x 15 mm"
PLANK_SIZE = "1820 x 190 x 14 mm"
PLANK_FINISH = "Brushed and oiled"


def _plank(name: str, code: str, colours: tuple[str, ...], price: str) -> SampleProduct:
    surface = Surface("wood", colours, sum(code.encode()))
    return SampleProduct(name, code, 5, PLANK_SIZE, PLANK_FINISH, "wood", surface, price, (1820.0, 190.0, 14.0))


TILES = (
    _tile("Terra Alba Ivory", "MA-TA-101", "concrete", ("#efe8da", "#ddd2bf"), TILE_SIZE, "Matt", "38.90"),
    _tile("Terra Alba Sand", "MA-TA-102", "concrete", ("#dcc7a5", "#c8ad84"), TILE_SIZE, "Matt", "38.90"),
    _tile("Terra Alba Graphite", "MA-TA-103", "concrete", ("#66686b", "#45474a"), TILE_SIZE, "Textured", "41.50"),
    _tile("Laguna Acqua", "MA-LA-210", "glaze", ("#2f7f86", "#7fc3bd"), "100 x 100 x 8 mm", "Glossy", "64.00"),
    _tile("Laguna Ocra", "MA-LA-211", "glaze", ("#c9872c", "#e8b566"), "100 x 100 x 8 mm", "Glossy", "64.00"),
    _tile(
        "Nola Terrazzo", "MA-NT-305", "terrazzo", ("#eee9df", "#b5523b", "#3d4b57", "#c9a36a", "#8d9b88"),
        "800 x 800 x 10 mm", "Polished", "72.40",
    ),
)  # fmt: skip
STONES = (
    _stone("Bianco Lunare", "MA-BL-401", "marble", ("#f4f2ee", "#85888f", "#dfdcd6"), SLAB_SIZE, "Honed", "96.00"),
    _stone("Verde Selva", "MA-VS-402", "marble", ("#2f4a3c", "#c9d6c6", "#1d3229"), SLAB_SIZE, "Polished", "124.00"),
    _stone(
        "Travertino Sole", "MA-TS-403", "travertine", ("#e6d5b8", "#c9ae85", "#8f744f"), "800 x 400 x 20 mm", "Brushed",
        "88.50",
    ),
)  # fmt: skip
PLANKS = (
    _plank("Rovere Naturale", "MA-RN-501", ("#d8b384", "#a67845"), "59.00"),
    _plank("Noce Antico", "MA-NA-502", ("#7a4f31", "#3c2415"), "74.00"),
    _plank("Frassino Nebbia", "MA-FN-503", ("#cfc8bd", "#9b9388"), "62.00"),
    _plank("Quercia Carbone", "MA-QC-504", ("#4a423c", "#1f1a17"), "66.00"),
)
LAMPS = (
    SampleProduct("Campana", "MA-LC-601", 6, "Ø 320 x 260 mm", "Brushed brass", "lamp", price="189.00"),
    SampleProduct("Sfera", "MA-LS-602", 6, "Ø 250 mm", "Opal glass", "lamp", price="149.00"),
    SampleProduct("Cono", "MA-LN-603", 6, "Ø 180 x 340 mm", "Matt black", "lamp", price="129.00"),
)
PAINTS = tuple(
    SampleProduct(name, code, 6, None, "Dead matt", "paint", Surface("plain", (colour,), 0), "54.00")
    for name, code, colour in (
        ("Salvia", "MA-PT-701", "#9fae93"),
        ("Rosa Antica", "MA-PT-702", "#c9968a"),
        ("Blu Laguna", "MA-PT-703", "#2e5a6b"),
        ("Ocra Calda", "MA-PT-704", "#cf9a45"),
        ("Grafite", "MA-PT-705", "#4b4d50"),
        ("Lino", "MA-PT-706", "#d8cbb3"),
    )
)
TABLE_ONLY = (
    SampleProduct(
        "Terra Alba Skirting", "MA-TA-109", 7, "600 x 75 x 9 mm", "Matt", "tile", None, "9.80", (600.0, 75.0, 9.0), True
    ),
)
SCANNED = SampleProduct(
    "Ardesia Notte", "MA-AN-801", 8, "600 x 300 x 12 mm", "Natural cleft", "stone",
    Surface("slate", ("#3a4047", "#525a63"), 10), "79.00", (600.0, 300.0, 12.0), scanned=True,
)  # fmt: skip

SAMPLE_PRODUCTS: tuple[SampleProduct, ...] = (*TILES, *STONES, *PLANKS, *LAMPS, *PAINTS, *TABLE_ONLY, SCANNED)
"""Every product of the sample catalogue, in the order of its pages."""
