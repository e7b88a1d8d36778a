"""A page's own text layer as blocks of lines with their look. Knows nothing of layout labels, images or OCR."""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Any

import pymupdf

from actors.records import Box, TextBlock, TextLine
from cluster.stages.reading.letter_boxes import impossible_faces, rebuilt
from cluster.stages.reading.wide_letters import is_wide, wide_lines

FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
"""No images (they can cost 34 s where the text costs 0.01 s), ligatures taken apart, nothing from outside the page."""
BOLD = 1 << 4
PAINTED = pymupdf.mupdf.FZ_STEXT_FILLED | pymupdf.mupdf.FZ_STEXT_STROKED
"""Of a span's char_flags: without either it is text that no reader of the page sees."""
HIDDEN_LAYER_LETTERS = 50
"""So many invisible letters on a page without visible ones are a scanner's OCR, not a leftover."""
UNKNOWN = "\ufffd"
GARBAGE_SHARE = 0.3
HYPHENS = {0x2010: "-", 0x2011: "-"}
_BOLD_NAME = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_DRAWN_HYPHEN = re.compile(r"(?<=[\dA-Z])\u00ad(?=[^\W_])|(?<=[^\W_])\u00ad(?=[\dA-Z])")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class PageText:
    """The text layer of a page."""

    blocks: tuple[TextBlock, ...] = ()
    letters: int = 0
    """Letters and digits that can be used; 0 when most of them are unreadable."""
    rebuilt: bool = False
    """Whether boxes of letters could not be true and were made anew; others' models see the old ones."""


def read_text(page: pymupdf.Page) -> PageText:
    """The page's visible text, or the hidden one of a scanner where nothing is visible."""
    raw = page.get_text("dict", flags=FLAGS)["blocks"]
    if faces := impossible_faces(raw):
        raw = rebuilt(page.get_text("dict", flags=FLAGS | pymupdf.TEXT_ACCURATE_BBOXES)["blocks"], faces)
    words = _wide_words(page, raw)
    visible = _blocks(raw, page.rect, words, hidden=False)
    if not visible:
        hidden = _blocks(raw, page.rect, words, hidden=True)
        visible = hidden if _letters(hidden) >= HIDDEN_LAYER_LETTERS else ()
    return replace(page_text(visible), rebuilt=bool(faces))


def _wide_words(page: pymupdf.Page, raw: list[dict[str, Any]]) -> dict[Box, str]:
    """The words of lines whose letters stand wide apart; letters cost time and are asked for where there are any."""
    lines = (line for block in raw for line in block.get("lines", ()))
    if not any(is_wide("".join(span["text"] for span in line["spans"])) for line in lines):
        return {}
    return wide_lines(page.get_text("rawdict", flags=FLAGS)["blocks"])


def page_text(blocks: tuple[TextBlock, ...]) -> PageText:
    """The blocks with the count of what is usable in them."""
    return PageText(blocks, _letters(blocks))


def cut(text: PageText, most: int) -> tuple[PageText, int]:
    """The first `most` characters of the page, in whole lines, and how many it has in all."""
    kept: list[TextBlock] = []
    total = 0
    for block in text.blocks:
        lines = []
        for line in block.lines:
            total += len(line.text)
            if total <= most:
                lines.append(line)
        if lines:
            whole = len(lines) == len(block.lines)
            kept.append(block if whole else block.model_copy(update={"lines": tuple(lines)}))
    return (text if total <= most else page_text(tuple(kept))), total


def clean(text: str) -> str:
    """One line of text without control characters, lone surrogates, soft hyphens and double spaces.

    Hyphens of their own sign (U+2010, U+2011) are the usual one, and so is a soft one beside a digit or a capital:
    fonts have it for the hyphen of codes and ranges.
    """
    text = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode()).translate(HYPHENS)
    text = _DRAWN_HYPHEN.sub("-", text)
    text = "".join(" " if char.isspace() else char for char in text if char.isspace() or _printable(char))
    return _SPACES.sub(" ", text).strip()


def _printable(char: str) -> bool:
    return char != "\u00ad" and unicodedata.category(char) not in ("Cc", "Cs", "Cn")


def _blocks(
    raw: list[dict[str, Any]], page: pymupdf.Rect, words: dict[Box, str], *, hidden: bool
) -> tuple[TextBlock, ...]:
    found = []
    for block in raw:
        lines = [line for told in block.get("lines", ()) if (line := _line(told, page, words, hidden=hidden))]
        if lines:
            found.append(TextBlock(label="text", box=around([line.box for line in lines]), lines=tuple(lines)))
    return tuple(found)


def _line(told: dict[str, Any], page: pymupdf.Rect, words: dict[Box, str], *, hidden: bool) -> TextLine | None:
    spans = [span for span in told["spans"] if _is_hidden(span) == hidden]
    text = clean(words.get(tuple(told["bbox"]), "".join(span["text"] for span in spans)))
    if not text or not pymupdf.Rect(told["bbox"]).intersects(page):
        return None
    look = next((span for span in spans if span["text"].strip()), spans[0])
    x0, y0, x1, y1 = around([span["bbox"] for span in spans])
    return TextLine(
        text=text, box=(round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2)), font=clean(look["font"]),
        size=round(look["size"], 2), bold=bool(look["flags"] & BOLD or _BOLD_NAME.search(look["font"])),
        colour=f"#{look['color'] & 0xFFFFFF:06x}",
    )  # fmt: skip


def _is_hidden(span: dict[str, Any]) -> bool:
    return not span.get("char_flags", PAINTED) & PAINTED or span.get("alpha", 255) == 0


def _letters(blocks: tuple[TextBlock, ...]) -> int:
    text = "".join(line.text for block in blocks for line in block.lines)
    unknown = sum(char == UNKNOWN or unicodedata.category(char) == "Co" for char in text)
    usable = sum(char.isalnum() for char in text)
    return 0 if unknown > GARBAGE_SHARE * (unknown + usable) else usable


def around(boxes: list[Box]) -> Box:
    """The smallest box that holds all of them."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
