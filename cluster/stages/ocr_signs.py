"""Restores signs of multiplication that OCR lost, `300 600 x 10 mm`, where other lines print such a size whole.

Knows lines and what a size looks like; which number is which side is not known here.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from actors.lengths import unit_pattern
from actors.records import TextLine

MIN_ALIKE = 2
"""Lines that print a size of as many sides in the same unit whole."""
NUMBER = r"\d+(?:[.,]\d+)?"
SIGN = r"(?:\s*[x×✕*х]\s*|\s+_?\s*)"


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,]){NUMBER}(?:{SIGN}{NUMBER}){{1,3}}\s*(?P<unit>{unit_pattern()})$", re.IGNORECASE)


class _Size(NamedTuple):
    joints: tuple[tuple[int, int], ...]  # what stands between its numbers, as offsets into the text
    unit: str

    @property
    def shape(self) -> tuple[int, str]:
        return len(self.joints), self.unit.casefold()


def with_lost_signs(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines again, those with a sign missing as their neighbours print it."""
    sizes = [_size(line.text) for line in lines]
    whole = Counter(size.shape for line, size in zip(lines, sizes, strict=True) if size and _is_whole(line.text, size))
    restored = []
    for line, size in zip(lines, sizes, strict=True):
        is_torn = size is not None and not _is_whole(line.text, size) and _has_sign(line.text, size)
        if size is not None and is_torn and whole[size.shape] >= MIN_ALIKE:
            line = line.model_copy(update={"text": _restored(line.text, size)})
        restored.append(line)
    return restored


def _size(text: str) -> _Size | None:
    """Two to four numbers at the end of a line, a sign or a blank between them, and their unit."""
    match = _pattern().search(text)
    if match is None:
        return None
    numbers = list(re.finditer(NUMBER, text[match.start() : match.start("unit")]))
    ends = [(one.start() + match.start(), one.end() + match.start()) for one in numbers]
    joints = tuple((before[1], after[0]) for before, after in pairwise(ends))
    return _Size(joints, match["unit"])


def _is_whole(text: str, size: _Size) -> bool:
    return all(text[start:end].strip(" _") for start, end in size.joints)


def _has_sign(text: str, size: _Size) -> bool:
    return any(text[start:end].strip(" _") for start, end in size.joints)


def _restored(text: str, size: _Size) -> str:
    for start, end in reversed(size.joints):
        if not text[start:end].strip(" _"):
            text = f"{text[:start]} x {text[end:]}"
    return text
