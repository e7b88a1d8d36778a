"""Owns which images a product record shows, and why. Logos and backgrounds were left out by the detection."""

from collections.abc import Iterable, Sequence

from actors.page_regions import DECORATION_PAGES, area, intersection, overlap_share
from actors.records import Box, LinkedImage, PageContent, PageImage, ProductCandidate

OWN = 0.85
REGION = 0.7
REFERENCE = 0.5
PAGE = 0.5
TABLE = 0.55
ROW = 0.75
ABOVE_TABLE_PT = 24.0  # a picture may begin so much higher than the table that it stands beside
MOST_LEVEL = 0.6  # of a table's height that a picture beside it covers
MIN_PAGE_SHARE = 0.02
SAME_AREA = 0.8  # intersection over union


def linked_images(
    candidates: Sequence[ProductCandidate], references: Sequence[ProductCandidate], pages: Iterable[PageContent]
) -> tuple[LinkedImage, ...]:
    """The product's own pictures first, then photos whose caption names it; each image and place once."""
    by_number = {page.page: page for page in pages}
    links = [link for one in candidates if (link := _own(one, by_number.get(one.page)))]
    links += [link for one in candidates if (link := _beside_table(one, by_number.get(one.page)))]
    links += [link for one in candidates for link in _of_page(one, by_number.get(one.page))]
    links += [
        LinkedImage(
            image_id=one.image_id,
            page=one.page,
            box=one.region,
            reason="a photo whose caption names the product",
            confidence=REFERENCE,
        )
        for one in references
        if one.image_id is not None
    ]
    unique = {(link.image_id, link.page, link.box): link for link in links}
    return tuple(unique.values())


def _of_page(one: ProductCandidate, page: PageContent | None) -> list[LinkedImage]:
    """The pictures of a page whose heading is the product's name."""
    if page is None or one.look is None or one.look.relation not in ("heading", "sheet") or one.look.support > 1:
        return []
    floor = MIN_PAGE_SHARE * page.width_pt * page.height_pt
    return [
        LinkedImage(
            image_id=image.image_id,
            page=page.page,
            box=image.box,
            reason="a picture on the page that its name is the heading of",
            confidence=PAGE,
        )
        for image in page.images
        if image.kind == "embedded" and image.pages_shown < DECORATION_PAGES and area(image.box) >= floor
    ]


def _beside_table(one: ProductCandidate, page: PageContent | None) -> LinkedImage | None:
    """For a row of a table: the picture in the row, the nearest of those beside the table, or the one over it."""
    if page is None or one.look is None or one.look.relation != "row":
        return None
    tables = [block.box for block in page.blocks if block.label == "table"]
    row = one.text_box
    table = max(tables, key=lambda box: area(intersection(box, row)), default=None)
    if table is None or area(intersection(table, row)) <= 0:
        return None
    level = (one.box[1] + one.box[3]) / 2
    beside = [image for image in page.images if _is_of_table(image, table)]
    best = min(beside, key=lambda image: abs((image.box[1] + image.box[3]) / 2 - level), default=None)
    if best is None:
        return _over_table(one, page, table, tables)
    in_row = best.box[1] <= level <= best.box[3] and len(beside) > 1
    return LinkedImage(
        image_id=best.image_id,
        page=one.page,
        box=best.box,
        reason="the picture level with its row" if in_row else "the picture beside its table",
        confidence=ROW if in_row else TABLE,
    )


def _over_table(one: ProductCandidate, page: PageContent, table: Box, tables: Sequence[Box]) -> LinkedImage | None:
    """The nearest picture above a table, with no other table in between."""
    ceiling = max((box[3] for box in tables if box[3] <= table[1]), default=0.0)
    over = [
        image
        for image in page.images
        if image.kind == "embedded"
        and image.pages_shown < DECORATION_PAGES
        and ceiling <= image.box[3] <= table[1] + ABOVE_TABLE_PT
        and min(image.box[2], table[2]) > max(image.box[0], table[0])
        and area(image.box) >= MIN_PAGE_SHARE * page.width_pt * page.height_pt
    ]
    best = max(over, key=lambda image: image.box[3], default=None)
    if best is None:
        return None
    return LinkedImage(
        image_id=best.image_id, page=one.page, box=best.box, reason="the picture over its table", confidence=PAGE
    )


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
