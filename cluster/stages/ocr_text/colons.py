"""Puts back colons that OCR lost behind labels: `Width 140 cm` where other lines of the page are like `Width: 138 cm`.

Knows lines, no words.
"""

import re
from collections import Counter
from collections.abc import Sequence

from actors.records import TextLine

MIN_ALIKE = 3
"""Lines of the page that print a colon behind the label."""
MOST_WORDS = 6
"""Of what stands behind it: a sentence that begins with the same word has more."""
SAME_SIZE = 1.2
LABELLED = re.compile(r"(?P<label>[^\W\d_][^\W\d_]+(?: [^\W\d_]+){0,2})\s?:(?:\s+\S.*)?")
MISREAD = "=;~"
"""What OCR makes of a colon."""


def with_lost_colons(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines again, with a colon behind each label that several others of its kind have one behind."""
    labelled = [(match["label"], line.size) for line in lines if (match := LABELLED.fullmatch(line.text))]
    counts = Counter(label for label, _ in labelled)
    labels = sorted((label for label, count in counts.items() if count >= MIN_ALIKE), key=len, reverse=True)
    return [_with_colon(line, labels, labelled) for line in lines] if labels else list(lines)


def _with_colon(line: TextLine, labels: Sequence[str], labelled: Sequence[tuple[str, float]]) -> TextLine:
    label = next((label for label in labels if line.text.startswith(f"{label} ")), None)
    if label is None or LABELLED.fullmatch(line.text):
        return line
    value = line.text[len(label) :].strip(f" {MISREAD}")
    sizes = [size for other, size in labelled if other == label]
    alike = min(sizes) / SAME_SIZE <= line.size <= max(sizes) * SAME_SIZE
    is_value = 0 < len(value.split()) <= MOST_WORDS and value[0].isalnum() and value[-1:] != "."
    return line.model_copy(update={"text": f"{label}: {value}"}) if alike and is_value else line
