"""Owns the decision over all pages which candidates are products: what one page cannot know.

Names of one catalogue share their look; room photos and running titles repeat names or stand alone. Pure: candidates
in, verdicts out.
"""

from collections import defaultdict
from collections.abc import Sequence, Set
from statistics import median

from actors.candidates.captions import IN_SCAN, OVER_BLANK
from actors.candidates.leaflets import LEAFLET
from actors.naming.product_names import A_NUMBER
from actors.page.regions import area
from actors.records import ProductCandidate
from cluster.stages.product_rules.blanks import is_article, of_icons
from cluster.stages.product_rules.deeds import are_works, is_sentence, is_somebody, is_work
from cluster.stages.product_rules.looks import Acceptance, LookGroup, Verdict, key, look_groups, named_parts
from cluster.stages.product_rules.pages import with_headings
from cluster.stages.product_rules.properties import PropertyCounts

ACCEPT = 0.5
ALONE = ("row", "sheet")  # judged by themselves, whatever the names of captions look like
CONFIRMED = 0.7  # what a lone caption gets when its look names products on other pages
ODD_LOOK_PENALTY = 0.4
FURNITURE_SHARE = 0.3  # of the pages: a name on more of them is a running title
FURNITURE_PAGES = 4
MIN_PAGES = 3  # with names of one look: a catalogue
MIN_IN_SCAN = 4  # names on a single scanned page
MOSTLY_SIZED = 0.7  # of the pages with names that print the size of goods
MIN_CODED = 3  # names of one look on a page, each with its code
TELLING = ("names a product", "code", A_NUMBER)
MIN_TELLING = 0.2  # of the names: with properties, or naming goods
CASE_SHARE = 0.1
LARGER = 1.3  # the letters of a page's title against those of its captions
FEW_TOLD, SMALL_SWATCH, BADGE = 0.2, 0.25, 0.5  # of the names; of the area of the pictures of goods
MIN_ALONE = 3  # captions of a look of their own, on a page of their own
MIN_TITLED = 2  # captions under a title
MANY_ROWS, OVERVIEW_PAGES = 30, 2
LEAFLET_PAGES, MOST_LEAFLETS = 4, 0.6  # of the pages


def accept(
    candidates: Sequence[ProductCandidate],
    page_count: int,
    properties: PropertyCounts | None = None,
    *,
    is_offer: bool = False,
) -> Acceptance:
    """Judges all candidates of a document.

    Args:
        candidates: of all chunks.
        page_count: of the document.
        properties: what measured values stand on the pages; without it none do.
        is_offer: the document calls itself a catalogue; its pages need not say of goods that they are some.
    """
    properties = properties or PropertyCounts(())
    by_name: dict[str, list[ProductCandidate]] = defaultdict(list)
    for one in candidates:
        by_name[key(one.name)].append(one)
    able = [one for one in candidates if not _is_furniture(one, by_name[key(one.name)], page_count)]
    able = [one for one in able if not _tells_cartons(one)]
    kept = [one for one in able if one.look is not None]
    groups = look_groups(_without_works(kept))
    icons = [one for group in groups for one in of_icons(group)]
    groups = look_groups([one for group in groups for one in group.members if not any(one is icon for icon in icons)])
    rows = sum(one.look is not None and one.look.relation == "row" for one in kept)
    groups = [group for group in groups if not _is_overview(group, rows)]
    main = main_groups(groups, page_count, properties, is_offer=is_offer)
    names = {key(one.name) for group in main for one in group.firm}
    shown = {one.page for group in main for one in group.members}
    products = [Verdict(one, one.confidence, one.reasons) for one in able if one.look is None]
    references: list[ProductCandidate] = []
    for group in groups:
        if group.look.relation == "heading":
            continue
        if group not in main and group.look.relation not in ALONE and _is_reference(group, names):
            references += group.members
            continue
        verdicts = [_judge(one, group, main, page_count, shown) for one in group.members]
        products += verdicts
        references += [v.candidate for v in verdicts if v.confidence < ACCEPT and _names_known(v.candidate.name, names)]
    products = [verdict for verdict in products if verdict.confidence >= ACCEPT]
    products = _without_leaflets(with_headings(products, groups, properties, shown), page_count)
    return Acceptance(tuple(products), tuple(references))


def _without_leaflets(products: Sequence[Verdict], page_count: int) -> list[Verdict]:
    """A leaflet has few pages, or a leaflet each: in another catalogue the same page is the title of a section."""
    leaflets = [verdict for verdict in products if LEAFLET in verdict.candidate.reasons]
    others = [verdict for verdict in products if verdict not in leaflets]
    pages = {verdict.candidate.page for verdict in leaflets}
    names = {key(verdict.candidate.name) for verdict in leaflets}
    one_a_page = len(pages) >= MOST_LEAFLETS * page_count and len(names) == len(leaflets)
    return others if others or not (page_count <= LEAFLET_PAGES or one_a_page) else leaflets


