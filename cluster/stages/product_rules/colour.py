"""Owns the colours that a product's picture shows: computed from pixels, named by the nearest known look.

What is printed about colours is another field; a computed one never stands for it.
"""

import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

from actors.metadata import merge
from actors.records import Box, Evidence, LinkedImage, Metadata, PageContent, PageImage
from cluster.stages.product_rules.shown_colours import Shown

FIELD, NAME_FIELD, ALL_FIELD = "swatchColour", "swatchColourName", "swatchColours"
CATEGORY = "visualProperties"
SURE, NAMED = 0.8, 0.6
SURE_LINK = 0.7  # of a link: the picture is the product's own
NAMES_FILE = Path(__file__).parent / "colour_names.toml"
Rgb = tuple[int, int, int]
ColoursOf = Callable[[PageImage, Box | None], tuple[Shown, ...]]


def no_colours(_image: PageImage, _region: Box | None) -> tuple[Shown, ...]:
    """Looks at nothing."""
    return ()


def with_swatch_colour(
    metadata: Metadata, links: Sequence[LinkedImage], pages: Iterable[PageContent], colours: ColoursOf = no_colours
) -> Metadata:
    """The metadata with the colours of the first picture that is the product's own; unchanged where there is none.

    Args:
        metadata: of the product.
        links: its pictures, the surest first. Photos of rooms, and pictures of a whole page or table, tell no colour.
        pages: of the document.
        colours: looks at the pixels; without it only pictures that are of one colour have some.
    """
    shown = {(page.page, image.image_id): image for page in pages for image in page.images}
    for link in links:
        image = shown.get((link.page, link.image_id))
        if image is None or link.confidence < SURE_LINK:
            continue
        even = (Shown(image.colour, 1.0),) if image.colour and image.kind != "page" else ()
        if seen := even or colours(image, link.box):
            return merge(metadata, _told(seen, link, image))
    return metadata


def _told(seen: Sequence[Shown], link: LinkedImage, image: PageImage) -> Metadata:
    """The fields, and as evidence what was computed: nobody has printed it."""
    names = [nearest_name(one.colour) for one in seen]
    parts = (
        f"{one.colour} ({name})" + (f" {one.share:.0%}" if one.share < 1 else "")
        for one, name in zip(seen, names, strict=True)
    )
    text = f"computed from the picture: {', '.join(parts)}"
    values = {FIELD: seen[0].colour, NAME_FIELD: names[0]}
    several = [one.colour for one in seen] if len(seen) > 1 else []
    told = [(FIELD, values[FIELD], SURE), (NAME_FIELD, values[NAME_FIELD], NAMED)]
    told += [(ALL_FIELD, colour, SURE) for colour in several]
    proofs = tuple(
        Evidence(
            field=f"{CATEGORY}.{field}", value=value, page=link.page, box=link.box or image.box, source="pixels",
            text=text, confidence=sure,
        )
        for field, value, sure in told
    )  # fmt: skip
    fields = {**values, ALL_FIELD: several} if several else values
    return Metadata(fields={CATEGORY: fields}, evidence=proofs)


@cache
def nearest_name(colour: str) -> str:
    """The English name of the look that comes nearest to "#rrggbb"."""
    wanted = _rgb(colour)
    return min(_names(), key=lambda named: _distance(wanted, named[0]))[1]


@cache
def _names() -> tuple[tuple[Rgb, str], ...]:
    told = tomllib.loads(NAMES_FILE.read_text(encoding="utf-8"))
    return tuple((_rgb(look), name) for name, looks in told.items() for look in looks)


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _distance(one: Rgb, other: Rgb) -> float:
    """How unlike two colours look: "redmean" of https://www.compuphase.com/cmetric.htm."""
    mean = (one[0] + other[0]) / 2
    red, green, blue = (a - b for a, b in zip(one, other, strict=True))
    return (2 + mean / 256) * red * red + 4 * green * green + (2 + (255 - mean) / 256) * blue * blue
