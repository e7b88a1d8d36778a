"""Pages that only list what stands elsewhere."""

import pytest

from cluster.stages.chunking import chunk_document
from cluster.stages.structure.index_pages import Indexes
from tests.unit.chunking.pages import DOCUMENT, block, line, page, paragraph

NAMES = ["Pinot Gris", "Camellia", "Merlot", "Scotch", "Amaranto", "Helsinki", "Olmo", "Báltico", "Roble Dakar", "Teka",
         "Venezia", "Terrarum", "Gaudí", "Nogal", "Cedro", "Haya"]  # fmt: skip


def listing(*texts, number=1):
    return page(number, *[block(line(text, 50, 60 + 20 * i)) for i, text in enumerate(texts)])


def rest(first=2, last=30):
    return [page(n, paragraph(100), paragraph(300)) for n in range(first, last + 1)]


def indexes(listed, *others):
    return [n for n in range(1, 40) if Indexes([listed, *others]).holds(n)]


@pytest.mark.parametrize(
    "texts",
    [
        ("Graphene A+ .............. 3", "Graphene D ......... 5", "Oxides . . . . . . . . 9", "Inks ........ 12"),
        ("Contents", "Floor tiles 4", "Wall tiles 9", "Mosaics 15"),
        ("İçindekiler", "Yer karoları 4", "Duvar karoları 9", "Mozaik 15"),
        ("Inhaltsverzeichnis", "Bodenfliesen 4", "Wandfliesen 9", "Mosaik 15"),
        ("Alpha 2", "Beta 5", "Gamma 9", "Delta 14", "Epsilon 20", "Zeta 22"),
        ("4 Floor tiles", "9 Wall tiles", "15 Mosaics", "21 Stairs", "27 Skirting"),
    ],
)
def test_lists_of_pages(texts):
    assert indexes(listing(*texts), *rest()) == [1]


@pytest.mark.parametrize(
    "texts",
    [
        ("1. Hippotherapy", "2. Isokinetics", "3. Caves", "4. Music", "5. Magnets", "6. Reflexes"),
        ("TFE 30 elem 300 32 400", "TFE 40 elem 400 35 500", "TFE 50 elem 500 39 600", "TFE 60 elem 600 41 000"),
        ("Grey 30x30", "Ivory 30x30", "Oak 60x60", "Ash 60x120"),
        ("Vitrosa Stargold 303", "Vitrosa Stargold 303", "Vitrosa Stargold 303", "Vitrosa Stargold 303"),
        ("Founded 2003", "Moved 2014", "Grown 2019", "Online 2020"),
        (
            "13301 Teula Cotto Mate 9,80",
            "13302 Teula Siena Mate 9,80",
            "13303 Teula Musgo 10,20",
            "13304 Teula Ceniza 11,40",
        ),
        ("Teula Cotto 9,80", "Teula Siena 9,90", "Teula Musgo 10,20", "Teula Ceniza 11,40"),
    ],
)
def test_other_lists_with_numbers(texts):
    assert indexes(listing(*texts), *rest()) == []


def test_a_range_at_a_glance_lists_what_stands_again_on_many_pages():
    overview = listing(*NAMES)
    shown = [
        page(n + 2, block(line(name, 50, 300)), block(line("Acabado: Bark", 50, 340))) for n, name in enumerate(NAMES)
    ]
    assert indexes(overview, *shown) == [1]


def test_pages_with_the_same_table_are_no_indexes_of_each_other():
    tables = [listing(*NAMES, number=n) for n in (1, 2, 3)]
    assert indexes(*tables, *rest(4)) == []


def test_chunks_of_an_index_are_marked():
    listed = listing("Graphene A+ .............. 3", "Graphene D ......... 5", "Oxides ........ 9", "Inks ........ 12")
    found = chunk_document(DOCUMENT, [listed, *rest()])
    assert all(chunk.is_index == (chunk.page == 1) for chunk in found)
