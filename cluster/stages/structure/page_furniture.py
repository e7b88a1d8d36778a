"""Tells what a page prints because every page does: running headers, footers, page numbers, watermarks.

It owns the repetition test. It drops nothing itself and knows no chunks.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from actors.records import LayoutLabel, PageContent, TextLine
from actors.vocabulary.words import find_terms, pattern_of, squeeze

MARGIN = 0.12
"""Share of the page's height, at top and at bottom, in which headers and footers stand."""
EDGE = 0.08
"""Share of the page at each side in which a lonely number is a page number."""
MIN_PAGES = 4
LABELLED_SHARE, MARGIN_SHARE, ANYWHERE_SHARE = 0.2, 0.35, 0.5
"""Share of the pages that must repeat a line: where the layout model calls it header or footer, in the margins, at the
same place anywhere."""
MOST_ANYWHERE = 10
"""Lines of a page that repeat at their place, and the half of the page at the same time: more are a form that is filled
in anew on every page, not a watermark or the tabs of a side."""
PLACES = 50
"""Rows and columns of the grid in which two lines are at the same place."""
LEVEL = 0.6
"""Line heights by which the middles of one row differ at most."""
PAGES_OF_A_SPREAD = 2
_MARKS = re.compile(r"[^\w]")
_DIGITS = re.compile(r"\d+")


@lru_cache(maxsize=1)
def _page_number() -> re.Pattern[str]:
    """`12`, `Page 12`, `12 / 40`, `Seite 12 von 40`."""
    of = pattern_of("range_word", "of")
    return re.compile(
        rf"^[\s.\-–|/]*(?P<word>[^\W\d]+\.?)?[\s.\-–|/]*\d{{1,4}}(?:\s*(?:/|{of})\s*\d{{1,4}})?[\s.\-–|/]*$",
        re.IGNORECASE,
    )


class _Line(NamedTuple):
    page: PageContent
    label: LayoutLabel
    line: TextLine


class Furniture:
    """The repeated lines of one document."""

    def __init__(self, pages: Sequence[PageContent]) -> None:
        """Counts what stands on which pages."""
        lines = [_Line(page, block.label, line) for page in pages for block in page.blocks for line in block.lines]
        filled = len({one.page.page for one in lines})
        self._labelled = _often([one for one in lines if _is_labelled(one)], _by_text, filled, LABELLED_SHARE)
        self._margins = _often([one for one in lines if _in_margin(one)], _by_text, filled, MARGIN_SHARE)
        self._anywhere = _often(lines, _by_place, filled, ANYWHERE_SHARE)
        repeated = Counter(one.page.page for one in lines if _by_place(one) in self._anywhere)
        printed = Counter(one.page.page for one in lines)
        self._forms = {page for page, count in repeated.items() if count > max(MOST_ANYWHERE, printed[page] / 2)}

    def holds(self, page: PageContent, label: LayoutLabel, line: TextLine) -> bool:
        """Whether a line of this page is furniture."""
        one = _Line(page, label, line)
        if _in_margin(one) and _by_text(one) in self._margins:
            return True
        if page.page not in self._forms and _by_place(one) in self._anywhere:
            return True
        return (_is_labelled(one) and _by_text(one) in self._labelled) or is_page_number(page, line)


def _often(lines: Sequence[_Line], key: Callable[[_Line], str], filled: int, share: float) -> Collection[str]:
    """Keys that stand on this share of the pages that have text, and on four at least."""
    pages: dict[str, set[int]] = defaultdict(set)
    for one in lines:
        pages[key(one)].add(one.page.page)
    needed = max(MIN_PAGES, math.ceil(share * filled))
    return {name for name, found in pages.items() if len(found) >= needed}


def _said(one: _Line) -> str:
    """The line without marks, which OCR adds."""
    return _MARKS.sub("", squeeze(one.line.text))


def _by_text(one: _Line) -> str:
    """What it says without its numbers, which count the pages."""
    return _DIGITS.sub("#", _said(one))


def _by_place(one: _Line) -> str:
    """What it says, and where; with its numbers, as those of another page are another price."""
    x, y = one.line.box[0] / max(1.0, one.page.width_pt), one.line.box[1] / max(1.0, one.page.height_pt)
    return f"{_said(one)}@{round(x * PLACES)},{round(y * PLACES)}"


def _is_labelled(one: _Line) -> bool:
    return one.label in ("page_header", "page_footer")


def _in_margin(one: _Line) -> bool:
    middle = (one.line.box[1] + one.line.box[3]) / 2
    return not MARGIN * one.page.height_pt < middle < (1 - MARGIN) * one.page.height_pt


def is_page_number(page: PageContent, line: TextLine) -> bool:
    """A number alone, or with the word for page, at an edge of the page."""
    match = _page_number().match(line.text)
    if match is None or (match.group("word") and not _is_page_word(match.group("word"))):
        return False
    x0, y0, x1, y1 = line.box
    across = x1 < EDGE * page.width_pt or x0 > (1 - EDGE) * page.width_pt
    at_edge = across or y1 < EDGE * page.height_pt or y0 > (1 - EDGE) * page.height_pt
    return at_edge and not _is_in_row_of_numbers(page, line)


def _is_in_row_of_numbers(page: PageContent, line: TextLine) -> bool:
    """Whether more numbers stand level with this one than a spread has pages: the captions of a grid's last row."""
    middle, height = (line.box[1] + line.box[3]) / 2, line.box[3] - line.box[1]
    level = [
        other
        for block in page.blocks
        for other in block.lines
        if other.text.strip().isdigit() and abs((other.box[1] + other.box[3]) / 2 - middle) <= LEVEL * height
    ]
    return len(level) > PAGES_OF_A_SPREAD


@lru_cache(maxsize=256)
def _is_page_word(word: str) -> bool:
    return bool(find_terms(word, "page_word"))
