"""Reads sizes from a line of text: `60 x 60 cm`, `L 21" x W 17" x H 33"`, `Espesor: 5,5 mm`, `8-10 mm thick`.

It owns the shapes in which sizes are printed, and how sure a reading is. It knows neither pages nor products; words and
letters come from the vocabulary, units from pint.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from actors.lengths import (
    GAP,
    Measure,
    number_pattern,
    side_letters,
    side_words,
    sides_named,
    to_millimetres,
    unit_named,
    unit_pattern,
)
from actors.numerals import parse_number
from actors.records import Confidence, Dimensions, Record
from actors.sides import THIN_MM, as_fields, assign
from actors.words import find_terms

SURE, AMBIENT, INFERRED, BARE = 0.95, 0.85, 0.5, 0.45
"""Confidence: the unit is printed with the number; named elsewhere; guessed from the numbers; the number is alone."""
SMALLEST_MM, LARGEST_MM = 0.2, 30_000.0
BARE_THICKNESS_MM = 40.0
_TIMES = rf"{GAP}(?:[x×✕✖*х]|(?<=\s)by(?=\s)){GAP}"
_UNITLESS = (5.0, 3000.0)
_MILLIMETRES_FROM = 300.0
_SIDES = ("length_mm", "width_mm", "height_mm", "thickness_mm", "thickness_max_mm", "diameter_mm")


class ParsedDimensions(Record):
    """A size in millimetres, with the text that says so."""

    printed: str
    start: int  # offsets into the text
    end: int
    length_mm: float | None = None
    width_mm: float | None = None
    height_mm: float | None = None
    thickness_mm: float | None = None
    thickness_max_mm: float | None = None  # of a range, "8-10 mm"
    diameter_mm: float | None = None
    unit: str  # mm cm m in ft; the one that was assumed when none was printed
    labelled: bool = False  # a word or letter names the sides
    confidence: Confidence

    def to_record(self) -> Dimensions:
        """The size as products carry it; a diameter is both length and width."""
        return Dimensions(
            length_mm=self.length_mm if self.diameter_mm is None else self.diameter_mm,
            width_mm=self.width_mm if self.diameter_mm is None else self.diameter_mm,
            height_mm=self.height_mm,
            thickness_mm=self.thickness_mm,
            printed=self.printed,
        )

    @property
    def sides(self) -> dict[str, float]:
        """The sides that are known, by field name, in millimetres."""
        return {name: getattr(self, name) for name in _SIDES if getattr(self, name) is not None}


def parse_dimensions(text: str, languages: Sequence[str] = ()) -> list[ParsedDimensions]:
    """All sizes in a text, in reading order, none overlapping another.

    Args:
        text: a line, or lines; no size runs over a line's end.
        languages: of the page, best first: they decide what a single letter means.
    """
    if not any(c.isdigit() for c in text):
        return []
    found: list[ParsedDimensions] = []
    for candidate in (*_chains(text, tuple(languages)), *_singles(text, tuple(languages)), *_bare(text)):
        if not any(candidate.start < other.end and other.start < candidate.end for other in found):
            found.append(candidate)
    return _joined(text, sorted(found, key=lambda size: size.start))


# ---- chains: 60 x 60 x 1 cm ------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _chain_patterns() -> tuple[re.Pattern[str], ...]:
    """Numbers joined by x: with labels behind them, with labels before them; and labelled numbers joined by commas."""
    label = rf"(?:{side_words()}|{side_letters()})"
    unit = unit_pattern()
    numbers = [number_pattern(f"n{i}") for i in range(4)]
    plain = [rf"{numbers[i]}{GAP}(?P<u{i}>{unit})?" for i in range(4)]
    before = [rf"(?:(?P<l{i}>{label}){GAP}[:=.]?{GAP})?{plain[i]}" for i in range(4)]
    behind = [rf"{plain[i]}{GAP}[(\[]?(?P<l{i}>{label})(?!\w)[)\]]?" for i in range(4)]
    named = [rf"(?P<l{i}>{label}){GAP}[:=.]?{GAP}{plain[i]}" for i in range(4)]
    patterns = []
    for parts, joint, tail in (
        (behind, _TIMES, rf"(?:{GAP}(?P<tail>{unit}))?"),
        (before, _TIMES, "(?P<tail>)"),
        (named, rf"{GAP}[,;/|]?{GAP}", "(?P<tail>)"),
    ):
        optional = rf"(?:{joint}{parts[2]}(?:{joint}{parts[3]})?)?"
        patterns.append(rf"(?<![\w.,#/]){parts[0]}{joint}{parts[1]}{optional}{tail}(?![\w²³%])")
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _chains(text: str, languages: tuple[str, ...]) -> Iterator[ParsedDimensions]:
    matches = sorted(
        (match for pattern in _chain_patterns() for match in pattern.finditer(text)),
        key=lambda match: (match.start() - match.end(), match.start()),
    )
    taken: list[re.Match[str]] = []
    for match in matches:
        if not any(match.start() < other.end() and other.start() < match.end() for other in taken):
            taken.append(match)
    taken.sort(key=lambda match: match.start())
    for position, match in enumerate(taken):
        measures = _with_legend(text, match, _measures(match, languages), languages)
        neighbours = [_measures(other, languages) for other in (taken[position + 1 :] + taken[:position][::-1])]
        unit, confidence = _chain_unit(text, match, measures, neighbours)
        if unit is not None and not _is_something_else(text, match.start(), match.end()):
            yield from _build(match.group(), match.start(), _with_units(measures, unit), confidence, unit)


def _measures(match: re.Match[str], languages: tuple[str, ...]) -> list[Measure]:
    measures = []
    for i in range(4):
        if (number := match.group(f"n{i}")) is not None:
            label = match.group(f"l{i}")
            sides = sides_named(label, languages) if label else ()
            measures.append(Measure(number, match.group(f"n{i}_to"), unit_named(match.group(f"u{i}")), sides))
    if tail := match.group("tail"):
        measures[-1] = measures[-1]._replace(unit=measures[-1].unit or unit_named(tail))
    return measures


@lru_cache(maxsize=1)
def _legend_pattern() -> re.Pattern[str]:
    label = rf"({side_words()}|{side_letters()})"
    joint = rf"{GAP}[x×*/]{GAP}"
    return re.compile(rf"(?<!\w){label}{joint}{label}(?:{joint}{label})?(?!\w)", re.IGNORECASE)


def _with_legend(text: str, match: re.Match[str], measures: list[Measure], languages: tuple[str, ...]) -> list[Measure]:
    """Measures with the labels of a legend that stands beside them: `(L x W x H) 60 x 40 x 20 cm`."""
    if any(measure.labels for measure in measures):
        return measures
    for legend in _legend_pattern().finditer(text):
        labels = [label for label in legend.groups() if label]
        near = 0 <= match.start() - legend.end() <= 12 or 0 <= legend.start() - match.end() <= 6
        if near and len(labels) == len(measures):
            return [
                measure._replace(labels=sides_named(label, languages))
                for measure, label in zip(measures, labels, strict=True)
            ]
    return measures


def _chain_unit(
    text: str, match: re.Match[str], measures: list[Measure], neighbours: list[list[Measure]]
) -> tuple[str | None, float]:
    """The unit for the numbers that have none, and how sure it is; None refuses the chain."""
    if units := [measure.unit for measure in measures if measure.unit]:
        return units[-1], SURE
    if ambient := _ambient_unit(text):
        return ambient, AMBIENT
    for other in neighbours:
        if borrowed := [measure.unit for measure in other if measure.unit]:
            return borrowed[-1], AMBIENT
    values = [parse_number(measure.number) for measure in measures]
    low, high = _UNITLESS
    goes_on = re.match(r"[-/]?\w", text[match.end() :])
    if goes_on or min(values[:2]) < low or max(values[:2]) < 2 * low or max(values) > high:
        return None, 0.0
    return ("mm" if max(values) >= _MILLIMETRES_FROM else "cm"), INFERRED


@lru_cache(maxsize=1)
def _ambient_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:[(\[]{GAP}|\bin{GAP}|/{GAP})(mm|cm|inch(?:es)?|m){GAP}(?:[)\]:.,]|$)", re.IGNORECASE)


def _ambient_unit(text: str) -> str | None:
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


# ---- single measures: Thickness: 8 mm --------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _single_patterns() -> tuple[re.Pattern[str], ...]:
    unit, words = unit_pattern(), side_words()
    value = rf"(?P<value>{number_pattern('n0')}{GAP}-?(?P<u0>{unit})?)"
    bracketed = rf"(?:[(\[]{GAP}(?P<b0>mm|cm|m|in|inch|inches){GAP}[)\]]{GAP})"
    filler = rf"(?:[^\W\d]{{2,10}}{GAP}:?{GAP})?"
    named = rf"(?<!\w)(?P<l0>{words}){GAP}[:=.|–-]?{GAP}{bracketed}?[:=|]?{GAP}{filler}(?:[<>≤≥~±]{GAP})?{value}"
    behind = rf"(?<![\w.,/]){value}{GAP}[(-]?(?:(?:de|di|in|of|en){GAP})?(?P<l0>{words})(?!\w)"
    lettered = (
        rf"(?<!\w)(?P<value>(?-i:(?P<l0>Ø|⌀|φ|[LWHDBT])){GAP}[:=.]?{GAP}{number_pattern('n0')}{GAP}(?P<u0>{unit}))"
    )
    return tuple(re.compile(pattern + r"(?![²³\w%])", re.IGNORECASE) for pattern in (named, behind, lettered))


def _singles(text: str, languages: tuple[str, ...]) -> Iterator[ParsedDimensions]:
    for pattern in _single_patterns():
        for match in pattern.finditer(text):
            measure = _single(text, match, languages)
            if measure and not _is_something_else(text, match.start(), match.end()):
                sure = SURE if match.group("u0") else AMBIENT
                yield from _build(match.group("value"), match.start("value"), [measure], sure, measure.unit or "")
                yield from _listed(text, match.end(), measure)


def _single(text: str, match: re.Match[str], languages: tuple[str, ...]) -> Measure | None:
    bracket = match.groupdict().get("b0")
    unit = unit_named(match.group("u0")) or unit_named(bracket) or _ambient_unit(text)
    sides = sides_named(match.group("l0"), languages)
    return Measure(match.group("n0"), match.group("n0_to"), unit, sides) if unit and sides else None


@lru_cache(maxsize=1)
def _listed_pattern() -> re.Pattern[str]:
    joint = rf"{GAP}(?:[,;/&+-]|\b(?:y|e|and|und|et|ve|or|o)\b){GAP}"
    return re.compile(rf"{joint}{number_pattern('n0')}{GAP}(?P<u0>{unit_pattern()})(?![²³\w])", re.IGNORECASE)


def _listed(text: str, position: int, first: Measure) -> Iterator[ParsedDimensions]:
    """Further values of one label: `Espesores: 3 mm, 5,5 mm - 18mm`."""
    while match := _listed_pattern().match(text, position):
        unit = unit_named(match.group("u0"))
        measure = Measure(match.group("n0"), match.group("n0_to"), unit, first.labels)
        yield from _build(text[match.start("n0") : match.end()], match.start("n0"), [measure], AMBIENT, unit or "")
        position = match.end()


@lru_cache(maxsize=1)
def _bare_pattern() -> re.Pattern[str]:
    value = rf"(?P<value>{number_pattern('n0')}{GAP}(?P<u0>{unit_pattern()}))"
    return re.compile(rf"^{GAP}{value}{GAP}$", re.IGNORECASE | re.MULTILINE)


def _bare(text: str) -> Iterator[ParsedDimensions]:
    """A line that is one measure and nothing else, a badge beside a picture: a thickness when small, else a length."""
    for match in _bare_pattern().finditer(text):
        unit = unit_named(match.group("u0")) or "mm"
        small = unit in ("mm", "cm") and to_millimetres(match.group("n0"), unit) <= BARE_THICKNESS_MM
        measure = Measure(match.group("n0"), match.group("n0_to"), unit, ("thickness" if small else "length",))
        for size in _build(match.group("value"), match.start("value"), [measure], BARE, unit):
            yield size.model_copy(update={"labelled": False})


# ---- what is no size of the product ----------------------------------------------------------------------------------


def _is_something_else(text: str, start: int, end: int) -> bool:
    """Whether the numbers are a count, a power, a screen, or measure the carton, the joint or the wear layer."""
    line_end = text.find("\n", end)
    behind = text[end : line_end if line_end >= 0 else len(text)]
    before = text[text.rfind("\n", 0, start) + 1 : start]
    if any(term.start <= 1 for term in find_terms(behind[:16], "count_unit")):
        return True
    if find_terms(text[start:end], "size_other"):
        return True
    if any(_close(before[term.end :]) for term in find_terms(before, "size_other")):
        return True
    return any(_close(behind[: term.start]) for term in find_terms(behind, "size_other"))


def _close(between: str) -> bool:
    """Whether nothing but a word or two stands between."""
    return len(between) <= 20 and not re.search(r"[;,.\d|–-]", between)


# ---- putting together ------------------------------------------------------------------------------------------------


def _build(
    raw: str, start: int, measures: Sequence[Measure], confidence: float, unit: str
) -> Iterator[ParsedDimensions]:
    """One size, or none when a number is none or out of all proportion."""
    printed = raw.strip()
    start += len(raw) - len(raw.lstrip())
    values = [to_millimetres(measure.number, measure.unit or unit) for measure in measures]
    uppers = [to_millimetres(m.upper, m.unit or unit) if m.upper else 0.0 for m in measures]
    if min(values) < SMALLEST_MM or max(values) > LARGEST_MM:
        return
    axes = assign(measures, values)
    fields = as_fields(dict(zip(axes, values, strict=True)))
    upper = max((top for axis, top in zip(axes, uppers, strict=True) if axis == "thickness"), default=0.0)
    if upper > fields.get("thickness_mm", 0.0):
        fields["thickness_max_mm"] = upper
    labelled = any(measure.labels for measure in measures)
    yield ParsedDimensions(
        printed=printed, start=start, end=start + len(printed), unit=unit, labelled=labelled, confidence=confidence,
        **fields,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _tail_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"{GAP}[,;/|·–-]?{GAP}(?P<value>{number_pattern('n0')}{GAP}(?P<u0>mm|cm))(?![\w²³/])", re.IGNORECASE
    )


def _joined(text: str, sizes: list[ParsedDimensions]) -> list[ParsedDimensions]:
    """Sizes with what follows them closely: `150x80 cm H75 cm`, `30 x 60 cm, 9,5 mm`."""
    joined: list[ParsedDimensions] = []
    for size in sizes:
        last = joined[-1] if joined else None
        if last and re.fullmatch(r"[ \t,;/|x-]{0,3}", text[last.end : size.start]) and _complements(last, size):
            joined[-1] = _merged(text, last, size)
        else:
            joined.append(size)
    return [
        _with_tail(text, size, joined[i + 1].start if i + 1 < len(joined) else len(text))
        for i, size in enumerate(joined)
    ]


def _complements(first: ParsedDimensions, second: ParsedDimensions) -> bool:
    flat = {"length_mm", "width_mm"} <= first.sides.keys()
    return flat and len(second.sides) == 1 and second.labelled and not first.sides.keys() & second.sides.keys()


def _merged(text: str, first: ParsedDimensions, second: ParsedDimensions) -> ParsedDimensions:
    printed = text[first.start : second.end]
    return first.model_copy(update={"printed": printed, "end": second.end, **second.sides})


def _with_tail(text: str, size: ParsedDimensions, limit: int) -> ParsedDimensions:
    match = _tail_pattern().match(text, size.end, limit)
    if match is None or set(size.sides) != {"length_mm", "width_mm"} or _is_something_else(text, size.end, match.end()):
        return size
    thickness = to_millimetres(match.group("n0"), unit_named(match.group("u0")) or "mm")
    if not SMALLEST_MM < thickness <= min(THIN_MM, 0.35 * min(size.sides.values())):
        return size
    return size.model_copy(
        update={"printed": text[size.start : match.end()], "end": match.end(), "thickness_mm": thickness}
    )
