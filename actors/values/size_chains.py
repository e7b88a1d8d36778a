"""Finds numbers that are joined to one size, `60 x 60 x 1 cm`, and the unit of each.

It owns the patterns of such chains and where their unit may stand. Which number is which side is not known here.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from actors.values.lengths import (
    GAP,
    Measure,
    in_known_languages,
    is_feet_and_inches,
    number_pattern,
    side_letters,
    side_words,
    sides_named,
    unit_named,
    unit_pattern,
)
from actors.values.loose_chains import is_size, loose_patterns
from actors.values.numerals import parse_number
from actors.vocabulary.words import pattern_of

SURE, AMBIENT, INFERRED = 0.95, 0.85, 0.5
"""Confidence by the unit: printed with the numbers; named elsewhere; guessed from the numbers."""
_UNITLESS = (5.0, 3000.0)
_MILLIMETRES_FROM = 300.0


class Chain(NamedTuple):
    """Numbers of one size, each with its unit."""

    printed: str
    start: int  # offset into the text
    measures: list[Measure]
    unit: str  # of the last number
    confidence: float


def find_chains(text: str, languages: tuple[str, ...] = ()) -> list[Chain]:
    """All chains of a text that have a unit, or numbers from which one can be guessed; in reading order."""
    patterns = _chain_patterns(in_known_languages(languages))
    matches = _longest(text, [*loose_patterns(), *patterns])
    measures = [_with_legend(text, match, _measures(match, languages), languages) for match in matches]
    own = [_own_unit(text, match, found) for match, found in zip(matches, measures, strict=True)]
    shared = _shared_units(text, matches, own)
    chains = []
    for match, found, unit, borrowed in zip(matches, measures, own, shared, strict=True):
        is_bare = match.re == patterns[-1]
        known, confidence = (unit, SURE) if unit else _other_unit(text, match, found, borrowed, is_bare=is_bare)
        if known:
            chains.append(Chain(match.group(), match.start(), _with_units(found, known), known, confidence))
    return chains


@lru_cache(maxsize=1)
def _times() -> str:
    """Between the sides of one size: a sign, or a word with blanks around it, "60 por 60"."""
    return rf"{GAP}(?:[x×✕✖*х]|(?<=\s)(?:{pattern_of('range_word', 'by')})(?=\s)){GAP}"


@lru_cache(maxsize=1)
def _list_joint() -> re.Pattern[str]:
    """Between sizes that share a unit."""
    return re.compile(rf"{GAP}(?:[,;/|+&·–-]|\b(?:{pattern_of('range_word', 'and')})\b)?{GAP}", re.IGNORECASE)


@lru_cache(maxsize=16)
def _chain_patterns(languages: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Numbers joined by x: with labels behind them, with labels before them; and labelled numbers joined by commas."""
    label = rf"(?:{side_words()}|{side_letters(languages)})"
    unit = unit_pattern()
    numbers = [number_pattern(f"n{i}") for i in range(4)]
    plain = [rf"{numbers[i]}{GAP}(?P<u{i}>{unit})?" for i in range(4)]
    height = [rf"(?:{GAP}(?P<h{i}>h)(?!\w))?" for i in range(4)]
    before = [rf"(?:(?P<l{i}>{label}){GAP}[:=.]?{GAP})?{plain[i]}{height[i]}" for i in range(4)]
    behind = [rf"{plain[i]}{GAP}[(\[]?(?P<l{i}>{label})(?!\w)[)\]]?" for i in range(4)]
    named = [rf"(?P<l{i}>{label}){GAP}[:=.]?{GAP}{plain[i]}" for i in range(4)]
    patterns = []
    for parts, joint, tail in (
        (behind, _times(), rf"(?:{GAP}(?P<tail>{unit}))?"),
        (before, _times(), rf"(?:{GAP}(?P<tail>{unit}))?"),
        (named, rf"{GAP}(?:[,;/|·]|(?<=\s)\.(?=\s))?{GAP}", "(?P<tail>)"),  # OCR reads "·" as a point
    ):
        optional = rf"(?:{joint}{parts[2]}(?:{joint}{parts[3]})?)?"
        patterns.append(rf"(?<![\w.,#/]){parts[0]}{joint}{parts[1]}{optional}{tail}(?![\w²³%])")
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _longest(text: str, patterns: Sequence[re.Pattern[str]]) -> list[re.Match[str]]:
    """The longest matches of all patterns that do not overlap, in reading order."""
    matches = [match for pattern in patterns for match in pattern.finditer(text) if is_size(text, match)]
    taken: list[re.Match[str]] = []
    for match in sorted(matches, key=lambda match: (match.start() - match.end(), match.start())):
        if not any(match.start() < other.end() and other.start() < match.end() for other in taken):
            taken.append(match)
    return sorted(taken, key=lambda match: match.start())


