"""Products in the API's form, as small as can be."""

from typing import Any


def record(name: str, page: int = 1, **parts: Any) -> dict[str, Any]:
    """A product of one page; `source` says who read its name, `region` where its picture stands."""
    source, region = parts.pop("source", "text_layer"), parts.pop("region", None)
    proof = {"field": "name", "value": name, "page": page, "box": [10, 10, 60, 20], "source": source, "text": name}
    image = {"image_id": "i", "page": page, "box": region, "reason": "below", "confidence": 0.9}
    plain: dict[str, Any] = {
        "name": name, "code": None, "dimensions": None, "materials": [], "colours": [], "finish": None, "fields": {},
        "evidence": [{**proof, "confidence": 0.9}], "images": [image] if region else [], "pages": [page],
        "needs_review": False, "review_reasons": [], "confidence": 0.9,
    }  # fmt: skip
    return {**plain, **parts}


def sized(printed: str, *sides: float, thickness: float | None = None) -> dict[str, Any]:
    """Dimensions in millimetres, in the order length, width, height."""
    names = ("length_mm", "width_mm", "height_mm")
    return {**dict(zip(names, sides, strict=False)), "thickness_mm": thickness, "printed": printed}
