"""Puts lines that OCR read together: parts of one line, lines of one block. Knows neither images nor pages."""

from collections.abc import Iterable, Sequence

from actors.evidence import box_of
from actors.records import TextBlock, TextLine
from cluster.stages.ocr_text.cells import with_cells_apart
from cluster.stages.ocr_text.codes import with_right_codes
from cluster.stages.ocr_text.colons import with_lost_colons
from cluster.stages.ocr_text.labels import with_right_labels
from cluster.stages.ocr_text.sizes import with_whole_sizes
from cluster.stages.ocr_text.tables import ocr_tables
from cluster.stages.ocr_text.titles import with_whole_titles

WORD_GAP, LINE_GAP, SAME_SIZE = 0.6, 0.9, 1.7
"""In line heights: joins parts of a line, lines of a block; heights in one block differ by no more than this factor."""


def ocr_blocks(lines: Sequence[TextLine]) -> list[TextBlock]:
    """Tables, and lines that stand under one another as blocks, in reading order."""
    blocks: list[list[TextLine]] = []
    read = with_right_labels(with_right_codes(with_whole_sizes(with_whole_titles(with_lost_colons(_joined(lines))))))
    tables, loose = ocr_tables(with_cells_apart(read))
    for line in loose:
        home = next((block for block in blocks if _continues(block[-1], line)), None)
        if home is None:
            blocks.append([line])
        else:
            home.append(line)
    found = [
        TextBlock(label="text", box=box_of(line.box for line in block), lines=tuple(block), source="ocr")
        for block in blocks
    ]
    return sorted([*tables, *found], key=lambda block: (block.box[1], block.box[0]))


def _joined(lines: Iterable[TextLine]) -> list[TextLine]:
    """Parts of one line put together, from the top down."""
    whole: list[TextLine] = []
    for line in sorted(lines, key=lambda line: (line.box[0], line.box[1])):
        home = next((i for i, other in enumerate(whole) if _same_line(other, line)), None)
        if home is None:
            whole.append(line)
        else:
            box = box_of((whole[home].box, line.box))
            text, sure = f"{whole[home].text} {line.text}", min(whole[home].confidence, line.confidence)
            bold = max(whole[home], line, key=lambda part: len(part.text)).bold
            whole[home] = TextLine(text=text, box=box, size=round(box[3] - box[1], 2), bold=bold, confidence=sure)
    return sorted(whole, key=lambda line: (line.box[1], line.box[0]))


def _same_line(left: TextLine, right: TextLine) -> bool:
    height = min(left.size, right.size)
    middle_left, middle_right = (left.box[1] + left.box[3]) / 2, (right.box[1] + right.box[3]) / 2
    near = -0.3 * height <= right.box[0] - left.box[2] <= WORD_GAP * height
    return near and abs(middle_left - middle_right) <= 0.35 * height and _alike(left, right)


def _continues(above: TextLine, below: TextLine) -> bool:
    """Whether a line is the next one of a block: close under it, of its size, and not beside it."""
    gap = below.box[1] - above.box[3]
    shared = min(above.box[2], below.box[2]) - max(above.box[0], below.box[0])
    narrower = min(above.box[2] - above.box[0], below.box[2] - below.box[0])
    close = -0.4 * below.size <= gap <= LINE_GAP * min(above.size, below.size)
    return close and shared > 0.3 * narrower and _alike(above, below)


def _alike(first: TextLine, second: TextLine) -> bool:
    return max(first.size, second.size) <= SAME_SIZE * max(0.1, min(first.size, second.size))
