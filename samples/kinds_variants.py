"""Kinds that each failed when first read, for variants: lists without rules under a name, and tables of codes.

Each function draws a kind and returns what is in it. Makers and goods do not exist.
"""

from collections.abc import Callable
from pathlib import Path

from samples.objects import lamp
from samples.paper import ACCENT, HAIR, MARGIN, WARM, Paper
from samples.textures import Surface
from samples.truth import Known, saved

LAMPS = ("Campana", "Sfera", "Cono")


def lists_without_rules(path: Path) -> Known:
    """English fittings: a name over a picture, beside it marks and columns of measure, number and packing."""
    paper, known = Paper("Fittings", "Hallam & Reeve"), Known("en")
    articles = (
        ("Drawer runner Tarn 30", "Nominal length mm", ("300", "350", "450"), "2 104 1"),
        ("Furniture foot Beck", "Height mm", ("80", "100"), "7 018 3"),
        ("Pull handle Scar", "Hole spacing mm", ("96", "160", "224"), "9 330 5"),
    )
    paper.new_page()
    paper.write(MARGIN, 36, "Drawer systems", 8)
    for number, (name, measure, values, code) in enumerate(articles):
        y = 70 + number * 230
        paper.write(MARGIN, y, name, 13, "bold", ACCENT)
        paper.picture((MARGIN, y + 14, MARGIN + 150, y + 170), lamp(LAMPS[number], 300, 312))
        for row, mark in enumerate(("Steel, zinc plated", "Tool-free fitting")):
            paper.write(220, y + 30 + 11 * row, f"\u2022 {mark}", 7.5)
        for x, head in ((220, measure), (330, "Order no."), (430, "PU")):
            paper.write(x, y + 74, head, 7, "bold")
        for row, value in enumerate(values):
            order = f"{code}{row:02d}"
            for x, cell in ((220, value), (330, order), (430, "20 pcs")):
                paper.write(x, y + 88 + 12 * row, cell, 7.5)
            known.add(name, 1, code=order)
    return saved(paper, known, path)


def finishes_under_names(path: Path) -> Known:
    """French taps: under each name three finishes, each with number and price, level with remarks."""
    paper, known = Paper("Tarif", "Eaux du Morvan"), Known("fr")
    names = ('Mitigeur lavabo 1/2" Taille S', 'Mitigeur lavabo 1/2" Taille L', "Ensemble de douche avec barre 600 mm")
    finishes = (("001", "chrom\u00e9"), ("DC1", "nickel bross\u00e9"), ("NM1", "noir mat"))
    paper.new_page()
    paper.write(MARGIN, 40, "SALLE DE BAINS", 9, "bold", WARM)
    paper.write(420, 40, "Prix publics conseill\u00e9s H.T. en \u20ac", 7)
    for number, name in enumerate(names):
        y = 70 + number * 220
        paper.picture((MARGIN, y, MARGIN + 110, y + 160), lamp(LAMPS[number], 220, 320))
        paper.write(170, y + 10, name, 9, "bold")
        for row, mark in enumerate(("cartouche c\u00e9ramique 28 mm", "flexibles de raccordement")):
            paper.write(170, y + 26 + 11 * row, f"\u2013 {mark}", 7)
        for row, (suffix, finish) in enumerate(finishes):
            code = f"{21 + number} 455 {suffix}"
            for x, cell in ((330, code), (410, finish), (520, f"{189 + 60 * row},00")):
                paper.write(x, y + 26 + 12 * row, cell, 8)
            known.add(name, 1, code=code, finish=finish)
    return saved(paper, known, path)


def codes_in_a_table(path: Path) -> Known:
    """Italian tiles: four colours with their captions, below a table of sizes by colours whose cells are codes."""
    paper, known = Paper("Gres", "Ceramiche Secchia"), Known("it")
    colours = (("Calce", "#e4ded2"), ("Fango", "#8b7d6b"), ("Salvia", "#9aa58c"), ("Notte", "#2f3136"))
    sizes = (("60x120 cm", "A"), ("60x60 cm", "B"), ("30x60 cm", "C"))
    paper.new_page()
    paper.write(MARGIN, 56, "TERRA SECCHIA", 20, "bold", ACCENT)
    for number, (colour, shade) in enumerate(colours):
        x = MARGIN + number * 130
        paper.picture((x, 80, x + 120, 300), Surface("concrete", (shade, "#f3efe8"), number).draw(240, 440))
        paper.write(x, 314, colour.upper(), 9, "bold")
    columns = [MARGIN + 120 + 100 * number for number in range(len(colours))]
    for row in range(len(sizes) + 2):
        paper.rule(MARGIN, 340 + 20 * row, columns[-1] + 100, 340 + 20 * row, HAIR)
    paper.write(MARGIN + 4, 353, "Formati / Sizes", 8, "bold")
    for x, (colour, _) in zip(columns, colours, strict=True):
        paper.write(x, 353, colour, 8, "bold")
    for row, (size, letter) in enumerate(sizes):
        paper.write(MARGIN + 4, 373 + 20 * row, size, 8)
        for number, (colour, _) in enumerate(colours):
            code = f"TS{letter}{3 + number}"
            paper.write(columns[number], 373 + 20 * row, code, 8)
            known.add(colour, 1, code=code, dimensions=size)
    return saved(paper, known, path)


VARIANTS: dict[str, Callable[[Path], Known]] = {
    "fittings_en": lists_without_rules,
    "finitions_fr": finishes_under_names,
    "gres_it": codes_in_a_table,
}
"""By file name: what draws it and says what stands in it."""
