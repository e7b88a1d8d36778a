"""The child process that draws pages for people and finds names on them. It may hang or die: its parent survives."""

import base64
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from actors.errors import DocumentRefused
from cluster.stages.reading.child import Steps, serve

if TYPE_CHECKING:
    import pymupdf

QUALITY = 70


def main() -> None:
    """Answer questions for pages until the parent is gone."""
    serve(_make_answer)


def _make_answer() -> Callable[[dict[str, Any], Steps], dict[str, Any]]:
    # PyMuPDF imports its layout model and its markdown writer when they are there; a picture needs neither.
    sys.modules["pymupdf.layout"] = None  # type: ignore[assignment]
    sys.modules["pymupdf4llm"] = None  # type: ignore[assignment]
    import pymupdf

    from cluster.stages.reading.opening import PDF_ERRORS, open_document

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    desk: dict[str, pymupdf.Document] = {}

    def answer(question: dict[str, Any], step: Steps) -> dict[str, Any]:
        path = question["path"]
        try:
            if path not in desk:
                step("opening")
                desk.clear()
                desk[path] = open_document(Path(path), None)
            step("drawing")
            return _drawn(desk[path][question["page"] - 1], question["longest_px"], question["names"])
        except DocumentRefused as refusal:
            return {"unreadable": refusal.message}
        except IndexError:
            return {"unreadable": "The file has no such page."}
        except PDF_ERRORS as error:
            return {"unreadable": (str(error).strip() or type(error).__name__).splitlines()[0]}
        except MemoryError:
            return {"unreadable": "It needs more memory than allowed.", "exhausted": True}

    return answer


def _drawn(page: "pymupdf.Page", longest_px: int, names: list[str]) -> dict[str, Any]:
    from cluster.stages.reading.rendering import encode_jpeg, render

    width, height = max(1.0, page.rect.width), max(1.0, page.rect.height)
    jpeg = encode_jpeg(render(page, longest_px / max(width, height)), QUALITY)
    found = {}
    for name in names:
        places = page.search_for(name)
        if places:
            found[name] = [round(side, 2) for side in places[0] * page.rotation_matrix]
    return {"jpeg": base64.b64encode(jpeg).decode(), "width_pt": width, "height_pt": height, "found": found}


if __name__ == "__main__":
    main()
