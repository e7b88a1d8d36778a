"""Reads technical values: slip classes, PEI, water absorption, frost, fire, and what a technical label names.

It owns the notations that are the same in every language. The words before them stand in the vocabulary.
"""

import re

from actors.values import ParsedValue, is_pair, without_overlaps
from actors.words import Term, find_terms

CATEGORY = "technicalSpecifications"
NOTATION, LABELLED, STATED = 0.85, 0.9, 0.7
LONGEST_CELL = 24
"""A cell up to this length is the value as it stands; in a longer one the number is looked for."""
_S = r"[^\S\n]*"
_PEI = r"(?:[0-5]|I{1,3}|IV|V)"
_CLASS = r"(?:A1|A2|[B-F])"
_NOTATIONS: tuple[tuple[str, str], ...] = (
    ("slipResistance", r"(?<![\w.-])R ?(?:9|1[0-3])(?: ?\(?[ABC](?:\+B)?(?:\+C)?\)?(?!\w))?(?![\w.])"),
    ("slipResistance", r"(?i:pendulum|ptv|class|klasse)[^\n]{0,20}?(?<!\w)P[0-5](?!\w)|(?<!\w)V6[1-6]\b"),
    ("frictionCoefficient", rf"(?:DCOF|SCOF|BOT ?3000){_S}(?:[:≥>=]{{0,2}}){_S}0[.,]\d+"),
    ("abrasionResistance", rf"PEI{_S}(?:[-:]|class)?{_S}{_PEI}(?:{_S}[-/]{_S}{_PEI})?(?!\w)"),
    ("wearClass", r"(?<!\w)AC ?[1-6](?!\w)"),
    ("wearClass", rf"(?i:use class|nutzungsklasse|classe d'usage|class){_S}(?:2[1-3]|3[1-4]|4[1-3])(?:/\d\d)?(?!\d)"),
    ("fireRating", rf"(?<!\w){_CLASS}(?:fl)?[-– ]?s[1-3](?:[,-]? ?d[0-2])?(?!\w)"),
    ("fireRating", rf"(?<!\w){_CLASS}fl(?!\w)|(?i:euroclass(?:e)?){_S}[A-F][12]?(?!\w)"),
    ("ipRating", r"(?<!\w)IP ?[0-6X][0-9X](?!\w)"),
    ("waterAbsorptionGroup", rf"(?i:group(?:e|o|pe)?|gruppe|grubu|class){_S}[AB] ?I{{1,3}}[ab]?(?!\w)"),
    ("lampHolder", r"(?<!\w)(?:E(?:14|27|40)|GU ?(?:10|5\.3|24)|G9|G4|GX53|B22)(?!\w)"),
    ("colourTemperature", r"(?<![\w.])[2-6]\d00 ?K(?:elvin)?(?!\w)"),
    ("luminousFlux", r"(?<![\w.])\d{2,6} ?(?:lm|lumen|lumens)(?!\w|/)"),
    ("wattage", r"(?<![\w.])(?:max\.? ?)?(?:\d+ ?[x×] ?)?\d{1,4}(?:[.,]\d)? ?(?:W|kW|watts?)(?![\w/])"),
    ("voltage", r"(?<![\w.])\d{2,3}(?:[-–/]\d{2,3})? ?V(?:AC|DC|olt)?(?![\w])"),
    ("colourRenderingIndex", rf"(?<!\w)(?:CRI|Ra){_S}[:>≥=]{{0,2}}{_S}\d{{2}}(?!\d)"),
    ("shadeVariation", r"(?<!\w)V[1-4](?!\w)(?=[^\n]{0,30}(?i:shade|variation|stonaliz|destonif))"),
)
_PATTERNS = tuple((f"{CATEGORY}.{field}", re.compile(pattern)) for field, pattern in _NOTATIONS)
_UNITS = (
    r"%|(?:°C|kg[^\S\n]?/[^\S\n]?[a-z0-9²³]+|kg|g[^\S\n]?/[^\S\n]?[a-z0-9³]+|W/[a-z0-9²·.]+|N/mm[²2]?|kN|MPa|"
    r"mm[³3²2]?|m[²2]/g|lm|dB|bar|µm|nm|[KNWVl])(?![\w²³])"
)
_WHOLE_NUMBER = rf"\d[\d.,]*(?![.,]?[^\S\n][.,]?[^\S\n]?\d)(?:{_S}(?:[-–÷]|to|a|bis){_S}\d[\d.,]*)?"
"""Not one whose digits are printed apart, `0 . 1 3`: there the whole cell is the value."""
_NUMBER_VALUE = (
    rf"(?:[A-Za-zÀ-ÿ.]{{2,12}}[^\S\n]+){{0,2}}(?:[<>≤≥~±=]|max\.?|min\.?|ca\.?|E)?{_S}[<>≤≥~±]?{_S}"
    rf"{_WHOLE_NUMBER}(?:{_S}(?:{_UNITS}))?"
)
_SEPARATOR = r"[^\S\n]*(?:\([^)\n]{1,24}\)[^\S\n]*)?(?:[:=|]|[^\S\n]{2,}|\t|-[^\S\n]|of[^\S\n]|[^\S\n])[^\S\n|:]*"
_MEASURED = re.compile(_SEPARATOR + rf"(?P<value>{_NUMBER_VALUE})", re.IGNORECASE)
_WORDED = re.compile(r"[^\S\n]*(?:\([^)\n]{1,24}\)[^\S\n]*)?(?:[:=|]|\t|[^\S\n]{3,})[^\S\n|:]*(?P<value>[^\n|;]{1,50})")
_STATEMENTS = ("frostResistance", "dimmable", "stainResistance", "chemicalResistance", "thermalShockResistance")
"""Properties of which the bare word is a statement: "frost resistant"."""
_ADJECTIVE = re.compile(r"(?:t|proof|bar|sicher|ig|te|to|ta|fest|able|ivo|iva|lı|li|vast|uto|álló)$", re.IGNORECASE)


