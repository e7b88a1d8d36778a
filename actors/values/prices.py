"""Reads prices with price-parser; only numbers beside a currency are prices."""

import re
from decimal import Decimal
from functools import lru_cache

from price_parser import Price
from price_parser._currencies import CURRENCY_CODES, CURRENCY_NATIONAL_SYMBOLS, CURRENCY_SYMBOLS
from price_parser.parser import SAFE_CURRENCY_SYMBOLS

from actors.records import Confidence, Record
from actors.vocabulary.words import find_terms, pattern_of, vocabulary

_AMOUNT = r"\d{1,3}(?:[., \u00a0\u2009]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_SHORTEST_CODE = 3
_SHORTEST_UNIT = 3
"""Letters of a unit that may follow a price without a word between: "24 € each"."""


class ParsedPrice(Record):
    """A price where it stands in a text."""

    amount: str  # decimal point, no thousands
    currency: str  # as printed
    per: str | None  # m2, piece, box ... when printed
    printed: str
    start: int
    end: int
    confidence: Confidence


@lru_cache(maxsize=1)
def _currencies() -> tuple[str, str]:
    """Patterns of the signs of currencies, and of the words."""
    symbols = {*SAFE_CURRENCY_SYMBOLS, *CURRENCY_SYMBOLS, *CURRENCY_NATIONAL_SYMBOLS}
    words_too = {form.stem.upper() for form in vocabulary().forms("not_currency")}
    named = {form.stem for form in vocabulary().forms("currency")}
    known = (symbols | set(CURRENCY_CODES) | named) - words_too
    signs = sorted((s for s in known if not s.isalnum() and s.strip(".")), key=len, reverse=True)
    words = [s for s in known if s.isalnum() and (len(s) >= _SHORTEST_CODE or s in named)]
    words.sort(key=len, reverse=True)
    return "|".join(map(re.escape, signs)), "|".join(map(re.escape, words))


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """An amount with a currency before or behind it; letters stand alone, symbols need not."""
    sign, word = _currencies()
    before = rf"(?:(?:{sign})|(?<!\w)(?:{word})\.?)[^\S\n]*:?[^\S\n]*(?:{_AMOUNT})(?:[,.]-|/-)?(?![\w])"
    behind = rf"(?<![\w.,])(?:{_AMOUNT})(?:,-)?[^\S\n]*(?:(?:{sign})|(?:{word})(?!\w))"
    return re.compile(f"{before}|{behind}")


@lru_cache(maxsize=256)
def currency_in(header: str) -> str | None:
    """The currency that a header of a column names: "Preis (€)", "Fiyat TL"."""
    sign, word = _currencies()
    match = re.search(rf"(?:{sign})|(?<!\w)(?:{word})(?!\w)", header)
    return match.group() if match else None


def parse_prices(text: str) -> list[ParsedPrice]:
    """All prices of a text, in reading order."""
    found = []
    for match in _pattern().finditer(text):
        price = Price.fromstring(match.group())
        currency = price.currency or _own_currency(match.group())
        if price.amount is not None and currency:
            per, end = _unit_behind(text, match.end())
            found.append(_price(price.amount, currency, per, text[match.start() : end], match.start()))
    return found


def _own_currency(printed: str) -> str | None:
    """A currency that the vocabulary has and the parser of prices has not."""
    match = re.search(rf"(?<!\w)(?:{pattern_of('currency')})(?!\w)", printed)
    return match.group() if match else None


def _price(amount: Decimal, currency: str, per: str | None, printed: str, start: int) -> ParsedPrice:
    return ParsedPrice(
        amount=format(amount, "f"),
        currency=currency,
        per=per,
        printed=printed,
        start=start,
        end=start + len(printed),
        confidence=0.9,
    )


@lru_cache(maxsize=1)
def _per_pattern() -> re.Pattern[str]:
    per = rf"(?P<per>/|(?:{pattern_of('price_word', 'per')})\s)?"
    unit = r"(?P<unit>[^\s/,;|()]{1,14}(?:\.?\s?[mf]t?²?)?(?:\s[^\W\d]{2,10})?)"
    return re.compile(rf"[^\S\n]*{per}[^\S\n]*{unit}", re.IGNORECASE)


def _unit_behind(text: str, end: int) -> tuple[str | None, int]:
    match = _per_pattern().match(text, end)
    if match is None:
        return None, end
    for term in find_terms(match.group("unit"), "price_unit"):
        if term.start == 0 and (match.group("per") or len(term.printed) >= _SHORTEST_UNIT):
            return term.canonical, match.start("unit") + term.end
    return None, end
