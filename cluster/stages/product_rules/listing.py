"""Owns what an overview says of products: the heading under which a page lists the names of products of other pages.

Knows lines and names; what a product takes from it is decided by its reader.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from actors.naming.product_names import name_pieces, parse_name
from actors.records import PageContent, ProductCandidate, TextLine, TextSource
from actors.vocabulary.words import find_terms
from cluster.stages.product_rules.looks import Acceptance, Verdict, key

MIN_LISTED = 6  # names of other pages' products on a page: an overview
LARGER = 1.1  # the heading's letters against those of the names


CONFIDENCE = 0.55  # of a name that a page shows in an unusual way and an overview lists


class ListedUnder(NamedTuple):
    """A heading of an overview."""

    series: str
    line: TextLine
    page: int
    source: TextSource


def listed_under(pages: Sequence[PageContent], products: Sequence[ProductCandidate]) -> Mapping[str, ListedUnder]:
    """The heading by the key of each product's name; names that stand under several headings are left out.

    So are colours that several pages show: "Ivory" of one series is not that of another.
    """
    pages_of: dict[str, set[int]] = {}
    for one in products:
        pages_of.setdefault(key(one.name), set()).add(one.page)
    shades = {key(one.name) for one in products if find_terms(one.name, "colour", fuzzy=True)}
    shown = {key(one.name): one.page for one in products}
    shown = {name: page for name, page in shown.items() if name not in shades or len(pages_of[name]) == 1}
    coded = _with_codes(products)
    found: dict[str, list[ListedUnder]] = {}
    for page in pages:
        printed = [(line, block.source, key(line.text)) for block in page.blocks for line in block.lines]
        lines = [(line, source, coded.get(name, name)) for line, source, name in printed]
        named = {name: line for line, _, name in lines if name in shown and shown[name] != page.page}
        if len(named) < MIN_LISTED:
            continue
        others = [(line, source) for line, source, name in lines if name not in shown]
        for name, line in named.items():
            heading = _heading(line, others, page.page)
            if heading is not None:
                found.setdefault(name, []).append(heading)
    return {name: headings[0] for name, headings in found.items() if len({key(one.series) for one in headings}) == 1}


def with_listed(
    acceptance: Acceptance, candidates: Sequence[ProductCandidate], pages: Sequence[PageContent]
) -> Acceptance:
    """The products with those names that an overview lists beside theirs, set alike, and that one other page shows."""
    shown = {key(verdict.candidate.name): verdict.candidate.page for verdict in acceptance.products}
    overviews, listed = set(), set()
    for page in pages:
        lines = [line for block in page.blocks for line in block.lines]
        named = [line for line in lines if shown.get(key(line.text), page.page) != page.page]
        if len({key(line.text) for line in named}) >= MIN_LISTED:
            looks = {(line.font, line.size, line.bold) for line in named}
            listed |= {key(line.text) for line in lines if (line.font, line.size, line.bold) in looks}
            overviews.add(page.page)
    seen: dict[str, list[ProductCandidate]] = {}
    for one in candidates:
        if key(one.name) in listed and key(one.name) not in shown and one.page not in overviews:
            seen.setdefault(key(one.name), []).append(one)
    more = [
        Verdict(found[0], CONFIDENCE, (*found[0].reasons, "an overview lists its name"))
        for found in seen.values()
        if len(found) == 1
    ]
    return Acceptance((*acceptance.products, *more), acceptance.references)


def _with_codes(products: Sequence[ProductCandidate]) -> Mapping[str, str]:
    """The key of each product's name, by those of the name with its code before it and behind it: "L120 Oak"."""
    coded = [one for one in products if one.code]
    before = {key(f"{one.code} {one.name}"): key(one.name) for one in coded}
    return before | {key(f"{one.name} {one.code}"): key(one.name) for one in coded}


def _heading(name: TextLine, lines: Sequence[tuple[TextLine, TextSource]], page: int) -> ListedUnder | None:
    """The nearest larger line above, in the column of the name."""
    above = [
        (line, source)
        for line, source in lines
        if line.box[3] <= name.box[1] + 1
        and line.size >= LARGER * name.size
        and line.box[0] <= name.box[2]
        and line.box[2] >= name.box[0]
    ]
    line, source = max(above, key=lambda item: item[0].box[3], default=(None, None))
    if line is None or source is None or parse_name(line.text) is None:
        return None
    return ListedUnder(" ".join(name_pieces(line.text)), line, page, source)
