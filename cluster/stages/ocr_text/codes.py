"""Puts right the digits of article codes that OCR took for letters: `SG80I` beside `SG802` and `SG804` is `SG801`.

What the other codes of the page look like tells which letters are digits. Knows lines and their words, nothing of what
is sold.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from actors.records import TextLine

DIGITS = str.maketrans("OoIl[]|LSZB", "00111111528")
LETTERS = str.maketrans("01582", "OISBZ")
SUFFIXES = "LSZB"
"""Letters that codes end with: in the last place they are digits only beside another that was misread."""
MIN_ALIKE = 2
"""Codes of one form on the page that were read without such letters."""
LEVEL = 0.8
"""Of a line's height, by which codes of a row or a column stand off one line."""
WORD = re.compile(r"(?<![\w-])[A-Za-z0-9\[\]|]+(?:[-./][A-Za-z0-9\[\]|]+)?(?![\w-])|(?<=\w)[\[\]|]+(?!\w)")
APART = re.compile(r"(?<=[A-Z0-9]) (?=[\[\]|](?:\s|$))")
"""Before a 1 that was read as a bracket, a word of its own."""
CLEAN = re.compile(r"(?P<head>[A-Z]{0,3}[A-HJ-NP-Z])(?P<mark>[-./]?)(?P<number>\d{1,6})")
MARKED = re.compile(r"(?P<head>[A-Z]{2,4}[-./])\d{1,6}(?P<suffix>[A-Z]?)")
"""`TH-4E` and `LV-1101`: a mark behind letters, which are capitals in all of them."""
NUMBERED = re.compile(r"\d[A-Z\d]{0,6}")
SLIP_CLASS = re.compile(r"R(?!IO$)[1I][0-3OI]")
"""`R11`, as `RII`: it stands on every page of floor tiles. `RIO` is a word."""

NOUGHTS = re.compile(r"(?=.{5}|.*OO)(?P<number>[A-Z]{1,4}(?:[-./][A-Z]{0,4})?\d+)(?P<end>O+)")
"""`OX-GNP10`, as `OX-GNP1O`, and `H600`, as `H6OO`; but `H2O`."""


class Form(NamedTuple):
    """What codes of one kind have in common."""

    letters: int
    mark: str
    digits: int


def with_right_codes(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines again, letters in codes as the digits that they must be."""
    page = _Codes(lines)
    return [
        line.model_copy(update={"text": text}) if (text := page.mended(line)) != line.text else line for line in lines
    ]


class _Codes:
    """The codes of a page that were read well, with the lines they stand in."""

    def __init__(self, lines: Sequence[TextLine]) -> None:
        found = [
            (match["head"] + match["mark"], _form(match), line)
            for line in lines
            for word in WORD.findall(line.text)
            if (match := CLEAN.fullmatch(word))
        ]
        self._heads = Counter((head, form) for head, form, _ in found)
        self._forms = Counter(form for _, form, _ in found)
        self._lines = [(form, line) for _, form, line in found]
        marked = [match for line in lines for word in WORD.findall(line.text) if (match := MARKED.fullmatch(word))]
        self._marked = Counter(match["head"] for match in marked)
        self._suffixed = Counter((match["head"], match["suffix"]) for match in marked if match["suffix"])

    def mended(self, line: TextLine) -> str:
        text = APART.sub("", line.text)
        mended = WORD.sub(lambda match: self._word(match.group(), text, line), text)
        return mended if mended != text else line.text

    def _word(self, word: str, text: str, line: TextLine) -> str:
        if SLIP_CLASS.fullmatch(word):
            return word.translate(DIGITS)
        if noughts := NOUGHTS.fullmatch(word):
            word = noughts["number"] + "0" * len(noughts["end"])
        word = self._before_suffix(self._in_capitals(word))
        if CLEAN.fullmatch(word):
            return word
        for (head, form), count in self._heads.items():
            if count >= MIN_ALIKE and len(word) == len(head) + form.digits:
                number = _number(word[len(head) :])
                if number and word[: len(head)] != head == word[: len(head)].translate(LETTERS):
                    return head + number
        for form, count in self._forms.items():
            start = form.letters + len(form.mark)
            head, number = word[:start], _number(word[start:])
            is_form = head[: form.letters].isalpha() and head.isupper() and head[form.letters :] == form.mark
            if count >= MIN_ALIKE and is_form and len(word) == start + form.digits and number:
                told = any(char.isdigit() for char in word) or (word == text and self._stands_with(line, form))
                return head + number if told else word
        return word

    def _in_capitals(self, word: str) -> str:
        """A code with the capitals before its mark: `LV-1120`, of which `Lv-1120` was read."""
        for head, count in self._marked.items():
            if count >= MIN_ALIKE and word[: len(head)].upper() == head and NUMBERED.fullmatch(word[len(head) :]):
                return head + word[len(head) :]
        return word

    def _before_suffix(self, word: str) -> str:
        """A code with the digits between its mark and the letter at its end: `TH-10E` beside `TH-4E` and `TH-6E`."""
        for (head, suffix), count in self._suffixed.items():
            inner = word[len(head) : -1]
            is_of_kind = word[: len(head)] == head and word[-1] == suffix and any(map(str.isdigit, inner))
            if count >= MIN_ALIKE and is_of_kind and inner.translate(DIGITS).isdecimal():
                return head + inner.translate(DIGITS) + suffix
        return word

    def _stands_with(self, line: TextLine, form: Form) -> bool:
        """Whether a word without any digit stands in a row or a column of codes."""
        return sum(_aligned(line, other) for own, other in self._lines if own == form) >= MIN_ALIKE


def _form(match: re.Match[str]) -> Form:
    return Form(len(match["head"]), match["mark"], len(match["number"]))


def _number(tail: str) -> str:
    """The digits that a tail was printed as; empty where one of its marks can be none."""
    misread = [char for char in tail if not char.isdigit()]
    if misread and tail[-1] in SUFFIXES and len(misread) == 1:
        return ""
    number = tail.translate(DIGITS)
    return number if number.isdecimal() else ""


def _aligned(line: TextLine, other: TextLine) -> bool:
    off = LEVEL * min(line.size, other.size)
    starts, ends = abs(line.box[0] - other.box[0]), abs(line.box[2] - other.box[2])
    return min(starts, ends) <= off or abs(line.box[1] - other.box[1]) <= off
