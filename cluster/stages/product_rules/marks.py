"""Owns the mark of a product that has its page to itself: the letters and digits on its label and below its picture.

Such a mark stands by itself twice or more on the page, and on no page of another product.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from actors.records import Evidence, PageContent, ProductCandidate
from actors.vocabulary.words import find_terms, fold
from cluster.stages.product_rules.data_tables import is_alone

MARK = re.compile(r"[A-Z][A-Za-z0-9+./-]{2,14}")
CAPITALS = 0.6  # of a mark's letters
TWICE = 2
CONFIDENCE = 0.6


class Marks:
    """The marks of a document's pages with products, counted once."""

    def __init__(self, pages: Sequence[PageContent], owned: Sequence[ProductCandidate]) -> None:
        """Take the pages of the document and all of its products; nothing is counted before it is asked for."""
        self._pages, self._owned = {page.page: page for page in pages}, owned

    def of(self, one: ProductCandidate) -> tuple[Evidence, ...]:
        """The code that a product's page prints as its mark; nothing where there is none, or several."""
        if one.page not in self._pages or not is_alone(one, self._owned):
            return ()
        found = [mark for mark, count in self._counts[one.page].items() if count >= TWICE and self._shown[mark] == 1]
        if len(found) != 1:
            return ()
        page = self._pages[one.page]
        block, line = next(
            (block, line) for block in page.blocks for line in block.lines if fold(line.text.strip()) == found[0]
        )
        proof = Evidence(
            field="code", value=line.text.strip(), page=page.page, box=line.box, source=block.source, text=line.text,
            confidence=CONFIDENCE,
        )  # fmt: skip
        return (proof,)

    @cached_property
    def _counts(self) -> dict[int, Counter[str]]:
        """By page with products, how often each mark stands there."""
        pages = {one.page for one in self._owned} & self._pages.keys()
        return {number: Counter(map(fold, _marks(self._pages[number]))) for number in pages}

    @cached_property
    def _shown(self) -> Counter[str]:
        """On how many of these pages each mark stands."""
        return Counter(mark for counts in self._counts.values() for mark in counts)


def _marks(page: PageContent) -> list[str]:
    texts = (line.text.strip() for block in page.blocks for line in block.lines)
    return [text for text in texts if MARK.fullmatch(text) and _is_coded(text) and not find_terms(text)]


def _is_coded(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return sum(char.isupper() for char in letters) >= CAPITALS * len(letters)
