"""When a field of a record says what the eye read.

Sizes are compared in millimetres, whatever their order: every length that the eye read must be a side of the record;
where the eye read several sizes, each must be one of the record's. A unit behind a list is that of the whole list;
numbers without any are millimetres or centimetres. Of a choice of thicknesses each must have been read. Codes must
agree in letters and digits. Finish, material, colour and series agree when one of the record's values and the printed
words hold each other: "Matt" in "Matt finish" is right, "Gloss" is not.
"""

import re
from collections.abc import Mapping
from typing import Any

from evaluation.measures import all_among, last_unit, lengths_mm, same_length
from evaluation.names import folded

SIDES = ("length_mm", "width_mm", "height_mm", "thickness_mm")
FACES = re.compile(r"\s*[;|/\n]\s*|,\s+")  # between sizes: "60x60 cm, 60x120 cm"
UNSAID = ("mm", "cm")
"""What sizes without any unit may be printed in."""
WORD = re.compile(r"[^\W_]+")


def said(product: Mapping[str, Any], field: str) -> str:
    """What the record says in a field, for people; empty when it says nothing."""
    if field == "dimensions":
        return str((product["dimensions"] or {}).get("printed", ""))
    if field == "thickness":
        return ", ".join(f"{thickness:g} mm" for thickness in _thicknesses(product))
    return "; ".join(_texts(product, field))


def is_right(product: Mapping[str, Any], field: str, true: str) -> bool:
    """Whether the record says what the eye read."""
    if field in ("dimensions", "thickness"):
        return _is_size_right(product, field, true)
    if field == "code":
        return folded(str(product["code"] or "")) == folded(true)
    return any(_holds(text, true) for text in _texts(product, field))


def _is_size_right(product: Mapping[str, Any], field: str, true: str) -> bool:
    wanted = lengths_mm(true)
    if field == "thickness":
        thicknesses = _thicknesses(product)
        return bool(thicknesses) and all(any(same_length(one, length) for length in wanted) for one in thicknesses)
    unit, sizes = last_unit(true), _sizes(product)
    return any(_is_among(true, assumed, sizes) for assumed in ([unit] if unit else UNSAID))


def _is_among(true: str, unit: str, sizes: list[list[float]]) -> bool:
    """Whether the size, or each of several, is one of these; the first when it is one."""
    if sizes and all_among(lengths_mm(true, unit), sizes[0]):
        return True
    faces = [lengths_mm(face, unit) for face in FACES.split(true)]
    several = len(faces) > 1 and min(map(len, faces)) > 1
    return several and all(any(all_among(face, size) for size in sizes) for face in faces)


def _sizes(product: Mapping[str, Any]) -> list[list[float]]:
    """The record's size, and after it the further ones that it is printed in."""
    further = product["fields"].get("physicalProperties", {}).get("dimensions", [])
    sizes = [size for size in (product["dimensions"], *further) if size]
    return [[float(size[side]) for side in SIDES if size.get(side)] for size in sizes]


def _thicknesses(product: Mapping[str, Any]) -> list[float]:
    """The record's thickness, or all those that it can be had in."""
    one = (product["dimensions"] or {}).get("thickness_mm")
    choice = product["fields"].get("physicalProperties", {}).get("thicknesses", [])
    return [float(one)] if one else [float(each["value"]) for each in choice]


def _texts(product: Mapping[str, Any], field: str) -> list[str]:
    fields = product["fields"]
    core, visual = fields.get("coreIdentity", {}), fields.get("visualProperties", {})
    values: dict[str, list[Any]] = {
        "code": [product["code"]],
        "finish": [product["finish"]],
        "material": [*product["materials"], fields.get("physicalProperties", {}).get("materialCategory")],
        "colour": [*product["colours"], visual.get("primaryColor")],
        "series": [core.get("collection"), core.get("series")],
    }
    return [str(value) for value in dict.fromkeys(values[field]) if value]


def _holds(text: str, true: str) -> bool:
    """Whether one of two printings holds all words of the other."""
    one, other = ({folded(word) for word in WORD.findall(words)} - {""} for words in (text, true))
    return bool(one and other) and (one <= other or other <= one)
