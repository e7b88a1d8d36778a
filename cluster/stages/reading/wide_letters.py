"""Puts letters that are set wide apart into words: `M O N T A D O` is `MONTADO`, `G A M A D E C O R E S` are three.

MuPDF takes the blank between two such letters for a space. Knows where letters stand, and no words.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Any

from actors.records import Box

MIN_LETTERS = 4
"""Of a line: fewer are initials, or marks."""
MOST_SINGLE = 0.75
"""Of what blanks part, so many are single letters; in pairs of letters one goes under the other."""
LONGEST_PART = 2
WIDEST = 0.6
"""Of the letters' height: what stands farther apart are columns."""
WORD_GAP = 1.7
"""Times the usual gap between two letters: a blank between words."""

Letter = tuple[str, float, float]
"""A letter, where it begins and where it ends."""


def is_wide(text: str) -> bool:
    """Whether a line is of single letters with blanks between them."""
    parts = text.split()
    single = sum(len(part) == 1 for part in parts)
    letters = sum(len(part) == 1 and part.isalpha() for part in parts)
    if letters < MIN_LETTERS or single < MOST_SINGLE * len(parts):
        return False
    return max(map(len, parts)) <= LONGEST_PART


def words_of(letters: Sequence[Letter], size: float) -> str | None:
    """The words that letters of one line are, which stand as close in each; None where they stand as far as columns."""
    shown = [letter for letter in letters if not letter[0].isspace()]
    gaps = [right[1] - left[2] for left, right in pairwise(shown)]
    if not gaps or not 0 < median(gaps) <= WIDEST * size:
        return None
    usual = median(gaps)
    text = shown[0][0]
    for gap, (letter, _, _) in zip(gaps, shown[1:], strict=True):
        text += f" {letter}" if gap > WORD_GAP * usual else letter
    return text


def wide_lines(raw: Sequence[Mapping[str, Any]]) -> dict[Box, str]:
    """By the box of a line of letters that stand wide apart, its words.

    Args:
        raw: the blocks of a page with the box of each letter, MuPDF's "rawdict".
    """
    found = {}
    for line in _lines(raw):
        letters = [(char["c"], char["bbox"][0], char["bbox"][2]) for span in line["spans"] for char in span["chars"]]
        is_level = line["dir"][0] > 0 and line["dir"][1] == 0
        if is_level and is_wide("".join(letter for letter, _, _ in letters)):
            words = words_of(letters, max(span["size"] for span in line["spans"]))
            if words is not None:
                found[tuple(line["bbox"])] = words
    return found


def _lines(raw: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    return (line for block in raw for line in block.get("lines", ()))
