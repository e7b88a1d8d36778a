"""Owns banners that run over two facing pages: a title at the inner edge of one goes on at that of the next.

Knows labels and edges; what a product takes from the other page is decided by its readers.
"""

from collections.abc import Sequence
from itertools import pairwise

from actors.page.labels import Label, sizes_alike
from cluster.stages.product_rules.page_notices import PageNotices, SizeNotice

INNER = 0.06  # of the width: how far from the fold both parts stand
TOP = 0.2  # of the height, in which a banner stands
LEVEL = 0.3  # of the letters' size, by which the middles of both parts differ at most
DASHES = ("-", "–", "—")


def facing_page(own: PageNotices, sheets: Sequence[PageNotices]) -> PageNotices | None:
    """The page before or after on which this one's banner begins or goes on."""
    at = next(place for place, sheet in enumerate(sheets) if sheet is own)
    pairs = [pair for pair in pairwise(sheets[max(0, at - 1) : at + 2]) if title_over_both(*pair) is not None]
    return next((sheet for pair in pairs for sheet in pair if sheet is not own), None)


def title_over_both(left: PageNotices, right: PageNotices) -> Label | None:
    """The title of a page that ends open at its inner edge, where it goes on at that of the next page."""
    one, other = left.content, right.content
    if other.page != one.page + 1 or (one.width_pt, one.height_pt) != (other.width_pt, other.height_pt):
        return None
    edge, top = INNER * one.width_pt, TOP * one.height_pt
    ends = [label for label in left.labels if one.width_pt - label.box[2] <= edge and label.box[3] <= top]
    begins = [label for label in right.labels if label.box[0] <= edge]
    open_ended = (label for label in ends if label.text.rstrip().endswith(DASHES))
    return next((label for label in open_ended if any(_goes_on(label, begun) for begun in begins)), None)


def banner_sizes(page: PageNotices) -> list[SizeNotice]:
    """The sizes at the top of a page."""
    return [notice for notice in page.sizes if notice.label.box[3] <= TOP * page.content.height_pt]


def _goes_on(one: Label, other: Label) -> bool:
    level = abs(one.centre[1] - other.centre[1]) <= LEVEL * one.size
    return level and one.source == other.source and sizes_alike(one.size, other.size, one.source)
