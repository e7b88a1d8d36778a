"""Owns products that a heading announces, judged over the document: a list of families, or one product a page.

A chapter of any report has a heading, too: a product's page shows a picture and says measured properties, there or on
the next page, and its heading is set like those of the other products.
"""

import re
from collections.abc import Callable, Sequence, Set

from actors.records import ProductCandidate
from cluster.stages.product_rules.looks import LookGroup, Verdict, key

ENTRY = re.compile(r"\d{1,2}[.)]\s")
LISTED = 0.6  # confidence that a heading reaches on its page alone, as one of a list of goods
MIN_PAGES = 3
MIN_DISTINCT = 0.8
MIN_SHOWN = 0.5  # of the headings: with a picture and with properties
MIN_PROPERTIES = 2
MAX_A_PAGE = 1.5
CONFIDENCE = 0.62


def with_headings(
    products: Sequence[Verdict], groups: Sequence[LookGroup], properties: Callable[[int], int], shown: Set[int]
) -> list[Verdict]:
    """The products so far and those that headings announce; a lone caption on a heading's page shows its product.

    Args:
        products: accepted so far.
        groups: all looks of the document.
        properties: how many measured values stand on a page.
        shown: pages whose products are named otherwise, in captions say: there, headings are titles.
    """
    headings = [_outside(group, shown) for group in groups if group.look.relation == "heading"]
    listed = [verdict for group in headings for verdict in _listed(group)]
    announced = _announced(headings, properties)
    pages = {verdict.candidate.page for verdict in announced}
    kept = [verdict for verdict in products if verdict.candidate.page not in pages or not _is_lone(verdict.candidate)]
    known = {id(verdict.candidate) for verdict in listed}
    return [*kept, *listed, *(verdict for verdict in announced if id(verdict.candidate) not in known)]


def _outside(group: LookGroup, pages: Set[int]) -> LookGroup:
    return LookGroup(group.look, group.source, [one for one in group.members if one.page not in pages])


def _listed(group: LookGroup) -> list[Verdict]:
    """A list of families, with its entries that stand on the next page."""
    sure = [one for one in group.members if one.confidence >= LISTED]
    pages = {one.page for one in sure}
    more = [one for one in group.members if one not in sure and one.page - 1 in pages and ENTRY.match(one.text)]
    rest = [Verdict(one, LISTED, (*one.reasons, "continues the list of the page before")) for one in more]
    return [Verdict(one, one.confidence, one.reasons) for one in sure] + rest


def _is_lone(one: ProductCandidate) -> bool:
    return one.look is not None and one.look.relation != "row" and one.look.support == 1


def _announced(headings: Sequence[LookGroup], properties: Callable[[int], int]) -> list[Verdict]:
    """The headings of a page, of the looks that announce products; the look of most pages first."""
    found: dict[int, list[Verdict]] = {}
    for group in sorted(headings, key=lambda group: -len(group.pages)):
        if not _announces_products(group, properties):
            continue
        reason = f"headings of this look on {len(group.pages)} pages, with pictures and properties"
        for page in sorted(group.pages - set(found)):
            ones = _told(sorted((one for one in group.members if one.page == page), key=lambda one: one.box[1]))
            if group.has_codes or max(properties(page), properties(page + 1)) >= MIN_PROPERTIES:
                found[page] = [Verdict(one, max(one.confidence, CONFIDENCE), (*one.reasons, reason)) for one in ones]
    return [verdict for verdicts in found.values() for verdict in verdicts]


def _told(members: Sequence[ProductCandidate]) -> Sequence[ProductCandidate]:
    """Of the headings of a page the first; all where each has a code of its own under it."""
    codes = {one.code for one in members}
    return members if None not in codes and len(codes) == len(members) else members[:1]


def _announces_products(group: LookGroup, properties: Callable[[int], int]) -> bool:
    pages = sorted(group.pages)
    names = {key(one.name) for one in group.members}
    if (
        len(pages) < MIN_PAGES
        or len(names) < MIN_DISTINCT * len(group.members)
        or (len(group.members) > MAX_A_PAGE * len(pages) and not group.has_codes)
    ):
        return False
    pictured = sum(one.look is not None and one.look.regions > 0 for one in group.members)
    if pictured < MIN_SHOWN * len(group.members):
        return False
    described = sum(max(properties(page), properties(page + 1)) >= MIN_PROPERTIES for page in pages)
    return described >= MIN_SHOWN * len(pages)
