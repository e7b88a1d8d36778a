"""Brings the layout model's labels and the tables it saw to the text blocks. Knows nothing of fonts, images or OCR."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast, get_args

import pymupdf

from actors.records import Box, LayoutLabel, TextBlock, TextLine
from cluster.stages.reading.page_text import FLAGS, around, clean
from cluster.stages.reading.printed_columns import with_printed_columns
from cluster.stages.reading.table_cells import with_columns_apart, with_header_apart

LABELS = frozenset(get_args(LayoutLabel))
INSIDE = 0.5
"""Share of a line's area that must lie in a region for the line to belong to it."""


@dataclass(frozen=True)
class Region:
    """One labelled area of a page, in points."""

    label: LayoutLabel
    box: Box


Rows = tuple[tuple[str, ...], ...]
Table = tuple[Box, Rows]
Word = tuple[float, float, list[int], str]
"""Middle, place in the reading order (block, line, word) and text."""


def read_layout(page: pymupdf.Page) -> list[Region]:
    """The layout model's regions in its reading order; empty where it saw none."""
    page.get_layout()
    regions = []
    told: list[tuple[float, float, float, float, str]] = page.layout_information or []
    for x0, y0, x1, y1, name in told:
        label = cast(LayoutLabel, name.replace("-", "_"))
        regions.append(Region(label if label in LABELS else "text", (float(x0), float(y0), float(x1), float(y1))))
    return regions


def read_tables(page: pymupdf.Page, regions: list[Region]) -> list[Table]:
    """Cells of the tables in the regions that the layout model calls tables; all of them are found in one go."""
    if not any(region.label == "table" for region in regions):
        return []
    words = [
        ((float(x0) + x1) / 2, (float(y0) + y1) / 2, line, str(word)) for x0, y0, x1, y1, word, *line in _words(page)
    ]
    tables: list[Table] = []
    for table in page.find_tables().tables:
        for part in rows_by_region([_box(row.bbox) for row in table.rows], regions):
            rows = tuple(tuple(_cell(cell, words) for cell in table.rows[index].cells) for index in part)
            rows = tuple(row for row in rows if any(row))
            box = _box(table.bbox) if len(part) == len(table.rows) else around([_box(table.rows[i].bbox) for i in part])
            if rows:
                tables.append((box, rows))
    return tables


def _box(values: Sequence[float]) -> Box:
    return cast(Box, tuple(round(float(value), 2) for value in values))


def rows_by_region(rows: Sequence[Box], regions: Sequence[Region]) -> list[list[int]]:
    """The places of a table's rows, apart where the layout model sees two tables that the finder took for one."""
    parts: dict[int | None, list[int]] = {}
    for index, row in enumerate(rows):
        middle = (row[1] + row[3]) / 2
        holding = (i for i, one in enumerate(regions) if one.label == "table" and one.box[1] <= middle <= one.box[3])
        parts.setdefault(next((i for i in holding if _overlap_x(row, regions[i].box)), None), []).append(index)
    several = [part for region, part in parts.items() if region is not None]
    return several if len(several) > 1 else [[*range(len(rows))]]


def _words(page: pymupdf.Page) -> list[tuple[Any, ...]]:
    """Box, text, block, line and place of each word. PyMuPDF's own text of a cell loses spaces and moves points."""
    return list(page.get_text("words", flags=FLAGS))


def _cell(box: Box | None, words: list[Word]) -> str:
    """The words whose middle lies in the cell, line by line; "" for the rest of a merged cell."""
    if box is None:
        return ""
    x0, y0, x1, y1 = box
    inside = [(place, word) for x, y, place, word in words if x0 <= x < x1 and y0 <= y < y1]
    return clean(" ".join(word for _, word in sorted(inside)))


def label_blocks(blocks: tuple[TextBlock, ...], regions: list[Region], tables: list[Table]) -> tuple[TextBlock, ...]:
    """The blocks again, regrouped by region, in the regions' reading order.

    Lines of one region become one block with its label. A picture is no text: its lines keep the blocks that the PDF
    gave them, so that six captions under six swatches stay six. Lines outside of all regions keep theirs as well.
    """
    if not regions:
        return blocks
    by_region: dict[int, list[TextLine]] = {}
    placed: list[tuple[float, TextBlock]] = []
    for block in blocks:
        loose: dict[int | None, list[TextLine]] = {}
        for line in block.lines:
            index = _region_of(line.box, regions)
            if index is None or regions[index].label == "picture":
                loose.setdefault(index, []).append(line)
            else:
                by_region.setdefault(index, []).append(line)
        for index, lines in loose.items():
            label: LayoutLabel = "text" if index is None else "picture"
            part = TextBlock(label=label, box=around([line.box for line in lines]), lines=tuple(lines))
            placed.append((_place(part.box, index, regions), part))
    for index, lines in by_region.items():
        placed.append((float(index), _region_block(regions[index], lines, tables)))
    return tuple(block for _, block in sorted(placed, key=lambda item: (item[0], item[1].box[1], item[1].box[0])))


def _region_block(region: Region, lines: list[TextLine], tables: list[Table]) -> TextBlock:
    box = around([line.box for line in lines])
    rows: Rows = ()
    if region.label == "table":
        found = next((cells for found, cells in tables if _share(found, region.box) > INSIDE), ())
        rows = with_printed_columns(with_columns_apart(with_header_apart(found, lines), lines), lines)
    return TextBlock(label=region.label, box=box, lines=tuple(lines), rows=rows)


def _region_of(box: Box, regions: list[Region]) -> int | None:
    """The smallest region that holds the box."""
    holding = [index for index, region in enumerate(regions) if _share(box, region.box) > INSIDE]
    return min(holding, key=lambda index: _area(regions[index].box)) if holding else None


def _place(box: Box, index: int | None, regions: list[Region]) -> float:
    """Where a loose block stands in the reading order: after the nearest region that begins above it in its column."""
    if index is not None:
        return float(index)
    above = [i for i, region in enumerate(regions) if region.box[1] <= box[1] and _overlap_x(box, region.box)]
    if above:
        return max(above, key=lambda i: regions[i].box[1]) + 0.5
    later = [i for i, region in enumerate(regions) if region.box[1] > box[1]]
    return min(later) - 0.5 if later else len(regions) + 0.0


def _overlap_x(one: Box, other: Box) -> bool:
    return min(one[2], other[2]) > max(one[0], other[0])


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _share(inner: Box, outer: Box) -> float:
    """Part of `inner`'s area that lies in `outer`."""
    common = (max(inner[0], outer[0]), max(inner[1], outer[1]), min(inner[2], outer[2]), min(inner[3], outer[3]))
    area = _area(inner)
    if common[2] <= common[0] or common[3] <= common[1] or area == 0.0:
        return 0.0
    return _area(common) / area
