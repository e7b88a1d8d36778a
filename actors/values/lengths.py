"""Lengths as catalogues print them: units of all languages, the letters and words that name a side, millimetres.

It owns the patterns that `actors.values.dimensions` is built of. It knows no product.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from actors.values.numerals import NUMBER, parse_number
from actors.vocabulary.words import ALWAYS, Form, alternatives, fold, pattern_of, vocabulary

Axis = Literal["length", "width", "height", "depth", "thickness", "diameter"]
AXES: tuple[Axis, ...] = ("length", "width", "height", "depth", "thickness", "diameter")
GAP = r"[^\S\n]*"
"""White space within a line."""
MILLIMETRES_PER = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4, "ft": 304.8}
"""By definition (inch and foot: the international agreement of 1959). A registry of all units takes a quarter of a
second to set up, in every driver."""
_FEET, _INCHES = r"\d{1,2}", r"\d{1,2}(?:[.,]\d+)?(?:\s?[½¼¾])?"
_FOOT_MARK, _INCH_MARK = "[’'′]-?\\s?", '[”"″]'
_FEET_INCHES = re.compile(rf"({_FEET}){_FOOT_MARK}({_INCHES}){_INCH_MARK}")
_FOREIGN = 100
"""Rank of words of languages that are not being read."""
_THOUSANDS = {"mm"}
"""Units in which 1.200 means twelve hundred."""


class Measure(NamedTuple):
    """A number with what stands around it."""

    number: str
    upper: str | None  # end of a range, "8-10 mm"
    unit: str | None  # mm, cm, m, in, ft
    labels: tuple[Axis, ...]  # sides that its label may mean, the likeliest first


def to_millimetres(number: str, unit: str) -> float:
    """A printed number in millimetres, to a hundredth.

    Raises:
        ValueError: it is no number.
    """
    if both := _FEET_INCHES.fullmatch(number.strip()):
        feet, inches = (parse_number(part, grouped=False) for part in both.groups())
        return round(feet * MILLIMETRES_PER["ft"] + inches * MILLIMETRES_PER["in"], 2)
    return round(parse_number(number, grouped=unit in _THOUSANDS) * MILLIMETRES_PER[unit], 2)


def is_feet_and_inches(number: str) -> bool:
    """Whether a print is feet and inches in one: 5'6"."""
    return bool(_FEET_INCHES.fullmatch(number.strip()))


@lru_cache(maxsize=1)
def unit_pattern() -> str:
    """A unit after its number, perhaps joined to a sign ("2 mx 52 cm"); not that of an area, a speed or a pressure."""
    words = [form for form in vocabulary().forms("unit") if form.stem[0].isalpha()]
    marks = [form for form in vocabulary().forms("unit") if not form.stem[0].isalpha()]
    end = r"(?:(?![\w²³^])|(?-i:(?<=[a-z])(?=[x×]\s?\d)))"
    return rf"(?:(?:{alternatives(words)}){end}(?!\s?/\s?[a-zA-Z])|{alternatives(marks)})"


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
    return alternatives([form for form in vocabulary().forms("size_label") if form.canonical in AXES])


def side_letters(languages: tuple[str, ...] = ()) -> str:
    """Pattern of the letters that name a side: L W H D, B x T x H; those of all languages where none is known."""
    return pattern_of("size_letter", languages=languages)


def large_letters(languages: tuple[str, ...]) -> str:
    """Pattern of the letters that may name a side alone, as they are printed then: `A 80 cm`, `Sz 60 cm`.

    Only those of English and of the languages that are read: with the letters of all nearly every letter names a side.
    """
    known = [form.stem for form in vocabulary().forms("size_letter") if form.language in (*languages, *ALWAYS)]
    printed = {way for stem in known for way in (stem.upper(), stem.capitalize(), *([] if stem.isalpha() else [stem]))}
    return "|".join(sorted(map(re.escape, printed | {"φ"}), key=lambda letter: (-len(letter), letter)))


def in_known_languages(languages: Sequence[str]) -> tuple[str, ...]:
    """Those that the vocabulary has letters of, in one order: what patterns are kept by."""
    return tuple(sorted({form.language for form in vocabulary().forms("size_letter")} & set(languages)))


@lru_cache(maxsize=512)
def sides_named(label: str, languages: tuple[str, ...] = ()) -> tuple[Axis, ...]:
    """The sides that a printed label may mean, the likeliest first.

    Where a language that is read has the word or letter, its meanings are the only ones; else those of English come
    first, then those of the others. A letter that a file writes large is meant only when it is printed large.
    """
    folded = fold(label).strip(".:= ()")
    ranked: list[tuple[int, Axis]] = []
    for form in vocabulary().forms("size_label") + vocabulary().forms("size_letter"):
        stem = fold(form.stem).strip(".")
        large = len(form.stem) == 1 and form.stem.isupper() and label.strip(".:= ()").islower()
        if form.canonical in AXES and not large and (folded == stem or _inflected(folded, stem, form)):
            read = languages.index(form.language) if form.language in languages else _FOREIGN
            ranked.append((read if read < _FOREIGN else _FOREIGN + (form.language not in ALWAYS), form.canonical))
    ranked.sort(key=lambda pair: pair[0])
    own = [pair for pair in ranked if pair[0] < _FOREIGN]
    return tuple(dict.fromkeys(axis for _, axis in own or ranked))


def number_pattern(name: str) -> str:
    """A number or a range of two, `8` or `8-10`, in groups `name` and `name`_to."""
    spaced = rf"[1-4] \d{{3}}(?=\s?(?:{unit_pattern()}|[x×]))"
    both = f"{_FEET}{_FOOT_MARK}{_INCHES}{_INCH_MARK}"
    number = rf"(?:{both}|{spaced}|{NUMBER})"
    upper = rf"(?P<{name}_to>{number}(?=\s?{unit_pattern()}))"
    to = rf"(?:\s?[-–—÷]\s?|[^\S\n](?:{pattern_of('range_word', 'to')})[^\S\n])"
    return rf"(?P<{name}>{number})(?:{to}{upper})?"
