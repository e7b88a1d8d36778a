"""Owns tables whose cells are codes: sizes down the side and names along the head, or the other way round.

Each code is an article: "Calce" in 60x120 cm is MPA3, in 60x60 cm MPB3; "Mixer" in chrome 4101 C. Knows one table.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from actors.candidates.variant_lists import VariantList
from actors.naming.product_names import LETTER, parse_name, refuse
from actors.page.labels import label_of, union
from actors.records import TextBlock, TextLine
from actors.tables.cell_kinds import EMPTY
from actors.tables.price_lists import TableRow
from actors.values.codes import parse_codes
from actors.values.dimensions import parse_dimensions
from actors.vocabulary.words import find_terms, looks_only, squeeze

CODE = re.compile(r"(?=.*\d)[A-Z0-9]{2,12}(?:[ ./-][A-Z0-9]{1,8}){0,3}")
LONG = 5  # digits of a code without letters
MIN_COLUMNS, MIN_CODES = 2, 4
FILLED, ALIKE, MOSTLY = 0.5, 0.8, 0.6  # of the cells of a matrix, of its codes, of its heads
LEVEL, REACH = 3.0, 8.0  # points, between heads of one line; heights of a cell, from the table up to its heads
REASON = "a code in a table of sizes and names"


class Cell(NamedTuple):
    """A code, the texts before it in its row, and the head over it."""

    code: str
    side: tuple[str, ...]
    head: str


def code_matrix(table: TextBlock, lines: Sequence[TextLine] = ()) -> list[VariantList]:
    """By name, the sizes or looks in which a table of codes lists it; nothing for any other table.

    Args:
        table: as the page shows it.
        lines: of the page: the heads may stand above what was seen as the table.
    """
    cells = matrix_cells(table.rows) or matrix_cells([_heads_over(table, lines), *table.rows])
    heads, sides = dict.fromkeys(cell.head for cell in cells), dict.fromkeys(cell.side for cell in cells)
    if len(heads) < MIN_COLUMNS or len(cells) < MIN_CODES:
        return []
    if all(map(_is_name, heads)) and all(any(map(parse_dimensions, side)) for side in sides):
        found = [_listed(table, head, [(cell, cell.side) for cell in cells if cell.head == head]) for head in heads]
    elif sum(map(_says_which, heads)) >= MOSTLY * len(heads) and all(side and _is_name(side[0]) for side in sides):
        found = [
            _listed(table, side[0], [(cell, (cell.head, *side[1:])) for cell in cells if cell.side == side])
            for side in sides
        ]
    else:
        return []
    return [one for one in found if one is not None]


def matrix_cells(rows: Sequence[Sequence[str]]) -> list[Cell]:
    """The codes of a table, each once and built alike, with what stands beside and over them."""
    first = next((at for at, row in enumerate(rows) if sum(map(_is_code, row)) >= MIN_COLUMNS), 0)
    if not first or len(rows[first - 1]) < len(rows[first]):
        return []
    head, body = rows[first - 1], rows[first:]
    columns = [at for at, text in enumerate(head) if text.strip() and any(_is_code(row[at]) for row in body)]
    listed = [row for row in body if any(_is_code(row[at]) for at in columns)]
    filled = [(row, at) for row in listed for at in columns if not EMPTY.match(row[at])]
    cells = [
        Cell(row[at].strip(), tuple(text.strip() for text in row[: columns[0]] if text.strip()), head[at].strip())
        for row, at in filled
        if _is_code(row[at])
    ]
    shapes = Counter(_shape(cell.code) for cell in cells)
    alike = shapes.most_common(1)[0][1] if shapes else 0
    distinct = len({cell.code for cell in cells}) == len(cells) == len(filled)
    dense = len(cells) >= FILLED * len(listed) * len(columns)
    return cells if distinct and dense and alike >= ALIKE * len(cells) else []


def _shape(code: str) -> str:
    """How a code is built; in one of several groups a size may take two digits or three."""
    groups = re.findall(r"\w+", code)
    return re.sub(r"\w+" if len(groups) > MIN_COLUMNS else r"\w", "9", code)


def _heads_over(table: TextBlock, lines: Sequence[TextLine]) -> list[str]:
    """The nearest line above each column of codes; nothing where these lines are not level."""
    width = max((len(row) for row in table.rows), default=0)
    heads: list[TextLine | None] = []
    for at in range(width):
        codes = [row[at] for row in table.rows if at < len(row) and _is_code(row[at])]
        first = _line_of(codes[0], table) if codes else None
        above = [line for line in lines if first is not None and _is_over(line, first, table.box[1])]
        heads.append(max(above, key=lambda line: line.box[3], default=None))
    tops = [line.box[1] for line in heads if line is not None]
    level = bool(tops) and max(tops) - min(tops) <= LEVEL
    return [line.text.strip() if line is not None else "" for line in heads] if level else []


def _is_over(line: TextLine, cell: TextLine, top: float) -> bool:
    """Whether a line stands over a cell, not far above the table."""
    height, middle = cell.box[3] - cell.box[1], (cell.box[0] + cell.box[2]) / 2
    return line.box[3] <= top + LEVEL and top - line.box[3] <= REACH * height and line.box[0] <= middle <= line.box[2]


def _is_code(text: str) -> bool:
    code = text.strip()
    if not CODE.fullmatch(code) or parse_dimensions(code):
        return False
    return bool(LETTER.search(code)) or sum(char.isdigit() for char in code) >= LONG


def _says_which(text: str) -> bool:
    """Whether a head is a size, or words for a finish or a colour: what the names at the side come in."""
    return bool(parse_dimensions(text) or find_terms(text, "finish", "colour"))


def _is_name(text: str) -> bool:
    """Whether a head or a side names a colour or a decor: no size or code, no label of a column, no mere finish."""
    if refuse(text) or parse_dimensions(text) or parse_codes(text) or looks_only(text, "finish"):
        return False
    return parse_name(text) is not None and not looks_only(text, "field_label", "size_label", "technical_label")


def _listed(table: TextBlock, name: str, cells: Sequence[tuple[Cell, tuple[str, ...]]]) -> VariantList | None:
    heading, parsed = _line_of(name, table), parse_name(name)
    if heading is None or parsed is None:
        return None
    rows = tuple(row for cell, said in cells if (row := row_of(cell, said, table)) is not None)
    box = union([heading.box, *(row.box for row in rows)])
    return VariantList(label_of(heading, table), parsed, rows, (), box)


def row_of(cell: Cell, said: Sequence[str], table: TextBlock) -> TableRow | None:
    """The row of a code, with what is said of it; None where none of it is printed as a line."""
    lines = [line for text in (*said, cell.code) if (line := _line_of(text, table)) is not None]
    if not lines:
        return None
    box = union([line.box for line in lines])
    return TableRow(cell.code, cell.code, tuple(lines), box, tuple(("", text) for text in said), (REASON,), ())


def _line_of(text: str, table: TextBlock) -> TextLine | None:
    return next((line for line in table.lines if squeeze(line.text) == squeeze(text)), None)
