"""The child process that opens uploads: page count, or the reason for a refusal. Stays small: no layout model."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from actors.errors import DocumentRefused
from cluster.stages.reading.child import Steps, serve


def main() -> None:
    """Answer `inspect` questions until the parent is gone."""
    serve(_make_answer)


def _make_answer() -> Callable[[dict[str, Any], Steps], dict[str, Any]]:
    # PyMuPDF imports its layout model and its markdown writer when they are there; an inspection needs neither.
    sys.modules["pymupdf.layout"] = None  # type: ignore[assignment]
    sys.modules["pymupdf4llm"] = None  # type: ignore[assignment]
    import pymupdf

    from cluster.stages.reading.opening import count_pages, save_unlocked, unlock

    pymupdf.TOOLS.mupdf_display_errors(False)

    def answer(question: dict[str, Any], step: Steps) -> dict[str, Any]:
        step("opening")
        try:
            document, locked = unlock(Path(question["path"]), question["password"])
            step("counting the pages")
            count = count_pages(document)
            if locked and question["unlocked_to"]:
                step("decrypting")
                save_unlocked(document, Path(question["unlocked_to"]))
        except DocumentRefused as refusal:
            return {"refused": {"code": refusal.code, "message": refusal.message, "advice": refusal.advice}}
        objects = document.xref_length()
        title = (document.metadata or {}).get("title") or ""
        repaired = bool(document.is_repaired)
        document.close()
        pymupdf.TOOLS.store_shrink(100)
        title = title.replace("\x00", "").strip()[:300]
        return {"page_count": count, "title": title, "repaired": repaired, "locked": locked, "objects": objects}

    return answer


if __name__ == "__main__":
    main()
