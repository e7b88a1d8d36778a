"""Puts right the German sharp s, which OCR that knows no such letter reads as a capital B: `KonusfuB` is `Konusfuß`.

Only on pages in German, and only where a capital could not stand: behind a vowel within a word or at its end.
"""

import re

from actors.records import PageContent, TextBlock

GERMAN = "de"
CAPITAL = re.compile(r"(?<=[^\W\d_][aeiouyäöü])B(?=(?:e[mnrs]{0,2})?\b|[btlmnkgwf])")
"""`Größe`, `außen`, `Füße`, `Schließblech` (read as `SchlieBblech`) but not `DuoBad`, `TeleBau`."""


def with_sharp_s(page: PageContent) -> PageContent:
    """The page again, as it is where it is not in German."""
    if page.languages[:1] != (GERMAN,):
        return page
    blocks = tuple(_mended(block) if block.source == "ocr" else block for block in page.blocks)
    return page.model_copy(update={"blocks": blocks})


def _mended(block: TextBlock) -> TextBlock:
    lines = tuple(line.model_copy(update={"text": CAPITAL.sub("ß", line.text)}) for line in block.lines)
    rows = tuple(tuple(CAPITAL.sub("ß", cell) for cell in row) for row in block.rows)
    return block.model_copy(update={"lines": lines, "rows": rows})
