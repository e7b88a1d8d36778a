"""When a field of a record says what the eye read.

Sizes are compared in millimetres, whatever their order: every length that the eye read must be a side of the record.
Codes must agree in letters and digits. Finish, material, colour and series agree when one of the record's values and
the printed words hold each other: "Matt" in "Matt finish" is right, "Gloss" is not.
"""

import re
from collections.abc import Mapping
from typing import Any

from evaluation.measures import all_among, lengths_mm, same_length
from evaluation.names import folded

SIDES = ("length_mm", "width_mm", "height_mm", "thickness_mm")
WORD = re.compile(r"[^\W_]+")


def said(product: Mapping[str, Any], field: str) -> str:
    """What the record says in a field, for people; empty when it says nothing."""
    if field == "dimensions":
        return str((product["dimensions"] or {}).get("printed", ""))
    if field == "thickness":
        thickness = (product["dimensions"] or {}).get("thickness_mm")
        return f"{thickness:g} mm" if thickness else ""
    return "; ".join(_texts(product, field))


def is_right(product: Mapping[str, Any], field: str, true: str) -> bool:
    """Whether the record says what the eye read."""
    if field in ("dimensions", "thickness"):
        return _is_size_right(product["dimensions"] or {}, field, true)
    if field == "code":
        return folded(str(product["code"] or "")) == folded(true)
    return any(_holds(text, true) for text in _texts(product, field))


def _is_size_right(dimensions: Mapping[str, Any], field: str, true: str) -> bool:
    wanted = lengths_mm(true)
    if field == "thickness":
        thickness = float(dimensions.get("thickness_mm") or 0.0)
        return thickness > 0 and any(same_length(thickness, length) for length in wanted)
    return all_among(wanted, [float(dimensions[side]) for side in SIDES if dimensions.get(side)])


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
