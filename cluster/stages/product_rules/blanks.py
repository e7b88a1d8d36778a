"""Owns captions of a scan over blanks: where pictures are seen over all others of their look, these are of icons."""

from collections import defaultdict

from actors.candidates.captions import OVER_BLANK
from actors.records import ProductCandidate
from cluster.stages.product_rules.looks import LookGroup
from cluster.stages.product_rules.page_notices import has_own_size

MOSTLY = 0.7  # of the names on other pages: under a picture that was seen, with a code, a price or a size


def of_icons(group: LookGroup) -> list[ProductCandidate]:
    """The names of pages that show nothing over any of them and say nothing of any, unlike the other pages' names."""
    by_page: dict[int, list[ProductCandidate]] = defaultdict(list)
    for one in group.members:
        by_page[one.page].append(one)
    bare = [ones for ones in by_page.values() if all(_is_over_blank(one) and not is_article(one) for one in ones)]
    others = [one for ones in by_page.values() if ones not in bare for one in ones]
    told = sum(is_article(one) and not _is_over_blank(one) for one in others)
    return [one for ones in bare for one in ones] if others and told >= MOSTLY * len(others) else []


def _is_over_blank(one: ProductCandidate) -> bool:
    return any(OVER_BLANK in reason for reason in one.reasons)


def is_article(one: ProductCandidate) -> bool:
    """Whether a caption prints a code, a price or a size."""
    return bool(one.code) or "commercialInformation" in one.metadata.fields or has_own_size(one)
