"""Owns digits of sizes that OCR took for letters: `10Omm` is 100 mm, `6O x 6O` 60 x 60, `l20 x 60` 120 x 60.

The unit behind a number, or the number at the other end of a sign of multiplication, tells that digits were printed.
"""

import re

DIGITS = str.maketrans("OoIl|SBZ", "00111582")
_BODY = r"[\dOoIl|SBZ]"
_FIRST = r"(?:\d|[Il](?=[\dOo])|[SBZ](?=[0Oo])|O(?=[.,]\d))"
"""Of a number: a letter before a nought is no label, `S0 x S0`, and no number of two digits begins with a nought."""
_NUMBER = rf"{_FIRST}{_BODY}*(?:[.,]{_BODY}+)?"
_UNIT = r"(?:mm|cm)(?!\w)"
_SIDES = rf"{_NUMBER}(?:\s*[xX×]\s*{_NUMBER})*"
_CHAIN = re.compile(rf"(?<![\w.,#/-])(?P<numbers>{_SIDES})(?P<unit>\s?{_UNIT})?(?!\w|[.,]\d)")
_LETTER = re.compile(r"[OoIl|SBZ]")
_NAMED = re.compile(r"l[1-9]")
"""May be a length that a letter names: `l60 cm`."""
_ENDS = re.compile(r"[Il|SBZ]$")
"""May be a litre, or what tells one article of a size from another."""


def with_digits(text: str) -> str:
    """The text with digits for such letters; as long as before, so that what stands where stays the same."""
    if not _LETTER.search(text):
        return text
    return _CHAIN.sub(_restored, text)


def _restored(chain: re.Match[str]) -> str:
    numbers, unit = chain["numbers"], chain["unit"] or ""
    parts = re.split(r"\s*[xX×]\s*", numbers)
    told = len(parts) > 1 or (unit and not _NAMED.match(numbers))
    if not told or not any(map(str.isdigit, numbers)) or (not unit and any(map(_ENDS.search, parts))):
        return chain.group()
    return numbers.translate(DIGITS) + unit
