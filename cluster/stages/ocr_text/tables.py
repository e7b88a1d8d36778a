"""Finds tables among lines that OCR read: rows close under one another whose cells stand in the same columns.

Text layers need no such finding, the layout model sees their tables. Knows neither images nor products.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import pairwise
from statistics import median

from actors.evidence import box_of
from actors.page.printed_rows import PrintedRow, printed_rows
from actors.records import TextBlock, TextLine
from actors.vocabulary.words import find_terms
from cluster.stages.ocr_text.slope import levelled
from cluster.stages.reading.printed_columns import cells_of, columns_of

MIN_ROWS, MIN_COLUMNS = 3, 3
PITCH, HEADED_PITCH = 3.2, 8.0
"""Line heights from one row to the next: captions of pictures stand farther apart, and rows with a picture each, which
only heads over their columns tell from captions."""
FILLED = 0.6
"""Of a table's cells; lines that only happen to be level fill fewer."""
NUMBERS, WORDS = 0.7, 0.4
"""Of the cells with digits: in a column of numbers at least, in one of words at most. In a grid of captions rows, and
not columns, are of one kind."""
ALL_NUMBERS = 0.9
"""Of the cells with something in them, under a head of words in a table that has no column of words."""
HEADS, MIN_HEADS = ("field_label", "column_head", "size_label", "technical_label"), 2
CODES, NAMES = {"coreIdentity.productCode", "coreIdentity.sku"}, {"coreIdentity.productName"}
CODE = re.compile(r"(?=.*\d)[\w./-]{3,20}(?: [\w./-]{1,10})?")
MANY_WORDS, OTHER_SIZE = 3, 1.3
"""Words in a line of a text beside a table, and by which factor its letters differ from those of the cells."""


def ocr_tables(lines: Sequence[TextLine]) -> tuple[list[TextBlock], list[TextLine]]:
    """Tables with their cells, and the lines that stand in none; a text may stand beside a table, behind a gutter."""
    level = levelled(lines)
    printed = {id(one): line for one, line in zip(level, lines, strict=True)}
    tables, loose = _level_tables(level)
    return [_as_printed(table, printed) for table in tables], [printed[id(line)] for line in loose]


def _as_printed(table: TextBlock, printed: Mapping[int, TextLine]) -> TextBlock:
    """A table with its lines where the page shows them, askew or not."""
    lines = tuple(printed[id(line)] for line in table.lines)
    return table.model_copy(update={"lines": lines, "box": box_of(line.box for line in lines)})


def _level_tables(lines: Sequence[TextLine]) -> tuple[list[TextBlock], list[TextLine]]:
    aside = {id(line) for line in _texts_beside(lines)}
    tables, loose = _tables([line for line in lines if id(line) not in aside])
    loose = [line for line in lines if id(line) in aside or any(line is other for other in loose)]
    columns = _printed_columns(loose)
    if len(columns) < 2:
        return tables, loose
    found = [_tables(column) for column in columns]
    taken = {id(line) for more, _ in found for table in more for line in table.lines}
    return [*tables, *(table for more, _ in found for table in more)], [line for line in loose if id(line) not in taken]


def _texts_beside(lines: Sequence[TextLine]) -> list[TextLine]:
    """Lines of texts that are level with the rows of a table by chance: of another size than its cells, and wordy."""
    found: list[TextLine] = []
    for run in _runs(printed_rows(lines)):
        columns = columns_of(run)
        held = [lines for column in columns if (lines := _standing_in(run, column))]
        if len(held) < 2:
            continue
        for own, others in ((held[0], held[1:]), (held[-1], held[:-1])):
            size = median(line.size for line in own)
            usual = median(line.size for column in others for line in column)
            wordy = sum(len(line.text.split()) >= MANY_WORDS for line in own) >= NUMBERS * len(own)
            if wordy and max(size, usual) > OTHER_SIZE * min(size, usual) and _has_columns_without(run, own):
                found += own
    return found


def _has_columns_without(run: Sequence[PrintedRow], beside: Sequence[TextLine]) -> bool:
    """Whether rows without the lines of a text beside them still have a table's columns."""
    left = [line for row in run for _, line in row.parts if not any(line is other for other in beside)]
    rows = [row for row in printed_rows(left) if len(row.parts) >= 2]
    return len(rows) >= MIN_ROWS and len(columns_of(rows)) >= MIN_COLUMNS


def _standing_in(run: Sequence[PrintedRow], column: tuple[float, float]) -> list[TextLine]:
    return [line for row in run for _, line in row.parts if column[0] <= (line.box[0] + line.box[2]) / 2 <= column[1]]


