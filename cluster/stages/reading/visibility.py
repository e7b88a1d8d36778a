"""Finds text that stands in the file and that no reader of the page sees: a later picture or area lies on it.

Catalogues are often made by laying new pictures and outlined letters over an older page, and its old names stay below.
Knows the order of drawing and the page's pixels; knows nothing of fonts, labels or words.
"""

from typing import cast

import pymupdf
from PIL import Image, ImageChops, ImageColor

from actors.records import Box, TextBlock, TextLine
from cluster.stages.reading.page_text import around
from cluster.stages.reading.rendering import render

PLAIN_COVER = "fill-path"
COVERS = frozenset({"fill-image", "fill-shade", PLAIN_COVER})
TEXTS = frozenset({"fill-text", "stroke-text"})
SLACK_PT = 1.5
SCALE = 2.0
MAX_PIXELS = 4_000_000
CONTRAST = 24
"""Of 255: less is no letter that anybody reads."""
NEAR = 48
"""Largest difference of a channel at which a pixel counts as the letters' colour."""
INK_SHARE = (0.015, 0.6)
"""Visible letters fill at least and at most this part of their line's box; outside of it the box shows no letters."""


def without_hidden(page: pymupdf.Page, blocks: tuple[TextBlock, ...]) -> tuple[TextBlock, ...]:
    """The blocks without the lines that something drawn later covers.

    The order of drawing raises the suspicion, and the pixels decide: a cover may be transparent. Where half of a page's
    suspected lines are proven to be invisible, the covers are opaque, and all of them are.
    """
    log = [(kind, _box(rect)) for kind, rect in page.get_bboxlog()]
    lines = [line for block in blocks for line in block.lines]
    covers = {index: found for index, line in enumerate(lines) if (found := _covers(line.box, log))}
    if not covers:
        return blocks
    scale = min(SCALE, (MAX_PIXELS / max(1.0, page.rect.width * page.rect.height)) ** 0.5)
    picture = render(page, scale)
    suspects = [lines[index] for index in covers]
    invisible = [lines[index] for index, found in covers.items() if not _shows(lines[index], found, picture, scale)]
    hidden = suspects if 2 * len(invisible) >= len(suspects) else invisible
    return tuple(kept for block in blocks if (kept := _without(block, hidden)) is not None)


def _covers(line: Box, log: list[tuple[str, Box]]) -> set[str]:
    """What was drawn over the line, after the last text at its place and at least as large as it."""
    last = max(
        (index for index, (kind, box) in enumerate(log) if kind in TEXTS and _meets(box, line)), default=len(log)
    )
    return {kind for kind, box in log[last + 1 :] if kind in COVERS and _holds(box, line)}


def _shows(line: TextLine, covers: set[str], picture: Image.Image, scale: float) -> bool:
    """Whether the pixels of the line's box may show its letters.

    Under a plain area any contrast is theirs. A picture has contrasts of its own: there the letters' colour must fill
    as much of the box as letters do.
    """
    x0, y0, x1, y1 = (value * scale for value in line.box)
    part = picture.crop((int(max(0.0, x0)), int(max(0.0, y0)), int(x1) + 1, int(y1) + 1))
    if covers == {PLAIN_COVER}:
        darkest, lightest = cast(tuple[int, int], part.convert("L").getextrema())
        return lightest - darkest >= CONTRAST
    colour = Image.new("RGB", part.size, ImageColor.getrgb(line.colour or "#000000"))
    channels = ImageChops.difference(part, colour).split()
    distance = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
    share = sum(distance.histogram()[:NEAR]) / (part.width * part.height)
    return INK_SHARE[0] <= share <= INK_SHARE[1]


def _without(block: TextBlock, hidden: list[TextLine]) -> TextBlock | None:
    lines = tuple(line for line in block.lines if line not in hidden)
    if len(lines) == len(block.lines):
        return block
    return block.model_copy(update={"lines": lines, "box": around([line.box for line in lines])}) if lines else None


def _meets(text: Box, line: Box) -> bool:
    """Whether the middle of the line lies in the text's box."""
    x, y = (line[0] + line[2]) / 2, (line[1] + line[3]) / 2
    return text[0] - SLACK_PT <= x <= text[2] + SLACK_PT and text[1] - SLACK_PT <= y <= text[3] + SLACK_PT


def _holds(cover: Box, line: Box) -> bool:
    low = cover[0] <= line[0] + SLACK_PT and cover[1] <= line[1] + SLACK_PT
    return low and cover[2] >= line[2] - SLACK_PT and cover[3] >= line[3] - SLACK_PT


def _box(rect: tuple[float, ...]) -> Box:
    return (float(rect[0]), float(rect[1]), float(rect[2]), float(rect[3]))
