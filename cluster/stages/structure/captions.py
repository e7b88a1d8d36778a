"""Tells which short texts belong to a picture, and takes rows of captions apart.

It owns nearness. Which caption is a product's name is decided later, by the analyses.
"""

from collections.abc import Iterator, Sequence

from actors.evidence import box_of
from actors.records import Box, PageContent, TextBlock, TextLine

MAX_WORDS, MAX_LINES, MAX_CHARS = 14, 5, 60
BULLETS = ("•", "·", "▪", "●", "►", "✓", "*", "- ")
NEAR = 2.2
"""Line heights between a caption and its picture."""
BACKGROUND = 0.6
"""A picture over this share of the page is a background; what stands on it is no caption of it."""
EVERYWHERE = 0.4
"""A picture on this share of the document's pages is a logo."""
COLUMN_GAP = 1.2
"""Letters' sizes between two texts of one line that are two captions."""


def pictures(page: PageContent, page_count: int) -> list[Box]:
    """Boxes of the pictures and colour areas of a page that a caption may belong to."""
    area = max(1.0, page.width_pt * page.height_pt)
    shown = [
        image.box for image in page.images if image.kind == "embedded" and not _is_logo(image.pages_shown, page_count)
    ]
    if page.kind == "image":  # the pictures that were seen in its pixels
        shown += [image.box for image in page.images if image.kind == "region"]
    return [box for box in (*shown, *page.fills) if _area(box) < BACKGROUND * area]


def _is_logo(pages_shown: int, page_count: int) -> bool:
    return pages_shown > 3 and pages_shown > EVERYWHERE * page_count


def is_short(lines: Sequence[TextLine]) -> bool:
    """Whether a text has the length of a caption."""
    return len(lines) <= MAX_LINES and sum(len(line.text.split()) for line in lines) <= MAX_WORDS


def is_caption(block: TextBlock, boxes: Sequence[Box]) -> bool:
    """Whether a short block stands in, under, over or beside a picture."""
    if not is_short(block.lines) or block.lines[0].text.lstrip().startswith(BULLETS):
        return False
    height = max(line.box[3] - line.box[1] for line in block.lines)
    return any(_is_near(block.box, box, NEAR * height) for box in boxes)


def _is_near(text: Box, picture: Box, reach: float) -> bool:
    across = min(text[2], picture[2]) - max(text[0], picture[0])
    down = min(text[3], picture[3]) - max(text[1], picture[1])
    return (across > 0 and down > -reach) or (down > 0 and across > -reach)


def separate(block: TextBlock) -> Iterator[TextBlock]:
    """A block again, or its columns where it holds several short texts side by side."""
    if not _is_row_of_texts(block):
        yield block
        return
    columns: list[list[TextLine]] = []
    for line in sorted(block.lines, key=lambda line: (line.box[1], line.box[0])):
        home = next((column for column in columns if _stands_under(column[-1], line)), None)
        if home is None:
            columns.append([line])
        else:
            home.append(line)
    columns.sort(key=lambda column: (round(column[0].box[1] / max(1.0, column[0].size)), column[0].box[0]))
    for column in columns:
        yield block.model_copy(update={"lines": tuple(column), "box": box_of(line.box for line in column), "rows": ()})


def _is_row_of_texts(block: TextBlock) -> bool:
    """Whether short lines stand side by side with a clear gap between them."""
    if any(len(line.text) > MAX_CHARS for line in block.lines):
        return False
    lines = sorted(block.lines, key=lambda line: line.box[0])
    return any(
        right.box[0] - left.box[2] > COLUMN_GAP * left.size and _same_height(left, right)
        for position, left in enumerate(lines)
        for right in lines[position + 1 :]
    )


def _same_height(left: TextLine, right: TextLine) -> bool:
    overlap = min(left.box[3], right.box[3]) - max(left.box[1], right.box[1])
    return overlap > 0.5 * min(left.box[3] - left.box[1], right.box[3] - right.box[1])


def _stands_under(above: TextLine, below: TextLine) -> bool:
    shared = min(above.box[2], below.box[2]) - max(above.box[0], below.box[0])
    gap = below.box[1] - above.box[3]
    return shared > 0 and -0.5 * below.size <= gap <= 1.2 * max(above.size, below.size)


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
