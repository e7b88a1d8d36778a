"""Owns the count of measured properties of a page, read when it is asked for."""

from collections.abc import Sequence

from actors.dimensions import parse_dimensions
from actors.page_labels import page_labels
from actors.product_headings import count_properties
from actors.records import PageContent


class PropertyCounts:
    """How many measured or labelled values stand on each page of a document."""

    def __init__(self, pages: Sequence[PageContent]) -> None:
        self._pages = {page.page: page for page in pages}
        self._counts: dict[int, int] = {}

    def __call__(self, page: int) -> int:
        """The count of one page (1-based); 0 for a page that does not exist."""
        if page not in self._counts:
            content = self._pages.get(page)
            self._counts[page] = count_properties(page_labels(content)) + _table_properties(content) if content else 0
        return self._counts[page]

    def has_size(self, page: int) -> bool:
        """Whether a size of two sides stands on the page (1-based): of goods, not of a text."""
        content = self._pages.get(page)
        lines = [line.text for block in content.blocks for line in block.lines] if content else []
        return any(len(size.sides) >= 2 for text in lines for size in parse_dimensions(text))


def _table_properties(page: PageContent) -> int:
    """Rows of a narrow table that name something and give a number for it: "Purity | 99 %"."""
    rows = [
        [cell for cell in row if cell.strip()] for block in page.blocks if block.label == "table" for row in block.rows
    ]
    return sum(len(row) == 2 and _has_letter(row[0]) and any(char.isdigit() for char in row[1]) for row in rows)


def _has_letter(text: str) -> bool:
    return any(char.isalpha() for char in text)
