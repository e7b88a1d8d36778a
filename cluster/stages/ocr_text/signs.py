"""Restores signs of multiplication that OCR lost, `300 600 x 10 mm`, where other lines tell that they stood there.

Knows lines and what a size looks like; which number is which side is not known here.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from actors.records import TextLine
from actors.values.lengths import to_millimetres, unit_named, unit_pattern
from actors.values.numerals import parse_number

MIN_ALIKE = 2
"""Lines that print a size of as many sides in the same unit, with all its signs or with one of them."""
NUMBER = r"\d+(?:[.,]\d+)?"
SIGN = r"(?:\s*[x×✕*х]\s*|\s+[_-]?\s*)"

MIN_BARE = 3
"""Lines that are nothing but two round numbers and a unit: sizes that all lost their sign."""
ROUND = re.compile(r"\d{1,3}[05]")
LONGEST_MM = 100_000
"""Of goods: "550 430 mm" is no length whose thousands stand apart, "1 200 mm" may be one."""

SIDE = rf"[.·,]?\s*[A-Z]\s?{NUMBER}\s*[cm]?m\b"
"""Behind a measure that has its unit in common with the next one: `40 · H 22 mm`."""
DIAMETER = re.compile(
    rf"(?<![\w.,])(?<!\d\s)(?:[0O@]\s+(?={NUMBER}\s*(?:[x×]|[cm]?m\b|{SIDE}))|@\s?(?={NUMBER}(?![\w.,])))"
)
"""A nought before a measure: no number begins so. The sign of addresses before a number alone."""
DIAMETER_BEHIND = re.compile(rf"(?<![\w.,])({NUMBER})\s+(?:[x×]\s+)?[0O](?=\s*[x×]\s*{NUMBER}\s*[cm]?m\b)")
"""A nought behind a measure, between the signs of a size: no side is nought."""

STOP = re.compile(r"(?<=[^\W\d_])_$")
"""What OCR makes of the point that ends an abbreviation."""


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,]){NUMBER}(?:{SIGN}{NUMBER}){{1,3}}\s*(?P<unit>{unit_pattern()})$", re.IGNORECASE)


def _with_marks(line: TextLine) -> TextLine:
    """A line with the sign of a diameter that was read as a nought, `0 38 x 27 cm`, and a point as a dash: `No_`."""
    text = STOP.sub(".", DIAMETER.sub("Ø ", DIAMETER_BEHIND.sub(r"Ø \1", line.text)))
    return line if text == line.text else line.model_copy(update={"text": text})


class _Size(NamedTuple):
    numbers: tuple[str, ...]
    joints: tuple[tuple[int, int], ...]  # what stands between its numbers, as offsets into the text
    unit: str

    @property
    def shape(self) -> tuple[int, str]:
        return len(self.joints), self.unit.casefold()


def with_lost_signs(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines again, those with a sign missing as their neighbours print it."""
    lines = [_with_marks(line) for line in lines]
    sizes = [_size(line.text) for line in lines]
    told = _Told([(line.text, size) for line, size in zip(lines, sizes, strict=True) if size])
    restored = []
    for line, size in zip(lines, sizes, strict=True):
        if size is not None and told.has_lost(line.text, size):
            line = line.model_copy(update={"text": _restored(line.text, size)})
        restored.append(line)
    return restored


class _Told:
    """What the lines of a picture tell together of the signs in their sizes."""

    def __init__(self, sizes: Sequence[tuple[str, _Size]]) -> None:
        self._whole = Counter(size.shape for text, size in sizes if _is_whole(text, size))
        self._signed = Counter(size.shape for text, size in sizes if _has_sign(text, size))
        self._bare = Counter(size.shape for text, size in sizes if _is_bare(text, size))
        self._numbers = Counter((size.shape, place) for _, size in sizes for place in enumerate(size.numbers))
        self._sides = {
            (size.shape, (place, size.numbers[place]))
            for text, size in sizes
            for place in range(len(size.joints))
            if not _is_blank(text, size, place)
        }

    def has_lost(self, text: str, size: _Size) -> bool:
        """Whether a sign stood where blank is: others print all of theirs, or one after the same number."""
        if _is_whole(text, size) or any(_is_range(text, size, place) for place in range(len(size.joints))):
            return False
        if _has_trace(text, size) and self._whole[size.shape] >= MIN_ALIKE:
            return True
        if _has_sign(text, size) and _has_dash_only(text, size):
            return True
        if self._bare[size.shape] >= MIN_BARE and not self._signed[size.shape] and _is_bare(text, size):
            return True
        blanks = [place for place in range(len(size.joints)) if _is_blank(text, size, place)]
        return self._signed[size.shape] >= MIN_ALIKE and all(self._is_side(size, place) for place in blanks)

    def _is_side(self, size: _Size, place: int) -> bool:
        """Whether a number before a blank is no article's, each of which has its own, and no count."""
        number = (size.shape, (place, size.numbers[place]))
        is_large = parse_number(size.numbers[place]) >= min(map(parse_number, size.numbers[place + 1 :]))
        return number in self._sides or (is_large and self._numbers[number] >= MIN_ALIKE)


def _size(text: str) -> _Size | None:
    """Two to four numbers at the end of a line, a sign or a blank between them, and their unit."""
    match = _pattern().search(text)
    if match is None:
        return None
    numbers = list(re.finditer(NUMBER, text[match.start() : match.start("unit")]))
    ends = [(one.start() + match.start(), one.end() + match.start()) for one in numbers]
    joints = tuple((before[1], after[0]) for before, after in pairwise(ends))
    return _Size(tuple(one.group() for one in numbers), joints, match["unit"])


def _is_blank(text: str, size: _Size, place: int) -> bool:
    start, end = size.joints[place]
    return not text[start:end].strip(" _-")


def _has_trace(text: str, size: _Size) -> bool:
    return any(text[start:end].strip() for start, end in size.joints)


def _is_range(text: str, size: _Size, place: int) -> bool:
    """Whether two numbers with a stroke between them may be a range, which rises: "8 - 10 mm"."""
    start, end = size.joints[place]
    first, second = map(parse_number, size.numbers[place : place + 2])
    return "-" in text[start:end] and first < second


def _has_dash_only(text: str, size: _Size) -> bool:
    """Whether a dash at the foot of the line stands wherever a sign is missing, which nobody prints there."""
    gaps = [text[start:end] for place, (start, end) in enumerate(size.joints) if _is_blank(text, size, place)]
    return all("_" in gap for gap in gaps)


def _is_bare(text: str, size: _Size) -> bool:
    """Whether a line is nothing but two round numbers and a unit that are no one number with its thousands apart."""
    if not all(ROUND.fullmatch(number) for number in size.numbers) or len(size.numbers) != 2:
        return False
    start = size.joints[0][0] - len(size.numbers[0])
    is_bare = not text[:start].strip() and not text[slice(*size.joints[0])].strip()
    together = to_millimetres("".join(size.numbers), unit_named(size.unit) or "mm")
    return is_bare and (len(size.numbers[1]) != 3 or together >= LONGEST_MM)


def _is_whole(text: str, size: _Size) -> bool:
    return not any(_is_blank(text, size, place) for place in range(len(size.joints)))


def _has_sign(text: str, size: _Size) -> bool:
    return not all(_is_blank(text, size, place) for place in range(len(size.joints)))


def _restored(text: str, size: _Size) -> str:
    for place in reversed(range(len(size.joints))):
        if _is_blank(text, size, place):
            start, end = size.joints[place]
            text = f"{text[:start]} x {text[end:]}"
    return text
