"""Owns lists of variants under a name: rows with a code each and what tells them apart, in columns without rules.

"Bar handle Pasola" over "128 mm | 9 148 201 | 10 pcs" and "160 mm | 9 148 202 | 10 pcs" are two articles of one name.
Rows that name things of their own are no variants. Knows one page; what tables with rules hold is known elsewhere.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from actors.coded_lines import ROUND
from actors.dimensions import parse_dimensions
from actors.page_labels import Label, same_look, union
from actors.prices import parse_prices
from actors.product_names import EDGES, LETTER, MEASURE, NAME_LABELS, ParsedName, parse_name
from actors.product_tables import CODE_LABELS, TableRow, is_labelled
from actors.records import Box, TextLine
from actors.words import find_terms, fold, share_covered

CODE = re.compile(r"(?=(?:.*\d){4})[A-Z0-9]{1,8}(?:[ ./-][A-Z0-9]{1,8}){0,4}")
NO_CODE = re.compile(r"(?:19|20)\d\d|\d{1,3}(?:[. ]000)+|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
BULLET = re.compile(r"\s*[-\u2013\u2022\u25aa\u25cf\u25a0*\u00b7]\s")  # what opens a remark beside a list
LONG = 5  # digits of a code without letters that no header calls one
MIN_ROWS = 2
COLUMN = 3.0  # points, between the left edges of cells of one column
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


def _code_columns(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Codes built alike, one under the other without a wide gap, no two the same."""
    columns: list[list[TextLine]] = []
    for line in sorted((line for line in lines if _is_code(line.text)), key=lambda line: line.box[1]):
        column = next((one for one in columns if _goes_on(one[-1], line)), None)
        if column is None:
            columns.append([line])
        else:
            column.append(line)
    return [column for column in columns if len({line.text for line in column}) == len(column)]


def _is_code(text: str) -> bool:
    text = text.strip()
    return bool(CODE.fullmatch(text)) and not NO_CODE.fullmatch(text) and not parse_dimensions(text)


def _goes_on(last: TextLine, line: TextLine) -> bool:
    height = last.box[3] - last.box[1]
    aligned = min(abs(last.box[0] - line.box[0]), abs(last.box[2] - line.box[2])) <= COLUMN
    return aligned and _shape(last.text) == _shape(line.text) and 0 <= line.box[1] - last.box[3] <= ROW_GAP * height


def _shape(code: str) -> str:
    return re.sub(r"[A-Z0-9]", "9", code.strip())


def _list_of(column: Sequence[TextLine], lines: Sequence[TextLine], labels: Sequence[Label]) -> VariantList | None:
    heading, name = _heading(column, labels)
    if heading is None or name is None:
        return None
    end = _end_of(heading, labels)
    cells = [_level_with(code, lines, heading.box[0], end) for code in column]
    header = _header(column[0], lines, heading, end)
    cells = [[line for line in row if not BULLET.match(line.text)] for row in cells]
    if not all(len(row) > 1 for row in cells) or not _may_be_codes(column, header):
        return None
    rows = tuple(_row(code, row, header) for code, row in zip(column, cells, strict=True))
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


def _heading(column: Sequence[TextLine], labels: Sequence[Label]) -> tuple[Label | None, ParsedName | None]:
    """The nearest label above a list that is set larger or bolder, begins no farther right, and can be a name."""
    first = column[0]
    height = first.box[3] - first.box[1]
    above = [
        (label, name)
        for label in labels
        if label.is_short
        and label.box[0] <= first.box[0] + COLUMN
        and -COLUMN <= first.box[1] - label.box[3] <= REACH * height
        and (label.size >= LARGER * first.size or (label.bold and not first.bold and label.size >= first.size))
        and label.block not in ("page_header", "page_footer")
        and not _is_header(label, column, labels)
        and (name := parse_name(label.text)) is not None
    ]
    return max(above, key=lambda item: (item[0].box[3], item[0].box[0]), default=(None, None))


def _is_header(label: Label, column: Sequence[TextLine], labels: Sequence[Label]) -> bool:
    """Whether a label heads a column: close above the list, and level with the head of another."""
    first = column[0]
    height = first.box[3] - first.box[1]
    near = first.box[1] - label.box[3] <= HEADER_GAP * height
    others = [other for other in labels if other is not label and same_look(other, label)]
    return near and any(abs(other.centre[1] - label.centre[1]) <= LEVEL * height for other in others)


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


def _level_with(code: TextLine, lines: Sequence[TextLine], start: float, end: float) -> list[TextLine]:
    middle, reach = (code.box[1] + code.box[3]) / 2, LEVEL * (code.box[3] - code.box[1])
    row = [
        line
        for line in lines
        if abs((line.box[1] + line.box[3]) / 2 - middle) <= reach and start - COLUMN <= line.box[0] < end
    ]
    return sorted(row, key=lambda line: line.box[0])


def _header(first: TextLine, lines: Sequence[TextLine], heading: Label, end: float) -> list[TextLine]:
    """The line over a list that heads its columns; empty where there is none."""
    height = first.box[3] - first.box[1]
    above = [
        line
        for line in lines
        if 0 <= first.box[1] - line.box[3] <= HEADER_GAP * height
        and line not in heading.lines
        and _over(line, first)
        and LETTER.search(line.text)
    ]
    head = max(above, key=lambda line: line.box[3], default=None)
    level = _level_with(head, lines, heading.box[0], end) if head is not None else []
    return level if len(level) > 1 else []


def _over(head: TextLine, cell: TextLine) -> bool:
    """Whether a head stands over a cell: they begin, or end, at one place, or overlap."""
    return head.box[0] < cell.box[2] and cell.box[0] < head.box[2]


def _may_be_codes(column: Sequence[TextLine], header: Sequence[TextLine]) -> bool:
    """Whether bare numbers are long enough for codes, or a header calls them so; round ones are measures."""
    if any(_over(head, column[0]) and is_labelled(head.text, CODE_LABELS) for head in header):
        return True
    texts = [line.text for line in column]
    if any(LETTER.search(text) for text in texts):
        return True
    digits = ["".join(char for char in text if char.isdigit()) for text in texts]
    return all(len(number) >= LONG for number in digits) and any(int(number) % ROUND for number in digits)


def _row(code: TextLine, cells: Sequence[TextLine], header: Sequence[TextLine]) -> TableRow:
    others = [line for line in cells if line is not code]
    headed = tuple((_head_over(line, header), line.text.strip()) for line in others)
    box = union([line.box for line in cells])
    return TableRow(
        code.text.strip(), code.text.strip(), tuple(cells), box, headed, (REASON,), tuple(header), is_labelled=True
    )


def _head_over(cell: TextLine, header: Sequence[TextLine]) -> str:
    return next((head.text.strip() for head in header if _over(head, cell)), "")


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


def looks_only(words: str, *categories: str) -> bool:
    """Whether most letters are those of words of these categories of the vocabulary."""
    said = sum(len(LETTER.findall(term.printed)) for term in find_terms(words, *categories))
    return said >= MOSTLY * len(LETTER.findall(words))
