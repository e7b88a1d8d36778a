"""Owns what stands over a product in its document: on its page, on the facing one, on pages before, or once for all.

It says where things are printed and how near; which of them a product takes is decided by its readers.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from actors.page.labels import Label, same_look
from actors.page.spreads import printed_pages
from actors.records import Evidence, Metadata, PageContent, ProductCandidate
from actors.vocabulary.words import find_terms, share_covered
from cluster.stages.product_rules.data_tables import data_of
from cluster.stages.product_rules.facing_pages import banner_sizes, facing_page
from cluster.stages.product_rules.list_codes import listed_codes
from cluster.stages.product_rules.listing import ListedUnder, listed_under
from cluster.stages.product_rules.looks import key
from cluster.stages.product_rules.marks import Marks
from cluster.stages.product_rules.openers import Opener, sections
from cluster.stages.product_rules.page_notices import PageNotices, SizeNotice, distance
from cluster.stages.product_rules.technical import said_on, technical_page

PAGES_BACK = 2
FRONT_PAGES = 3
TITLE_SHARE = 0.3  # of the pages: a title on more of them is no section
TITLE_COVERED = 0.7  # of its letters, by "About us"
RUNNING_SHARE = 0.5  # of the pages: a heading on more of them is the supplier's name


class DocumentContext:
    """The notices of all pages, read when they are asked for."""

    def __init__(self, pages: Sequence[PageContent], owned: Sequence[ProductCandidate]) -> None:
        self._owned, self._contents = owned, pages
        ordered = sorted(pages, key=lambda page: page.page)
        self._sheets = [PageNotices(printed, owned) for page in ordered for printed in printed_pages(page)]

    def sizes_over(self, one: ProductCandidate) -> list[SizeNotice]:
        """Sizes on the product's page: those above it, nearest first, else those below that stand in one place only."""
        page = self.page(one)
        if page is not None and (beside := page.sizes_of_row(one)):
            return beside
        notices = page.sizes if page is not None else []
        notices = self.strip_of_sizes(one) or notices
        above = [notice for notice in notices if notice.label.box[1] <= one.box[1] and not self._ends(notice, one)]
        below = [notice for notice in notices if notice.label.box[1] > one.box[1]]
        nearest = sorted(above, key=lambda notice: distance(notice.label, one))
        faces = [notice for notice in below if notice.has_face]
        in_one_line = len({id(notice.label) for notice in faces}) == 1 or bool(self.strip_of_sizes(one))
        is_one = in_one_line or len({notice.size.printed for notice in faces}) == 1
        other = self.facing(one)
        return nearest + (below if is_one and not above else []) + (banner_sizes(other) if other is not None else [])

    def facing(self, one: ProductCandidate) -> PageNotices | None:
        """The facing page of a product's, where one banner runs over both."""
        own = self.page(one)
        return None if own is None else facing_page(own, self._sheets)

    def _ends(self, notice: SizeNotice, one: ProductCandidate) -> bool:
        """Whether a heading set like a size's own line begins other goods between the size's products and this one."""
        page = self.page(one)
        later = [label for label in page.headings(one) if same_look(label, notice.label)] if page else []
        return page is not None and any(page.shows_between(notice.label, label) for label in later)

    def strip_of_sizes(self, one: ProductCandidate) -> list[SizeNotice]:
        """The sizes that a product's page draws below all its products; empty where it has no such strip."""
        page = self.page(one)
        return page.strip_of_sizes if page is not None else []

    def sizes_before(self, one: ProductCandidate) -> Iterator[list[SizeNotice]]:
        """Sizes of the pages before, where that page gives one face only; none where products carry their own."""
        own = self.page(one)
        if own is None or own.has_own_sizes:
            return
        for page in self.section_before(one):
            if len({notice.size.printed for notice in page.sizes if notice.has_face}) == 1:
                yield page.sizes

    def data_of(self, one: ProductCandidate) -> Metadata:
        """What the table of data says of a product that has its page to itself."""
        return data_of(one, self._contents, self._owned)

    def code_of(self, one: ProductCandidate) -> tuple[Evidence, ...]:
        """The code that an overview prints beside the product's name, or its page as its mark."""
        return self._listed_codes.get(key(one.name)) or self._marks.of(one)

    @cached_property
    def _marks(self) -> Marks:
        return Marks(self._contents, self._owned)

    @cached_property
    def _listed_codes(self) -> Mapping[str, tuple[Evidence, ...]]:
        return listed_codes(self._contents, self._owned)

    @cached_property
    def listed(self) -> Mapping[str, ListedUnder]:
        """By the key of a name, the heading under which an overview lists it."""
        return listed_under(self._contents, self._owned)

    @cached_property
    def sections(self) -> Mapping[int, Opener]:
        """By the number of a page with products, the title page that opens its section."""
        return sections(self._contents, self._owned)

    def page(self, one: ProductCandidate) -> PageNotices | None:
        """The notices of the printed page that a product stands on."""
        return next((sheet for sheet in self._sheets if sheet.holds(one)), None)

    def section_before(self, one: ProductCandidate) -> Iterator[PageNotices]:
        """The printed pages shortly before, nearest first, as long as they belong to the same section."""
        own = self.page(one)
        if own is None:
            return
        index = self._sheets.index(own)
        later = own
        for page in reversed(self._sheets[max(0, index - PAGES_BACK) : index]):
            if later.number - page.number > 1 or self._is_other_section(own, page):
                return
            later = page
            yield page

    @cached_property
    def technical(self) -> tuple[int, Metadata] | None:
        """What the document's one page of technical data says of all products, and its number."""
        page = technical_page(self._contents, {one.page for one in self._owned})
        return None if page is None else (page.page, said_on(page))

    def front(self, one: ProductCandidate) -> Iterator[PageNotices]:
        """The front pages that stand before a product's: what they say may hold for the whole document."""
        return (sheet for sheet in self._front if sheet.number < one.page)

    @cached_property
    def _front(self) -> list[PageNotices]:
        numbers = sorted({sheet.number for sheet in self._sheets})[:FRONT_PAGES]
        return [sheet for sheet in self._sheets if sheet.number in numbers]

    def section_of(self, one: ProductCandidate) -> frozenset[str]:
        """The titles of the product's page that do not run through the document."""
        page = self.page(one)
        return frozenset(page.titles - self._running if page else ())

    def _is_other_section(self, page: PageNotices, before: PageNotices) -> bool:
        """Whether both pages have titles, and none in common but those that run through the document."""
        mine, theirs = page.titles - self._running, before.titles - self._running
        return bool(mine and theirs) and not mine & theirs

    @cached_property
    def _running(self) -> set[str]:
        counts = Counter(title for sheet in self._sheets for title in sheet.titles)
        return {title for title, count in counts.items() if count > max(2, TITLE_SHARE * len(self._sheets))}

    def sizes_for_all(self, one: ProductCandidate) -> list[SizeNotice]:
        """Sizes of the front pages when they give one face only, and no product prints its own: once for all.

        What the other half of a spread says of its own section is not said for all.
        """
        own = self.page(one)
        if own and any(sheet.is_other_half(own) and self._is_other_section(own, sheet) for sheet in self._front):
            return []
        return [notice for notice in self._sizes_for_all if notice.page != one.page or not self._ends(notice, one)]

    @cached_property
    def _sizes_for_all(self) -> list[SizeNotice]:
        if any(sheet.has_own_sizes for sheet in self._sheets):
            return []
        front = [notice for sheet in self._front for notice in sheet.sizes]
        return front if len({_face(notice) for notice in front if notice.has_face}) == 1 else []

    def headings_over(self, one: ProductCandidate) -> list[Label]:
        """Headings above the product on its page, nearest first, without the supplier's name.

        That runs through the document, or stands over what the supplier says about itself.
        """
        page = self.page(one)
        found = page.headings(one) if page is not None else []
        above = [label for label in page.labels if label.box[3] <= one.box[1]] if page is not None else []
        about = max((label.box[1] for label in above if _is_about_supplier(label.text)), default=0.0)
        return [label for label in found if label.box[1] > about and not self.runs_through(label)]

    def is_name(self, text: str) -> bool:
        """Whether a text is the name of one of the document's products."""
        return key(text) in self._names

    @cached_property
    def _names(self) -> set[str]:
        return {key(one.name) for one in self._owned}

    def runs_through(self, label: Label) -> bool:
        """Whether a label stands on so many pages that it is said of none of them."""
        return self._pages_of_text[key(label.text)] > max(2, RUNNING_SHARE * len(self._sheets))

    @cached_property
    def _pages_of_text(self) -> Counter[str]:
        return Counter(text for notices in self._sheets for text in {key(label.text) for label in notices.labels})


def _is_about_supplier(title: str) -> bool:
    terms = [term for term in find_terms(title, "cue_introduction") if term.canonical == "company"]
    return share_covered(title, terms) >= TITLE_COVERED


def _face(notice: SizeNotice) -> tuple[float, ...]:
    return tuple(sorted(notice.size.sides.values()))
