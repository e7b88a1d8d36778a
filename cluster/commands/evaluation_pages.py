"""Draws pages for the report of an evaluation, in a child process that may be killed: no file costs the report.

Knows the limits and when to give a file up; how a page is drawn is the child's.
"""

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from cluster.stages.limits import ExtractionLimits
from cluster.stages.reading.child import ChildLimits, ChildLost, KillableChild
from evaluation.pictures import PagePicture, PageUnreadable

STEP_S = 20.0
"""Processor time that one page may take."""
MOST_LOST = 2
"""After so many pages that cost a child, the file's others are not drawn: a file of bombs would take for ever."""


class DrawnPages:
    """The pages of one PDF, drawn in a child."""

    def __init__(self, path: Path, step_s: float = STEP_S) -> None:
        """Starts nothing yet.

        Args:
            path: the PDF.
            step_s: processor seconds that a page may take.
        """
        self._path = str(path.resolve())
        memory = ExtractionLimits().page_memory_bytes
        self._child = KillableChild("cluster.stages.reading.picture_worker", [], ChildLimits(memory, step_s))
        self._lost = 0

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """The pages for as long as they are needed; the child ends with the block."""
        pages = cls(path)
        try:
            yield pages
        finally:
            pages.close()

    def close(self) -> None:
        """End the child."""
        self._child.stop()

    def draw(self, number: int, longest_px: int, names: Sequence[str]) -> PagePicture:
        """One page, 1-based, and where its text layer prints the names. Raises PageUnreadable."""
        if self._lost >= MOST_LOST:
            raise PageUnreadable("Not drawn: pages before it took too long or ended their reader.")
        question = {"path": self._path, "page": number, "longest_px": longest_px, "names": list(names)}
        try:
            reply = self._child.ask(question)
        except ChildLost as lost:
            self._lost += 1
            raise PageUnreadable(lost.message) from lost
        if "unreadable" in reply:
            raise PageUnreadable(reply["unreadable"])
        found = {name: (box[0], box[1], box[2], box[3]) for name, box in reply["found"].items()}
        return PagePicture(base64.b64decode(reply["jpeg"]), reply["width_pt"], reply["height_pt"], found)
