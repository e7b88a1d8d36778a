"""Owns which images a product record shows, and why. Logos and backgrounds were left out by the detection.

Geometry and captions say which pictures may be a product's; what they leave open is `likeness`'s.
"""

from collections.abc import Iterable, Sequence

from actors.page.regions import DECORATION_PAGES, area, intersection, overlap_share
from actors.records import Box, Evidence, LinkedImage, PageContent, PageImage, ProductCandidate
from cluster.stages.product_rules.likeness import NOBODY_ASKED, Alike, Options, in_order, most_alike
from cluster.stages.product_rules.row_pictures import by_caption

OWN = 0.85
REGION = 0.7
REFERENCE = 0.5
PAGE = 0.5
TABLE = 0.55
ROW = 0.75
ABOVE_TABLE_PT = 24.0  # a picture may begin so much higher than the table that it stands beside
MOST_LEVEL = 0.6  # of a table's height that a picture beside it covers
MIN_PAGE_SHARE, MIN_SECTION_SHARE = 0.02, 0.005
MOST_OF_PAGE = 0.5
BELOW_PT = 24.0  # points between a picture and the line with its code
SAME_AREA = 0.8  # intersection over union
SAME_LEVEL = 0.5  # the same of their heights alone: two pictures stand side by side


def possible_images(
    candidates: Sequence[ProductCandidate],
    references: Sequence[ProductCandidate],
    pages: Iterable[PageContent],
    code: str | None = None,
    listed: Sequence[Evidence] = (),
) -> list[Options]:
    """The product's own pictures first, then photos whose caption names it; of each options it shows one.

    Args:
        candidates: the product where it was seen.
        references: captions of photos that name it.
        pages: of the document.
        code: of the product, as it may stand on its label.
        listed: the code that is printed in another place, where it has none.
    """
    code = code or next((proof.value for proof in listed), None)
    by_number = {page.page: page for page in pages}
    possible: list[Options] = [(link,) for one in candidates if (link := _own(one, by_number.get(one.page)))]
    possible += [options for one in candidates if (options := _of_table(one, by_number.get(one.page)))]
    possible += [(link,) for one in candidates for link in _of_page(one, by_number.get(one.page), code)]
    possible += [
        (
            LinkedImage(
                image_id=one.image_id,
                page=one.page,
                box=one.region,
                reason="a photo whose caption names the product",
                confidence=REFERENCE,
            ),
        )
        for one in references
        if one.image_id is not None
    ]
    return possible


def linked_images(possible: Sequence[Options], alike: Alike = NOBODY_ASKED) -> tuple[LinkedImage, ...]:
    """One of each options, each image and place once; what is alike decides where nothing else does."""
    unique: dict[tuple[object, ...], LinkedImage] = {}
    for link in (most_alike(options, alike) for options in possible):
        unique.setdefault((link.image_id, link.page, link.box), link)  # the surer reasons come first
    return in_order(list(unique.values()), alike)


def _of_page(one: ProductCandidate, page: PageContent | None, code: str | None) -> Options:
    """The pictures of a page whose heading is the product's name: with its code, or large ones, or in its section."""
    if page is None or one.look is None or one.look.relation not in ("heading", "sheet"):
        return ()
    marked = [image for image in page.images if image.kind == "embedded" and code and _is_marked(image, code, page)]
    if marked and one.look.support == 1:
        return _options(marked, page.page, "a picture with its code on or below it", REGION)
    whole = page.width_pt * page.height_pt
    shown = [image for image in page.images if image.kind == "embedded" and image.pages_shown < DECORATION_PAGES]
    large = [image for image in shown if area(image.box) >= MIN_PAGE_SHARE * whole]
    section = [image for image in shown if area(image.box) >= MIN_SECTION_SHARE * whole and _is_under(image, one)]
    first = min(section, key=lambda image: image.box[1], default=None)
    nearer = one.look.relation == "heading" and first not in large
    if first is not None and (one.look.support > 1 or nearer or not large):
        return _options(_side_by_side(first, section), page.page, "a picture under the heading that names it", PAGE)
    if one.look.support > 1:
        return ()
    return _options(large, page.page, "a picture on the page that its name is the heading of", PAGE)


def _is_under(image: PageImage, one: ProductCandidate) -> bool:
    """Whether a picture stands under a heading, level with the text that follows it."""
    middle = (image.box[1] + image.box[3]) / 2
    return one.box[3] <= middle <= one.text_box[3]


def _is_marked(image: PageImage, code: str, page: PageContent) -> bool:
    """Whether a line with a code stands on a picture that is no background, or close below it."""
    lines = [line for block in page.blocks for line in block.lines if code.casefold() in line.text.casefold()]
    across = [line for line in lines if image.box[0] <= (line.box[0] + line.box[2]) / 2 <= image.box[2]]
    is_background = area(image.box) > MOST_OF_PAGE * page.width_pt * page.height_pt
    return not is_background and any(
        image.box[1] <= line.box[1] and line.box[1] - image.box[3] <= BELOW_PT for line in across
    )


