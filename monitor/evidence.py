"""Numbers the places that a product was read from, the same on the pictures and in the table. Draws nothing itself."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose
from typing import Any

from db.products import ProductRow
from monitor import formats, markup
from monitor.pictures import Box, Mark

SOURCES = {"text_layer": "text layer", "ocr": "OCR", "model": "model", "pixels": "pixels", "person": "a person"}
SIZE = "dimensions"
UNITS_MM = (1.0, 10.0, 25.4, 304.8, 1000.0)
"""Millimetre, centimetre, inch, foot and metre in millimetres: the units that sizes are printed in."""
SIDES = {"length", "width", "height", "thickness", "depth", "diameter"}
"""Fields that are read out of a printed size: their evidence is that of the size."""
Place = tuple[int, Box]  # page and box


@dataclass(frozen=True)
class Located:
    """Every place with its number."""

    numbers: dict[Place, int]
    marks: dict[int, list[Mark]]  # by page


def located(product: ProductRow) -> Located:
    """Number places in the order of the evidence; values read from one place share its number."""
    numbers: dict[Place, int] = {}
    marks: dict[int, list[Mark]] = defaultdict(list)
    for entry in product.evidence:
        place = place_of(entry)
        if place not in numbers:
            numbers[place] = len(numbers) + 1
            marks[place[0]].append(Mark(numbers[place], place[1], "text"))
    for image in product.images:
        if image.get("box"):
            place = place_of(image)
            if place not in numbers:
                numbers[place] = len(numbers) + 1
                marks[place[0]].append(Mark(numbers[place], place[1], "region"))
    return Located(numbers, dict(marks))


def place_of(entry: dict[str, Any]) -> Place:
    """Page and box of an evidence or a linked image."""
    x0, y0, x1, y1 = (float(value) for value in entry["box"])
    return int(entry["page"]), (x0, y0, x1, y1)


def pages_of(product: ProductRow) -> list[int]:
    """The pages of evidence and images, the product's own first."""
    pages = [*product.pages, *(int(entry["page"]) for entry in (*product.evidence, *product.images))]
    return list(dict.fromkeys(pages))


def table(product: ProductRow, places: Located) -> markup.Html:
    """Every value with its number, the printed line, page, source and confidence; then the fields made from them."""
    proved = {str(entry["field"]) for entry in product.evidence}
    rows = [_row(str(entry["field"]), entry["value"], entry, places) for entry in product.evidence]
    for category, fields in product.fields.items():
        for name, value in fields.items():
            path = f"{category}.{name}"
            if path in proved or name in proved:
                continue
            origin = size_of_side(value, product.evidence) if name in SIDES else None
            rows.append(_row(path, value, origin, places) if origin else _unproved(path, value))
    return markup.table(["No.", "Field", "Value", "As printed", "Page", "Source", "Sure"], rows, numeric=[4, 6])


def size_of_side(value: Any, entries: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The evidence of the printed size that holds this side in one of the units; None when none does."""
    length = value.get("value") if isinstance(value, dict) else value
    if not isinstance(length, int | float):
        return None
    for entry in entries:
        if str(entry["field"]).rpartition(".")[2] == SIZE:
            printed = [
                float(number.replace(",", ".")) for number in re.findall(r"\d+(?:[.,]\d+)?", str(entry["value"]))
            ]
            if any(isclose(number * unit, length, rel_tol=0.01) for number in printed for unit in UNITS_MM):
                return entry
    return None


def _row(path: str, value: Any, entry: dict[str, Any], places: Located) -> list[markup.Html]:
    number = places.numbers[place_of(entry)]
    return [
        markup.Html(f'<span class="q-number-mark">{number}</span>'),
        field_name(path),
        markup.Html(f"<b>{markup.text(plain(value))}</b>"),
        markup.Html(f'<span class="q-quiet">{markup.text(str(entry["text"]))}</span>'),
        markup.text(str(entry["page"])),
        markup.text(SOURCES.get(str(entry["source"]), str(entry["source"]))),
        markup.text(formats.percent(float(entry["confidence"]))),
    ]


def _unproved(path: str, value: Any) -> list[markup.Html]:
    said = markup.Html('<span class="q-quiet">no evidence was kept</span>')
    return [markup.Html(""), field_name(path), markup.text(plain(value)), said, *[markup.Html("")] * 3]


def field_name(path: str) -> markup.Html:
    """`visualProperties.primaryColor` as `Primary color`, its category below it."""
    category, _, name = path.rpartition(".")
    quiet = f'<br><small class="q-quiet">{markup.text(camel(category))}</small>' if category else ""
    return markup.Html(f"{markup.text(camel(name))}{quiet}")


def camel(name: str) -> str:
    """A camelCase or snake_case name as words."""
    spaced = "".join(
        f" {letter.lower()}" if letter.isupper() and before.islower() else letter
        for before, letter in zip(" " + name, name, strict=False)
    )
    return formats.words(spaced)


def plain(value: Any) -> str:
    """A field's value as text: lists by commas, numbers with their unit."""
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value)
    if isinstance(value, dict):
        if set(value) <= {"value", "unit"}:
            return " ".join(plain(value[name]) for name in ("value", "unit") if value.get(name) is not None)
        return ", ".join(f"{name} {plain(item)}" for name, item in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)
