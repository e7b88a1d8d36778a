"""Owns the mark of a product that has its page to itself: the letters and digits on its label and below its picture.

Such a mark stands by itself twice or more on the page, and on no page of another product.
"""

import re
from collections import Counter
from collections.abc import Sequence

from actors.records import Evidence, PageContent, ProductCandidate
from actors.words import find_terms, fold
from cluster.stages.product_data_tables import is_alone

MARK = re.compile(r"[A-Z][A-Za-z0-9+./-]{2,14}")
CAPITALS = 0.6  # of a mark's letters
TWICE = 2
CONFIDENCE = 0.6


def mark_of(
    one: ProductCandidate, pages: Sequence[PageContent], owned: Sequence[ProductCandidate]
) -> tuple[Evidence, ...]:
    """The code that a product's page prints as its mark; nothing where there is none, or several.

    Args:
        one: the product.
        pages: of the document.
        owned: all of its products.
    """
    page = next((page for page in pages if page.page == one.page), None)
    if page is None or not is_alone(one, owned):
        return ()
    others = {other.page for other in owned} - {one.page}
    elsewhere = {fold(mark) for other in pages if other.page in others for mark in _marks(other)}
    counted = Counter(fold(mark) for mark in _marks(page))
    found = [mark for mark, count in counted.items() if count >= TWICE and mark not in elsewhere]
    if len(found) != 1:
        return ()
    block, line = next(
        (block, line) for block in page.blocks for line in block.lines if fold(line.text.strip()) == found[0]
    )
    proof = Evidence(
        field="code", value=line.text.strip(), page=page.page, box=line.box, source=block.source, text=line.text,
        confidence=CONFIDENCE,
    )  # fmt: skip
    return (proof,)


def _marks(page: PageContent) -> list[str]:
    texts = (line.text.strip() for block in page.blocks for line in block.lines)
    return [text for text in texts if MARK.fullmatch(text) and _is_coded(text) and not find_terms(text)]


def _is_coded(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return sum(char.isupper() for char in letters) >= CAPITALS * len(letters)
