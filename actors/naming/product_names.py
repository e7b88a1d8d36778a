"""Owns the question whether a printed text can be a product's name, and what of it is the name.

Knows words and patterns, no geometry: sizes, prices and labels are cut off; prose, addresses and page furniture are
refused.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from actors.values.codes import is_page_mark, parse_codes
from actors.values.dimensions import parse_dimensions
from actors.values.prices import parse_prices
from actors.vocabulary.languages import languages_read
from actors.vocabulary.words import find_terms, fold, share_covered

MAX_NAME_CHARS = 80
MAX_NAME_WORDS = 10
MIN_PLAIN = 0.85  # of a name's characters: letters, digits and the usual marks; OCR of a drawing has fewer
NUMBERING = re.compile(r"^\s*(?:[(\[]?\d{1,2}[.)\]]|[IVX]{1,5}\.(?:\d+\.?)*|[•●▪■◦‣*»>])\s+(?=\D)")
EDGES = " \t-\u2013\u2014|/:;,.·•*_~'\"“”«»"  # with the two dashes
ADDRESS = re.compile(r"www\.|https?:|@|\.(?:com|net|org|eu|info)\b", re.IGNORECASE)
TELEPHONE = re.compile(  # 120/120/100 is a size
    r"(?:\+|\b0|\(0?)\d[\d ()/.-]{7,}\d|\b\d{3}[-. ]\d{3}[-. ]\d{4}\b|\b\d{5}[ -]\d{5}\b|\b\d{10,}\b"
)
ARTICLE_NUMBER = re.compile(r"\d{12,14}|\d{2,4}([-.])\d{2,4}\1\d{1,4}")
"""A GTIN as bars print it (GS1: 12 to 14 digits), or one mark between groups, of fewer digits than telephones have."""
TELEPHONE_DIGITS = 10
LEADER = re.compile(r"\.{3,}|…|(?:\. ){3,}|_{3,}")
FIELD = re.compile(r"^[^:]{2,40}:\s*\S")
SENTENCE_END = re.compile(r"[.!?]['\"”]?$")
MEASURE = re.compile(r"(?<!\w)\d+(?:[.,]\d+)?\s*(?:[\"\u201d\u2033]|''|mm\b|cm\b)")  # left over where a size is misread
INCHES, QUOTES = '"\u201d\u2033', "'\u2019"
QUOTED_OPEN = re.compile(r"(?:^|\s)['\u2018][^\W_]+$")
LONE_INCHES = re.compile(rf"[^\d]*[^\W\d_][^\d]*\s(?:\d+[ -])?\d+(?:[./]\d+)?[{INCHES}](?:\s[^\d]*)?")
"""One number of inches beside words: which side it measures nobody says, and it tells a tap, or a pan, from others."""
PLAIN_CODE = re.compile(r"(?=.*\d)[A-Z]{0,4}\s?[-.\u2013/]?\s?\d{2,6}(?:\s?[-.\u2013/]\s?\w{1,4}|[A-Z]{1,2})?")
CODE_AND_STRUCTURE = re.compile(r"[A-Z]{0,2}\d{3,7}(?: [A-Z]{2,3}\d?)?")
BRACKETED = re.compile(r"\s*[(\[][^)\]]*[)\]]")
CURRENCIES = "€$£¥₺"
AMOUNT = re.compile(r"\d+[.,]\d{2}")
NUMBER_MARK = r"(?:No|Nr|N[°º])\s?[.:;,]?\s*"
"""Of a number: "No. 241", whose point OCR takes for other marks."""
MARKED_NUMBER = re.compile(rf"{NUMBER_MARK}\d{{3,7}}(?:[./-]\d{{1,4}})?")
NUMBER = re.compile(r"\d{3,7}(?:[./-]\d{1,4})?")
A_SERVICE = "a service, no article"
FIGURE_NUMBER = re.compile(r"\W{0,2}\d{1,3}(?:[.-]\d{1,3})?[a-z]?\b", re.IGNORECASE)
YEAR = re.compile(r"^(?:19|20)\d\d$")
LETTER = re.compile(r"[^\W\d_]")
IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}")  # a word each: kana, Han, Hangul
WHOLE = 0.75  # of a line, that a labelled code takes: "Ref. 4410"; of a label, that the word for a name takes
NAME_LABELS = ("coreIdentity.productName", "coreIdentity.model")
NUMBER_LABELS = ("coreIdentity.productCode", "coreIdentity.sku")
AN_ADDRESS = "an address"
A_NUMBER = "an article number"
PACKING = "commercialInformation.packaging"
MIN_WORD = 3  # letters
TOLD_BY = ("colour", "finish", "material", "pattern", "shape")  # what a name lists: "Chair, oak, black, matt"


@dataclass(frozen=True)
class ParsedName:
    """The name in a printed text. `parts`: its pieces as printed, in order; `score`: 0..1, how much of a name it is."""

    name: str
    parts: tuple[str, ...]
    score: float
    reasons: tuple[str, ...]


def stands_alone(text: str) -> bool:
    """Whether a printed line says one thing by itself (a size, a price, "Finish: matt", a page)."""
    if is_page_mark(text):
        return True
    if FIELD.match(text) and not text.isupper():
        return True
    if is_labelled_code(text) or MARKED_NUMBER.fullmatch(text.strip()):
        return True
    return not name_pieces(text) and bool(parse_dimensions(text) or parse_prices(text))


def is_labelled_code(text: str) -> bool:
    """Whether a line is a code with its label: "Ref. 4410"."""
    return any(
        code.label and len(code.label) + len(code.code) >= WHOLE * len(text.strip()) for code in parse_codes(text)
    )


def parse_name(text: str) -> ParsedName | None:
    """The name that a printed text holds; None when it holds none."""
    if labelled := labelled_name(text):
        named = parse_name(labelled) or _short_name(labelled)
        return named and replace(named, score=min(1.0, named.score + 0.15), reasons=(*named.reasons, "labelled so"))
    refusal = refuse(text)
    if refusal:
        return None
    pieces = name_pieces(text)
    name = " ".join(pieces)
    letters = len(LETTER.findall(name))
    words = name.split()
    if len(name) > MAX_NAME_CHARS or len(words) > MAX_NAME_WORDS or len(name) < 2:
        return None
    code = name_code(name)
    if sum(char.isalnum() or char in " -&'()/.,+" for char in name) < MIN_PLAIN * len(name):
        return None
    if letters < 2 and code is None:
        return None
    if letters < 3 and len(name) < 4 and not any(char.isdigit() for char in name) and not IDEOGRAPHS.search(name):
        return None
    score, reasons = _score(name, words, code is not None)
    return ParsedName(name, tuple(pieces), score, reasons) if score > 0 else None


def _short_name(text: str) -> ParsedName | None:
    """One or two letters, which are a name only where a label says so."""
    return ParsedName(text, (text,), 0.6, ()) if text.isalpha() and len(text) < MIN_WORD else None


def name_code(text: str) -> str | None:
    """The product code in a name, also one that is the whole name: "A - 101"; "PAGE 05" is none."""
    if PLAIN_CODE.fullmatch(text.strip()) and LETTER.search(text) and not is_page_mark(text):
        return text.strip()
    return next((code.code for code in parse_codes(text) if any(char.isdigit() for char in code.code)), None)


def is_bare_code(text: str) -> bool:
    """Whether a text is a code and nothing else: "A - 101", "7301", "K003 PW" with the letters of its structure."""
    return name_code(text) == text or bool(CODE_AND_STRUCTURE.fullmatch(text))


def parse_number(text: str) -> ParsedName | None:
    """A bare article number, which is a name only where a whole grid is captioned by such numbers."""
    number = text.strip()
    is_number = NUMBER.fullmatch(number) and not AMOUNT.fullmatch(number)
    return ParsedName(number, (number,), 0.5, (A_NUMBER,)) if is_number else None


def refuse(text: str) -> str:
    """Why a text names no product whatever stands around it; empty when nothing speaks against it."""
    if ADDRESS.search(text) or any(_is_telephone(match.group()) for match in TELEPHONE.finditer(text)):
        return AN_ADDRESS
    if LEADER.search(text):
        return "an entry of a table of contents"
    if FIELD.match(text) and not name_pieces(text):
        return "a labelled value"
    if FIELD.match(text) and not _is_named_size(text):
        return "a labelled value"
    if _is_label(text):
        return "a label"
    if _is_figure(text):
        return "a figure of the text"
    if find_terms(text, "service"):
        return A_SERVICE  # before the forms of a text: a charge may be told in a sentence, or for several things
    words = text.split()
    if len(words) > 5 and SENTENCE_END.search(text.strip()):
        return "a sentence"
    if _is_enumeration(text):
        return "an enumeration"
    covered = sum(
        term.end - term.start for category in ("boilerplate", "contents") for term in find_terms(text, category)
    )
    if covered >= 0.5 * len(text.strip()):
        return "words that name no product"
    return ""


def _is_figure(text: str) -> bool:
    """Whether a caption begins with the number of a figure, which the text speaks of: "Figure 4a. Riven", "3. ábra"."""
    for term in find_terms(text, "figure_word"):
        before = FIGURE_NUMBER.match(text)
        if term.start == 0 and FIGURE_NUMBER.match(text, term.end):
            return True
        if before is not None and not text[before.end() : term.start].strip(". "):
            return True
    return False


def _is_label(text: str) -> bool:
    """Whether a text is the head of a column: "Size (cm)", "Price €", "Pieces per box"."""
    packing = [term for term in find_terms(text, "field_label") if term.canonical == PACKING]
    if share_covered(text.strip(), packing) >= WHOLE:
        return True
    bare = BRACKETED.sub("", text).strip(EDGES + CURRENCIES)
    if not bare or bare == text.strip(EDGES):
        return False  # "Colour Series" may be the name of one
    terms = find_terms(bare, "field_label", "size_label")
    return max((term.end - term.start for term in terms), default=0) >= WHOLE * len(bare)


def _is_enumeration(text: str) -> bool:
    """Whether several things are listed, and not one with its looks."""
    first, *rest = text.split(",")
    looks = sum(bool(find_terms(piece, *TOLD_BY)) for piece in rest)
    if first.strip() and 2 * looks > len(rest):
        return False
    no_digits = not any(char.isdigit() for char in text)
    return len(rest) >= 3 or (len(text.split()) > 6 and ", " in text and no_digits)


def _is_telephone(number: str) -> bool:
    """Whether so many digits are rung up: article numbers begin with 0 as well, and bars have 13 digits."""
    digits = sum(char.isdigit() for char in number)
    if not ARTICLE_NUMBER.fullmatch(number.strip()):
        return True
    return digits >= TELEPHONE_DIGITS and not number.strip().isdigit()


def labelled_name(text: str) -> str:
    """What stands behind a label for names ("Model: Orbit", "Nome: Camellia"); empty where nothing is labelled so."""
    label, colon, value = text.partition(":")
    value = value.strip()
    if not colon or not value or ":" in value:
        return ""
    terms = [term for term in find_terms(label, "field_label") if term.end - term.start >= WHOLE * len(label.strip())]
    if any(term.canonical in NAME_LABELS for term in terms):
        return value
    # "Artikel: Stuhl Lund": the word for the number where no number stands.
    is_words = not any(char.isdigit() for char in value) and len(LETTER.findall(value)) >= MIN_WORD
    return value if is_words and any(term.canonical in NUMBER_LABELS for term in terms) else ""


def _is_named_size(text: str) -> bool:
    """Whether only the size is labelled, and a name stands before: `NEO SET - SIZE : 18 x 14`."""
    label, value = text.split(":", 1)
    if not parse_dimensions(value) or find_terms(label, "field_label"):
        return False
    sizes = find_terms(label, "size_label")
    return not sizes or LETTER.search(label[: sizes[0].start]) is not None


def name_pieces(text: str) -> list[str]:
    """The text without sizes, prices, size labels and numbering, cut where these stood."""
    text = NUMBERING.sub("", text)
    spans = _cut_out(text, languages_read()) if any(char.isdigit() for char in text) else []
    pieces: list[str] = []
    at = 0
    for start, end in [*sorted(spans), (len(text), len(text))]:
        piece = _closed(_bare(text[at:start])) if start > at else ""
        if piece and (LETTER.search(piece) or len(piece) > 2):
            pieces.append(piece)
        at = max(at, end)
    return pieces


def _bare(piece: str) -> str:
    """Without marks at the edges but those that belong to what they end: the quote of "EWC - 'P'", the inch of 20"."""
    bare = piece.strip(EDGES)
    end = piece.find(bare) + len(bare)
    mark = piece[end : end + 1]
    belongs = (mark in INCHES and bare[-1:].isdigit()) or (mark in QUOTES and QUOTED_OPEN.search(bare))
    return bare + mark if bare and mark and belongs else bare


