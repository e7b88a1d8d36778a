"""Finds signs of multiplication that a detector or a recogniser passes over: `300 × 163 mm` was read as `300 163 mm`.

EasyOCR's alphabets have no such sign. Knows pixels and boxes; no network and no records.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from actors.text_recognition.detection import LevelBox
from actors.text_recognition.lines import Grey, grey_of, ink_of

GAP = (0.3, 2.0)
"""In heights of a line's box: the blank in which a sign and the spaces around it stand."""
LEVEL, ALIKE = 0.25, 1.7
"""In heights: how far two parts of one line are out of level; and by which factor they differ in height."""
SIGN = (0.2, 0.55)
"""Height of a sign, in heights of the line's box."""
SQUARE = 1.4
"""By which factor a sign's width and height differ."""
GRID = 9
ARMS, CLEARER, MIDDLE = 0.3, 0.15, 0.6
"""Ink in each of a sign's four corners, by how much the corners have more than the sides, and ink where arms meet."""
SLOT = re.compile(r"(?<=\d)\s+(?=\d)|(?<=\dmm)\s+(?=\d)|(?<=\dcm)\s+(?=\d)|(?<= mm)\s+(?=\d)|(?<= cm)\s+(?=\d)")
"""Blanks between two numbers, or between a number's unit and the next number."""
READ = re.compile(r"(?<=\d)\s*[x×✕*X]\s*(?=\d)|(?<=m)\s*[x×✕*X]\s*(?=\d)")
NEAR = 0.2
"""Of the line's width, from where a sign stands to where its blank is by the number of letters before it."""


class _Piece(NamedTuple):
    x0: int
    y0: int
    x1: int
    y1: int
    ink: npt.NDArray[np.bool_]


def joined_over_signs(grey: Grey, boxes: Sequence[LevelBox]) -> list[LevelBox]:
    """The boxes again, those with a sign of multiplication between them as one."""
    joined: list[tuple[int, LevelBox]] = []  # with their places among the boxes, which stay in order
    for place, box in sorted(enumerate(boxes), key=lambda one: one[1].x0):
        home = next((i for i, (_, left) in enumerate(joined) if _sign_between(grey, left, box)), None)
        if home is None:
            joined.append((place, box))
        else:
            first, left = joined[home]
            whole = LevelBox(left.x0, max(left.x1, box.x1), min(left.y0, box.y0), max(left.y1, box.y1))
            joined[home] = first, whole
    return [box for _, box in sorted(joined)]


def with_signs(pixels: npt.NDArray[np.uint8], text: str) -> str:
    """What a line says, with the signs of multiplication that stand in its pixels and not in its text."""
    blanks = [(match.start(), match.end(), "") for match in SLOT.finditer(text)]
    if not blanks:
        return text
    line = grey_of(pixels)
    slots = blanks + [(match.start(), match.end(), match.group()) for match in READ.finditer(text)]
    filled: set[tuple[int, int, str]] = set()
    for piece in _pieces(line):
        if not _is_sign(piece, line.shape[0]):
            continue
        place = (piece.x0 + piece.x1) / 2 / line.shape[1]
        slot = min(slots, key=lambda slot: abs((slot[0] + slot[1]) / 2 / len(text) - place))
        if not slot[2] and abs((slot[0] + slot[1]) / 2 / len(text) - place) <= NEAR:
            filled.add(slot)
    for start, end, _ in sorted(filled, reverse=True):
        text = f"{text[:start]} x {text[end:]}"
    return text


def _sign_between(grey: Grey, left: LevelBox, right: LevelBox) -> bool:
    height = min(left.height, right.height)
    gap = right.x0 - left.x1
    if height <= 0 or not GAP[0] * height <= gap <= GAP[1] * height:
        return False
    if abs(left.middle - right.middle) > LEVEL * height or max(left.height, right.height) > ALIKE * height:
        return False
    y0, y1 = max(0, min(left.y0, right.y0)), max(left.y1, right.y1)
    return any(_is_sign(piece, y1 - y0) for piece in _pieces(grey[y0:y1, max(0, left.x1) : right.x0]))


def _pieces(grey: Grey) -> list[_Piece]:
    """What is printed in a part of an image, piece by piece."""
    if min(grey.shape) < 2:
        return []
    unlike = ink_of(grey, (grey[0], grey[-1]))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(unlike.astype(np.uint8), connectivity=8)
    found = []
    for label, (x, y, width, height, _) in enumerate(stats[1:count].tolist(), start=1):
        found.append(_Piece(x, y, x + width, y + height, labels[y : y + height, x : x + width] == label))
    return found


def _is_sign(piece: _Piece, line_height: int) -> bool:
    """Whether a piece is small, square, and has two arms that cross."""
    width, height = piece.x1 - piece.x0, piece.y1 - piece.y0
    low, high = (share * line_height for share in SIGN)
    if not low <= height <= high or max(width, height) > SQUARE * min(width, height) or min(width, height) < 4:
        return False
    grid = cv2.resize(piece.ink.astype(np.float32), (GRID, GRID), interpolation=cv2.INTER_AREA)
    third = GRID // 3
    blocks = grid.reshape(3, third, 3, third).mean(axis=(1, 3))
    arms, sides = blocks[[0, 0, 2, 2], [0, 2, 0, 2]], blocks[[0, 1, 1, 2], [1, 0, 2, 1]]
    return bool(arms.min() >= ARMS and arms.mean() >= sides.mean() + CLEARER and blocks[1, 1] >= MIDDLE)
