"""Tells headings from text by label, size and weight over the whole document, and keeps the path of headings.

It owns the levels. It knows no chunks.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from actors.records import PageContent, TextBlock, TextLine

LARGER = 1.15
"""A heading's letters are this much larger than the document's text."""
OCR_LARGER = 1.5
"""Heights of OCR boxes vary with the letters in them, so more is asked."""
DISPLAY = 3.0
"""Letters this much larger are display type: they head other pages only from a page of their own."""
DIVIDER_WORDS, DIVIDER_BLOCKS = 40, 4
MAX_WORDS, MAX_LINES = 12, 3
LABELS = ("title", "section_header")
NOT_HEADINGS = ("table", "caption", "list_item", "footnote")
RUNNING_TEXT = 200
"""Characters from which a page has a text size of its own."""
_SENTENCE_END = re.compile(r"[.;,:]$")
_WORD = re.compile(r"[^\W\d_]{3,}")


class Headings:
    """Which blocks of one document are headings, and how high."""

    def __init__(self, pages: Sequence[PageContent]) -> None:
        """Measures the size of the running text, of the document and of each page that has enough of it."""
        by_page = {page.page: _printed_sizes(page) for page in pages}
        whole = sum(by_page.values(), Counter())
        self.body_pt = whole.most_common(1)[0][0] if whole else 0.0
        self._page_body = {
            page: sizes.most_common(1)[0][0] for page, sizes in by_page.items() if sizes.total() >= RUNNING_TEXT
        }
        self._ocr_body = {page.page: _ocr_size(page) for page in pages}
        self._recurring = self._styles_of_several_pages(pages)

    def _styles_of_several_pages(self, pages: Sequence[PageContent]) -> set[int]:
        styles: dict[int, set[int]] = defaultdict(set)
        for page in pages:
            for block in page.blocks:
                if self.is_heading(page, block):
                    styles[round(2 * size_of(block))].add(page.page)
        return {size for size, found in styles.items() if len(found) >= 2}

    def is_heading(self, page: PageContent, block: TextBlock) -> bool:
        """Whether a block heads what follows it."""
        text = heading_text(block)
        if block.label in NOT_HEADINGS or len(block.lines) > MAX_LINES or len(text.split()) > MAX_WORDS:
            return False
        if not _WORD.search(text) or text[0].islower() or len(set(text.casefold()) - {" "}) < 3:
            return False
        return block.label in LABELS or self._is_larger(page, block) or self._is_bold_title(page, block)

    def lasts(self, page: PageContent, block: TextBlock) -> bool:
        """Whether a heading holds for the pages that follow as well: one of a style that comes again, not display."""
        recurring = round(2 * size_of(block)) in self._recurring
        return block.source != "ocr" and recurring and not self.is_display(block)

    def body_of(self, page: PageContent) -> float:
        """Size of a page's running text, in points; the document's where the page has little."""
        return self._page_body.get(page.page, self.body_pt)

    def _is_larger(self, page: PageContent, block: TextBlock) -> bool:
        if block.source == "ocr":
            body = self._ocr_body[page.page]
            return body > 0 and size_of(block) >= OCR_LARGER * body
        return self.body_pt > 0 and size_of(block) >= LARGER * self.body_of(page)

    def _is_bold_title(self, page: PageContent, block: TextBlock) -> bool:
        """One bold line of the text's own size: `1. Commercial Plywood`."""
        line = block.lines[0]
        fits = len(block.lines) == 1 and line.bold and not _SENTENCE_END.search(line.text.strip())
        return fits and size_of(block) >= self.body_of(page)

    def rank(self, block: TextBlock) -> float:
        """The height of a heading: its size, a little more when bold, less when it only is labelled."""
        return size_of(block) * (1.05 if block.lines[0].bold else 1.0)

    def is_display(self, block: TextBlock) -> bool:
        """Whether a heading is set so large that it is decoration as well."""
        return self.body_pt > 0 and size_of(block) >= DISPLAY * self.body_pt


class _Open(NamedTuple):
    rank: float
    text: str
    page: int
    lasts: bool  # over its page, where text runs on
    divides: bool  # stands alone on its page, so it holds for the pictures that follow as well


class HeadingPath:
    """The headings that stand over the place that reading has come to."""

    def __init__(self, headings: Headings) -> None:
        """An empty path."""
        self._headings = headings
        self._open: list[_Open] = []

    def begin_page(self, page: PageContent, *, is_index: bool) -> None:
        """Keeps of the earlier pages' headings those that hold for this one."""
        runs_on = _printed_sizes(page).total() >= RUNNING_TEXT
        kept = [one for one in self._open if one.divides or (one.lasts and runs_on)]
        self._open = [] if is_index else kept
        self._forgets = is_index

    def enter(self, page: PageContent, block: TextBlock) -> None:
        """A heading begins: those of its rank and below end."""
        rank, text = self._headings.rank(block), heading_text(block)
        self._open = [one for one in self._open if one.rank > rank * 1.02 and one.text != text]
        divides = _is_divider(page) and block.source != "ocr" and not self._forgets
        lasts = self._headings.lasts(page, block) and not self._forgets
        self._open.append(_Open(rank, text, page.page, lasts, divides))

    @property
    def texts(self) -> tuple[str, ...]:
        """Outermost first."""
        return tuple(one.text for one in self._open)


def heading_text(block: TextBlock) -> str:
    """A heading's lines in one."""
    return " ".join(line.text.strip() for line in block.lines)


def size_of(block: TextBlock) -> float:
    """The size of a block's letters in points, the largest of its lines."""
    return max(line.size for line in block.lines)


def same_style(first: TextLine, second: TextLine) -> bool:
    """Whether two lines are set alike: size and weight."""
    return abs(first.size - second.size) <= 0.12 * max(first.size, second.size) and first.bold == second.bold


def _is_divider(page: PageContent) -> bool:
    """Whether a page holds little but its heading: a cover, the title page of a section."""
    words = sum(len(line.text.split()) for block in page.blocks for line in block.lines)
    return words <= DIVIDER_WORDS and len(page.blocks) <= DIVIDER_BLOCKS


def _printed_sizes(page: PageContent) -> Counter[float]:
    """Characters of the text layer by letter size in half points, tables left out."""
    weights: Counter[float] = Counter()
    for block in page.blocks:
        if block.source == "text_layer" and block.label != "table":
            for line in block.lines:
                weights[round(line.size * 2) / 2] += len(line.text)
    return weights


def _ocr_size(page: PageContent) -> float:
    sizes = [line.size for block in page.blocks if block.source == "ocr" for line in block.lines]
    return median(sizes) if sizes else 0.0
