"""Puts right letters that OCR does not know: `KonusfuB` is `Konusfuß`, `Giimüs` is `Gümüs`.

Only on pages in a language that has the letter, and only where what was read could not stand.
"""

import re

from actors.records import PageContent, TextBlock

SHARP_S = re.compile(r"(?<=[^\W\d_][aeiouyäöü])B(?=(?:e[mnrs]{0,2})?\b|[btlmnkgwf])")
"""`Größe`, `außen`, `Füße`, `Schließblech` (read as `SchlieBblech`) but not `DuoBad`, `TeleBau`."""
TWO_I = re.compile(r"(?<![aeiouyäöüı])ii(?=[bcçdfgğhjklmnprsşßtvwxz])")
"""`für`, `Füme`, `üzerine`, but not `Hawaii`, `variieren`, `Radii`."""
TWO_I_AT_END = re.compile(r"(?<=[bcçdfgğhjklmnprsştvyz])ii\b")
"""`Üçlü`, in Turkish alone."""
UNKNOWN = {
    "de": ((SHARP_S, "ß"), (TWO_I, "ü")),
    "hu": ((TWO_I, "ü"),),
    "tr": ((TWO_I, "ü"), (TWO_I_AT_END, "ü")),
}


def with_native_letters(page: PageContent) -> PageContent:
    """The page again, as it is where its language has none of these letters."""
    unknown = UNKNOWN.get(page.languages[0]) if page.languages else None
    if unknown is None:
        return page
    blocks = tuple(_mended(block, unknown) if block.source == "ocr" else block for block in page.blocks)
    return page.model_copy(update={"blocks": blocks})


def _mended(block: TextBlock, unknown: tuple[tuple[re.Pattern[str], str], ...]) -> TextBlock:
    def mended(text: str) -> str:
        for read, letter in unknown:
            text = read.sub(letter, text)
        return text

    lines = tuple(line.model_copy(update={"text": mended(line.text)}) for line in block.lines)
    return block.model_copy(update={"lines": lines, "rows": tuple(tuple(map(mended, row)) for row in block.rows)})
