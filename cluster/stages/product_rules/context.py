"""Owns what stands over a product: sizes and headings printed in a banner, on the page before, or once for all.

It says where things are printed and how near; which of them a product takes is decided by its readers.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from actors.candidates.coded_lines import leading_code
from actors.naming.product_names import name_pieces, parse_name, stands_alone
from actors.page.labels import Label, page_labels, rotated_labels, same_look, sizes_alike
from actors.page.spreads import PrintedPage, printed_pages
from actors.records import Evidence, Metadata, PageContent, ProductCandidate, TextLine
from actors.values.dimensions import ParsedDimensions, parse_dimensions
from actors.vocabulary.languages import reading_in
from actors.vocabulary.words import find_terms, fold, looks_only, share_covered
from cluster.stages.product_rules.data_tables import data_of
from cluster.stages.product_rules.facing_pages import banner_sizes, facing_page
from cluster.stages.product_rules.list_codes import listed_codes
from cluster.stages.product_rules.listing import ListedUnder, listed_under
from cluster.stages.product_rules.looks import key
from cluster.stages.product_rules.marks import Marks
from cluster.stages.product_rules.openers import Opener, sections
from cluster.stages.product_rules.technical import said_on, technical_page

PAGES_BACK = 2
FRONT_PAGES = 3
NOTICE_WORDS = 12  # longer lines are prose: their sizes are of something else
HEADING_SIZE = 1.2  # times the letters of the name below
HEADING_BLOCKS = ("title", "section_header", "page_header")
HEADER_ZONE, TOP_ZONE = 0.2, 0.06  # of the page's height; in the upper one everything is a heading
TITLE_SHARE = 0.3  # of the pages: a title on more of them is no section
MAX_OCR_HEADING = 0.08  # of the page's height: what OCR reads larger is a picture
SIDEWAYS = 0.5  # a point beside counts as so many above
ROW_LINES = 3  # heights of a name, by which captions of one row end apart
MIN_SAID = 3  # letters of a name that a caption says
IMPERIAL = ("in", "ft")
TITLE_COVERED = 0.7  # of its letters, by "About us"
NO_NAME = ("finish", "edge", "size_label")  # what a line says beside a size without naming anything: "rectified"
RUNNING_SHARE = 0.5  # of the pages: a heading on more of them is the supplier's name


@dataclass(frozen=True)
class SizeNotice:
    """A size that is printed for more than one product."""

    size: ParsedDimensions
    label: Label
    page: int

    @property
    def has_face(self) -> bool:
        """Whether it gives at least two sides."""
        return len(self.size.sides) >= 2


class PageNotices:
    """The labels of one printed page, a half of a spread, say, that belong to no single product."""

    def __init__(self, printed: PrintedPage, owned: Sequence[ProductCandidate]) -> None:
        self.number, self.content = printed.content.page, printed.content
        self._printed = printed
        self._owned = [one for one in owned if self.holds(one)]

    def holds(self, one: ProductCandidate) -> bool:
        """Whether a product stands on it."""
        return one.page == self.number and self._printed.holds(one.box)

    def is_other_half(self, page: "PageNotices") -> bool:
        """Whether both are printed pages of one spread."""
        return self is not page and self.number == page.number

    def shows_between(self, upper: Label, lower: Label) -> bool:
        """Whether a product stands below one label and above another."""
        return any(upper.box[3] <= one.box[1] and one.box[3] <= lower.box[1] for one in self._owned)

    @property
    def products(self) -> Sequence[ProductCandidate]:
        """Those that stand on it."""
        return self._owned

    @cached_property
    def has_own_sizes(self) -> bool:
        """Whether a product on it prints its size."""
        return any(has_own_size(one) for one in self._owned)

    @cached_property
    def _all(self) -> list[Label]:
        return page_labels(self.content, stands_alone, leading_code)

    @cached_property
    def labels(self) -> list[Label]:
        """Short labels outside the products' own texts."""
        return [label for label in self._all if label.is_short and not _is_owned(label, self._owned)]

    @cached_property
    def notices(self) -> list[Label]:
        """Those that are short enough to be said of everything below; longer ones are prose."""
        return [label for label in self.labels if len(label.text.split()) <= NOTICE_WORDS]

    @cached_property
    def sizes(self) -> list[SizeNotice]:
        """Sizes in these labels, from top to bottom."""
        with reading_in(self.content.languages):
            return [
                SizeNotice(size, label, self.content.page)
                for label in self.notices
                if not self._is_caption(label)
                for size in parse_dimensions(label.text)
            ]

    @cached_property
    def _sideways(self) -> list[SizeNotice]:
        """Sizes that are set sideways, those with metric units first."""
        with reading_in(self.content.languages):
            found = [
                SizeNotice(size, label, self.content.page)
                for label in rotated_labels(self.content)
                for size in parse_dimensions(label.text)
            ]
        return sorted(found, key=lambda notice: notice.size.unit in IMPERIAL)

    def sizes_of_row(self, one: ProductCandidate) -> list[SizeNotice]:
        """Sizes that are set sideways beside the row of pictures in which a product's stands, or beside several rows.

        Of several rows' sizes the nearest is a row's; where it is the only one, it must stand beside the row.
        """
        faces = [notice for notice in self._sideways if notice.has_face]
        if one.region is None or not faces:
            return []
        top, end = one.region[1], one.region[3]
        nearest = min(abs(notice.label.centre[1] - (top + end) / 2) for notice in faces)
        row = [n for n in faces if abs(abs(n.label.centre[1] - (top + end) / 2) - nearest) <= n.label.size]
        are_several = any(abs(n.label.centre[1] - row[0].label.centre[1]) > n.label.height for n in faces)
        return row if are_several or top <= row[0].label.centre[1] <= end else []

    @cached_property
    def strip_of_sizes(self) -> list[SizeNotice]:
        """Sizes in a strip of drawings below all products, one at each drawing, where no other is printed: of them all.

        As many sizes as there are products over them may be of one product each.
        """
        end = max((one.text_box[3] for one in self._owned), default=0.0)
        free = [notice for notice in self.sizes if not self._names_a_product(notice.label)]
        faces = [notice for notice in free if notice.has_face]
        if self.has_own_sizes or any(notice.label.box[1] < end for notice in faces):
            return []
        lowest = [one for one in self._owned if end - one.text_box[3] <= ROW_LINES * (one.box[3] - one.box[1])]
        is_strip = len({id(notice.label) for notice in faces}) > 1 and len(faces) != len(lowest)
        return free if is_strip else []

    def _names_a_product(self, label: Label) -> bool:
        """Whether a line is about one product of the page: the caption of a photo that shows it."""
        return any(len(one.name) >= MIN_SAID and fold(one.name) in fold(label.text) for one in self._owned)

    def _is_caption(self, label: Label) -> bool:
        """Whether a label is set like the names of the page's products and names something: a product left unseen.

        "All sets 60 x 45 cm" names none.
        """
        looks = [one.look for one in self._owned if one.look is not None and one.source == label.source]
        alike = any(look.font == label.font and sizes_alike(look.size, label.size, label.source) for look in looks)
        is_below = label.box[1] > HEADER_ZONE * self.content.height_pt
        named = " ".join(name_pieces(label.text))
        return alike and is_below and bool(named) and not looks_only(named, *NO_NAME) and not _is_of_all(named)

    @cached_property
    def titles(self) -> set[str]:
        """Headings at the top of the page, sizes cut off: what section the page belongs to."""
        top = [label for label in self.labels if label.box[1] < HEADER_ZONE * self.content.height_pt]
        usual = median(label.size for label in self._all) if self._all else 0.0
        return {" ".join(name_pieces(label.text)) for label in top if self._is_heading(label, usual)}

    def headings(self, one: ProductCandidate) -> list[Label]:
        """Headings above a product, nearest first."""
        size = one.look.size if one.look else 0.0
        above = [label for label in self.labels if label.box[3] <= one.box[1] and self._is_heading(label, size)]
        return sorted(above, key=lambda label: distance(label, one))

    def _is_heading(self, label: Label, name_size: float) -> bool:
        if not name_pieces(label.text) or parse_name(" ".join(name_pieces(label.text))) is None:
            return False
        height = self.content.height_pt or 1.0
        if label.source == "ocr" and label.size > MAX_OCR_HEADING * height:
            return False
        top = label.box[1] / height
        is_header = top < TOP_ZONE or (label.block in HEADING_BLOCKS and top < HEADER_ZONE)
        return is_header or label.size >= HEADING_SIZE * name_size


