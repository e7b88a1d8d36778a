"""Tables among lines that OCR read."""

import pytest

from actors.records import TextLine
from cluster.stages.ocr_text.blocks import ocr_blocks
from cluster.stages.ocr_text.slope import levelled
from cluster.stages.ocr_text.tables import ocr_tables

HEADER = ("Code", "Article", "Format (mm)", "Prix")
ROWS = [
    (f"TF-{210 + row}", f"Ardenne {name}", "300 x 300", f"{29 + row},90")
    for row, name in enumerate(("Gris", "Sable", "Bleu", "Noir"))
]
COLUMNS = (40.0, 130.0, 290.0, 420.0)


def printed(rows, pitch=26.0, slant=0.0, x=COLUMNS):
    lines = []
    for row, cells in enumerate(rows):
        for left, text in zip(x, cells, strict=False):
            top = 100 + pitch * row + slant * left
            lines.append(TextLine(text=text, box=(left, top, left + 5.5 * len(text), top + 12), size=12))
    return lines


def test_rows_in_columns_are_a_table_with_its_cells():
    tables, rest = ocr_tables(printed([HEADER, *ROWS]))
    assert [table.rows for table in tables] == [(HEADER, *ROWS)]
    assert (tables[0].label, tables[0].source, rest) == ("table", "ocr", [])


def test_a_scan_may_be_a_little_askew():
    (table,), _ = ocr_tables(printed([HEADER, *ROWS], slant=0.004))
    assert table.rows == (HEADER, *ROWS)


def test_a_line_above_is_no_row_of_it():
    title = TextLine(text="Tarif carrelage 2026", box=(40, 60, 260, 84), size=24)
    tables, rest = ocr_tables([title, *printed([HEADER, *ROWS])])
    assert (len(tables), rest) == (1, [title])


def test_a_remark_below_that_was_cut_joins_no_columns():
    """`TF-210 also in 60 x 60, price on application`, of which two parts were read."""
    cells = printed([HEADER, *ROWS])
    parts = [(40, 240, "TF-210 also in 60 x 60"), (300, 400, "on application")]
    remark = [TextLine(text=text, box=(left, 230, right, 242), size=12) for left, right, text in parts]
    (table,), rest = ocr_tables([*cells, *remark])
    assert (table.rows, rest) == ((HEADER, *ROWS), remark)


def test_captions_of_pictures_are_no_table():
    captions = [("Wash Basin", "Wash Basin", "Corner"), ('14" x 14"', '16" x 16"', '18" x 9"')]
    lines = printed(captions, pitch=14) + [
        line.model_copy(update={"box": (line.box[0], line.box[1] + 200, line.box[2], line.box[3] + 200)})
        for line in printed(captions, pitch=14)
    ]
    assert ocr_tables(lines)[0] == []


def test_columns_of_words_are_no_table():
    words = [("Sterilise", "quickly", "and", "well"), ("Doors", "open", "by", "power"), ("Racks", "are", "of", "steel"),
             ("Pumps", "need", "no", "oil"), ("Screens", "show", "every", "step")]  # fmt: skip
    assert ocr_tables(printed(words))[0] == []


def test_blocks_hold_the_table_and_the_text():
    text = TextLine(text="Sous réserve de modifications", box=(40, 400, 240, 412), size=12)
    assert [block.label for block in ocr_blocks([*printed([HEADER, *ROWS]), text])] == ["table", "text"]


def test_a_grid_of_captions_is_no_table_however_close():
    names, colours = ("Defne", "Zeytin", "Selvi", "Mese"), ("Mat Beyaz", "Antrasit", "Naturel", "Krem")
    captions = [names, colours, ("KP-300", "KP-301", "KP-302", "KP-303")]
    assert ocr_tables(printed(captions, pitch=14))[0] == []


def test_a_text_beside_a_table_is_no_cell_of_it():
    """As on a photographed leaflet: the models left, what is said of them right, level with their rows."""
    models = [
        ("Model", "Size", "Type"),
        ("EG 40", "160", "prevac"),
        ("EG 50", "280", "prevac"),
        ("EG 60", "400", "prevac"),
    ]
    title = TextLine(text="Larger loads without any additional space", box=(40, 70, 310, 84), size=14)
    said = ("Colour touch screen with security access", "Doors", "Steel", "Automatic door with a sensor", "Printer")
    beside = [
        TextLine(text=text, box=(340, 95 + 22 * row, 340 + 5 * len(text), 107 + 22 * row), size=12)
        for row, text in enumerate(said)
    ]
    tables, rest = ocr_tables([title, *printed(models, x=(40.0, 150.0, 250.0)), *beside])
    assert [table.rows for table in tables] == [tuple(models)]
    assert sorted(line.text for line in rest) == sorted([title.text, *said])


def test_a_text_in_larger_letters_beside_a_table_is_no_column_of_it():
    beside = [
        TextLine(text=text, box=(520, 98 + 26 * row, 700, 116 + 26 * row), size=18)
        for row, text in enumerate(("Ready for immediate use", "Safe, intuitive operation", "Water saving control"))
    ]
    tables, rest = ocr_tables([*printed([HEADER, *ROWS]), *beside])
    assert [table.rows for table in tables] == [(HEADER, *ROWS)]
    assert rest == beside


