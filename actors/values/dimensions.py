"""Reads sizes from a line of text: `60 x 60 cm`, `L 21" x W 17" x H 33"`, `Espesor: 5,5 mm`, `8-10 mm thick`.

It owns the shapes in which sizes are printed, and how sure a reading is. It knows neither pages nor products; words and
letters come from the vocabulary, units from `lengths`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from actors.records import Confidence, Dimensions, Record
from actors.values.lengths import (
    GAP,
    Measure,
    in_known_languages,
    large_letters,
    number_pattern,
    side_words,
    sides_named,
    to_millimetres,
    unit_named,
    unit_pattern,
)
from actors.values.misread_digits import with_digits
from actors.values.sides import THIN_MM, as_fields, assign
from actors.values.size_chains import AMBIENT, SURE, ambient_unit, find_chains
from actors.vocabulary.languages import languages_read
from actors.vocabulary.words import find_terms, pattern_of

BARE = 0.45
"""Confidence of a number with its unit that is alone in its line."""
SMALLEST_MM, LARGEST_MM = 0.2, 30_000.0
BARE_THICKNESS_MM = 40.0
LONGEST_CACHED = 80
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
        """The size as products carry it; a diameter is length and width where these are not said."""
        return Dimensions(
            length_mm=self.diameter_mm if self.length_mm is None else self.length_mm,
            width_mm=self.diameter_mm if self.width_mm is None else self.width_mm,
            height_mm=self.height_mm,
            thickness_mm=self.thickness_mm,
            printed=self.printed,
        )

    @property
    def sides(self) -> dict[str, float]:
        """The sides that are known, by field name, in millimetres."""
        return {name: getattr(self, name) for name in _SIDES if getattr(self, name) is not None}

    @property
    def has_face(self) -> bool:
        """Whether two sides are known at least; both ends of a range are one."""
        return len(self.sides.keys() - {"thickness_max_mm"}) >= 2


def parse_dimensions(text: str, languages: Sequence[str] | None = None) -> list[ParsedDimensions]:
    """All sizes in a text, in reading order, none overlapping another.

    Args:
        text: a line, or lines; no size runs over a line's end.
        languages: best first; they decide what a single letter means. None: those that are being read.
    """
    if not any(c.isdigit() for c in text):
        return []
    read = _read_line if len(text) <= LONGEST_CACHED else _read
    return list(read(text, languages_read() if languages is None else tuple(languages)))


def _read(text: str, languages: tuple[str, ...]) -> tuple[ParsedDimensions, ...]:
    digits = with_digits(text)
    found: list[ParsedDimensions] = []
    for candidate in (*_chained(digits, languages), *_singles(digits, languages), *_bare(digits)):
        if not any(candidate.start < other.end and other.start < candidate.end for other in found):
            found.append(candidate)
    sizes = _joined(digits, sorted(found, key=lambda size: size.start))
    return tuple(size.model_copy(update={"printed": text[size.start : size.end]}) for size in sizes)


_read_line = lru_cache(maxsize=8192)(_read)
"""A caption is looked into by several readers, and equal sizes stand under every product."""


def _chained(text: str, languages: tuple[str, ...]) -> Iterator[ParsedDimensions]:
    """Sizes of several numbers: 60 x 60 x 1 cm."""
    for chain in find_chains(text, languages):
        if not _is_something_else(text, chain.start, chain.start + len(chain.printed)):
            yield from _build(chain.printed, chain.start, chain.measures, chain.confidence, chain.unit)


# ---- single measures: Thickness: 8 mm --------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _single_patterns(languages: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """One number with a word before it, with a word behind it, and with a letter: of the languages that are read."""
    unit, words = unit_pattern(), side_words()
    value = rf"(?P<value>{number_pattern('n0')}{GAP}-?(?P<u0>{unit})?)"
    bracketed = rf"(?:[(\[]{GAP}(?P<b0>mm|cm|m|in|inch|inches){GAP}[)\]]{GAP})"
    filler = rf"(?:[^\W\d]{{2,10}}{GAP}:?{GAP})?"
    named = rf"(?<!\w)(?P<l0>{words}){GAP}[:=.|–-]?{GAP}{bracketed}?[:=|]?{GAP}{filler}(?:[<>≤≥~±]{GAP})?{value}"
    behind = rf"(?<![\w.,/]){value}{GAP}[(-]?(?:(?:{pattern_of('range_word', 'of')}){GAP})?(?P<l0>{words})(?!\w)"
    letters = large_letters(languages)
    lettered = rf"(?<!\w)(?P<value>(?-i:(?P<l0>{letters})){GAP}[:=.]?{GAP}{number_pattern('n0')}{GAP}(?P<u0>{unit}))"
    return tuple(re.compile(pattern + r"(?![²³\w%])", re.IGNORECASE) for pattern in (named, behind, lettered))


def _singles(text: str, languages: tuple[str, ...]) -> Iterator[ParsedDimensions]:
    for pattern in _single_patterns(in_known_languages(languages)):
        for match in pattern.finditer(text):
            measure = _single(text, match, languages)
            if measure and not _is_something_else(text, match.start(), match.end()):
                sure = SURE if match.group("u0") else AMBIENT
                yield from _build(match.group("value"), match.start("value"), [measure], sure, measure.unit or "")
                yield from _listed(text, match.end(), measure)


def _single(text: str, match: re.Match[str], languages: tuple[str, ...]) -> Measure | None:
    bracket = match.groupdict().get("b0")
    unit = unit_named(match.group("u0")) or unit_named(bracket) or ambient_unit(text)
    unit = unit or _unit_of_list(text, match.end())
    sides = sides_named(match.group("l0"), languages)
    return Measure(match.group("n0"), match.group("n0_to"), unit, sides) if unit and sides else None


@lru_cache(maxsize=1)
def _joint() -> str:
    return rf"{GAP}(?:[,;/&+-]|\b(?:{pattern_of('range_word', 'and')})\b){GAP}"


@lru_cache(maxsize=1)
def _listed_pattern() -> re.Pattern[str]:
    return re.compile(rf"{_joint()}{number_pattern('n0')}(?:{GAP}(?P<u0>{unit_pattern()}))?(?![²³\w%])", re.IGNORECASE)


@lru_cache(maxsize=1)
def _list_unit_pattern() -> re.Pattern[str]:
    values = rf"(?:{_joint()}{number_pattern('n0')}){{1,6}}?"
    return re.compile(rf"{values}{GAP}(?P<u0>{unit_pattern()})", re.IGNORECASE)


def _unit_of_list(text: str, position: int) -> str | None:
    """The unit at the end of a list: `Espesor: 3, 5,5, 18 mm`."""
    match = _list_unit_pattern().match(text, position)
    return unit_named(match.group("u0")) if match else None


def _listed(text: str, position: int, first: Measure) -> Iterator[ParsedDimensions]:
    """Further values of one label: `Espesores: 3 mm, 5,5 mm - 18mm`, `9, 11, 20 mm`."""
    while match := _listed_pattern().match(text, position):
        unit = unit_named(match.group("u0")) or _unit_of_list(text, match.end())
        if unit is None:
            return
        measure = Measure(match.group("n0"), match.group("n0_to"), unit, first.labels)
        yield from _build(text[match.start("n0") : match.end()], match.start("n0"), [measure], AMBIENT, unit)
        position = match.end()


@lru_cache(maxsize=1)
def _bare_pattern() -> re.Pattern[str]:
    value = rf"(?P<value>{number_pattern('n0')}(?:{GAP}(?P<u0>{unit_pattern()}))?)"
    return re.compile(rf"^{GAP}{value}(?={GAP}(?:$|[,;/]))", re.IGNORECASE | re.MULTILINE)


def _bare(text: str) -> Iterator[ParsedDimensions]:
    """A line that is one measure and nothing else, a badge beside a picture: a thickness when small, else a length.

    A list of small ones, `8 / 10 / 12 mm`, is of thicknesses.
    """
    for match in _bare_pattern().finditer(text):
        unit = unit_named(match.group("u0")) or _unit_of_list(text, match.end())
        if unit is None:
            continue
        small = unit in ("mm", "cm") and to_millimetres(match.group("n0"), unit) <= BARE_THICKNESS_MM
        measure = Measure(match.group("n0"), match.group("n0_to"), unit, ("thickness" if small else "length",))
        more = list(_listed(text, match.end(), measure))
        end = more[-1].end if more else match.end()
        if (more and not small) or text[end:].partition("\n")[0].strip():
            continue
        own = _build(match.group("value"), match.start("value"), [measure], BARE, unit)
        for size in (*own, *more):
            yield size.model_copy(update={"labelled": False, "confidence": BARE})


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
