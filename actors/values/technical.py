"""Reads technical values: slip classes, PEI, water absorption, frost, fire, and what a technical label names.

It owns the notations that are the same in every language. The words before them stand in the vocabulary.
"""

import re
from functools import lru_cache

from actors.values.parsed_value import ParsedValue, is_pair, without_overlaps
from actors.vocabulary.words import Term, find_terms, is_denied, pattern_of

CATEGORY = "technicalSpecifications"
NOTATION, LABELLED, STATED = 0.85, 0.9, 0.7
LONGEST_CELL = 24
"""A cell up to this length is the value as it stands; in a longer one the number is looked for."""
_S = r"[^\S\n]*"
_PEI = r"(?:[0-5]|I{1,3}|IV|V)"
_CLASS = r"(?:A1|A2|[B-F])"
_NOTATIONS: tuple[tuple[str, str], ...] = (
    ("slipResistance", r"(?<![\w.-])R ?(?:9|1[0-3])(?: ?\(?[ABC](?:\+B)?(?:\+C)?\)?(?!\w))?(?![\w.])"),
    ("slipResistance", r"(?i:pendulum|ptv|<class>)[^\n]{0,20}?(?<!\w)P[0-5](?!\w)|(?<!\w)V6[1-6]\b"),
    ("frictionCoefficient", rf"(?:DCOF|SCOF|BOT ?3000){_S}(?:[:≥>=]{{0,2}}){_S}0[.,]\d+"),
    ("PEI", rf"PEI{_S}(?:[-:]|(?i:<class>))?{_S}{_PEI}(?:{_S}[-/]{_S}{_PEI})?(?!\w)"),
    ("wearClass", r"(?<!\w)AC ?[1-6](?!\w)"),
    ("wearClass", rf"(?i:<use class>|<class>){_S}(?:2[1-3]|3[1-4]|4[1-3])(?:/\d\d)?(?!\d)"),
    ("fireRating", rf"(?<!\w){_CLASS}(?:fl)?[-– ]?s[1-3](?:[,-]? ?d[0-2])?(?!\w)"),
    ("fireRating", rf"(?<!\w){_CLASS}fl(?!\w)|(?i:euroclass(?:e)?){_S}[A-F][12]?(?!\w)"),
    ("ipRating", r"(?<!\w)IP ?[0-6X][0-9X](?!\w)"),
    ("waterAbsorptionGroup", rf"(?i:<group>|<class>){_S}[AB] ?I{{1,3}}[ab]?(?!\w)"),
    ("lampHolder", r"(?<!\w)(?:E(?:14|27|40)|GU ?(?:10|5\.3|24)|G9|G4|GX53|B22)(?!\w)"),
    ("colourTemperature", r"(?<![\w.])[2-6]\d00 ?K(?:elvin)?(?!\w)"),
    ("luminousFlux", r"(?<![\w.])\d{2,6} ?(?:lm|lumen|lumens)(?!\w|/)"),
    ("wattage", r"(?<![\w.])(?:max\.? ?)?(?:\d+ ?[x×] ?)?\d{1,4}(?:[.,]\d)? ?(?:W|kW|watts?)(?![\w/])"),
    ("voltage", r"(?<![\w.])\d{2,3}(?:[-–/]\d{2,3})? ?V(?:AC|DC|olt)?(?![\w])"),
    ("colourRenderingIndex", rf"(?<!\w)(?:CRI|Ra){_S}[:>≥=]{{0,2}}{_S}\d{{2}}(?!\d)"),
    ("shadeVariation", r"(?<!\w)V[1-4](?!\w)(?=[^\n]{0,30}(?i:<shade>))"),
)
"""Fields and their notations; `<class>` stands for that word in any language (`class_word` of the vocabulary)."""
_CLASS_WORDS = ("class", "use class", "group", "shade")
_UNITS = (
    r"%|(?:°C|kg[^\S\n]?/[^\S\n]?[a-z0-9²³]+|kg|g[^\S\n]?/[^\S\n]?[a-z0-9³]+|W/[a-z0-9²·.]+|N/mm[²2]?|kN|MPa|"
    r"mm[³3²2]?|m[²2]/g|lm|dB|bar|µm|nm|[KNWVl])(?![\w²³])"
)
_WHOLE_NUMBER = rf"\d[\d.,]*(?![.,]?[^\S\n][.,]?[^\S\n]?\d)(?:{_S}(?:[-–÷]|<to>){_S}\d[\d.,]*)?"
"""Not one whose digits are printed apart, `0 . 1 3`: there the whole cell is the value."""
_NUMBER_VALUE = (
    rf"(?:[A-Za-zÀ-ÿ.]{{2,12}}[^\S\n]+){{0,2}}(?:[<>≤≥~±=]|max\.?|min\.?|ca\.?|E)?{_S}[<>≤≥~±]?{_S}"
    rf"{_WHOLE_NUMBER}(?:{_S}(?:{_UNITS}))?"
)
_SEPARATOR = r"[^\S\n]*(?:\([^)\n]{1,24}\)[^\S\n]*)?(?:[:=|]|[^\S\n]{2,}|\t|-[^\S\n]|(?:<of>)[^\S\n]|[^\S\n])[^\S\n|:]*"
_WORDED = re.compile(r"[^\S\n]*(?:\([^)\n]{1,24}\)[^\S\n]*)?(?:[:=|]|\t|[^\S\n]{3,})[^\S\n|:]*(?P<value>[^\n|;]{1,50})")


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The notations with their words in all languages."""
    words = {f"<{name}>": pattern_of("class_word", name) for name in _CLASS_WORDS}
    return tuple((f"{CATEGORY}.{field}", re.compile(_filled(pattern, words))) for field, pattern in _NOTATIONS)


@lru_cache(maxsize=1)
def _measured() -> re.Pattern[str]:
    """What stands behind a label when it is a number with its unit."""
    words = {f"<{name}>": pattern_of("range_word", name) for name in ("to", "of")}
    return re.compile(_filled(_SEPARATOR + rf"(?P<value>{_NUMBER_VALUE})", words), re.IGNORECASE)


def _filled(pattern: str, words: dict[str, str]) -> str:
    for place, alternatives in words.items():
        pattern = pattern.replace(place, alternatives)
    return pattern


def parse_technical(text: str) -> list[ParsedValue]:
    """All technical values of a line or of lines, in reading order."""
    found = [
        _value(field, text, match.start(), match.end(), NOTATION)
        for field, pattern in _patterns()
        for match in pattern.finditer(text)
    ]
    for term in find_terms(text, "technical_label"):
        if (labelled := _labelled(text, term)) is not None:
            found.append(labelled)
    found += [_stated(text, term) for term in find_terms(text, "technical_statement")]
    return without_overlaps([value for value in found if value is not None])


def _labelled(text: str, term: Term) -> ParsedValue | None:
    field = f"{CATEGORY}.{term.canonical}"
    measured, worded = _measured().match(text, term.end), _WORDED.match(text, term.end)
    if (
        worded
        and _is_own_cell(text, worded)
        and (measured is None or len(worded.group("value").strip()) <= LONGEST_CELL)
    ):
        return _value(field, text, worded.start("value"), worded.end("value"), LABELLED)
    if measured:
        return _value(field, text, measured.start("value"), measured.end("value"), LABELLED)
    return None


def _stated(text: str, term: Term) -> ParsedValue | None:
    """A word that is a statement by itself, "frost resistant", unless it is denied."""
    if is_denied(text, term):
        return None
    return _value(f"{CATEGORY}.{term.canonical}", text, term.start, term.end, STATED)


def _is_own_cell(text: str, match: re.Match[str]) -> bool:
    """Whether what follows a label is its value: behind a colon, or the other one of two cells, or a number."""
    value = match.group("value")
    if not any(c.isalnum() for c in value):
        return False
    colon = text[match.start() : match.start("value")].strip() not in ("|", "")
    return colon or any(c.isdigit() for c in value) or is_pair(text, match.start())


def _value(field: str, text: str, start: int, end: int, confidence: float) -> ParsedValue | None:
    raw = text[start:end]
    value = raw.strip(" ,;:.|")
    if not value:
        return None
    begin = start + raw.index(value)
    return ParsedValue(field=field, value=value, start=begin, end=begin + len(value), confidence=confidence)
