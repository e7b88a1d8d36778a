"""Owns a thickness that is told without a label: "Pavimento técnico de 20 mm", "20 mm paving", 9 mm under a header.

Knows captions of products whose face is printed; what a size with a label is, is known by `actors.values.dimensions`.
"""

import re
from collections.abc import Sequence

from actors.page.labels import Label
from actors.records import Box, Evidence, ProductCandidate
from actors.values.dimensions import ParsedDimensions, parse_dimensions
from actors.vocabulary.words import find_terms, pattern_of, share_covered

THICKEST_MM = 40.0
"""Of what is laid or put up in sheets and slabs: more may be another side."""
FLAT = ("tile", "mosaic", "slab", "plank", "flooring", "board", "panel", "plywood", "laminate", "veneer", "paver")
LAID = ("floor", "wall", "floor and wall", "paving", "countertop", "backsplash")
MOST_WORDS = 12
MOST = 0.8  # of a header's letters that the word for a thickness takes
CONFIDENCE = 0.6
ONE_LENGTH = re.compile(r"(?<![\d.,x×/-])\d{1,2}(?:[.,]\d)?\s?mm\b(?!\s*[x×/-])")
DIGITS = re.compile(r"\d+")
Told = list[tuple[ParsedDimensions, Evidence]]


def told_thickness(one: ProductCandidate, labels: Sequence[Label], others: Sequence[ProductCandidate]) -> Told:
    """What its own lines say of a product, or a column beside them; for one whose face is known and no thickness."""
    return in_words(one) or in_column(one, labels, others)


def in_words(one: ProductCandidate) -> Told:
    """The one length of a line that says what the product is: "paving of 20 mm", "20 mm paving"."""
    for line in one.text.split("\n"):
        lengths = list(ONE_LENGTH.finditer(line))
        if len(lengths) != 1 or len(line.split()) > MOST_WORDS or find_terms(line, "size_other"):
            continue
        printed = lengths[0]
        if _is_of_goods(line, printed.start(), printed.end()) and len(DIGITS.findall(line)) == 1:
            return _told(one, printed.group(), line)
    return []


def _is_of_goods(line: str, start: int, end: int) -> bool:
    """Whether a word for goods stands before a length, a small word between, or right behind it."""
    goods = [term for term in find_terms(line, "product_type", "application") if term.canonical in (*FLAT, *LAID)]
    of = re.search(rf"(?:^|\s)(?:{pattern_of('range_word', 'of')})\s*$", line[:start], re.IGNORECASE)
    before = of is not None and any(term.end <= of.start() + 1 for term in goods)
    return before or any(not line[end : term.start].strip() and term.start >= end for term in goods)


def in_column(one: ProductCandidate, labels: Sequence[Label], others: Sequence[ProductCandidate]) -> Told:
    """What stands under a header for thicknesses level with the product's lines, where it is one for all of its sizes.

    Args:
        one: a product under whose name sizes are listed.
        labels: of its page that belong to no product.
        others: the products of its page.
    """
    left, top, right, bottom = one.text_box
    beside = [label for label in labels if label.box[0] >= right and top <= label.centre[1] <= bottom]
    between = [other.box[0] for other in others if other is not one and other.box[0] >= right and other.box[1] < bottom]
    head = next((label for label in beside if _names_thickness(label.text)), None)
    if head is None or any(left <= edge <= head.box[0] for edge in between):
        return []
    below = [label for label in beside if label.box[1] >= head.box[3] - 1 and _is_under(label, head)]
    read = [(size, label) for label in below for size in parse_dimensions(label.text)]
    alone = [(size, label) for size, label in read if size.printed == label.text.strip() and size.thickness_mm]
    if not alone or len({size.thickness_mm for size, _ in alone}) > 1:
        return []
    size, label = alone[0]
    return [(size, _proof(one, size.printed, label.text, label.box))]


def _names_thickness(text: str) -> bool:
    terms = [term for term in find_terms(text, "size_label") if term.canonical == "thickness"]
    return share_covered(text.strip(), terms) >= MOST


def _is_under(label: Label, head: Label) -> bool:
    return min(label.box[2], head.box[2]) > max(label.box[0], head.box[0])


def _told(one: ProductCandidate, printed: str, line: str) -> Told:
    sizes = [size for size in parse_dimensions(printed) if size.thickness_mm and size.thickness_mm <= THICKEST_MM]
    return [(sizes[0], _proof(one, sizes[0].printed, line, one.text_box))] if sizes else []


def _proof(one: ProductCandidate, printed: str, text: str, box: Box) -> Evidence:
    return Evidence(
        field="physicalProperties.dimensions", value=printed, page=one.page, box=box, source=one.source, text=text,
        confidence=CONFIDENCE,
    )  # fmt: skip
