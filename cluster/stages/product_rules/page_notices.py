"""Owns what one printed page says over its products: sizes and headings of banners, beside rows, in strips below.

Knows one page and the products on it; what pages before it say, and which of it a product takes, is decided by others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from actors.candidates.coded_lines import leading_code
from actors.naming.product_names import name_pieces, parse_name, stands_alone
from actors.page.labels import Label, page_labels, rotated_labels, sizes_alike
from actors.page.spreads import PrintedPage
from actors.records import ProductCandidate, TextLine
from actors.values.dimensions import ParsedDimensions, parse_dimensions
from actors.values.labelled import is_property_label
from actors.vocabulary.languages import reading_in
from actors.vocabulary.words import find_terms, fold, looks_only

CAPTION_WORDS = 6  # of a product's name, its size left out
NOTICE_WORDS = 12  # longer lines are prose: their sizes are of something else
HEADING_SIZE = 1.2  # times the letters of the name below
HEADING_BLOCKS = ("title", "section_header", "page_header")
HEADER_ZONE, TOP_ZONE = 0.2, 0.06  # of the page's height; in the upper one everything is a heading
MAX_OCR_HEADING = 0.08  # of the page's height: what OCR reads larger is a picture
SIDEWAYS = 0.5  # a point beside counts as so many above
ROW_LINES = 3  # heights of a name, by which captions of one row end apart
MIN_SAID = 3  # letters of a name that a caption says
IMPERIAL = ("in", "ft")
NO_NAME = ("finish", "edge", "size_label")  # what a line says beside a size without naming anything: "rectified"


@dataclass(frozen=True)
class SizeNotice:
    """A size that is printed for more than one product."""

    size: ParsedDimensions
    label: Label
    page: int

    @property
    def has_face(self) -> bool:
        """Whether it gives at least two sides."""
        return self.size.has_face


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
        return page_labels(self.content, stands_alone, leading_code, is_property_label)

    @cached_property
    def labels(self) -> list[Label]:
        """Short labels outside the products' own texts."""
        return [label for label in self._all if label.is_short and not _is_owned(label, self._owned)]

    @cached_property
    def notices(self) -> list[Label]:
        """Those that are short enough to be said of everything below; longer ones are prose."""
        words = {id(label): sum(any(map(str.isalnum, word)) for word in label.text.split()) for label in self.labels}
        return [label for label in self.labels if words[id(label)] <= NOTICE_WORDS]

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
        is_name = 0 < len(named.split()) <= CAPTION_WORDS and not looks_only(named, *NO_NAME)
        return alike and is_below and is_name and not _is_of_all(named)

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


def _is_of_all(text: str) -> bool:
    """Whether a text begins with a word for all."""
    return any(term.canonical == "all" and term.start == 0 for term in find_terms(text, "range_word"))


def distance(label: Label, one: ProductCandidate) -> float:
    """How far above a product a label stands, in points; what stands beside counts as farther."""
    beside = max(0.0, label.box[0] - one.box[2], one.box[0] - label.box[2])
    return max(0.0, one.box[1] - label.box[1]) + SIDEWAYS * beside


def _is_owned(label: Label, owned: Sequence[ProductCandidate]) -> bool:
    """Whether a product, or several that stand close under each other, print all of a label."""
    return all(any(_prints(one, label, line) for one in owned) for line in label.lines)


def _prints(one: ProductCandidate, label: Label, line: TextLine) -> bool:
    x, y = (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2
    inside = one.text_box[0] <= x <= one.text_box[2] and one.text_box[1] <= y <= one.text_box[3]
    texts = one.text.split("\n")
    return inside and (label.text in texts or line.text.strip() in texts)
