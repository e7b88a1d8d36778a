"""Owns the count of measured properties of a page, read when it is asked for."""

from collections.abc import Sequence

from actors.candidates.headings import count_properties
from actors.page.labels import Label, page_labels
from actors.records import PageContent
from actors.values.dimensions import parse_dimensions
from actors.vocabulary.words import find_terms

GOODS = ("product_type", "material", "finish", "colour", "pattern")
MAX_WORDS = 6  # of a title or a caption: prose of any firm names goods


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

    def tells_goods(self, page: int) -> bool:
        """Whether a page (1-based) gives a measured or labelled value, or names goods in a short line."""
        return self(page) > 0 or any(find_terms(label.text, *GOODS) for label in self._short_labels(page))

    def title(self, page: int, size: float) -> str:
        """The largest short line of a page (1-based) that is set at least so large, in points; empty without any."""
        large = [label for label in self._short_labels(page) if label.size >= size]
        return max(large, key=lambda label: label.size).text if large else ""

    def _short_labels(self, page: int) -> list[Label]:
        content = self._pages.get(page)
        labels = page_labels(content) if content else []
        return [label for label in labels if len(label.text.split()) <= MAX_WORDS]

    def has_size(self, page: int) -> bool:
        """Whether a size of two sides stands on the page (1-based): of goods, not of a text."""
        content = self._pages.get(page)
        lines = [line.text for block in content.blocks for line in block.lines] if content else []
        return any(size.has_face for text in lines for size in parse_dimensions(text))


def _table_properties(page: PageContent) -> int:
    """Rows of a narrow table that name something and give a number for it: "Purity | 99 %"."""
    rows = [
        [cell for cell in row if cell.strip()] for block in page.blocks if block.label == "table" for row in block.rows
    ]
    return sum(len(row) == 2 and _has_letter(row[0]) and any(char.isdigit() for char in row[1]) for row in rows)


def _has_letter(text: str) -> bool:
    return any(char.isalpha() for char in text)
