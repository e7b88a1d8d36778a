"""Owns the colour that a product's swatch shows: computed from pixels, named by the nearest known look.

What is printed about colours is another field; a computed one never stands for it.
"""

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from actors.metadata import merge
from actors.records import Evidence, LinkedImage, Metadata, PageContent, PageImage

FIELD, NAME_FIELD = "swatchColour", "swatchColourName"
CATEGORY = "visualProperties"
SURE, NAMED = 0.8, 0.6
NAMES_FILE = Path(__file__).parent / "colour_names.toml"
Rgb = tuple[int, int, int]


def with_swatch_colour(metadata: Metadata, links: Sequence[LinkedImage], pages: Iterable[PageContent]) -> Metadata:
    """The metadata with the colour of the first linked picture that is of one colour; unchanged where none is."""
    shown = {(page.page, image.image_id): image for page in pages for image in page.images}
    for link in links:
        image: PageImage | None = shown.get((link.page, link.image_id))
        if image is None or not image.colour or image.kind == "page":
            continue
        name = nearest_name(image.colour)
        box = link.box or image.box
        text = f"{image.colour} ({name})"
        proofs = tuple(
            Evidence(
                field=f"{CATEGORY}.{field}", value=value, page=link.page, box=box, source="pixels", text=text,
                confidence=sure,
            )
            for field, value, sure in ((FIELD, image.colour, SURE), (NAME_FIELD, name, NAMED))
        )  # fmt: skip
        return merge(metadata, Metadata(fields={CATEGORY: {FIELD: image.colour, NAME_FIELD: name}}, evidence=proofs))
    return metadata


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