def has_own_size(one: ProductCandidate) -> bool:
    """Whether a size of two sides is printed at the product."""
    sizes = one.metadata.fields.get("physicalProperties", {}).get("dimensions", [])
    return any(size.get("length_mm") and size.get("width_mm") for size in sizes)


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


def _is_of_all(text: str) -> bool:
    """Whether a text begins with a word for all."""
    return any(term.canonical == "all" and term.start == 0 for term in find_terms(text, "range_word"))


def distance(label: Label, one: ProductCandidate) -> float:
    """How far above a product a label stands, in points; what stands beside counts as farther."""
    beside = max(0.0, label.box[0] - one.box[2], one.box[0] - label.box[2])
    return max(0.0, one.box[1] - label.box[1]) + SIDEWAYS * beside


def _face(notice: SizeNotice) -> tuple[float, ...]:
    return tuple(sorted(notice.size.sides.values()))


def _is_owned(label: Label, owned: Sequence[ProductCandidate]) -> bool:
    """Whether a product, or several that stand close under each other, print all of a label."""
    return all(any(_prints(one, label, line) for one in owned) for line in label.lines)


def _prints(one: ProductCandidate, label: Label, line: TextLine) -> bool:
    x, y = (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2
    inside = one.text_box[0] <= x <= one.text_box[2] and one.text_box[1] <= y <= one.text_box[3]
    texts = one.text.split("\n")
    return inside and (label.text in texts or line.text.strip() in texts)
