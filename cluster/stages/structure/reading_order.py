"""Puts the blocks of a page of running text into columns, where the order they come in jumps between them.

It owns the recursive cut of a page at its white gaps (XY-cut; Nagy and Seth 1984). Pages of pictures keep their order.
"""

from collections.abc import Sequence

from actors.records import PageContent, TextBlock

RUNNING_CHARS = 60
RUNNING_SHARE = 0.7
"""Share of a page's characters in running text from which it is read in columns."""
GUTTER = 0.012
"""Share of the page's width that is a gap between columns."""


def in_reading_order(page: PageContent) -> tuple[TextBlock, ...]:
    """The page's blocks, column by column where the page is running text."""
    printed = [block for block in page.blocks if block.source == "text_layer"]
    if not _is_running_text(printed):
        return page.blocks
    read = [block for block in page.blocks if block.source == "ocr"]
    return (*_cut(printed, GUTTER * page.width_pt), *read)


def _is_running_text(blocks: Sequence[TextBlock]) -> bool:
    lengths = [sum(len(line.text) for line in block.lines) for block in blocks]
    running = sum(length for length in lengths if length >= RUNNING_CHARS)
    return len(blocks) > 3 and running >= RUNNING_SHARE * sum(lengths)


def _cut(blocks: list[TextBlock], gutter_pt: float) -> list[TextBlock]:
    """Blocks in order: columns from left to right; where there are none, bands from the top down, each cut again."""
    if len(blocks) < 2:
        return blocks
    columns = _parts(blocks, 0, gutter_pt)
    if len(columns) > 1:
        return [block for column in columns for block in _cut(column, gutter_pt)]
    bands = _parts(blocks, 1, 0.0)
    if len(bands) > 1:
        return [
            block for band in _joined(bands) for block in (_cut(band, gutter_pt) if len(band) < len(blocks) else band)
        ]
    return blocks


def _parts(blocks: Sequence[TextBlock], axis: int, gap_pt: float) -> list[list[TextBlock]]:
    """Groups of blocks between which a straight line runs free along the other axis."""
    parts: list[list[TextBlock]] = []
    reach = 0.0
    for block in sorted(blocks, key=lambda block: block.box[axis]):
        if parts and block.box[axis] < reach + gap_pt:
            parts[-1].append(block)
        else:
            parts.append([block])
        reach = max(reach, block.box[axis + 2])
    return parts


def _joined(bands: Sequence[list[TextBlock]]) -> list[list[TextBlock]]:
    """Bands one above the other; neighbours that have the same columns stay together, to be cut into them."""
    joined: list[list[TextBlock]] = [list(bands[0])]
    for band in bands[1:]:
        together = joined[-1] + band
        if len(_parts(together, 0, 0.0)) > 1:
            joined[-1] = together
        else:
            joined.append(list(band))
    return joined
