"""Owns the regions of a page: pictures and colour areas that could show a product, and the blank above a caption.

Knows geometry only. In a page that is one scan the pictures are those that extraction saw in its pixels; where it saw
none, the blank above a line stands for one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from actors.page.labels import Label, same_look
from actors.records import Box, PageContent

MIN_SIDE_PT = 18.0
MIN_PAGE_SHARE = 0.0012  # smaller ones are icons
SCENE_SHARE = 0.4  # of the page; a picture this big is a room photo or a background until the document says otherwise
BACKGROUND_SHARE = 0.7
BAND_RATIO = 7.0  # longer ones are banners and rules
PANEL_LABELS = 6
TEXT_BOX_LINES = 5.0  # a coloured box not higher than this many lines of its own text is a button, not a swatch
BAR_LINES, BAR_SIDES = 3.0, 4.0  # the same in a scan, and the width of such a bar in heights
SAME_BAR = 0.15  # of the height, between bars of one kind
CARD_LINES = 2  # that stand on the ground of a caption
MAX_LETTERS_SHARE = 0.4  # of a picture seen in a scan: more of it under letters is the letters
MAX_TEXT_SHARE = 0.08  # of a swatch that its name covers
PART = 0.3  # of an embedded picture's area
SAME_PLACE = 0.7  # intersection over union: a swatch and its drop shadow
DECORATION_PAGES = 4  # an image on this many pages shows no single product


@dataclass(frozen=True)
class Region:
    """A place on the page that could show a product. `image_id` is None for colour areas and blanks."""

    box: Box
    kind: Literal["image", "fill", "blank"]
    image_id: str | None = None
    is_scene: bool = False
    in_scan: bool = False  # seen in the pixels of a page that is one raster

    @property
    def width(self) -> float:
        """In points."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        """In points."""
        return self.box[3] - self.box[1]

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the box."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2

    def aside(self, across: float) -> float:
        """How far a place across the page lies left or right of it, in points; 0 within its width."""
        return max(0.0, self.box[0] - across, across - self.box[2])


def area(box: Box) -> float:
    """In square points; 0 for an empty box."""
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def intersection(first: Box, second: Box) -> Box:
    """The common part, possibly empty (then its sides are negative)."""
    return max(first[0], second[0]), max(first[1], second[1]), min(first[2], second[2]), min(first[3], second[3])


def overlap_share(first: Box, second: Box) -> float:
    """Intersection over union."""
    common = area(intersection(first, second))
    return common / (area(first) + area(second) - common) if common else 0.0


def contains(outer: Box, inner: Box, share: float = 0.9) -> bool:
    """Whether at least `share` of `inner` lies in `outer`."""
    return area(inner) > 0 and area(intersection(outer, inner)) >= share * area(inner)


def moved(box: Box, across: float, down: float) -> Box:
    """A box of the same size somewhere else."""
    return box[0] + across, box[1] + down, box[2] + across, box[3] + down


def page_regions(page: PageContent, labels: Sequence[Label]) -> list[Region]:
    """Pictures and colour areas of a page, scenes marked, from top to bottom."""
    bounds = (0.0, 0.0, page.width_pt, page.height_pt)
    page_area = area(bounds) or 1.0
    images = [
        Region(intersection(image.box, bounds), "image", image.image_id)
        for image in page.images
        if image.kind == "embedded" and image.pages_shown < DECORATION_PAGES
    ]
    images = _without_doubles([region for region in images if _is_big_enough(region, page_area)])
    if _is_picture_only(page):
        seen = [region for region in _seen(page, labels) if not _is_double(region, images)]
        images += [region for region in seen if not _is_part(region, images)]
    fills = [Region(intersection(box, bounds), "fill") for box in page.fills]
    fills = _without_doubles([region for region in fills if _is_swatch(region, page_area, images, labels)])
    fills = _without_buttons(fills, labels)
    fills = [fill for fill in fills if sum(contains(fill.box, other.box) for other in fills) == 1]
    regions = [_scene_marked(region, page_area, images + fills) for region in images + fills]
    if _is_picture_only(page):
        regions = [region for region in regions if not region.is_scene]
    return sorted(regions, key=lambda region: (region.box[1], region.box[0]))


def _seen(page: PageContent, labels: Sequence[Label]) -> list[Region]:
    """Pictures and colour areas in the pixels of a scan, without the large letters that look like some."""
    seen = [image for image in page.images if image.kind == "region"]
    regions = [
        Region(image.box, "fill" if image.colour else "image", image.image_id, in_scan=True)
        for image in seen
        if sum(area(intersection(label.box, image.box)) for label in labels if _reaches(label, image.box))
        < MAX_LETTERS_SHARE * area(image.box)
    ]
    return _without_bars(_without_cards(regions, labels), labels)


def _without_bars(regions: Sequence[Region], labels: Sequence[Label]) -> list[Region]:
    """Without colour areas that are the grounds of lines of text, as high as each other: buttons, or names in bars."""
    bars = [region for region in regions if _is_bar(region, labels)]
    alike = [bar for bar in bars if sum(abs(bar.height - other.height) <= SAME_BAR * bar.height for other in bars) > 1]
    return [region for region in regions if region not in alike]


def _is_bar(region: Region, labels: Sequence[Label]) -> bool:
    is_long = region.kind == "fill" and region.width >= BAR_SIDES * region.height
    inside = [label for label in labels if is_long and contains(region.box, label.box, 0.8)]
    return any(region.height < BAR_LINES * label.height for label in inside)


def _without_cards(regions: Sequence[Region], labels: Sequence[Label]) -> list[Region]:
    """Without the grounds of captions, few of which were seen: on swatches all texts of their look stand so."""
    texts = [[label for label in labels if contains(region.box, label.box, 0.8)] for region in regions]
    held = [
        (region, inside)
        for region, inside in zip(regions, texts, strict=True)
        if len(inside) >= CARD_LINES and region.height < TEXT_BOX_LINES * max(label.size for label in inside)
    ]
    last = [max(inside, key=lambda label: label.box[3]) for _, inside in held]
    bare = [label for label in labels if not any(label in inside for inside in texts)]
    cards = [region for region, _ in held] if sum(_is_like_any(label, last) for label in bare) >= len(held) else []
    return [region for region in regions if region not in cards]


def _is_like_any(label: Label, others: Sequence[Label]) -> bool:
    return any(same_look(label, other) for other in others)


def _reaches(label: Label, box: Box) -> bool:
    x0, y0, x1, y1 = intersection(label.box, box)
    return x0 < x1 and y0 < y1


def common_regions(page: PageContent) -> list[Region]:
    """Images that stand on many pages: decoration, or the plain swatch of one colour in several series."""
    return [
        Region(image.box, "image", image.image_id)
        for image in page.images
        if image.kind == "embedded" and image.pages_shown >= DECORATION_PAGES
    ]


def is_scan(page: PageContent) -> bool:
    """Whether the page is one picture: its products have no picture of their own."""
    page_area = page.width_pt * page.height_pt
    return _is_picture_only(page) or any(area(image.box) > 0.95 * page_area for image in page.images)


def _is_picture_only(page: PageContent) -> bool:
    return page.kind == "image" or any(image.kind == "page" for image in page.images)


def blank_above(page: PageContent, label: Label, labels: Sequence[Label]) -> Region | None:
    """The empty space over a line where a scan shows the product; None where it is too low for a picture."""
    half = max(label.width / 2, 0.06 * page.width_pt)
    left, right = label.centre[0] - half, label.centre[0] + half
    above = [
        other.box[3]
        for other in labels
        if other is not label and other.box[3] <= label.box[1] + 2 and other.box[0] < right and other.box[2] > left
    ]
    top = max([0.03 * page.height_pt, *above])
    height = label.box[1] - top
    if height < max(36.0, 4 * label.size, 0.05 * page.height_pt):
        return None
    return Region((max(0.0, left), top, min(page.width_pt, right), label.box[1]), "blank")


def _is_big_enough(region: Region, page_area: float) -> bool:
    return min(region.width, region.height) >= MIN_SIDE_PT and area(region.box) >= MIN_PAGE_SHARE * page_area


def _is_swatch(region: Region, page_area: float, images: Sequence[Region], labels: Sequence[Label]) -> bool:
    if not _is_big_enough(region, page_area) or area(region.box) > 0.6 * page_area:
        return False
    long_side, short_side = max(region.width, region.height), min(region.width, region.height)
    if long_side > BAND_RATIO * short_side:
        return False
    # The card, frame or panel behind pictures is none itself; nor is the coloured ground of a text.
    if any(
        contains(region.box, image.box, 0.8) or overlap_share(region.box, image.box) > SAME_PLACE for image in images
    ):
        return False
    inside = [label for label in labels if contains(region.box, label.box, 0.8)]
    if any(region.height < TEXT_BOX_LINES * label.size for label in inside):
        return False
    return len(inside) <= PANEL_LABELS and not any(not label.is_short for label in inside)


def _without_doubles(regions: Sequence[Region]) -> list[Region]:
    kept: list[Region] = []
    for region in sorted(regions, key=lambda item: area(item.box)):
        if not _is_double(region, kept):
            kept.append(region)
    return kept


def _is_double(region: Region, others: Sequence[Region]) -> bool:
    return any(overlap_share(region.box, other.box) > SAME_PLACE for other in others)


def _is_part(region: Region, images: Sequence[Region]) -> bool:
    """Whether what was seen is much of one embedded picture: the thing without the ground that it stands on."""
    return any(contains(image.box, region.box) and area(region.box) >= PART * area(image.box) for image in images)


def _without_buttons(fills: list[Region], labels: Sequence[Label]) -> list[Region]:
    """Without coloured boxes made to hold a text: there the letters take much of the area, on a swatch they do not."""
    held = {fill: [label for label in labels if contains(fill.box, label.box, 0.8)] for fill in fills}
    written = [fill for fill in fills if held[fill]]
    shares = sorted(sum(area(label.box) for label in held[fill]) / area(fill.box) for fill in written)
    numbered = sum(any(char.isdigit() for char in label.text) for fill in written for label in held[fill])
    if not written or shares[len(shares) // 2] <= MAX_TEXT_SHARE or 2 * numbered > len(written):
        return fills  # with numbers it is a colour chart
    return [fill for fill in fills if not held[fill]]


def _scene_marked(region: Region, page_area: float, others: Sequence[Region]) -> Region:
    share = area(region.box) / page_area
    holds_others = any(
        other is not region and area(other.box) * 3 < area(region.box) and area(intersection(region.box, other.box)) > 0
        for other in others
    )
    median = sorted(area(other.box) for other in others)[len(others) // 2]
    outlier = len(others) >= 3 and area(region.box) > 3 * median and share > 0.2
    limit = BACKGROUND_SHARE if region.in_scan else SCENE_SHARE  # a scan shows its background as paper
    is_scene = share > limit or (holds_others and share > 0.15) or outlier
    return replace(region, is_scene=True) if is_scene else region
