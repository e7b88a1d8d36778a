"""Owns the technical page of a document: the one page of data that holds for all its products.

A document with several such pages has several families, and then none of them holds for all.
"""

from collections.abc import Collection, Sequence

from actors.metadata import merge, read_lines
from actors.records import Metadata, PageContent, TextBlock, TextLine
from actors.vocabulary.languages import reading_in
from actors.vocabulary.words import find_terms, share_covered

TITLE_SIZE = 1.3  # times the letters of most lines
TITLE_SHARE = 0.7  # of its letters: "Technical data", and not a sentence about a standard


def technical_page(pages: Sequence[PageContent], shown: Collection[int]) -> PageContent | None:
    """The document's only page of technical data; None where there is none, or one for each family.

    Args:
        pages: of the document.
        shown: numbers of the pages on which products stand: what a data sheet says is of its own product.
    """
    found = [page for page in pages if page.page not in shown and _is_technical(page)]
    return found[0] if len(found) == 1 else None


def _is_technical(page: PageContent) -> bool:
    """Whether a title says that technical data follow: set larger than most, and saying nothing else."""
    lines = [line for block in page.blocks for line in block.lines]
    sizes = sorted(_size(line) for line in lines)
    usual = sizes[len(sizes) // 2] if sizes else 0.0
    return any(_says_technical(line.text) for line in lines if _size(line) >= TITLE_SIZE * usual)


def _says_technical(title: str) -> bool:
    title = title.strip()
    return share_covered(title, find_terms(title, "cue_technical")) >= TITLE_SHARE


def said_on(page: PageContent) -> Metadata:
    """What the page says line by line, surest first."""
    with reading_in(page.languages):
        return merge(*(_read(line, block, page.page) for block in page.blocks for line in block.lines))


def _read(line: TextLine, block: TextBlock, page: int) -> Metadata:
    return read_lines([line], page, block.source)


def _size(line: TextLine) -> float:
    return line.size or line.box[3] - line.box[1]