def test_rows_whose_cells_overlap_from_one_to_the_next_are_one_column_and_no_table():
    lines = [
        TextLine(text="Harbour Oak planks", box=(left, 100 + 20 * row, left + 120, 112 + 20 * row), size=12)
        for row in range(4)
        for left in (40 + 60 * (row % 2), 180 + 60 * (row % 2))
    ]
    lines.append(TextLine(text="of three layers", box=(60, 180, 400, 192), size=12))
    assert ocr_tables(lines)[0] == []


PUMPS = [
    ("Type", "Order no.", "Power", "Weight"),
    *[(f"HT {kw}", f"101 0{kw}", f"{kw} W", "8 kg") for kw in (250, 400)],
]
PUMPS += [(f"HT {kw} S", f"101 0{kw}", f"{kw} W", "9 kg") for kw in (550, 750)]


@pytest.mark.parametrize("slant", [0.016, -0.025, 0.04])
def test_rows_of_a_page_that_lies_askew_are_told_by_their_neighbours(slant):
    cells = printed([HEADER, *ROWS], slant=slant)
    (table,), rest = ocr_tables(cells)
    assert (table.rows, rest) == ((HEADER, *ROWS), [])
    assert all(any(line is cell for cell in cells) for line in table.lines)  # where the page shows them


@pytest.mark.parametrize(("header", "found"), [(("Ref.:", "Designation"), 1), (("Clause", "Subject"), 0)])
def test_two_columns_are_a_table_under_heads_for_codes_and_names(header, found):
    rows = [(f"LV-{1100 + at}", name) for at, name in enumerate(("Loading trolley", "Basket DIN 480 x 250", "Printer"))]
    tables, rest = ocr_tables(printed([header, *rows]))
    assert [table.rows for table in tables] == [(header, *rows)] * found
    assert bool(rest) is not bool(found)


@pytest.mark.parametrize("columns", [2, 4])
def test_a_page_of_thousands_of_lines_is_levelled_by_some_of_them(columns):
    askew = printed([("Oak", "8 mm", "Ash", "9 mm")[:columns]] * (3000 // columns), slant=0.02)
    tops = [line.box[1] for line in levelled(askew)]
    rows = [tops[at : at + columns] for at in range(0, len(tops), columns)]
    assert max(max(row) - min(row) for row in rows) < 0.2


def test_lines_beside_each_other_that_rise_and_sink_say_nothing_of_the_page():
    lines = [line for at, row in enumerate(ROWS) for line in printed([row], slant=(0.02, -0.02)[at % 2])]
    assert levelled(lines) == lines


@pytest.mark.parametrize(("header", "found"), [(PUMPS[0], 1), (("Good", "better", "best", "now"), 0)])
def test_cells_that_all_have_digits_are_a_table_under_words_for_columns(header, found):
    tables, _ = ocr_tables(printed([header, *PUMPS[1:]]))
    assert [table.rows for table in tables] == [(header, *PUMPS[1:])][:found]


def test_the_point_of_an_abbreviation_is_read_as_one():
    (line,) = [line for block in ocr_blocks(printed([("Order No_",)])) for line in block.lines]
    assert line.text == "Order No."


def test_a_head_of_words_over_columns_of_numbers_is_of_a_table_and_names_over_their_sizes_are_not():
    head = ("Spacing of holes", "Bore", "Front", "Screw")
    body = tuple((f"{32 * row} mm", "4,5 mm", f"{15 + row} mm", f"M4 x {20 + row}") for row in range(1, 5))
    (table,), rest = ocr_tables(printed([head, *body], pitch=20))
    assert (table.rows, rest) == ((head, *body), [])
    names = ("Harbour Oak", "Meadow Ash", "Quarry Elm", "Mill Larch")
    under = [("60 x 60 cm",) * 4, tuple(f"AB 12{column}" for column in range(4)), ("12,50",) * 4]
    assert ocr_tables(printed([names, *under], pitch=20))[0] == []


def test_a_table_of_numbers_may_have_a_column_whose_single_digits_were_not_read():
    head = ("Format", "Pieces Box", "Kg Box", "Boxes Pallet")
    body = tuple((f"{30 * row}x60 cm", "", f"{30 + row},5", f"{30 + row}") for row in range(1, 5))
    blank = [line for line in printed([head, *body], pitch=20) if line.text]
    (table,), _ = ocr_tables(blank)
    assert table.rows == (head, *body)


def with_second_lines(rows, pitch):
    """Rows as far apart as pictures, each with a second line under its name."""
    second = [
        TextLine(text="with a waste", box=(130, 116 + pitch * at, 200, 126 + pitch * at), size=10)
        for at in range(1, len(rows))
    ]
    return [*printed(rows, pitch=pitch), *second], second


def test_rows_with_a_picture_each_are_a_table_where_heads_say_so():
    lines, second = with_second_lines([HEADER, *ROWS], pitch=50)
    (table,), rest = ocr_tables(lines)
    assert (table.rows, rest) == ((HEADER, *ROWS), second)


def test_without_heads_they_may_be_captions():
    lines, _ = with_second_lines(ROWS, pitch=50)
    assert ocr_tables(lines)[0] == []


def test_other_heads_begin_another_table():
    lines = printed([HEADER, *ROWS[:2], HEADER, *ROWS[2:]], pitch=50)
    assert [table.rows for table in ocr_tables(lines)[0]] == [(HEADER, *ROWS[:2]), (HEADER, *ROWS[2:])]
