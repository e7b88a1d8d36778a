"""A cheaper detector looks first, and CRAFT only where that sees what could be text. Knows canvases and maps, no words.

PP-OCR's detector, on a canvas of three quarters of the size, costs a ninth of CRAFT. Its threshold is set so low here
that it calls too much text, not too little; even so photographs and plain surfaces are mostly nothing to it, and a
caption is a small part of its picture. Lines come from CRAFT's maps alone, with EasyOCR's thresholds, as without it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from actors.inference.agreement import first_that_agrees
from actors.inference.openvino_cpu import CompiledModel, precisions
from actors.pixels import Pixels
from actors.text_recognition.checks import MOST_FLIPPED, check_sheet, flipped_share
from actors.text_recognition.detection import NETWORK_STEP, Floats, ScoreMaps
from actors.text_recognition.lines import step_up
from actors.text_recognition.rapid_models import WEIGHTS, detector_model

LOOK = f"look-{WEIGHTS}"
"""What an engine's name carries when there is a look."""
LOOK_SCALE, THUMBNAIL_SCALE = 0.75, 0.5
"""Of the canvas, or of the image before it was enlarged. Half would lose the small print of pages; on thumbnails it
loses nothing, and three quarters would take the grain of surfaces for text."""
THUMBNAIL_PX, LEAST_LOOK_PX = 480, 192
"""Longer side of a canvas, or of that image, up to which it is a thumbnail, and under which none is made smaller."""
COULD_BE_TEXT = 0.15
"""Of the look's probability of text; the package itself takes 0.3."""
SURROUNDINGS_PX = 24
"""Of the canvas, all around: what CRAFT needs to judge what stands at an area's border."""
CALL_PX = 12_000
"""Of a canvas: what one more call of CRAFT costs, whatever its size."""


class Area(NamedTuple):
    """A part of a canvas, its sides on multiples of `NETWORK_STEP`: CRAFT halves it as it halves the whole."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def cost(self) -> int:
        """Of judging it alone, in pixels."""
        return (self.x1 - self.x0) * (self.y1 - self.y0) + CALL_PX

    def joined(self, other: "Area") -> "Area":
        """The smallest that holds both."""
        return Area(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))


class FirstLook:
    """CRAFT behind a look; see `detection.ScoreMaps`. Points that it does not look at have maps of zero."""

    def __init__(self, look: ScoreMaps, maps: ScoreMaps) -> None:
        """Join the two.

        Args:
            look: canvases (n, h, w, 3) to probabilities of text (n, 1, h, w), 0 to 1.
            maps: CRAFT.
        """
        self._look = look
        self._maps = maps

    def __call__(self, canvases: npt.NDArray[np.uint8], /) -> Floats:
        """See `detection.ScoreMaps`."""
        return np.stack([self._judge(canvas) for canvas in canvases])

    def _judge(self, canvas: Pixels) -> Floats:
        height, width = canvas.shape[:2]
        whole = np.zeros((height // 2, width // 2, 2), dtype=np.float32)
        for area in self.areas(canvas):
            part = self._maps(canvas[None, area.y0 : area.y1, area.x0 : area.x1])[0]
            place = whole[area.y0 // 2 : area.y1 // 2, area.x0 // 2 : area.x1 // 2]
            np.maximum(place, part, out=place)
        return whole

    def areas(self, canvas: Pixels) -> list[Area]:
        """Parts of a canvas (h, w, 3) that could hold text, as few as are cheap to judge."""
        height, width = canvas.shape[:2]
        odds = self._look(reduced(canvas, look_size(height, width))[None])[0, 0]
        found = merged(_pieces(odds, height, width))
        everything = Area(0, 0, width, height)
        return found if sum(area.cost for area in found) < everything.cost else [everything]


def open_first_look(maps: ScoreMaps, threads: int) -> FirstLook:
    """A look in the fastest numbers behind which CRAFT still sees what it sees alone.

    Raises:
        ModelMissing: no weights, or nothing that sees all that CRAFT sees on the check sheet.
    """
    sheet = check_sheet()[None]
    alone = maps(sheet)

    def difference(candidate: FirstLook) -> str | None:
        share = flipped_share(alone, candidate(sheet))
        return f"{share:.1%} of the letters' points flipped" if share > MOST_FLIPPED else None

    forms = tuple(form for form in precisions() if form != "int8")  # the weights are not quantised
    _, look = first_that_agrees(
        "first look",
        forms,
        lambda form: FirstLook(CompiledModel(detector_model(), precision=form, threads=threads), maps),
        difference,
    )
    return look


def merged(areas: Sequence[Area]) -> list[Area]:
    """Areas joined as long as one costs no more than the two that it holds."""
    waiting, done = list(areas), list[Area]()
    while waiting:
        area = waiting.pop()
        partners = [other for other in (*waiting, *done) if area.joined(other).cost <= area.cost + other.cost]
        if not partners:
            done.append(area)
            continue
        partner = min(partners, key=lambda other: area.joined(other).cost - other.cost)
        (waiting if partner in waiting else done).remove(partner)
        waiting.append(area.joined(partner))
    return done


def look_size(height: int, width: int, enlarged: float = 1.0) -> tuple[int, int]:
    """Width and height of what a look sees of a canvas, on which an image is so many times as large as it was."""
    longer = max(height, width)
    wished = (LOOK_SCALE if longer > THUMBNAIL_PX * enlarged else THUMBNAIL_SCALE) / enlarged
    scale = max(wished, min(1.0, LEAST_LOOK_PX / longer))
    return step_up(width * scale, NETWORK_STEP), step_up(height * scale, NETWORK_STEP)


def reduced(canvas: Pixels, size: tuple[int, int]) -> Pixels:
    """A canvas at a smaller width and height."""
    return np.asarray(cv2.resize(canvas, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _pieces(odds: Floats, height: int, width: int) -> list[Area]:
    """Connected pieces of what could be text with their surroundings, on a canvas of the size that is given."""
    down, across = height / odds.shape[0], width / odds.shape[1]
    reach = np.ones((2 * round(SURROUNDINGS_PX / down) + 1, 2 * round(SURROUNDINGS_PX / across) + 1), dtype=np.uint8)
    seen = cv2.dilate((odds > COULD_BE_TEXT).astype(np.uint8), reach)
    _, _, stats, _ = cv2.connectedComponentsWithStats(seen, connectivity=8)
    return [
        Area(
            _step_down(x * across),
            _step_down(y * down),
            min(width, step_up((x + w) * across, NETWORK_STEP)),
            min(height, step_up((y + h) * down, NETWORK_STEP)),
        )
        for x, y, w, h, _ in stats[1:].tolist()
    ]


def _step_down(length: float) -> int:
    return int(length) // NETWORK_STEP * NETWORK_STEP
