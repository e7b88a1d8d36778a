"""What a piece of text shows of its kind: each sign speaks for one label, with its weight and its words.

It owns the rules by which text classes are recognised without a model. It knows no vectors and no jobs.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from actors.records import Chunk, ChunkClass
from actors.values.codes import LABELLED, parse_codes
from actors.values.dimensions import parse_dimensions
from actors.values.prices import parse_prices
from actors.values.technical import parse_technical
from actors.vocabulary.words import Term, find_terms

SHORT_WORDS, PROSE_WORDS = 8, 25
TABLE_ROWS = 3
FRAGMENT_LETTERS = 4
LONGEST_TEXT = 4000
"""Characters that are looked at: the kind of a text shows at its beginning."""
_CUES: dict[str, tuple[ChunkClass, float]] = {
    # category of the vocabulary: what it speaks for, and how much each different word of it weighs
    "cue_legal": ("LEGAL_DISCLAIMER", 1.6),
    "cue_introduction": ("INTRODUCTION", 1.1),
    "cue_marketing": ("MARKETING", 0.45),
    "cue_technical": ("TECHNICAL_DETAIL", 0.6),
    "cue_specification": ("SPECIFICATION", 0.45),
    "cue_contact": ("OTHER", 0.9),
    "cue_installation": ("TECHNICAL_DETAIL", 0.7),
}
OFFER = "price list"
"""Of the words of specifications, those that say that something is sold."""
_CUE_LIMIT = 3.2
"""The most that the words of one category weigh together."""
_NAME_FIELDS = ("coreIdentity.productCode", "coreIdentity.sku", "coreIdentity.model", "coreIdentity.productName",
                "commercialInformation.price")  # fmt: skip
_WEB = re.compile(r"\bwww|https?://|\S+@\S+\.\w|\w\.(?:com|net|org|eu)\b|\+\d{1,3}[ (\d)-]{6,}", re.IGNORECASE)
_PARAGRAPH = re.compile(r"§|\bArt\.\s?\d+\b|\bAbs(?:atz)?\.?\s?\d", re.IGNORECASE)


class Sign(NamedTuple):
    """One reason for one label."""

    label: ChunkClass
    weight: float
    words: str  # "its words are of the kind 'disclaimer' (may vary)"
    sub_category: str = ""


def signs_of(chunk: Chunk, languages: Sequence[str] = ()) -> list[Sign]:
    """All signs of a chunk, for whatever label."""
    if chunk.is_index:
        return [Sign("OTHER", 6.0, "it only lists what stands on other pages", "contents")]
    seen = chunk.model_copy(update={"text": chunk.text[:LONGEST_TEXT]})
    return [*_cue_signs(seen.text, languages), *_value_signs(seen), *_form_signs(seen, languages)]


def _cue_signs(text: str, languages: Sequence[str]) -> Iterator[Sign]:
    by_category: dict[str, list[Term]] = {}
    for term in find_terms(text, *_CUES, languages=languages or None):
        by_category.setdefault(term.category, []).append(term)
    for category, terms in by_category.items():
        label, weight = _CUES[category]
        different = {term.printed.casefold() for term in terms}
        kind = Counter(term.canonical for term in terms).most_common(1)[0][0]
        label = "PRODUCT" if kind == OFFER else label
        quoted = ", ".join(f"'{word}'" for word in sorted(different)[:3])
        yield Sign(label, min(_CUE_LIMIT, weight * len(different)), f"it has words of {kind} ({quoted})", kind)


def _value_signs(chunk: Chunk) -> Iterator[Sign]:
    """Sizes, prices, codes and technical values."""
    text = chunk.text
    words = max(1, len(text.split()))
    sizes, prices = parse_dimensions(text), parse_prices(text)
    codes = [code for code in parse_codes(text) if code.confidence >= LABELLED or words <= SHORT_WORDS]
    values = parse_technical(text)
    if sizes:
        dense = min(1.8, 0.5 + 6.0 * len(sizes) / words)
        yield Sign("SPECIFICATION", dense, f"it gives sizes ({sizes[0].printed.strip()})", "sizes")
    if values:
        label: ChunkClass = "TECHNICAL_DETAIL" if len(values) > 1 or words > SHORT_WORDS else "SPECIFICATION"
        yield Sign(label, min(2.4, 0.8 * len(values)), f"it gives technical values ({values[0].value})", "performance")
    if prices or codes:
        named = prices[0].printed if prices else codes[0].code
        yield Sign(
            "PRODUCT", min(2.0, 1.0 + 0.2 * (len(prices) + len(codes))), f"it has a price or code ({named})", "offer"
        )


def _form_signs(chunk: Chunk, languages: Sequence[str]) -> Iterator[Sign]:
    """What the kind, the length and the place of the text say."""
    words = len(chunk.text.split())
    yield from _table_signs(chunk, languages)
    products = find_terms(chunk.text, "product_type", languages=languages or None)
    if products and words <= PROSE_WORDS:
        yield Sign("PRODUCT", 1.3, f"it names a product type ('{products[0].printed}')", products[0].canonical)
    if chunk.kind == "caption" and words <= SHORT_WORDS and any(c.isalpha() for c in chunk.text):
        weight = 1.5 if chunk.source == "text_layer" else 0.8
        yield Sign("PRODUCT", weight, "it is a short caption at a picture", "caption")
    looks = find_terms(chunk.text, "finish", "colour", "material", languages=languages or None)
    if looks and words <= SHORT_WORDS:
        yield Sign("PRODUCT", 0.7, f"it names a look or material ('{looks[0].printed}')", looks[0].canonical)
    if _WEB.search(chunk.text):
        weight = 2.8 if words <= SHORT_WORDS else 1.2
        yield Sign("OTHER", weight, "it has an address or telephone number", "contact")
    if sections := len(_PARAGRAPH.findall(chunk.text)):
        yield Sign("LEGAL_DISCLAIMER", min(3.2, 1.2 * sections), "it cites paragraphs of a law", "law")
    if words <= SHORT_WORDS:
        yield from _furniture_signs(chunk, languages)


def _furniture_signs(chunk: Chunk, languages: Sequence[str]) -> Iterator[Sign]:
    """What speaks for a short text being no more than furniture of the page."""
    letters = sum(c.isalpha() for c in chunk.text)
    if letters < 3:
        yield Sign("OTHER", 2.5, "it has hardly any letters", "fragment")
    elif chunk.source == "ocr" and letters <= FRAGMENT_LETTERS:
        yield Sign("OTHER", 1.8, "it is a few letters that were read from a picture", "fragment")
    for term in find_terms(chunk.text, "boilerplate", languages=languages or None)[:1]:
        label: ChunkClass = "OTHER" if term.canonical == "contact" else "INTRODUCTION"
        yield Sign(label, 2.2, f"it is a word of the page's furniture ('{term.printed}')", term.canonical)


def _table_signs(chunk: Chunk, languages: Sequence[str]) -> Iterator[Sign]:
    if chunk.kind != "table":
        return
    labels = find_terms(chunk.text, "field_label", "size_label", "technical_label", languages=languages or None)
    technical = sum(term.category == "technical_label" for term in labels)
    named = [term for term in labels if term.canonical in _NAME_FIELDS]
    if technical >= 3 and technical >= 0.4 * len(labels):
        yield Sign("TECHNICAL_DETAIL", 1.6, "it is a table of technical properties", "test results")
    elif named and len(chunk.rows) >= TABLE_ROWS:
        yield Sign("PRODUCT", 2.6, f"it is a table of articles ('{named[0].printed}')", "price list")
    elif labels:
        yield Sign("SPECIFICATION", 1.2, "it is a table with labels of sizes and looks", "table")