def _without_works(candidates: Sequence[ProductCandidate]) -> list[ProductCandidate]:
    """Without the captions of a page that are set alike and say areas or years: a reference, beside pages of goods."""
    by_page: dict[tuple[int, int], list[ProductCandidate]] = defaultdict(list)
    for at, group in enumerate(look_groups(candidates)):
        for one in group.members:
            by_page[at, one.page].append(one)
    return [one for ones in by_page.values() if not (_are_captions(ones) and are_works(ones)) for one in ones]


def _are_captions(ones: Sequence[ProductCandidate]) -> bool:
    look = ones[0].look
    return len(ones) > 1 and look is not None and look.relation not in (*ALONE, "heading")


def _is_furniture(one: ProductCandidate, namesakes: Sequence[ProductCandidate], page_count: int) -> bool:
    pages = {other.page for other in namesakes if _same_height(one, other)}
    return len(pages) >= max(FURNITURE_PAGES, FURNITURE_SHARE * page_count)


def _tells_cartons(one: ProductCandidate) -> bool:
    """Whether a line on a photo of a room says what is in a carton: of a series, and not what the photo shows."""
    is_scene = one.look is not None and one.look.relation == "scene"
    return is_scene and "packaging" in one.metadata.fields.get("commercialInformation", {})


def _same_height(one: ProductCandidate, other: ProductCandidate) -> bool:
    return abs(one.box[1] - other.box[1]) < 6


def main_groups(
    groups: Sequence[LookGroup],
    page_count: int,
    properties: PropertyCounts | None = None,
    *,
    is_offer: bool = False,
) -> list[LookGroup]:
    """The looks in which this document names its products: the strongest, and others that come near it.

    Args:
        groups: of the whole document.
        page_count: of the document.
        properties: what measured values and words for goods stand on the pages; without it none do.
        is_offer: the document calls itself a catalogue.
    """
    told = properties or PropertyCounts(())

    def weight(group: LookGroup) -> float:
        firm = group.firm
        return len(firm) * (1 + 0.5 * min(1.0, group.described / len(group.members))) if firm else 0.0

    able = [
        group
        for group in groups
        if group.look.relation != "heading" and group.firm and _is_credible(group, page_count, told, is_offer)
    ]
    able = [group for group in able if not any(_are_choices(group, other) for other in able)]
    able = [group for group in able if not _are_titles(group, [other for other in able if other is not group])]
    strongest = max((weight(group) for group in able), default=0.0)
    main = [group for group in able if weight(group) >= 0.5 * strongest or _is_second_look(group)]
    return main + [group for group in able if group not in main and _is_alone(group, main)]


def _are_choices(group: LookGroup, other: LookGroup) -> bool:
    """Whether captions of small swatches say nothing but a word, beside large pictures of goods: what these come in."""
    few = FEW_TOLD * len(group.members)
    if not group.pages <= other.pages or sum(is_article(one) for one in group.members) > few:
        return False
    told = sum(is_article(one) for one in other.members) >= MOSTLY_SIZED * len(other.members)
    return told and _usual_area(group) < SMALL_SWATCH * _usual_area(other)


def _are_titles(group: LookGroup, others: Sequence[LookGroup]) -> bool:
    """Whether names beside small pictures stand over captions, set smaller, of much larger ones: a badge's titles."""
    captions = [one for other in others for one in other.firm]
    return all(sum(_is_title_over(title, one) for one in captions) >= MIN_TITLED for title in group.members)


def _is_title_over(title: ProductCandidate, one: ProductCandidate) -> bool:
    if title.page != one.page or title.region is None or one.region is None or title.look is None or one.look is None:
        return False
    is_larger = title.look.size >= LARGER * one.look.size and area(title.region) < BADGE * area(one.region)
    return is_larger and max(title.box[3], title.region[3]) <= one.region[1]


def _usual_area(group: LookGroup) -> float:
    """Of the pictures of its firm names, in square points; 0 where none was seen."""
    areas = [area(one.region) for one in group.firm if one.region is not None]
    return median(areas) if areas else 0.0


def _is_credible(group: LookGroup, page_count: int, told: PropertyCounts, is_offer: bool) -> bool:
    """Whether captions of this look are goods: they fill pages that tell of goods, or say properties, or name goods.

    A size in the page's banner is a property of all its captions.

    Three words beside three pictures on one page are a poster, a team or an organisation chart.
    """
    firm = group.firm
    pages = {one.page for one in firm}
    if are_works(firm) or 2 * sum(is_work(one) or is_somebody(one) for one in firm) >= len(firm):
        return False
    if 2 * sum(is_sentence(one) for one in firm) >= len(firm):
        return False
    in_blank = sum(any(OVER_BLANK in reason or IN_SCAN in reason for reason in one.reasons) for one in firm)
    in_scan = 2 * in_blank > len(firm)
    if in_scan and len(pages) < 2 and len(firm) < MIN_IN_SCAN:
        return False
    # Any text that is scanned has lines over empty spaces, page after page: there the words must tell.
    if not in_scan and len(pages) >= min(MIN_PAGES, page_count) and page_count >= MIN_PAGES:
        titles = {key(told.title(page, LARGER * group.look.size)) for page in pages} - {""}
        is_told = is_offer or group.has_codes or 2 * len(titles) < len(pages)
        return is_told or any(told.tells_goods(page) for page in pages)
    if sum(told.has_size(page) for page in pages) >= MOSTLY_SIZED * len(pages):
        return True
    telling = sum(any(cue in reason for reason in one.reasons for cue in TELLING) for one in firm)
    return max(group.described / len(group.members), telling / len(firm)) >= MIN_TELLING