def _measures(match: re.Match[str], languages: tuple[str, ...]) -> list[Measure]:
    measures = []
    for i in range(4):
        if (number := match.group(f"n{i}")) is not None:
            label = match.group(f"l{i}") or match.groupdict().get(f"h{i}")
            sides = sides_named(label, languages) if label else ()
            unit = "ft" if is_feet_and_inches(number) else unit_named(match.group(f"u{i}"))
            measures.append(Measure(number, match.group(f"n{i}_to"), unit, sides))
    if tail := match.group("tail"):
        measures[-1] = measures[-1]._replace(unit=measures[-1].unit or unit_named(tail))
    return measures


@lru_cache(maxsize=16)
def _legend_pattern(languages: tuple[str, ...]) -> re.Pattern[str]:
    label = rf"({side_words()}|{side_letters(languages)})"
    joint = rf"{GAP}[x×*/]{GAP}"
    return re.compile(rf"(?<!\w){label}{joint}{label}(?:{joint}{label})?(?!\w)", re.IGNORECASE)


def _with_legend(text: str, match: re.Match[str], measures: list[Measure], languages: tuple[str, ...]) -> list[Measure]:
    """Measures with the labels of a legend that stands beside them: `(L x W x H) 60 x 40 x 20 cm`."""
    if any(measure.labels for measure in measures):
        return measures
    for legend in _legend_pattern(in_known_languages(languages)).finditer(text):
        labels = [label for label in legend.groups() if label]
        near = 0 <= match.start() - legend.end() <= 12 or 0 <= legend.start() - match.end() <= 6
        if near and len(labels) == len(measures):
            return [
                measure._replace(labels=sides_named(label, languages))
                for measure, label in zip(measures, labels, strict=True)
            ]
    return measures


# ---- units -----------------------------------------------------------------------------------------------------------


def _own_unit(text: str, match: re.Match[str], measures: Sequence[Measure]) -> str | None:
    """The unit that is printed in the chain or right beside it."""
    if units := [measure.unit for measure in measures if measure.unit]:
        return units[-1]
    before, behind = _beside_patterns()
    found = before.search(text[: match.start()]) or behind.match(text[match.end() :])
    return unit_named(found.group("unit")) if found else None


def _shared_units(text: str, matches: Sequence[re.Match[str]], own: Sequence[str | None]) -> list[str | None]:
    """Units borrowed from the next chain of a list, `20x120 / 30x60 / 60x60 cm`, else from the one before."""
    shared = list(own)
    joined = [bool(_list_joint().fullmatch(text[a.end() : b.start()])) for a, b in pairwise(matches)]
    for i in reversed(range(len(joined))):
        if joined[i] and shared[i] is None:
            shared[i] = shared[i + 1]
    for i in range(len(joined)):
        if joined[i] and shared[i + 1] is None:
            shared[i + 1] = shared[i]
    return shared


def _other_unit(
    text: str, match: re.Match[str], measures: Sequence[Measure], borrowed: str | None, *, is_bare: bool
) -> tuple[str | None, float]:
    """A unit from elsewhere in the text, or guessed; None where the numbers may be anything."""
    if borrowed or (borrowed := ambient_unit(text)):
        return borrowed, AMBIENT
    if is_bare:
        return None, 0.0  # letters and numbers side by side, "G80 G81", are a size only with a unit
    values = [parse_number(measure.number) for measure in measures]
    low, high = _UNITLESS
    goes_on = re.match(r"[-/]?\w", text[match.end() :])
    if goes_on or min(values[:2]) < low or max(values[:2]) < 2 * low or max(values) > high:
        return None, 0.0
    return ("mm" if max(values) >= _MILLIMETRES_FROM else "cm"), INFERRED


@lru_cache(maxsize=1)
def _beside_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A unit right before a chain, `cm 120x80`; further values of its last side behind it, `x 12/15/18mm`."""
    before = rf"(?<!\w)(?P<unit>mm|cm|m|inch(?:es)?)\.?{GAP}$"
    behind = rf"(?:{GAP}/{GAP}{number_pattern('n')}){{1,6}}{GAP}(?P<unit>{unit_pattern()})"
    return re.compile(before, re.IGNORECASE), re.compile(behind, re.IGNORECASE)


@lru_cache(maxsize=1)
def _ambient_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:[(\[]{GAP}|\bin{GAP}|/{GAP})(mm|cm|inch(?:es)?|m){GAP}(?:[)\]:.,]|$)", re.IGNORECASE)


def ambient_unit(text: str) -> str | None:
    """A unit that a text names for all its numbers: `Size (mm)`, `in cm:`."""
    match = _ambient_pattern().search(text)
    return unit_named(match.group(1)) if match else None


def _with_units(measures: list[Measure], fallback: str) -> list[Measure]:
    """Every number with a unit: its own, else the next one to its right, else the last of all."""
    filled: list[Measure] = []
    current: str | None = None
    for measure in reversed(measures):
        current = measure.unit or current
        filled.append(measure._replace(unit=measure.unit or current or fallback))
    return filled[::-1]