def _of_table(one: ProductCandidate, page: PageContent | None) -> Options:
    """For a row of a table: the picture in the row, the nearest of those beside the table, or the one over it."""
    if page is None or one.look is None or one.look.relation != "row":
        return ()
    tables = [block.box for block in page.blocks if block.label == "table"]
    row = one.text_box
    table = max(tables, key=lambda box: area(intersection(box, row)), default=None)
    if table is None or area(intersection(table, row)) <= 0:
        return ()
    beside = [image for image in page.images if _is_of_table(image, table)]
    named = by_caption(one.name, beside, page) if beside else None
    if named is not None:
        return _beside_table(one, named, "the picture whose caption fits its row") if named else ()
    return _beside_table(one, beside) if beside else _over_table(one, page, table, tables)


def _beside_table(one: ProductCandidate, beside: Sequence[PageImage], told: str = "") -> Options:
    level = (one.box[1] + one.box[3]) / 2
    best = min(beside, key=lambda image: abs((image.box[1] + image.box[3]) / 2 - level))
    in_row = _covers(best, level) and len(beside) > 1
    near = [image for image in _side_by_side(best, beside) if _covers(image, level) == _covers(best, level)]
    reason = told or ("the picture level with its row" if in_row else "the picture beside its table")
    return _options(near, one.page, reason, ROW if in_row or told else TABLE)


def _over_table(one: ProductCandidate, page: PageContent, table: Box, tables: Sequence[Box]) -> Options:
    """The nearest picture above a table, with no other table in between."""
    ceiling = max((box[3] for box in tables if box[3] <= table[1]), default=0.0)
    over = [
        image
        for image in page.images
        if _is_shown(image, page)
        and ceiling <= image.box[3] <= table[1] + ABOVE_TABLE_PT
        and min(image.box[2], table[2]) > max(image.box[0], table[0])
        and area(image.box) >= MIN_PAGE_SHARE * page.width_pt * page.height_pt
    ]
    best = max(over, key=lambda image: image.box[3], default=None)
    return _options(_side_by_side(best, over), one.page, "the picture over its table", PAGE) if best else ()


def _is_shown(image: PageImage, page: PageContent) -> bool:
    """Whether it is a picture of its own, none that repeats everywhere; on a page without text layer a part of it."""
    is_part = image.kind == "region" and page.kind == "image"
    return (image.kind == "embedded" or is_part) and image.pages_shown < DECORATION_PAGES


def _options(images: Sequence[PageImage], page: int, reason: str, confidence: float) -> Options:
    return tuple(
        LinkedImage(image_id=image.image_id, page=page, box=image.box, reason=reason, confidence=confidence)
        for image in images
    )


def _side_by_side(best: PageImage, others: Sequence[PageImage]) -> list[PageImage]:
    """A picture, and those that are no farther up or down than it is."""

    def is_level(image: PageImage) -> bool:
        common = min(image.box[3], best.box[3]) - max(image.box[1], best.box[1])
        return common >= SAME_LEVEL * (max(image.box[3], best.box[3]) - min(image.box[1], best.box[1]))

    rivals = {image.image_id: image for image in others if image.image_id != best.image_id and is_level(image)}
    return [best, *rivals.values()]


def _covers(image: PageImage, level: float) -> bool:
    return image.box[1] <= level <= image.box[3]


def _is_of_table(image: PageImage, table: Box) -> bool:
    """Whether a picture stands level with the table, and is none that the document repeats everywhere."""
    middle = (image.box[1] + image.box[3]) / 2
    if image.kind != "embedded" or image.pages_shown >= DECORATION_PAGES:
        return False
    inside = table[1] - ABOVE_TABLE_PT <= middle <= table[3] and area(image.box) < area(table)
    return inside or _is_next_to(image.box, table)


def _is_next_to(picture: Box, table: Box) -> bool:
    """Whether a picture, larger than the table perhaps, stands at its left or right over most of its height."""
    level = min(picture[3], table[3]) - max(picture[1], table[1])
    apart = picture[2] <= table[0] or picture[0] >= table[2]
    return apart and level >= MOST_LEVEL * (table[3] - table[1])


def _own(one: ProductCandidate, page: PageContent | None) -> LinkedImage | None:
    if one.image_id is not None:
        reason = f"its name {one.image_reason}" if one.image_reason else "named by the analysis"
        return LinkedImage(image_id=one.image_id, page=one.page, box=one.region, reason=reason, confidence=OWN)
    if page is None or one.region is None:
        return None
    if (painted := _painted(one.region, page)) is not None:
        reason = f"its name {one.image_reason or 'stands at a colour area'}"
        return LinkedImage(image_id=painted.image_id, page=one.page, box=one.region, reason=reason, confidence=OWN)
    whole = next((image for image in page.images if image.kind == "page"), None)
    if whole is None:
        return None
    return LinkedImage(
        image_id=whole.image_id,
        page=one.page,
        box=one.region,
        reason=f"the region of the page picture that its name {one.image_reason or 'stands at'}",
        confidence=REGION,
    )


def _painted(region: Box, page: PageContent) -> PageImage | None:
    """The image that extraction made of a colour area."""
    areas = [image for image in page.images if image.kind == "region"]
    best = max(areas, key=lambda image: overlap_share(image.box, region), default=None)
    return best if best is not None and overlap_share(best.box, region) >= SAME_AREA else None
