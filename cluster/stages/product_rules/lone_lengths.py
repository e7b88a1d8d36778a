"""Owns a single length that captions print without saying which side it is: "Satin Nickel, 128mm" under every handle.

It is the size where each of a page's products prints one and they differ; otherwise it may be of anything.
"""

import re
from collections.abc import Sequence

from actors.page.labels import Label
from actors.records import Evidence, ProductCandidate
from actors.values.dimensions import ParsedDimensions, parse_dimensions
from actors.vocabulary.words import find_terms

MIN_ALIKE, MOST = 3, 0.6
"""Products of a page that print one length, and their part of all of them."""
CONFIDENCE = 0.5
LENGTH = re.compile(r"(?<![\w.,x×/-])(?<![\d_x×-]\s)\d{1,4}(?:[.,]\d)?\s?(?:mm|cm)\b(?!\s*[x×/²³-])")
Told = list[tuple[ParsedDimensions, Evidence]]


def lone_length(one: ProductCandidate, others: Sequence[ProductCandidate], labels: Sequence[Label]) -> Told:
    """The length of a product without any other size.

    Args:
        one: the product.
        others: all products of its page, itself among them.
        labels: of its page that belong to no product: one may say that the sizes are diameters.
    """
    found = _length(one)
    alike = [length for other in others if (length := _length(other)) is not None]
    if found is None or len(alike) < max(MIN_ALIKE, MOST * len(others)) or len({printed for printed, _ in alike}) < 2:
        return []
    printed, line = found
    size = next(iter(parse_dimensions(printed)), None)
    if size is None:
        return []
    side = "diameter_mm" if any(_says_diameters(label.text) for label in labels) else "length_mm"
    told = size.model_copy(update={"thickness_mm": None, "length_mm": None, side: next(iter(size.sides.values()))})
    proof = Evidence(
        field="physicalProperties.dimensions", value=printed, page=one.page, box=one.text_box, source=one.source,
        text=line, confidence=CONFIDENCE,
    )  # fmt: skip
    return [(told, proof)]


def _length(one: ProductCandidate) -> tuple[str, str] | None:
    """The only length of a product's lines under its name, and the line."""
    lines = one.text.split("\n")[1:]
    found = [(match.group(), line) for line in lines for match in LENGTH.finditer(line)]
    if len(found) != 1 or any(find_terms(line, "size_other") for _, line in found):
        return None
    return found[0]


def _says_diameters(text: str) -> bool:
    """Whether a line without numbers speaks of diameters and of no other side: "Sizes are diameters."."""
    named = {term.canonical for term in find_terms(text.rstrip(" ."), "size_label")} - {"size"}
    return named == {"diameter"} and not any(char.isdigit() for char in text)
