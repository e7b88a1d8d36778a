"""Owns which of the pictures beside a table is a row's by their captions: "Ring with rungs" is none of a ring without.

Where the pictures may stand is known by `cluster.stages.product_rules.images`.
"""

from collections.abc import Collection, Sequence

from actors.records import PageContent, PageImage, TextLine
from actors.vocabulary.words import fold, squeeze

ABOVE, BELOW = 10.0, 14.0  # points that a caption begins over or under the lower edge of its picture
NEXT_LINE = 0.5  # heights between two lines of a caption
MOST_TOLD = 0.2  # of a table's rows that captions fit: another caption names a family
SHORTEST, ENDING, STEM = 4, 3, 5
"""Letters of a word that tells, of an ending that it may have, and of what stays of it at least."""


def by_caption(name: str, beside: Sequence[PageImage], page: PageContent) -> list[PageImage] | None:
    """The pictures whose captions fit a row best; none where no caption does, and None where the captions tell nothing.

    A caption fits by the words that it shares with the row. Words of it that only other rows have speak against it, and
    so do words of the row that only other captions have.

    Args:
        name: of the row.
        beside: the pictures that may be its.
        page: that it stands on.
    """
    captions = [_caption(image, page) for image in beside]
    tables = [
        _names(block.rows, {squeeze(caption) for caption in captions})
        for block in page.blocks
        if block.label == "table"
    ]
    everywhere = [row for rows in tables for row in rows]
    here = next((rows for rows in tables if any(squeeze(name) in row for row in rows)), everywhere)
    told = [row for row in here if any(_score(row, caption, captions, everywhere) > 0 for caption in captions)]
    if not all(captions) or len(told) < MOST_TOLD * len(here):
        return None
    for rows in (everywhere, here):
        scores = [_score(squeeze(name), caption, captions, rows) for caption in captions]
        if (best := max(scores)) > 0:
            return [image for image, score in zip(beside, scores, strict=True) if score == best]
    return []


def _names(rows: Sequence[Sequence[str]], captions: Collection[str]) -> list[str]:
    """What the rows say, without notes, which stand alone in theirs, and captions that the table finder took in."""
    filled = [[cell for cell in row if cell.strip() and squeeze(cell) not in captions] for row in rows]
    return [squeeze(" ".join(cells)) for cells in filled if len(cells) > 1]


def _score(row: str, caption: str, captions: Sequence[str], rows: Sequence[str]) -> int:
    known = [word for word in _stems(caption) if any(word in other for other in rows)]
    shared = [word for word in known if word in row]
    others = {word for other in captions for word in _stems(other) if word in row}
    return 2 * len(shared) - len(known) - sum(word not in squeeze(caption) for word in others)


def _caption(image: PageImage, page: PageContent) -> str:
    """The text below a picture."""
    lines = sorted((line for block in page.blocks for line in block.lines), key=lambda line: line.box[1])
    taken: list[TextLine] = []
    for line in lines:
        within = image.box[0] <= (line.box[0] + line.box[2]) / 2 <= image.box[2]
        height = line.box[3] - line.box[1]
        begins = -ABOVE <= line.box[1] - image.box[3] <= BELOW
        goes_on = bool(taken) and abs(line.box[1] - taken[-1].box[3]) <= NEXT_LINE * height
        if within and (goes_on if taken else begins):
            taken.append(line)
    return fold(" ".join(line.text for line in taken)).replace("-", " ")


def _stems(caption: str) -> list[str]:
    """The words that tell, without the endings that they may have."""
    words = [word for word in caption.split() if len(word) >= SHORTEST]
    return [word if len(word) <= STEM else word[: max(STEM, len(word) - ENDING)] for word in words]
