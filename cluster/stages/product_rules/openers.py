"""Owns the title pages of a document's sections: a large name over a photo, then pages of products until the next one.

Knows labels, pictures and where products stand; what a product takes from them is decided by its reader.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actors.naming.product_names import YEAR, name_pieces, parse_name
from actors.page.labels import Label, page_labels, same_look
from actors.page.regions import area
from actors.records import PageContent, ProductCandidate
from actors.vocabulary.words import find_terms, share_covered

MIN_OPENERS = 2
"""Title pages set alike: one by itself may be the cover, or an advertisement."""
MOST_LABELS, MOST_WORDS = 6, 120
"""Of a title page: the rest is the title's picture."""
DOMINANT = 1.4
"""How much larger than all else on its page, and than the names of the products, the title is."""
PICTURE_SHARE = 0.2
"""Of the page that pictures or colour cover at least."""
CHAPTER = 0.5
"""Of a title's letters that words for a chapter take: "Technical information", "Bathroom", "Floor tiles"."""
CHAPTER_WORDS = (
    "product_type", "field_label", "material", "finish", "boilerplate", "contents", "application", "environment",
    "other_subject", "person", "service", "page_word", "size_label", "technical_label", "cue_legal",
    "cue_introduction", "cue_marketing", "cue_technical", "cue_specification", "cue_contact", "cue_installation",
)  # fmt: skip


@dataclass(frozen=True)
class Opener:
    """The title page of a section."""

    page: int
    title: Label

    @property
    def name(self) -> str:
        """The title as a name."""
        return " ".join(name_pieces(self.title.text))


def sections(pages: Sequence[PageContent], products: Sequence[ProductCandidate]) -> Mapping[int, Opener]:
    """By the page of a product, the title page that opens its section; nothing where most titles name chapters."""
    taken = {one.page for one in products}
    ordered = sorted(pages, key=lambda page: page.page)
    size = max((one.look.size for one in products if one.look is not None), default=0.0)
    titled = [Opener(page.page, title) for page in ordered if page.page not in taken and (title := _title(page, size))]
    titled = [one for one in titled if _alike(one, titled) >= MIN_OPENERS]
    opened: dict[int, Opener] = {}
    for number in sorted(taken):
        before = [one for one in titled if one.page < number]
        if before:
            opened[number] = before[-1]
    used = {one.page: one for one in opened.values()}.values()
    named = [one for one in used if names_section(one.name)]
    if len(used) < MIN_OPENERS or 2 * len(named) <= len(used):
        return {}
    return {number: one for number, one in opened.items() if one in named}


def names_section(text: str) -> bool:
    """Whether a title names a section by a name of its own, and not by what it is about."""
    words = text.split()
    if not words or any(YEAR.match(word) for word in words) or parse_name(text) is None:
        return False
    return share_covered(text, find_terms(text, *CHAPTER_WORDS)) < CHAPTER


def _title(page: PageContent, name_size: float) -> Label | None:
    """The one line of a page with hardly any words that is much larger than the others, beside a picture."""
    labels = page_labels(page)
    if not labels or len(labels) > MOST_LABELS or sum(len(label.text.split()) for label in labels) > MOST_WORDS:
        return None
    title = max(labels, key=lambda label: label.size)
    others = [label.size for label in labels if label is not title]
    if title.size < DOMINANT * max([name_size, *others]) or not title.is_short:
        return None
    shown = [image.box for image in page.images if image.kind != "page"] + list(page.fills)
    covered = max((area(box) for box in shown), default=0.0)
    return title if covered >= PICTURE_SHARE * page.width_pt * page.height_pt else None


def _alike(one: Opener, others: Sequence[Opener]) -> int:
    return sum(same_look(one.title, other.title) for other in others)
