"""Closes up words that are set widely and were read with blanks in them: `S O RGIV A` where `Sorgiva` stands elsewhere.

Knows the lines of a whole document: only a word that it prints somewhere is one.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from actors.records import PageContent, TextBlock, TextLine
from actors.vocabulary.words import fold, squeeze

MIN_LETTERS = 5
"""Of a word that is put together: shorter ones come out of initials."""
MAX_PART = 2
"""Letters of a part that is no word by itself."""


def with_words_closed(pages: Sequence[PageContent]) -> list[PageContent]:
    """The pages again, lines in capitals that are one of the document's words read apart as this word."""
    lines = [line for page in pages for block in page.blocks for line in block.lines]
    words: dict[str, float] = {}
    for line in lines:
        for word in line.text.split():
            if len(word) >= MIN_LETTERS and word.isalpha():
                words[fold(word)] = max(words.get(fold(word), 0.0), line.confidence)
    return [_closed(page, words) for page in pages]


def _closed(page: PageContent, words: Mapping[str, float]) -> PageContent:
    blocks = tuple(_block_closed(block, words) if block.source == "ocr" else block for block in page.blocks)
    same = all(one is other for one, other in zip(blocks, page.blocks, strict=True))
    return page if same else page.model_copy(update={"blocks": blocks})


def _block_closed(block: TextBlock, words: Mapping[str, float]) -> TextBlock:
    lines = tuple(_line_closed(line, words) for line in block.lines)
    same = all(one is other for one, other in zip(lines, block.lines, strict=True))
    return block if same or block.rows else block.model_copy(update={"lines": lines})


def _line_closed(line: TextLine, words: Mapping[str, float]) -> TextLine:
    parts = line.text.split()
    is_apart = len(parts) > 1 and line.text.isupper() and all(map(str.isalpha, parts))
    if not is_apart or not any(min(len(one), len(other)) <= MAX_PART for one, other in pairwise(parts)):
        return line
    word = squeeze(line.text)
    if word not in words:
        return line
    # Two places that say the same are as sure as the surer one.
    return line.model_copy(update={"text": "".join(parts), "confidence": max(line.confidence, words[word])})
