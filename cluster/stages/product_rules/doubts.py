"""Owns why a person should look at a record: a name or a number that may be misread, and records that may be several.

What is printed far from the product is no doubt by itself: the evidence says where, and a finish for all is for all.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from actors.records import Dimensions, Product, ProductCandidate
from actors.values.dimensions import parse_dimensions
from actors.values.misread_digits import with_digits

SURE = 0.6  # below this it is not certain that the record is a product
CHANGED_CASE = re.compile(r"[^\W\d_A-Z][A-Z]{2}")
OPEN_END = re.compile(r"(?:[-–&/+,(]|(?<=\s)['\"‘“])\s*$")
QUOTED_OPEN = re.compile(r"(?:^|\s)['‘][^\s'’]+$")
INCH = re.compile(r"(\d+(?:[.,]\d+)?)\s*([\"”″]?)")
LARGEST_MM, SMALLEST_MM = 20_000.0, 0.05


def of_candidates(seen: Sequence[ProductCandidate], best: ProductCandidate, confidence: float) -> list[str]:
    """Doubts of the name, and of whether it is one product.

    Args:
        seen: the product at all its places.
        best: the place of which the record has its name.
        confidence: that it is a product.
    """
    reasons = [] if confidence >= SURE else ["it is not certain that this is a product"]
    if best.source == "ocr" and CHANGED_CASE.search(best.name):
        reasons.append(f"the letters of {best.name!r} change between large and small")
    if OPEN_END.search(best.name) or QUOTED_OPEN.search(best.name) or best.name.count("(") > best.name.count(")"):
        reasons.append(f"the name {best.name!r} seems cut off")
    regions = defaultdict(set)
    for one in seen:
        if one.region is not None and one.look is not None and one.look.relation not in ("row", "scene"):
            regions[one.page].add(one.region)
    reasons += [
        f"the name stands at {len(places)} pictures of page {page}, which may be several products"
        for page, places in sorted(regions.items())
        if len(places) > 1
    ]
    return reasons


def of_size(size: Dimensions | None) -> list[str]:
    """Doubts of a size: a unit at one number only, letters among its digits, or a measure that no goods have."""
    if size is None:
        return []
    sides = [side for side in (size.length_mm, size.width_mm, size.height_mm, size.thickness_mm) if side is not None]
    reasons = []
    for piece in parse_dimensions(size.printed):
        marks = [bool(mark) for _, mark in INCH.findall(piece.printed)]
        if any(marks) and not all(marks):
            reasons.append(f"not every number of {piece.printed!r} has its unit")
    if with_digits(size.printed) != size.printed:
        reasons.append(f"letters of {size.printed!r} were read as the digits that they must be")
    if any(not SMALLEST_MM <= side <= LARGEST_MM for side in sides):
        reasons.append(f"the size {size.printed!r} is out of proportion")
    return reasons


def with_twins(products: Sequence[Product]) -> list[Product]:
    """The products; those that agree in name, code, size, finish and series say that nothing tells them apart."""
    counts = Counter(_told(product) for product in products)
    return [product if counts[_told(product)] == 1 else _doubted(product) for product in products]


def _told(product: Product) -> tuple[str, str]:
    return product.identity_key, str(product.fields.get("coreIdentity", {}).get("collection", ""))


def _doubted(product: Product) -> Product:
    reason = "another product has this name, and nothing that was read tells them apart"
    return product.model_copy(update={"needs_review": True, "review_reasons": (*product.review_reasons, reason)})
