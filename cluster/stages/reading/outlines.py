"""Finds the lines of letters among the outlines of a page whose body is text: titles and names set in a display type.

Knows boxes of outlined letters, no pixels and no words: the lines are rendered and read as any other picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from actors.records import Box

MOST_LETTERS = 4000
"""Outlines that are looked at: a map or a technical drawing has more."""
MIN_LETTERS = 3
WORD_GAP = 1.2
"""Heights of the letters between two of one line."""
SAME_LINE = 0.4
"""Share of the lower one's height that two letters of one line have in common; commas and accents are low."""
CURVED = 0.3
"""Of a line's letters; in capitals about half are."""
MARGIN = 0.8
"""Heights of the letters that are rendered around a line: the detector of lines needs some paper."""
COVERED = 0.5
"""Of a line's box, by the text layer: then the outlines are an effect over it."""
MOST_PLACES = 24
MIN_LINE_PT, MAX_LINE_PT = 4.5, 90.0


@dataclass(frozen=True)
class Outline:
    """A filled path of the size of a letter. Without curves it may be anything: it counts beside curved ones only."""

    box: Box
    curved: bool


@dataclass
class _Line:
    box: Box
    letters: int
    curved: int
    height: float  # of its highest letter


def lettered_places(letters: Sequence[Outline], printed: Sequence[Box], page: tuple[float, float]) -> tuple[Box, ...]:
    """Boxes in points of the places where outlines are letters; lines that stand close together are one place.

    Args:
        letters: outlines that may be letters.
        printed: boxes of the text layer's lines.
        page: width and height in points.
    """
    lines = [line for line in _lines(letters[:MOST_LETTERS]) if _reads(line)]
    lines = [line for line in lines if not any(_common(line.box, box) > COVERED * _area(line.box) for box in printed)]
    places = _joined([_padded(line, page) for line in lines])
    return tuple(sorted(places, key=_area, reverse=True)[:MOST_PLACES])


def _lines(letters: Sequence[Outline]) -> list[_Line]:
    lines: list[_Line] = []
    for letter in sorted(letters, key=lambda letter: letter.box):
        box = letter.box
        line = next((line for line in lines if _goes_on(line, box)), None)
        height = box[3] - box[1]
        if line is None:
            lines.append(_Line(box, 1, int(letter.curved), height))
            continue
        line.box, line.height = _around(line.box, box), max(line.height, height)
        line.letters, line.curved = line.letters + 1, line.curved + letter.curved
    return lines


def _goes_on(line: _Line, box: Box) -> bool:
    overlap = min(line.box[3], box[3]) - max(line.box[1], box[1])
    lower = min(line.height, box[3] - box[1])
    near = box[0] - line.box[2] <= WORD_GAP * max(line.height, box[3] - box[1])
    return near and overlap >= SAME_LINE * lower and box[3] - box[1] <= 2 * line.height


def _reads(line: _Line) -> bool:
    """Whether a row of outlines has the form of a word; one outline may hold all its letters."""
    width, height = line.box[2] - line.box[0], line.box[3] - line.box[1]
    if not MIN_LINE_PT <= height <= MAX_LINE_PT:
        return False
    if line.letters == 1:
        return bool(line.curved) and width >= 4 * height
    return line.letters >= MIN_LETTERS and line.curved >= CURVED * line.letters and width >= 1.2 * height


def _padded(line: _Line, page: tuple[float, float]) -> Box:
    margin = MARGIN * (line.box[3] - line.box[1])
    x0, y0, x1, y1 = line.box
    return (max(0.0, x0 - margin), max(0.0, y0 - margin), min(page[0], x1 + margin), min(page[1], y1 + margin))


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """Boxes that meet as one, again and again."""
    joined: list[Box] = []
    for box in boxes:
        meeting = [other for other in joined if _common(box, other) > 0]
        while meeting:
            joined = [other for other in joined if other not in meeting]
            for other in meeting:
                box = _around(box, other)
            meeting = [other for other in joined if _common(box, other) > 0]
        joined.append(box)
    return joined


def _around(one: Box, other: Box) -> Box:
    return (min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]))


def _common(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width * height if width > 0 and height > 0 else 0.0


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
