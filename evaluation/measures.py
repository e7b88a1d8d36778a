"""Lengths in a line that the eye read, in millimetres. Written apart from the pipeline's own reader, to check it."""

import re
from functools import cache

import pint

UNITS = {
    '"': "inch", "”": "inch", "″": "inch", "''": "inch", "in": "inch", "inch": "inch", "mm": "mm", "cm": "cm",
    "m": "m", "ft": "foot", "'": "foot",
}  # fmt: skip
THOUSANDS = r"(?<![\d.,])[1-9]\d{0,2}(?P<gap>[.,\s])\d{3}(?:(?P=gap)\d{3})*(?![.,]?\d)"
"""Of millimetres, whose thousandths nobody prints: "2 800", "1.120"; three decimals are those of inches and metres."""
UNIT = r"(?P<unit>''|[\"”″']|(?:mm|cm|inch|in|ft|m)(?![^\W\d_]))?"
NUMBER = re.compile(rf"(?P<number>(?P<thousands>{THOUSANDS})|\d+(?:[.,]\d+)?)\s*{UNIT}")
ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
TOLERANCE = 0.01
"""Of a length: catalogues round inches."""


@cache
def _registry() -> "pint.UnitRegistry[float]":
    return pint.UnitRegistry()


def lengths_mm(text: str, unit: str = "mm") -> tuple[float, ...]:
    """All lengths of a text without its asides; a number without unit has that of the next one that has one.

    Args:
        text: as printed.
        unit: of numbers behind which no unit stands any more.
    """
    found: list[float] = []
    for match in reversed(list(NUMBER.finditer(ASIDE.sub(" ", text).casefold()))):
        unit = UNITS[match["unit"]] if match["unit"] else unit
        is_grouped = match["thousands"] is not None and (unit == "mm" or match["gap"].isspace())
        number = _number(match["number"], is_grouped)
        found.append(float(_registry().Quantity(number, unit).to("mm").magnitude))
    return tuple(reversed(found))


def _number(printed: str, is_grouped: bool) -> float:
    return float(re.sub(r"\D", "", printed) if is_grouped else printed.replace(",", "."))


def last_unit(text: str) -> str | None:
    """The unit that the last number with one has; None where none has."""
    units = [match["unit"] for match in NUMBER.finditer(ASIDE.sub(" ", text).casefold()) if match["unit"]]
    return UNITS[units[-1]] if units else None


def same_length(one: float, other: float) -> bool:
    """Whether two lengths in millimetres are one, within rounding."""
    return abs(one - other) <= max(0.5, TOLERANCE * max(one, other))


def all_among(wanted: tuple[float, ...], sides: list[float]) -> bool:
    """Whether every wanted length is one of the sides, each side used once."""
    left = list(sides)
    for length in wanted:
        match = next((side for side in left if same_length(length, side)), None)
        if match is None:
            return False
        left.remove(match)
    return bool(wanted)
