"""Reads printed numbers: decimal commas and points, thousands, fractions. It knows no unit and no field."""

import re
from itertools import pairwise

_MIXED = r"(?:\d{1,4}[\s-])?\d{1,2}/(?:2|4|8|16|32)(?!\d)"
_GROUPS = r"\d{1,3}(?:[.,'\u2019\u00a0\u2009\u202f]\d{3})+(?:[.,]\d{1,2})?"
_PLAIN = r"\d+(?:[.,]\d+)?\s?[¼½¾⅛⅜⅝⅞]?|[¼½¾⅛⅜⅝⅞]|\.\d+"
SPACED_THOUSANDS = r"[1-9]\d{0,2}(?:[ \u00a0]\d{3})+(?!\d)"
"""A number whose thousands stand apart, `1 300`; in running text that may be two numbers."""
NUMBER = rf"(?:{_MIXED}|{_GROUPS}|{_PLAIN})"
"""A printed number. `17 1/2`, `1.200`, `1 200` (no-break space), `7,5`, `33½`."""

_VULGAR = {"¼": 0.25, "½": 0.5, "¾": 0.75, "⅛": 0.125, "⅜": 0.375, "⅝": 0.625, "⅞": 0.875}
_GROUPED = re.compile(r"^[1-9]\d{0,2}([.,'\u2019\u00a0\u2009\u202f ])\d{3}(?:\1\d{3})*(?:[.,]\d{1,2})?$")
_FRACTION = re.compile(r"^(?:(\d+)[\s-])?(\d+)/(\d+)$")
_ANY = re.compile(NUMBER)


def parse_number(printed: str, *, grouped: bool = True) -> float:
    """The number that is printed.

    Args:
        printed: as matched by `NUMBER`.
        grouped: reads `1.200` as 1200; else as 1.2, which is right for metres and inches.

    Raises:
        ValueError: it is no number.
    """
    text = printed.strip()
    if mixed := _FRACTION.match(text):
        whole, above, below = (int(group or 0) for group in mixed.groups())
        return whole + above / below
    fraction = sum(value for sign, value in _VULGAR.items() if sign in text)
    text = "".join(c for c in text if c not in _VULGAR).strip()
    if not text:
        return fraction
    return _plain(text, grouped) + fraction


def _plain(text: str, grouped: bool) -> float:
    if grouped and (match := _GROUPED.match(text)):
        text = text.replace(match.group(1), "")
    text = re.sub(r"['\u2019\s]", "", text).replace(",", ".")
    whole, point, decimals = text.rpartition(".")
    return float(whole.replace(".", "") + point + decimals)


def readings(printed: str) -> set[float]:
    """All numbers that a text may be read as: `1.200` is 1.2 and 1200."""
    found = set()
    for match in _ANY.finditer(printed):
        for grouped in (True, False):
            try:
                found.add(parse_number(match.group(), grouped=grouped))
            except ValueError:
                continue
    groups = re.findall(r"\d+", printed)
    for first, second in pairwise(groups):
        if len(second) == 3 and len(first) <= 3:
            found.add(float(first + second))
    return found