def _is_second_look(group: LookGroup) -> bool:
    """A weaker look names products too where it repeats over pages, or its names come with properties or codes."""
    pages = len({one.page for one in group.firm})
    coded = group.has_codes and len(group.firm) >= MIN_CODED
    return coded or pages >= 3 or (pages >= 2 and group.described >= 0.7 * len(group.members))


def _is_alone(group: LookGroup, main: Sequence[LookGroup]) -> bool:
    """Whether captions have a page to themselves, each over a property: there the catalogue is set otherwise."""
    others = {page for other in main for page in other.pages}
    told = all(_is_told_beside(one) for one in group.members)
    return len(group.firm) >= MIN_ALONE and not group.pages & others and told


def _is_reference(group: LookGroup, names: set[str]) -> bool:
    """Whether a look mostly repeats names of the main looks: captions of room photos, lists of novelties."""
    known = sum(_names_known(one.name, names) for one in group.members)
    return bool(names) and known >= max(1, 0.5 * len(group.members))


def _is_overview(group: LookGroup, rows: int) -> bool:
    """Whether a price list shows families on a page or two, without size, code or price: its rows are the articles."""
    if group.look.relation in (*ALONE, "heading") or rows < MANY_ROWS or len(group.pages) > OVERVIEW_PAGES:
        return False
    return not any(is_article(one) for one in group.members)


def _names_known(name: str, names: set[str]) -> bool:
    return bool(named_parts(name) & names)


def _judge(
    one: ProductCandidate, group: LookGroup, main: Sequence[LookGroup], page_count: int, shown: Set[int]
) -> Verdict:
    """`shown`: the pages on which names of the main looks stand; the others may show one product each."""
    look = one.look
    if look is None or look.relation in ALONE:
        return Verdict(one, one.confidence, one.reasons)
    if group in main:
        pages = len({member.page for member in group.firm})
        reason = f"names on {pages} pages are set like this"
        if look.support >= 2 and look.relation != "scene":
            return Verdict(one, one.confidence, (*one.reasons, reason))
        if pages >= 2 and _is_cased_alike(one, group.firm) and (one.page > 1 or page_count < MIN_PAGES):
            return Verdict(one, max(one.confidence, CONFIRMED), (*one.reasons, reason))
        return Verdict(one, one.confidence - ODD_LOOK_PENALTY, one.reasons)
    alone = [member for member in group.members if member.page not in shown]
    if look.support >= 2 or (main and (one not in alone or not _is_one_a_page(alone))):
        return Verdict(one, one.confidence - ODD_LOOK_PENALTY, one.reasons, ("set unlike the other names",))
    if not _is_one_a_page(alone):
        return Verdict(one, one.confidence, one.reasons)
    pages = len({member.page for member in alone})
    reasons = (*one.reasons, f"one name a page on {pages} pages, with properties")
    return Verdict(one, max(one.confidence, 0.6), reasons)


def _is_cased_alike(one: ProductCandidate, names: Sequence[ProductCandidate]) -> bool:
    """Whether a name is in capitals, or begins with a small letter, when others do, and does not when nearly all do."""
    capitals = sum(name.name.isupper() for name in names) / len(names)
    small = sum(name.name[0].islower() for name in names) / len(names)
    if one.name[0].islower() and small <= CASE_SHARE:
        return False
    return capitals > CASE_SHARE if one.name.isupper() else capitals < 1 - CASE_SHARE


def _is_one_a_page(members: Sequence[ProductCandidate]) -> bool:
    """Whether each page shows one product: the look repeats over pages, the names differ, properties stand by."""
    pages = {one.page for one in members}
    distinct = len({key(one.name) for one in members})
    told = sum(_is_told_beside(one) for one in members)
    return len(pages) >= MIN_PAGES and distinct >= 0.7 * len(members) and told >= 0.4 * len(members)


def _is_told_beside(one: ProductCandidate) -> bool:
    """Whether other lines than the name say a property: "Marbles" alone on a page is the title of a section."""
    name = " ".join(one.text.partition("\n")[0].split())
    return one.code is not None or any(" ".join(proof.text.split()) not in name for proof in one.metadata.evidence)
