"""Lengths as catalogues print them: units of all languages, the letters and words that name a side, millimetres.

It owns the patterns that `actors.dimensions` is built of. It knows no product.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

import pint

from actors.numerals import NUMBER, parse_number
from actors.words import Form, fold, vocabulary

Axis = Literal["length", "width", "height", "depth", "thickness", "diameter"]
AXES: tuple[Axis, ...] = ("length", "width", "height", "depth", "thickness", "diameter")
GAP = r"[^\S\n]*"
"""White space within a line."""
_PINT_NAMES = {"mm": "millimeter", "cm": "centimeter", "m": "meter", "in": "inch", "ft": "foot"}
_FEET, _INCHES = r"\d{1,2}", r"\d{1,2}(?:[.,]\d+)?(?:\s?[½¼¾])?"
_FOOT_MARK, _INCH_MARK = "[’'′]-?\\s?", '[”"″]'
_FEET_INCHES = re.compile(rf"({_FEET}){_FOOT_MARK}({_INCHES}){_INCH_MARK}")
_THOUSANDS = {"mm"}
"""Units in which 1.200 means twelve hundred."""


class Measure(NamedTuple):
    """A number with what stands around it."""

    number: str
    upper: str | None  # end of a range, "8-10 mm"
    unit: str | None  # mm, cm, m, in, ft
    labels: tuple[Axis, ...]  # sides that its label may mean, the likeliest first


@lru_cache(maxsize=1)
def _registry() -> pint.UnitRegistry[float]:
    return pint.UnitRegistry()


@lru_cache(maxsize=16)
def millimetres_per(unit: str) -> float:
    """How many millimetres one unit is; `unit` is mm, cm, m, in or ft."""
    return float(_registry().Quantity(1.0, _PINT_NAMES[unit]).to("millimeter").magnitude)


def to_millimetres(number: str, unit: str) -> float:
    """A printed number in millimetres, to a hundredth.

    Raises:
        ValueError: it is no number.
    """
    if both := _FEET_INCHES.fullmatch(number.strip()):
        feet, inches = (parse_number(part, grouped=False) for part in both.groups())
        return round(feet * millimetres_per("ft") + inches * millimetres_per("in"), 2)
    return round(parse_number(number, grouped=unit in _THOUSANDS) * millimetres_per(unit), 2)


def is_feet_and_inches(number: str) -> bool:
    """Whether a print is feet and inches in one: 5'6"."""
    return bool(_FEET_INCHES.fullmatch(number.strip()))


def _alternatives(forms: list[Form]) -> str:
    """A pattern of words, longest first, each with and without its accents."""
    patterns = set()
    for form in forms:
        ending = {0: "", -1: r"\w*"}.get(form.ending, rf"\w{{0,{form.ending}}}")
        for stem in {form.stem, fold(form.stem)}:
            patterns.add(re.escape(stem).replace(r"\ ", r"\s") + ending)
    return "|".join(sorted(patterns, key=len, reverse=True))


@lru_cache(maxsize=1)
def unit_pattern() -> str:
    """A unit after its number; not one that goes on to an area, a speed or a pressure."""
    words = [form for form in vocabulary().forms("unit") if form.stem[0].isalpha()]
    marks = [form for form in vocabulary().forms("unit") if not form.stem[0].isalpha()]
    return rf"(?:(?:{_alternatives(words)})(?![\w²³^])(?!\s?/\s?[a-zA-Z])|{_alternatives(marks)})"


@lru_cache(maxsize=512)
def unit_named(printed: str | None) -> str | None:
    """mm, cm, m, in or ft for a printed unit."""
    if not printed:
        return None
    folded, exact = fold(printed), printed.strip()
    for form in vocabulary().forms("unit"):
        stem = fold(form.stem)
        if exact == form.stem or (stem and stem[0].isalpha() and (folded == stem or _inflected(folded, stem, form))):
            return form.canonical
    return None


def _inflected(word: str, stem: str, form: Form) -> bool:
    return bool(form.ending) and word.startswith(stem) and (form.ending < 0 or len(word) - len(stem) <= form.ending)


@lru_cache(maxsize=1)
def side_words() -> str:
    """Pattern of the words that name a side: width, ancho, Stärke ..."""
    return _alternatives([form for form in vocabulary().forms("size_label") if form.canonical in AXES])


@lru_cache(maxsize=1)
def side_letters() -> str:
    """Pattern of the letters that name a side: L W H D, B x T x H."""
    return "|".join(sorted({re.escape(form.stem) for form in vocabulary().forms("size_letter")}, key=len, reverse=True))


@lru_cache(maxsize=512)
def sides_named(label: str, languages: tuple[str, ...] = ()) -> tuple[Axis, ...]:
    """The sides that a printed label may mean: those of the page's languages first, then English, then the others."""
    folded = fold(label).strip(".:= ()")
    ranked: list[tuple[int, Axis]] = []
    for form in vocabulary().forms("size_label") + vocabulary().forms("size_letter"):
        stem = fold(form.stem).strip(".")
        if form.canonical in AXES and (folded == stem or _inflected(folded, stem, form)):
            rank = languages.index(form.language) if form.language in languages else 8 + (form.language != "en")
            ranked.append((rank, form.canonical))
    return tuple(dict.fromkeys(axis for _, axis in sorted(ranked, key=lambda pair: pair[0])))


def number_pattern(name: str) -> str:
    """A number or a range of two, `8` or `8-10`, in groups `name` and `name`_to."""
    spaced = rf"[1-4] \d{{3}}(?=\s?(?:{unit_pattern()}|[x×]))"
    both = f"{_FEET}{_FOOT_MARK}{_INCHES}{_INCH_MARK}"
    number = rf"(?:{both}|{spaced}|{NUMBER})"
    upper = rf"(?P<{name}_to>{number}(?=\s?{unit_pattern()}))"
    return rf"(?P<{name}>{number})(?:\s?[-–—÷]\s?{upper})?"
