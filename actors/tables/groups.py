"""Owns the titles of groups in a table of products: "SERIE ATICA 30x60 cm" over the rows that it is said of.

A title stands alone in its row, at the table's left edge or in its middle, and is set unlike the names below it. One
alone ("Technical data and prices") is said of the table: it names no series. A table of one group may have its title
close above it instead.
"""

from collections.abc import Sequence
from dataclasses import replace

from actors.evidence import occurs
from actors.metadata import merge, read_lines
from actors.naming.product_names import name_pieces
from actors.naming.series_names import COLLECTION, names_series
from actors.page.printed_rows import printed_rows
from actors.records import Evidence, Metadata, TextBlock, TextLine, TextSource
from actors.tables.cell_kinds import LETTERS
from actors.tables.price_lists import TableRow
from actors.tables.whole_rows import is_section_number

EDGE = 4.0  # points off the table's left edge
CENTRED = 0.04  # of the table's width, off its middle
LARGER = 1.05
MAX_WORDS = 10
NEAR = 1.5  # heights of a title above its table
SERIES = 0.55  # confidence
SIZES = ("dimensions", "length", "width", "height", "thickness", "thicknessMax", "diameter")
TAKEN = {
    "physicalProperties": (*SIZES, "materials", "materialCategory"),
    "visualProperties": ("surfaceFinish", "finishes", "finishCategory"),
}
"""What a title says of all its rows."""


def with_titles(table: TextBlock, rows: Sequence[TableRow]) -> list[TableRow]:
    """The rows of a table, each with the title of its group where one stands over it."""
    titles = _titles(table, rows)
    several = len({line.text for line in titles}) > 1
    return [replace(row, title=_over(row, titles), is_grouped=several) for row in rows]


def with_headings(
    tables: Sequence[tuple[TextBlock, Sequence[TableRow]]], lines: Sequence[TextLine]
) -> list[tuple[TextBlock, list[TableRow]]]:
    """Tables whose rows have no titles with what stands close above each.

    Args:
        tables: of one page, each with its products.
        lines: all of the page.
    """
    headings = [_only_title(rows) or _heading(table, rows, lines) for table, rows in tables]
    several = len({line.text for line in headings if line is not None}) > 1
    return [
        (table, [*rows] if line is None else _titled(rows, line, several, lines))
        for (table, rows), line in zip(tables, headings, strict=True)
    ]


def _titled(rows: Sequence[TableRow], title: TextLine, several: bool, lines: Sequence[TextLine]) -> list[TableRow]:
    numbered = any(_numbers(line, title) for line in _level_with(title, lines))
    return [replace(row, title=title, is_grouped=several, is_numbered=numbered) for row in rows]


def _only_title(rows: Sequence[TableRow]) -> TextLine | None:
    """The title that all rows of a table have."""
    titles = [row.title for row in rows]
    return titles[0] if titles and all(title is titles[0] for title in titles) else None


def _heading(table: TextBlock, rows: Sequence[TableRow], lines: Sequence[TextLine]) -> TextLine | None:
    if not rows or any(row.title is not None for row in rows):
        return None
    names = [line for row in rows for line in row.lines]
    top = min(line.box[1] for line in table.lines)
    close = [
        line
        for line in lines
        if 0 <= top - line.box[3] <= NEAR * (line.box[3] - line.box[1])
        and _is_title(line, _edge(line, lines), table, names)
    ]
    title = max(close, key=lambda line: line.box[1], default=None)
    return title if title is not None and not any(_beside(line, title) for line in lines) else None


def _beside(line: TextLine, title: TextLine) -> bool:
    """Whether a line stands level with a title and is not its number."""
    middle = (line.box[1] + line.box[3]) / 2
    return line is not title and title.box[1] <= middle <= title.box[3] and not _numbers(line, title)


def _numbers(line: TextLine, title: TextLine) -> bool:
    """Whether a line is the number of the section that stands behind it: "5.1  Covers"."""
    return line.box[2] <= title.box[0] and is_section_number(line.text)


