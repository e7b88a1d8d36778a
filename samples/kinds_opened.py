"""Kinds whose pages say less than the pages before them: sections with title pages, goods drawn as lines.

Each function draws a kind and returns what is in it. Makers and goods do not exist.
"""

from collections.abc import Callable
from pathlib import Path

from samples.objects import kitchen
from samples.paper import ACCENT, HEIGHT, MARGIN, WIDTH, Paper
from samples.textures import Surface
from samples.truth import Known, saved

STONE = ("#d8d0c4", "#a59d90", "#efeae2")


def title_pages(path: Path) -> Known:
    """Portuguese stones: the series stands on a title page alone, before the pages of its stones."""
    paper, known = Paper("Pedras", "Pedreiras do Sado"), Known("pt")
    paper.new_page()
    paper.picture((0, 0, WIDTH, HEIGHT), kitchen(500, 700))
    paper.write(MARGIN, 500, "Pedras naturais", 40, "serif bold", "#ffffff")
    sections = {
        "Estremoz": (
            ("Branco Vigária", "Creme Aurora", "Rosa Portela", "Verde Viana"),
            ("Cinza Trigaches", "Azul Bardiglio", "Ruivina Escura", "Branco Rosal"),
        ),
        "Serra d'Aire": (
            ("Moleanos", "Azul Valverde", "Creme Relvinha", "Alpinina"),
            ("Semi Rijo", "Gascogne", "Vidraço Ataíja", "Moca Creme"),
        ),
    }
    for number, (series, pages) in enumerate(sections.items()):
        _title_page(paper, series, 470 + number)
        about = "Calcários e mármores extraídos em bancada, com veios suaves, cortados e acabados na nossa fábrica."
        paper.paragraph((MARGIN, 660, 400, 720), about, 10)
        for names in pages:
            paper.new_page()
            for place, name in enumerate(names):
                x, y = MARGIN + place % 2 * 262, 70 + place // 2 * 360
                stone = Surface("marble", STONE, 10 * paper.number + place)
                paper.picture((x, y, x + 249, y + 300), stone.draw(300, 360))
                paper.write(x, y + 316, name, 11, "bold")
                paper.write(x, y + 330, "Polido 60x40x2 cm", 8.5)
                known.add(name, paper.number, series=series, dimensions="60x40x2 cm", finish="Polido")
    _title_page(paper, "Informação técnica", 490)
    paper.new_page()
    paper.write(MARGIN, 60, "Limpeza e manutenção", 16, "bold")
    care = "Limpar com água e sabão neutro. Não usar ácidos. Voltar a impermeabilizar de dois em dois anos. "
    paper.paragraph((MARGIN, 80, 500, 300), care * 4, 10)
    return saved(paper, known, path)


def _title_page(paper: Paper, title: str, seed: int) -> None:
    paper.new_page()
    paper.picture((0, 0, WIDTH, 560), kitchen(500, seed))
    paper.write(MARGIN, 640, title, 34, "serif bold", ACCENT)


OPENED: dict[str, Callable[[Path], Known]] = {"pedras_pt": title_pages}
"""By file name: what draws it and says what stands in it."""
