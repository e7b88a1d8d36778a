"""Owns the size of a table row whose cells stand under headers that name a side and a unit: `Width (mm)`.

A name such as "AF 150x200/15" is a designation there, in whatever unit: what the columns measure is the size. It knows
neither rows nor their proofs.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from actors.records import Dimensions
from actors.values.dimensions import LARGEST_MM, SMALLEST_MM, parse_dimensions
from actors.values.lengths import AXES, Axis, Measure, sides_named, to_millimetres, unit_named, unit_pattern
from actors.values.numerals import NUMBER, SPACED_THOUSANDS
from actors.values.sides import as_fields, assign
from actors.values.size_chains import ambient_unit
from actors.vocabulary.languages import languages_read
from actors.vocabulary.words import find_terms, fold, vocabulary

SHORTEST_ENDING = 4
"""Letters of a label that ends a longer word: "Wandstärke", "aknamagasság"."""
SIZE = "size"
FACE = 2
_CELL = re.compile(rf"(?:{SPACED_THOUSANDS}|{NUMBER})(?:\s*/\s*(?:{SPACED_THOUSANDS}|{NUMBER}))*")
_NUMBERS = re.compile(rf"{SPACED_THOUSANDS}|{NUMBER}")
_WORD = re.compile(r"[^\W\d_]+")
_ORDER = re.compile(r"([^\W\d_]{1,2})\.?\s*[x×]\s*([^\W\d_]{1,2})\b\.?(?:\s*[x×]\s*([^\W\d_]{1,2})\b)?")
_OUTER, _PLAIN, _INNER = range(3)


@dataclass(frozen=True)
class _Measured:
    """A cell with the sides that it says; outer ones come before those of which nobody says it, inner ones last."""

    head: str
    cell: str
    rank: int
    sides: dict[str, float]


def size_in_cells(cells: Sequence[tuple[str, str]]) -> tuple[Dimensions, tuple[tuple[str, str], ...]] | None:
    """The size of a row and the cells that say it, printed as `Width (mm): 1 300, Height (mm): 600`.

    None where fewer than two sides stand under headers of their own with a unit there or in the cell, or a cell lists
    sizes to choose from.

    Args:
        cells: each behind its header.
    """
    found: list[_Measured] = []
    for head, cell in cells:
        number, unit = _parted(head, cell.strip())
        axis = _axis(head) if unit else None
        if unit is None or axis is None:
            continue
        read = list(_read(head, cell.strip(), number, axis, unit))
        if len(read) > 1:
            return None
        found += read
    sides = _together(found)
    if len(sides) < FACE and "diameter" not in sides:
        return None
    fields = as_fields(sides)
    round_mm = fields.pop("diameter_mm", None)
    size = Dimensions(
        length_mm=fields.get("length_mm", round_mm),
        width_mm=fields.get("width_mm", round_mm),
        height_mm=fields.get("height_mm"),
        thickness_mm=fields.get("thickness_mm"),
        printed=", ".join(f"{one.head}: {one.cell}" for one in found),
    )
    return size, tuple((one.head, one.cell) for one in found)


def _parted(head: str, cell: str) -> tuple[str, str | None]:
    """The number of a cell and its unit, which stands in the header or behind the number: "Thickness", "16 mm"."""
    if unit := ambient_unit(head):
        return cell, unit
    match = _cell_with_unit().fullmatch(cell)
    return (match.group(1), unit_named(match.group(2))) if match else (cell, None)


@lru_cache(maxsize=1)
def _cell_with_unit() -> re.Pattern[str]:
    return re.compile(rf"({_CELL.pattern})\s?({unit_pattern()})", re.IGNORECASE)


def _read(head: str, cell: str, number: str, axis: str, unit: str) -> Iterator[_Measured]:
    """What a cell says under such a header; of one side in two places ("1 200 / 760") the greater is what it takes."""
    if axis == SIZE:
        sizes = parse_dimensions(f"{cell} {unit}")
        for size in sizes:
            sides = {name.removesuffix("_mm"): value for name, value in size.sides.items()}
            if len(sides) >= FACE:
                yield _Measured(head, cell, _rank(head), _in_order(head, sides))
    elif _CELL.fullmatch(number):
        lengths = [to_millimetres(_joined(one), unit) for one in _NUMBERS.findall(number)]
        if SMALLEST_MM <= max(lengths) <= LARGEST_MM:
            yield _Measured(head, cell, _rank(head), {axis: max(lengths)})


def _joined(number: str) -> str:
    """A number without spaces in its thousands: a cell holds one number, `1 000` is no list."""
    return re.sub(r"[ \u00a0]", "", number)


def _in_order(head: str, sides: dict[str, float]) -> dict[str, float]:
    """The sides as the header orders them, `Size (w x l)`; as they were read where it orders none."""
    letters = _ORDER.search(head)
    named = [sides_named(letter, languages_read()) for letter in letters.groups() if letter] if letters else []
    if len(named) != len(sides) or not all(named):
        return sides
    values = list(sides.values())
    measures = [Measure(f"{value:g}", None, "mm", labels) for value, labels in zip(values, named, strict=True)]
    return {axis: value for axis, value in zip(assign(measures, values), values, strict=True)}


def _rank(head: str) -> int:
    faces = {term.canonical for term in find_terms(head, "size_face")}
    return _OUTER if "outer" in faces else _INNER if "inner" in faces else _PLAIN


def _together(found: Sequence[_Measured]) -> dict[Axis, float]:
    """One value a side: of the outer ones before others; of two widths or diameters alike the greater."""
    sides: dict[str, float] = {}
    ranks: dict[str, int] = {}
    for one in sorted(found, key=lambda one: one.rank):
        for side, value in one.sides.items():
            if side not in sides:
                sides[side], ranks[side] = value, one.rank
            elif ranks[side] == one.rank and side != "thickness":
                sides[side] = max(sides[side], value)
    return {axis: sides[axis] for axis in AXES if axis in sides}


def _axis(head: str) -> str | None:
    """The side that a header names, or "size" where its cells hold several; None where it names none, or several."""
    if find_terms(head, "size_other"):
        return None
    named = {term.canonical for term in find_terms(head, "size_label")} or set(_in_compounds(head))
    axes = named & set(AXES) or named & {SIZE}
    return axes.pop() if len(axes) == 1 else None


def _in_compounds(head: str) -> Iterator[str]:
    """Labels that end a longer word, in the languages that are being read: "Wandstärke", "aknamagasság"."""
    words = [fold(word) for word in _WORD.findall(head)]
    for form in vocabulary().forms("size_label"):
        stem = fold(form.stem)
        is_read = form.language in languages_read() and len(stem) >= SHORTEST_ENDING
        if is_read and any(word.endswith(stem) for word in words):
            yield form.canonical