def _edge(title: TextLine, lines: Sequence[TextLine]) -> float:
    """Where a title begins, with its number."""
    return min([title.box[0], *(line.box[0] for line in _level_with(title, lines) if _numbers(line, title))])


def _level_with(title: TextLine, lines: Sequence[TextLine]) -> list[TextLine]:
    return [line for line in lines if line.box[1] < (title.box[1] + title.box[3]) / 2 < line.box[3]]


def _over(row: TableRow, titles: Sequence[TextLine]) -> TextLine | None:
    above = [line for line in titles if line.box[3] <= row.box[1] + 1]
    return max(above, key=lambda line: line.box[1], default=None)


def _titles(table: TextBlock, rows: Sequence[TableRow]) -> list[TextLine]:
    taken = [line for row in rows for line in (*row.lines, *row.below, *row.header_lines)]
    names = [line for row in rows for line in row.lines]
    alone = [line for row in printed_rows(table.lines) if (line := _alone([line for _, line in row.parts])) is not None]
    return [
        line
        for line in alone
        if line not in taken
        and not any(_level(line, row) for row in rows)
        and _is_title(line, _edge(line, table.lines), table, names)
    ]


def _alone(parts: Sequence[TextLine]) -> TextLine | None:
    """The line that stands alone in a row, or with its number."""
    return parts[-1] if len(parts) == 1 or (len(parts) == 2 and _numbers(parts[0], parts[1])) else None


def _level(line: TextLine, row: TableRow) -> bool:
    return row.box[1] <= (line.box[1] + line.box[3]) / 2 <= row.box[3]


def _is_title(line: TextLine, edge: float, table: TextBlock, names: Sequence[TextLine]) -> bool:
    left, right = min(one.box[0] for one in table.lines), max(one.box[2] for one in table.lines)
    centred = abs((line.box[0] + line.box[2]) - (left + right)) / 2 <= CENTRED * (right - left)
    worded = LETTERS.search(line.text) and len(line.text.split()) <= MAX_WORDS
    return bool(worded) and (centred or edge - left <= EDGE) and all(_is_unlike(line, name) for name in names)


def _is_unlike(line: TextLine, name: TextLine) -> bool:
    bolder = line.bold and not name.bold
    capitals = line.text.isupper() and not name.text.isupper()
    return bolder or capitals or line.size >= LARGER * name.size > 0


def said_of_group(row: TableRow, own: Metadata, page: int, source: TextSource) -> Metadata:
    """What a row's title says of it, besides what the row says itself: size, finish, material, and its series."""
    if row.title is None:
        return Metadata()
    said = said_over((row.title,), own, page, source)
    series = " ".join(name_pieces(row.title.text))
    # What a price list numbers is a family of its goods, though the title only says of what kind they are.
    if not row.is_grouped or not (row.is_numbered or names_series(series)) or not occurs(series, row.title.text):
        return said
    proof = Evidence(
        field=COLLECTION, value=series, page=page, box=row.title.box, source=source, text=row.title.text,
        confidence=SERIES,
    )  # fmt: skip
    return merge(said, Metadata(fields={"coreIdentity": {"collection": series}}, evidence=(proof,)))


def said_over(lines: Sequence[TextLine], own: Metadata, page: int, source: TextSource) -> Metadata:
    """What lines say of all rows below: no sizes where a row prints some."""
    said, sized = read_lines(lines, page, source), "dimensions" in own.fields.get("physicalProperties", {})
    kept = {
        category: {
            name: value
            for name, value in said.fields.get(category, {}).items()
            if name in names and not (sized and name in SIZES)
        }
        for category, names in TAKEN.items()
    }
    fields = {category: values for category, values in kept.items() if values}
    wanted = {f"{category}.{name}" for category, values in fields.items() for name in values}
    return Metadata(fields=fields, evidence=tuple(proof for proof in said.evidence if proof.field in wanted))
