"""Tells pages and pieces of text that only list what stands elsewhere: contents, indexes, ranges at a glance.

It owns the signs of such a list. The words for contents in each language stand in the vocabulary.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from actors.page.printed_rows import printed_rows
from actors.records import PageContent, TextLine
from actors.vocabulary.words import find_terms, squeeze

MIN_ENTRIES = 4
ENTRY_SHARE = 0.5
"""Share of a page's rows that must be entries."""
RECURRING_ENTRIES, RECURRING_SHARE, RECURRING_PAGES = 12, 0.6, 5
"""A page of so many short lines, most of which stand again on that many other pages, lists them."""
ONE_PAGE_SHARE = 0.35
"""No single other page holds more of them: pages with the same table have the same labels."""
_LEADER = re.compile(r"(?:\.\s?){4,}|…{2,}|_{5,}|·{4,}")
_ENTRY = re.compile(r"^(?P<text>.*?[^\W\d].*?)[\s|.…·_]+(?:p\.?\s?)?(?P<page>\d{1,3})(?:\s?[-–,]\s?\d{1,3})*$")
_NUMBER_FIRST = re.compile(r"^(?P<page>\d{1,3})[\s|–-]+(?P<text>[^\W\d].*)$")
_AMOUNT = re.compile(r"(?<![\d,.])\d{1,3},\d{2}$")
"""As a price ends; of pages, "12, 80" would be printed."""
_CHAPTER = re.compile(r"^(?:\d{1,2}(?:\.\d+)*|[IVXLC]+(?:\.\d+)*|[A-Z])[.)]?\s+")


class Indexes:
    """The pages of one document that are indexes."""

    def __init__(self, pages: Sequence[PageContent]) -> None:
        """Looks for entries, and for lines that stand again elsewhere."""
        self._last_page = max((page.page for page in pages), default=0)
        where = _where_lines_stand(pages)
        self._pages = {page.page for page in pages if self._lists_pages(_lines(page)) or _lists_recurring(page, where)}

    def holds(self, page: int) -> bool:
        """Whether a page is an index as a whole."""
        return page in self._pages

    def is_index(self, lines: Sequence[TextLine]) -> bool:
        """Whether a piece of text is a list of pages."""
        return self._lists_pages(lines)

    def _lists_pages(self, lines: Sequence[TextLine]) -> bool:
        rows = [row.text for row in printed_rows(lines)]
        led = sum(bool(_LEADER.search(row)) for row in rows)
        if led >= MIN_ENTRIES or (led >= 2 and led >= ENTRY_SHARE * len(rows)):
            return True
        entries = [number for row in rows if (number := self._entry(row)) is not None]
        enough = len(entries) >= MIN_ENTRIES and len(entries) >= ENTRY_SHARE * len(rows)
        named = any(_is_contents_word(row) for row in rows[:8])
        return (enough and _rises(entries)) or (named and len(entries) >= max(3, 0.3 * len(rows)) and _rises(entries))

    def _entry(self, row: str) -> int | None:
        """The page that an entry names; None for a row that is none, or has other numbers as well."""
        match = _ENTRY.match(row.strip()) or _NUMBER_FIRST.match(row.strip())
        if match is None or _AMOUNT.search(row.strip()):
            return None
        text, page = _CHAPTER.sub("", match.group("text").strip()), int(match.group("page"))
        other_numbers = any(c.isdigit() for c in text)
        return page if not other_numbers and 1 <= page <= 2 * self._last_page + 2 else None


def _rises(numbers: Sequence[int]) -> bool:
    """Whether page numbers mostly grow, and do not just count 1, 2, 3."""
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    up, counting = sum(step >= 0 for step in steps), sum(step == 1 for step in steps)
    return len(set(numbers)) >= 3 and up >= 0.7 * len(steps) and counting < 0.7 * len(steps)


def _is_contents_word(row: str) -> bool:
    words = row.split()
    return len(words) <= 4 and bool(find_terms(row, "contents"))


def _lines(page: PageContent) -> list[TextLine]:
    return [line for block in page.blocks for line in block.lines]


def _where_lines_stand(pages: Sequence[PageContent]) -> dict[str, set[int]]:
    where: dict[str, set[int]] = defaultdict(set)
    for page in pages:
        for line in _lines(page):
            where[squeeze(line.text)].add(page.page)
    return where


def _lists_recurring(page: PageContent, where: dict[str, set[int]]) -> bool:
    """Whether most short lines of a page stand again, each on a page or two, on many other pages."""
    short = {squeeze(line.text) for line in _lines(page) if len(line.text.split()) <= 5}
    names = [name for name in short if len(name) >= 4 and not any(c.isdigit() for c in name)]
    recurring = [name for name in names if len(where[name]) > 1]
    if len(recurring) < RECURRING_ENTRIES or len(recurring) < RECURRING_SHARE * len(names):
        return False
    others = Counter(number for name in recurring for number in where[name] if number != page.page)
    spread = len(others) >= RECURRING_PAGES and max(others.values()) <= ONE_PAGE_SHARE * len(recurring)
    return spread and median(len(where[name]) - 1 for name in recurring) <= 2
