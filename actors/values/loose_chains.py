"""Finds sizes whose numbers no sign of multiplication joins: `60/60 cm`, and inches from which OCR lost it.

The same signs join choices, `60/80/100 cm`: what else stands there tells them apart.
"""

import re
from functools import lru_cache

from actors.values.lengths import GAP, side_letters, side_words, unit_pattern
from actors.values.numerals import parse_number
from actors.vocabulary.words import find_terms

INCH = '["\u201d\u2033]'
FLAT = 5.0  # times the thickness: the sides of a face
LEAST = {"mm": 50.0}
LEAST_OTHER = 5.0
"""A face's shorter side by its unit: below it are thicknesses to choose from."""
_NEVER = "(?!)"


@lru_cache(maxsize=1)
def loose_patterns() -> tuple[re.Pattern[str], ...]:
    """Two or three numbers with slashes between them and a unit behind; two numbers of inches, nothing between."""
    numbers = [rf"(?P<n{i}>\d{{1,4}}(?:[.,]\d{{1,2}})?)(?P<n{i}_to>{_NEVER})?" for i in range(3)]
    rest = rf"(?P<l0>{_NEVER})?(?P<l1>{_NEVER})?(?P<l2>{_NEVER})?(?P<l3>{_NEVER})?"
    rest += rf"(?P<n3>{_NEVER})?(?P<n3_to>{_NEVER})?(?P<u3>{_NEVER})?"
    no_units = rf"(?P<u0>{_NEVER})?(?P<u1>{_NEVER})?(?P<u2>{_NEVER})?"
    slash = rf"{GAP}/{GAP}"
    slashed = rf"{numbers[0]}{slash}{numbers[1]}(?:{slash}{numbers[2]})?{GAP}(?P<tail>{unit_pattern()})"
    inches = rf"{numbers[0]}(?P<u0>{INCH})[^\S\n]+{numbers[1]}(?P<u1>{INCH})(?P<n2>{_NEVER})?(?P<n2_to>{_NEVER})?"
    found = (
        rf"(?<![\w.,#/]){slashed}{no_units}{rest}(?![\w²³%/])",
        rf"(?<![\w.,#/\"])(?<!{INCH}\s){inches}(?P<u2>{_NEVER})?{rest}(?P<tail>)(?!{GAP}[\d/,;x×])",
    )
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in found)


@lru_cache(maxsize=1)
def _side() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{side_words()}|{side_letters()}|[Øø⌀]){GAP}[:=.]?{GAP}$", re.IGNORECASE)


def is_size(text: str, match: re.Match[str]) -> bool:
    """Whether numbers are the sides of one size; with a sign of multiplication they always are.

    With slashes they are where both are equal, where a thickness follows, where one divides the other without rest,
    or behind a word for sizes; never behind the name of one side.
    """
    if match.re is not loose_patterns()[0]:
        return True
    if _side().search(text[: match.start()]):
        return False
    first, second, *last = (parse_number(match[f"n{i}"]) for i in range(3) if match[f"n{i}"])
    small, large = sorted((first, second))
    if small < LEAST.get(match["tail"].casefold(), LEAST_OTHER):
        return False
    if last:
        return small >= FLAT * last[0]
    whole = large % small == 0 if small else False
    return whole or any(term.canonical == "size" for term in find_terms(text[: match.start()], "size_label"))