def _cut_out(text: str, languages: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where measures stand, and a labelled code ("Ref. 4410") where something else does beside it."""
    spans = [
        (text.rfind(code.label, 0, code.start), code.end)
        for code in parse_codes(text)
        if code.label and code.field in NUMBER_LABELS
    ]
    rest = "".join(char for at, char in enumerate(text) if not any(start <= at < end for start, end in spans))
    return _measures(text, languages) + (spans if len(LETTER.findall(rest)) >= MIN_WORD else [])


@lru_cache(maxsize=4096)
def _measures(text: str, languages: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where sizes and prices stand, and the words that name a size beside one."""
    spans = [(size.start, size.end) for size in parse_dimensions(text, languages)]
    spans += [(price.start, price.end) for price in parse_prices(text)]
    spans += [] if not spans and LONE_INCHES.fullmatch(text.strip()) else _left_over(text)
    spans += [(term.start, term.end) for term in find_terms(text, "size_label")] if spans else []
    return spans


def _left_over(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in MEASURE.finditer(text)]


def _closed(piece: str) -> str:
    """Without a bracket that lost its partner."""
    whole = piece
    for opening, closing in ("()", "[]"):
        if piece.count(opening) != piece.count(closing):
            piece = piece.replace(opening, " ").replace(closing, " ")
    bare = " ".join(piece.split())
    return bare if piece == whole else bare.strip(EDGES)


def _score(name: str, words: list[str], has_code: bool) -> tuple[float, tuple[str, ...]]:
    score, reasons = 0.6, []
    if has_code:
        score += 0.15
        reasons.append("reads like a product code")
    known = find_terms(name, "product_type") + find_terms(name, "material")
    if known:
        score += 0.15
        reasons.append(f"names a product or material ({known[0].printed})")
    if YEAR.match(name) or any(YEAR.match(word) for word in words):
        score -= 0.25
    if len(words) > 6:
        score -= 0.15
    if name[0].islower() and len(words) > 4:
        score -= 0.1
    if fold(name) in {"", "-"}:
        return 0.0, ()
    return max(0.0, min(1.0, score)), tuple(reasons)