def parse_technical(text: str) -> list[ParsedValue]:
    """All technical values of a line or of lines, in reading order."""
    found = [
        _value(field, text, match.start(), match.end(), NOTATION)
        for field, pattern in _PATTERNS
        for match in pattern.finditer(text)
    ]
    for term in find_terms(text, "technical_label"):
        if (labelled := _labelled(text, term)) is not None:
            found.append(labelled)
    return without_overlaps([value for value in found if value is not None])


def _labelled(text: str, term: Term) -> ParsedValue | None:
    field = f"{CATEGORY}.{term.canonical}"
    measured, worded = _MEASURED.match(text, term.end), _WORDED.match(text, term.end)
    if (
        worded
        and _is_own_cell(text, worded)
        and (measured is None or len(worded.group("value").strip()) <= LONGEST_CELL)
    ):
        return _value(field, text, worded.start("value"), worded.end("value"), LABELLED)
    if measured:
        return _value(field, text, measured.start("value"), measured.end("value"), LABELLED)
    if term.canonical in _STATEMENTS and _ADJECTIVE.search(term.printed) and not _denied(text[: term.start]):
        return _value(field, text, term.start, term.end, STATED)
    return None


def _is_own_cell(text: str, match: re.Match[str]) -> bool:
    """Whether what follows a label is its value: behind a colon, or the other one of two cells, or a number."""
    value = match.group("value")
    if not any(c.isalnum() for c in value):
        return False
    colon = text[match.start() : match.start("value")].strip() not in ("|", "")
    return colon or any(c.isdigit() for c in value) or is_pair(text, match.start())


def _denied(before: str) -> bool:
    return bool(re.search(r"\b(?:not|no|non|nicht|nem|değil)[^\S\n]*$", before, re.IGNORECASE))


def _value(field: str, text: str, start: int, end: int, confidence: float) -> ParsedValue | None:
    raw = text[start:end]
    value = raw.strip(" ,;:.|")
    if not value:
        return None
    begin = start + raw.index(value)
    return ParsedValue(field=field, value=value, start=begin, end=begin + len(value), confidence=confidence)
