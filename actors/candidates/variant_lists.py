"""Owns lists of variants under a name: rows with a code each and what tells them apart, in columns without rules.

"Bar handle Pasola" over "128 mm | 9 148 201 | 10 pcs" and "160 mm | 9 148 202 | 10 pcs" are two articles of one name.
Rows that name things of their own are no variants. Knows one page; what tables with rules hold is known elsewhere.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from actors.candidates.coded_lines import ROUND
from actors.naming.product_names import EDGES, LETTER, MEASURE, NAME_LABELS, ParsedName, name_code, parse_name
from actors.page.labels import Label, same_look, union
from actors.records import Box, TextLine
from actors.tables.cell_kinds import CODE_LABELS, is_labelled
from actors.tables.price_lists import TableRow
from actors.values.codes import parse_codes
from actors.values.dimensions import parse_dimensions
from actors.values.prices import parse_prices
from actors.vocabulary.words import find_terms, fold, looks_only, share_covered

CODE = re.compile(r"[A-Z0-9]{1,8}(?:[ ./-][A-Z0-9]{1,8}){0,4}")
MANY_DIGITS, FEW_DIGITS = 4, 3  # of a code that has no form of its own, and of one that has
NO_CODE = re.compile(r"(?:19|20)\d\d|\d{1,3}(?:[. ]000)+|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
BULLET = re.compile(r"\s*[-\u2013\u2022\u25aa\u25cf\u25a0*\u00b7]\s")  # what opens a remark beside a list
LONG = 5  # digits of a code without letters that no header calls one
MIN_ROWS = 2
COLUMN, TORN = 3.0, 14.0  # points, between the edges of cells of one column; where a code ends a line
ROW_GAP = 2.2  # heights of a line, between the rows of a list
HEADER_GAP = 3.0
LEVEL = 0.5  # of a line's height, between cells of one row
LARGER = 1.08  # the name's letters against those of the codes
REACH = 25.0  # heights of a line between a name and its list: a picture may stand between
MOSTLY, ALL_OF_IT = 0.6, 0.85
SHORT = 4  # words of a cell that says which one
WHICH = ("colour", "finish", "material", "pattern", "size_label")
NAMES = (NAME_LABELS[0], "coreIdentity.productCode")  # what heads a column of names: "Bezeichnung", "Artikel"
REASON = "one of several lines with a code each under its name"


@dataclass(frozen=True)
class Cell:
    """A code, where it stands, and the line that it is or ends; `before`: what that line prints before it."""

    code: str
    box: Box
    line: TextLine
    before: str = ""


@dataclass(frozen=True)
class VariantList:
    """A name, its rows, and what else is printed between the name and the end of the list."""

    heading: Label
    name: ParsedName
    rows: tuple[TableRow, ...]
    shared: tuple[Label, ...]
    box: Box  # from the name to the last row

    @property
    def lines(self) -> list[TextLine]:
        """All lines of the name and the rows."""
        return [*self.heading.lines, *(line for row in self.rows for line in (*row.lines, *row.header_lines))]


def variant_lists(labels: Sequence[Label], taken: Sequence[TextLine]) -> list[VariantList]:
    """The lists of a page; `taken`: lines that belong to something else, as the rows of tables do."""
    lines = [line for label in labels for line in label.lines if line not in taken]
    columns = [column for column in _code_columns(lines) if len(column) >= MIN_ROWS]
    found = [one for column in columns if (one := _list_of(column, lines, labels)) is not None]
    return [one for one in found if _are_variants(one, found)]


def _code_columns(lines: Sequence[TextLine]) -> list[list[Cell]]:
    """Codes built alike, one under the other without a wide gap, no two the same."""
    columns: list[list[Cell]] = []
    found = [cell for line in lines if (cell := _code_in(line)) is not None]
    for cell in sorted(found, key=lambda cell: cell.box[1]):
        column = next((one for one in reversed(columns) if _goes_on(one[-1], cell)), None)
        if column is None:
            columns.append([cell])
        else:
            column.append(cell)
    return [column for column in columns if len({cell.code for cell in column}) == len(column)]


def _code_in(line: TextLine) -> Cell | None:
    """The code that a line is, or ends with: "148 mm PH10-128-AB"."""
    text = line.text.strip()
    if _is_code(text):
        return Cell(text, line.box, line)
    before, _, code = text.rpartition(" ")
    if not before or not _is_code(code) or not LETTER.search(code) or name_code(code) != code:
        return None
    x0, y0, x1, y1 = line.box
    start = x1 - (x1 - x0) * len(code) / len(text)
    return Cell(code, (start, y0, x1, y1), line, before)


def _is_code(text: str) -> bool:
    if not CODE.fullmatch(text) or NO_CODE.fullmatch(text) or parse_dimensions(text):
        return False
    digits = sum(char.isdigit() for char in text)
    return digits >= MANY_DIGITS or (digits >= FEW_DIGITS and any(code.code == text for code in parse_codes(text)))


def _goes_on(last: Cell, cell: Cell) -> bool:
    height = last.box[3] - last.box[1]
    slack = TORN if last.before or cell.before else COLUMN
    aligned = min(abs(last.box[0] - cell.box[0]), abs(last.box[2] - cell.box[2])) <= slack
    near = -LEVEL * height <= cell.box[1] - last.box[3] <= ROW_GAP * height
    return aligned and shape_of(last.code) == shape_of(cell.code) and near


def shape_of(code: str) -> str:
    """How a code is cut into groups, however long these are."""
    return re.sub(r"[A-Z0-9]+", "9", code)


def _list_of(column: Sequence[Cell], lines: Sequence[TextLine], labels: Sequence[Label]) -> VariantList | None:
    """The list under the nearest name above a column of codes, in whose width the column stands."""
    for heading, name in _names_over(column, labels):
        end = _end_of(heading, labels)
        rows = [_level_with(cell, lines, heading.box[0], end) for cell in column]
        in_width = heading.box[0] - COLUMN <= column[0].box[0] < end
        if in_width and all(len(row) > 1 or cell.before for cell, row in zip(column, rows, strict=True)):
            return _listed(column, rows, heading, name, end, lines, labels)
    return None


def _listed(
    column: Sequence[Cell],
    cells: Sequence[Sequence[TextLine]],
    heading: Label,
    name: ParsedName,
    end: float,
    lines: Sequence[TextLine],
    labels: Sequence[Label],
) -> VariantList | None:
    header = _header(column[0], lines, heading, end)
    if not _may_be_codes(column, header):
        return None
    rows = tuple(_row(cell, row, header) for cell, row in zip(column, cells, strict=True))
    box = union([heading.box, *(row.box for row in rows)])
    used = [line for row in rows for line in (*row.lines, *row.header_lines)]
    shared = tuple(
        label
        for label in labels
        if label is not heading
        and box[1] <= label.centre[1] <= box[3]
        and heading.box[0] - COLUMN <= label.box[0] < end
        and not any(line in used for line in label.lines)
    )
    return VariantList(heading, _whole(heading, name), rows, shared, box)


def _whole(heading: Label, name: ParsedName) -> ParsedName:
    """The name as printed where it holds a single measure: the rows say the sizes, "1/2" in a name is a thread."""
    if any(len(size.sides) > 1 for size in parse_dimensions(heading.text)):
        return name
    printed = heading.text.strip(EDGES)
    return replace(name, name=printed, parts=(printed,)) if MEASURE.search(printed) else name


def _names_over(column: Sequence[Cell], labels: Sequence[Label]) -> list[tuple[Label, ParsedName]]:
    """The labels above a column that are set as names and begin no farther right; nearest first."""
    first = column[0]
    height = first.box[3] - first.box[1]
    above = [
        (label, name)
        for label in labels
        if label.is_short
        and label.box[0] <= first.box[0] + COLUMN
        and -COLUMN <= first.box[1] - label.box[3] <= REACH * height
        and _is_above(label, first.line)
        and label.block not in ("page_header", "page_footer")
        and (name := parse_name(label.text)) is not None
        and not looks_only(label.text, "field_label", "size_label")
        and name_code(label.text) is None
    ]
    return sorted(above, key=lambda item: (-item[0].box[3], -item[0].box[0]))


def _is_above(label: Label, line: TextLine) -> bool:
    """Whether a label is set as a name over a line: larger, or bold where the line is not."""
    size = line.size or line.box[3] - line.box[1]
    return label.size >= LARGER * size or (label.bold and not line.bold and label.size >= size)


def _end_of(heading: Label, labels: Sequence[Label]) -> float:
    """Where the next name of this look begins beside a name, from the left, in points."""
    beside = [
        other.box[0]
        for other in labels
        if other.box[0] > heading.box[2]
        and same_look(other, heading)
        and abs(other.centre[1] - heading.centre[1]) <= heading.height
    ]
    return min(beside, default=float("inf"))


def _level_with(cell: Cell, lines: Sequence[TextLine], start: float, end: float) -> list[TextLine]:
    return _level(cell.box, [line for line in lines if not BULLET.match(line.text)], start, end)


def _level(box: Box, lines: Sequence[TextLine], start: float, end: float) -> list[TextLine]:
    """The lines level with a box, between two places across, from left to right."""
    middle, reach = (box[1] + box[3]) / 2, LEVEL * (box[3] - box[1])
    row = [
        line
        for line in lines
        if abs((line.box[1] + line.box[3]) / 2 - middle) <= reach and start - COLUMN <= line.box[0] < end
    ]
    return sorted(row, key=lambda line: line.box[0])


def _header(first: Cell, lines: Sequence[TextLine], heading: Label, end: float) -> list[TextLine]:
    """The line over a list that heads its columns; empty where there is none."""
    height = first.box[3] - first.box[1]
    above = [
        line
        for line in lines
        if 0 <= first.box[1] - line.box[3] <= HEADER_GAP * height
        and line not in heading.lines
        and _over(line.box, first.box)
        and LETTER.search(line.text)
    ]
    head = max(above, key=lambda line: line.box[3], default=None)
    level = _level(head.box, lines, heading.box[0], end) if head is not None else []
    return level if len(level) > 1 else []


def _over(head: Box, cell: Box) -> bool:
    """Whether a head and a cell overlap across."""
    return head[0] < cell[2] and cell[0] < head[2]


def _may_be_codes(column: Sequence[Cell], header: Sequence[TextLine]) -> bool:
    """Whether bare numbers are long enough for codes, or a header calls them so; round ones are measures."""
    if any(_over(head.box, column[0].box) and is_labelled(head.text, CODE_LABELS) for head in header):
        return True
    codes = [cell.code for cell in column]
    if any(LETTER.search(code) for code in codes):
        return True
    digits = ["".join(char for char in code if char.isdigit()) for code in codes]
    return all(len(number) >= LONG for number in digits) and any(int(number) % ROUND for number in digits)


def _row(cell: Cell, lines: Sequence[TextLine], header: Sequence[TextLine]) -> TableRow:
    others = [(line.box, line.text.strip()) for line in lines if line is not cell.line]
    if cell.before:
        others.append((cell.line.box, cell.before))
    headed = tuple((_head_over(box, header), text) for box, text in sorted(others))
    box = union([cell.line.box, *(line.box for line in lines)])
    return TableRow(cell.code, cell.code, tuple(lines), box, headed, (REASON,), tuple(header), is_labelled=True)


def _head_over(cell: Box, header: Sequence[TextLine]) -> str:
    return next((head.text.strip() for head in header if _over(head.box, cell)), "")


def _are_variants(one: VariantList, others: Sequence[VariantList]) -> bool:
    """Whether the rows say only which one: by measures, by words for looks, or as the rows under other names do.

    A name that says what kind of thing it is, and more, has variants as well, where short cells tell these apart.
    """
    same = [other for other in others if other.heading is one.heading]
    if len(same) > 1 or any(is_labelled(head, NAMES) for row in one.rows for head, _ in row.cells):
        return False  # a title over several lists, or over names
    telling = [_which(row) for row in one.rows]
    if sum(not words or looks_only(words, *WHICH) for words in telling) >= MOSTLY * len(telling):
        return True
    elsewhere = {fold(words) for other in others if other is not one for words in map(_which, other.rows)}
    if sum(fold(words) in elsewhere for words in telling) >= MOSTLY * len(telling):
        return True
    kinds = find_terms(one.name.name, "product_type")
    says_more = bool(kinds) and share_covered(one.name.name, kinds) < ALL_OF_IT
    return says_more and all(len(words.split()) < SHORT for words in telling)


def _which(row: TableRow) -> str:
    """The words of a row that are no measure, price or number; empty where it has none."""
    return next(_worded(row), "")


def _worded(row: TableRow) -> Iterator[str]:
    for _, cell in row.cells:
        is_figure = parse_dimensions(cell) or parse_prices(cell) or cell[:1].isdigit()
        if len(LETTER.findall(cell)) > 1 and not is_figure:
            yield cell
