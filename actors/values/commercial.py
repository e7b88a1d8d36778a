"""Reads what is said about selling a thing: its weight, its warranty, its certificates, what is in a carton.

It owns those patterns; the words stand in the vocabulary. Prices have their own module.
"""

import re
from functools import lru_cache

from actors.values.numerals import NUMBER
from actors.values.parsed_value import ParsedValue
from actors.vocabulary.words import find_terms, pattern_of

WEIGHT, WEIGHT_FIELD = 0.75, "physicalProperties.weight"
_HEAVY = re.compile(r"kg|lb", re.IGNORECASE)
_NOT_OWN_WEIGHT = ("loadCapacity", "capacity")


@lru_cache(maxsize=1)
def _weight_pattern() -> re.Pattern[str]:
    per = pattern_of("price_unit", "m2", "piece", "box")
    return re.compile(rf"(?<![\w.,]){NUMBER}[^\S\n]*(?:kg|kgs|lbs?|g|gr|oz)(?:/(?:{per}))?(?![\w/²³])", re.IGNORECASE)


@lru_cache(maxsize=1)
def _packaging_pattern() -> re.Pattern[str]:
    """A number of things in a box: `1,44 m² / box`, `8 Stück je Karton`, `6 pcs/ctn`."""
    things = f"{pattern_of('price_unit', 'm2', 'ft2', 'piece')}|{pattern_of('count_unit', 'pieces')}"
    boxes = f"{pattern_of('price_unit', 'box', 'pallet')}"
    per = rf"(?:/|(?:{pattern_of('price_word', 'per')})(?=\s))"
    gap = r"[^\S\n]*"
    return re.compile(rf"{NUMBER}{gap}(?:{things}){gap}{per}{gap}(?:{boxes})(?!\w)", re.IGNORECASE)


def parse_commercial(text: str) -> list[ParsedValue]:
    """Weight, warranty, certificates and packaging of a line or of lines."""
    return [*_weights(text), *_warranties(text), *_certificates(text), *_packaging(text)]


def _weights(text: str) -> list[ParsedValue]:
    loads = [term for term in find_terms(text, "technical_label") if term.canonical in _NOT_OWN_WEIGHT]
    found = []
    for match in _weight_pattern().finditer(text):
        named = any(
            term.canonical == WEIGHT_FIELD and 0 <= match.start() - term.end <= 12
            for term in find_terms(text, "field_label")
        )
        if (named or _HEAVY.search(match.group())) and not any(0 <= match.start() - load.end <= 12 for load in loads):
            found.append(_value(WEIGHT_FIELD, match, 0.9 if named else WEIGHT))
    return found


@lru_cache(maxsize=1)
def _term_of_years() -> re.Pattern[str]:
    return re.compile(r"(?<![\w.])\d{1,2}[^\S\n-]*-?[^\S\n]*(?P<unit>[^\W\d]+)")


def _warranties(text: str) -> list[ParsedValue]:
    """`25 Year Limited Warranty`, `garantía: 10 años`; a lifetime warranty as well."""
    found = []
    for line in re.finditer(r"[^\n]+", text):
        words = find_terms(line.group(), "warranty")
        if not words:
            continue
        for match in _term_of_years().finditer(line.group()):
            if find_terms(match.group("unit"), "year"):
                nearest = min(words, key=lambda term: abs(term.start - match.end()))
                start, end = min(match.start(), nearest.start), max(match.end(), nearest.end)
                if end - start <= 60:
                    found.append(
                        _stretch("commercialInformation.warranty", text, line.start() + start, line.start() + end)
                    )
                break
    return found


def _certificates(text: str) -> list[ParsedValue]:
    found = []
    for term in find_terms(text, "certification"):
        if term.printed[:1].isupper() or term.printed[:1].isdigit():
            found.append(_stretch("commercialInformation.certifications", text, term.start, term.end))
    return found


def _packaging(text: str) -> list[ParsedValue]:
    return [_value("commercialInformation.packaging", match, 0.85) for match in _packaging_pattern().finditer(text)]


def _value(field: str, match: re.Match[str], confidence: float) -> ParsedValue:
    return ParsedValue(field=field, value=match.group(), start=match.start(), end=match.end(), confidence=confidence)


def _stretch(field: str, text: str, start: int, end: int) -> ParsedValue:
    return ParsedValue(field=field, value=text[start:end], start=start, end=end, confidence=0.85)
