"""Cells of rows that OCR read as one line."""

from actors.records import TextLine
from cluster.stages.ocr_text.blocks import ocr_blocks
from cluster.stages.ocr_text.cells import with_cells_apart

SIZE = 12.0


def at(text: str, x: float, y: float) -> TextLine:
    box = (x, y, x + 0.5 * SIZE * len(text), y + SIZE)
    return TextLine(text=text, box=box, size=SIZE, confidence=0.9)


def texts(lines):
    return [line.text for line in lines]


def rows(*cells):
    return [at(text, 100.0 + 120 * column, 200.0 + 36 * row)
            for row, line in enumerate(cells) for column, text in enumerate(line) if text]  # fmt: skip


def test_a_code_that_was_read_with_the_words_beside_it_is_a_cell_of_the_column_of_codes():
    heads = rows(("Surface", "BA 128 mm", "BA 160 mm"))
    under = [one.model_copy(update={"box": (one.box[0], one.box[1] + 72, one.box[2], one.box[3] + 72)})
             for one in rows(("Black matt", "4410-128-20", "4410-160-20"))]  # fmt: skip
    read = at("Steel brushed 4410-128-10", 100, 236)
    joined = read.model_copy(update={"box": (100.0, 236.0, under[1].box[2], 248.0)})
    (table,) = ocr_blocks([*heads, joined, at("4410-160-10", 340, 236), *under])
    assert table.rows[1] == ("Steel brushed", "4410-128-10", "4410-160-10")
    assert texts(with_cells_apart([joined])) == ["Steel brushed 4410-128-10"]
    elsewhere = [one.model_copy(update={"box": (400.0, one.box[1], 500.0, one.box[3])}) for one in under]
    assert texts(with_cells_apart([joined, *elsewhere]))[0] == "Steel brushed 4410-128-10"
