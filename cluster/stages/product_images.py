"""Owns which images a product record shows, and why. Logos and backgrounds were left out by the detection."""

from collections.abc import Iterable, Sequence

from actors.records import LinkedImage, PageContent, ProductCandidate

OWN = 0.85
REGION = 0.7
REFERENCE = 0.5


def linked_images(
    candidates: Sequence[ProductCandidate], references: Sequence[ProductCandidate], pages: Iterable[PageContent]
) -> tuple[LinkedImage, ...]:
    """The product's own pictures first, then photos whose caption names it; each image and place once."""
    by_number = {page.page: page for page in pages}
    links = [link for one in candidates if (link := _own(one, by_number.get(one.page)))]
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


def _own(one: ProductCandidate, page: PageContent | None) -> LinkedImage | None:
    if one.image_id is not None:
        reason = f"its name {one.image_reason}" if one.image_reason else "named by the analysis"
        return LinkedImage(image_id=one.image_id, page=one.page, box=one.region, reason=reason, confidence=OWN)
    if page is None or one.region is None:
        return None
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
