"""Puts titles together that a designer set in two steps, "ONE" and lower behind it "PIECE". Knows lines only."""

from collections.abc import Sequence

from actors.evidence import box_of
from actors.records import TextLine

LARGER = 1.3  # times the lines of the page: a title
SAME_SIZE = 1.1
MOST_WORDS = 3
GAP = 2.0  # in line heights, between the end of the first part and the beginning of the second
STEP = (0.6, 1.6)  # in line heights, by which the second part stands lower


def with_whole_titles(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines again, the two parts of a title in steps as one, where the page has no third of their size beside."""
    sizes = sorted(line.size for line in lines)
    usual = sizes[(len(sizes) - 1) // 4] if sizes else 0.0  # a page of few captions has as many large lines
    large = [line for line in lines if line.size >= LARGER * usual and len(line.text.split()) <= MOST_WORDS]
    steps = [(first, second) for first in large for second in large if _is_step(first, second)]
    taken = [id(part) for step in steps for part in step]
    whole = [step for step in steps if all(taken.count(id(part)) == 1 for part in step)]
    parts = {id(part) for step in whole for part in step}
    rest = [line for line in lines if id(line) not in parts]
    return sorted([*rest, *(_joined(*step) for step in whole)], key=lambda line: (line.box[1], line.box[0]))


def _is_step(first: TextLine, second: TextLine) -> bool:
    if max(first.size, second.size) > SAME_SIZE * min(first.size, second.size):
        return False
    height = min(first.size, second.size)
    lower, behind = (second.box[1] - first.box[1]) / height, (second.box[0] - first.box[2]) / height
    letters = all(any(char.isalpha() for char in line.text) for line in (first, second))
    return letters and STEP[0] <= lower <= STEP[1] and 0.0 <= behind <= GAP


def _joined(first: TextLine, second: TextLine) -> TextLine:
    return first.model_copy(
        update={
            "text": f"{first.text} {second.text}",
            "box": box_of((first.box, second.box)),
            "size": max(first.size, second.size),
            "confidence": min(first.confidence, second.confidence),
        }
    )