def _printed_columns(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """The lines by the columns of text that they stand in, with blank from top to bottom between them."""
    columns: list[list[TextLine]] = []
    end = float("-inf")
    for line in sorted(lines, key=lambda line: line.box[0]):
        if line.box[0] > end:
            columns.append([])
        columns[-1].append(line)
        end = max(end, line.box[2])
    return columns


def _tables(lines: Sequence[TextLine]) -> tuple[list[TextBlock], list[TextLine]]:
    tables, taken = [], set()
    for run in map(_without_remark, _runs(printed_rows(lines))):
        columns = columns_of(run)
        rows = [cells_of(row, columns) for row in run]
        if not _is_table(rows, len(columns)):
            continue
        members = [line for row in run for _, line in row.parts]
        taken |= {id(line) for line in members}
        box = box_of(line.box for line in members)
        tables.append(TextBlock(label="table", box=box, lines=tuple(members), source="ocr", rows=tuple(rows)))
    return tables, [line for line in lines if id(line) not in taken]


def _runs(rows: Sequence[PrintedRow]) -> Iterator[list[PrintedRow]]:
    """Rows of several cells that follow each other closely, or that stand under heads as far apart as pictures do."""
    heads = {id(row) for row in rows if _are_heads([line.text for _, line in row.parts])}
    run: list[PrintedRow] = []
    for row in rows:
        spread = _spread_rows(run, heads)
        if spread and _gap(spread[-1], row) <= HEADED_PITCH and id(row) not in heads:
            if 2 * len(row.parts) > len(spread[0].parts):
                run = [*spread, row]
                continue
            if len(spread) > 1:  # the second line of a cell
                run = spread
                continue
        if len(row.parts) < 2 or (run and _gap(run[-1], row) > PITCH):
            if len(run) >= MIN_ROWS:
                yield run
            run = []
        if len(row.parts) >= 2:
            run.append(row)
    if len(run) >= MIN_ROWS:
        yield run


def _spread_rows(run: Sequence[PrintedRow], heads: Set[int]) -> list[PrintedRow]:
    """The heads of a run and what stands under them, where no two rows of that are close; empty without heads."""
    at = next((place for place, row in enumerate(run) if id(row) in heads), len(run))
    under = run[at:]
    return [] if any(_gap(upper, lower) <= PITCH for upper, lower in pairwise(under[1:])) else list(under)


def _gap(upper: PrintedRow, lower: PrintedRow) -> float:
    """From one row to the next, in heights of its lines."""
    return (_top(lower) - _top(upper)) / _height(upper)


def _without_remark(run: list[PrintedRow]) -> list[PrintedRow]:
    """The rows without a last one of few parts that lies across their columns: a remark that OCR cut."""
    above, last = run[:-1], run[-1]
    columns = columns_of(above)
    is_remark = len(columns) > len(columns_of(run)) and 2 * len(last.parts) <= len(columns)
    return above if is_remark and len(above) >= MIN_ROWS else run


def _is_table(rows: Sequence[Sequence[str]], width: int) -> bool:
    if width == 2:
        return _is_list_of_codes(rows)
    filled = [cell for row in rows for cell in row if cell]
    wide = sum(sum(bool(cell) for cell in row) >= MIN_COLUMNS for row in rows)
    return (
        width >= MIN_COLUMNS
        and wide >= MIN_ROWS
        and len(filled) >= FILLED * width * len(rows)
        and (_has_columns(rows) or _has_heads(rows) or _has_head_over_numbers(rows))
        and all(set(one) != set(other) for one, other in pairwise(rows))
    )


def _is_list_of_codes(rows: Sequence[Sequence[str]]) -> bool:
    """Whether heads for codes and for names stand over two columns, each row of which has both."""
    heads = [{term.canonical for term in find_terms(cell, "field_label", "column_head")} for cell in rows[0]]
    coded = next((at for at in (0, 1) if heads[at] & CODES and heads[1 - at] & NAMES), None)
    if coded is None:
        return False
    codes = sum(bool(CODE.fullmatch(row[coded])) for row in rows[1:])
    named = all(any(map(str.isalpha, row[1 - coded])) for row in rows)
    return named and codes >= NUMBERS * len(rows[1:])


def _has_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Whether one column holds numbers and another words, the header left out."""
    columns = [[cell for cell in column if cell] for column in zip(*rows[1:], strict=True)]
    shares = [sum(any(char.isdigit() for char in cell) for cell in cells) / len(cells) for cells in columns if cells]
    return bool(shares) and max(shares) >= NUMBERS and min(shares) <= WORDS


def _has_heads(rows: Sequence[Sequence[str]]) -> bool:
    """Whether words for what stands in columns are over them, `Type | Power | Weight`: all cells may have digits."""
    return _are_heads([cell for cell in rows[0] if cell])


def _are_heads(cells: Sequence[str]) -> bool:
    """Whether words for columns stand in several cells, and no digit in any, which is cheaper to ask."""
    if len(cells) < MIN_HEADS or any(char.isdigit() for cell in cells for char in cell):
        return False
    return sum(bool(find_terms(cell, *HEADS)) for cell in cells) >= MIN_HEADS


def _has_head_over_numbers(rows: Sequence[Sequence[str]]) -> bool:
    """Whether words stand over columns of numbers, each built alike and several kinds in a row: `4,5 mm | M4 x 22`.

    The lines of captions side by side are alike across, and not down.
    """
    head, *body = rows
    if len(body) < MIN_ROWS or not all(head) or any(char.isdigit() for cell in head for char in cell):
        return False
    forms = [[re.sub(r"\d+", "9", cell).replace(" ", "") for cell in row] for row in body]
    printed = [form for row in forms for form in row if form]  # OCR misses single digits, in all rows of a column say
    numbered = sum("9" in form for form in printed)
    columns = list(zip(*forms, strict=True))
    alike = all(max(Counter(column).values()) >= NUMBERS * len(column) for column in columns)
    several = sum(len(set(row)) > 1 for row in forms)
    return alike and numbered >= ALL_NUMBERS * len(printed) and several >= NUMBERS * len(body)


def _top(row: PrintedRow) -> float:
    return min(line.box[1] for _, line in row.parts)


def _height(row: PrintedRow) -> float:
    heights = sorted(line.box[3] - line.box[1] for _, line in row.parts)
    return heights[len(heights) // 2]
