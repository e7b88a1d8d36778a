"""Owns lines that begin with an article code: several of them under one picture are several articles.

It owns the form of codes as well: what alone may be a weight ("6012G") is a code where its form repeats, caption after
caption. Knows no pages.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from actors.naming.product_names import NUMBER_MARK
from actors.page.printed_rows import PrintedRow, printed_rows
from actors.records import TextLine
from actors.values.codes import parse_codes
from actors.values.dimensions import parse_dimensions

MIN_ALIKE = 3
"""Captions with a code of one form: fewer may be chance."""
A_MARK, A_STRUCTURE = "No.", "9999 AA"
MANY, NEARLY_ALL, SHORT = 6, 0.9, 3
PRICE_ENDS = "059"
MIN_LONG = 4
"""Digits of a code that has no other sign of being one."""
ROUND = 50
"""Most watts, grams and millilitres are multiples of it, codes are not."""
_TOKEN = re.compile(r"(?=.*\d)[A-Z0-9]+(?:[-./][A-Z0-9]+)*")
_NUMBER = re.compile(rf"(?P<mark>{NUMBER_MARK}|№\s*)?(?P<code>\d+(?:[./ -]\d+)*)")
"""A bare number, or one that is marked as such."""
_STRUCTURED = re.compile(r"(?P<code>[A-Z]{0,2}\d{3,7})(?P<mark> [A-Z]{2,3}\d?)")
"""A decor's number and the letters of its structure: "0112 PE", "K003 PW"."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_NO_LETTERS = re.compile(r"[\d./-]+")
_A_NAME = re.compile(r"\s*(?![a-z])[^\W\d_]")
_MANY_LINES = 2


def form_of(code: str) -> str:
    """How a code is built: 9 for each digit, A for each letter."""
    return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", code))


def leading_code(text: str) -> str | None:
    """The article code that a line begins with, with or without a label; a long number counts where a name follows."""
    opening = text.strip()
    for code in parse_codes(opening):
        if code.start <= len(code.label) + 2 and any(char.isdigit() for char in code.code):
            return code.code
    token, _, rest = opening.partition(" ")
    is_long = sum(char.isdigit() for char in token) >= MIN_LONG and not _YEAR.fullmatch(token)
    if not _TOKEN.fullmatch(token) or not is_long or _opens_with_size(opening, token):
        return None
    # "261.8 g", "60-80 nm" and "5000 lumen" are measures; "012-345-678 Luna" and "104523 Luna" are not.
    is_number = len(re.findall(r"[-./]", token)) != 1
    return token if (is_number or not _NO_LETTERS.fullmatch(token)) and _A_NAME.match(rest) else None


def _opens_with_size(text: str, token: str) -> bool:
    return any(size.start < len(token) for size in parse_dimensions(text))


def coded_rows(lines: Sequence[TextLine]) -> list[tuple[str, PrintedRow]]:
    """Printed rows that each begin with a code of their own, all of one form; none where it is fewer than two."""
    found = [(code, row) for row in printed_rows(lines) if (code := leading_code(row.text)) is not None]
    alike = [(code, row) for code, row in found if form_of(code) == form_of(found[0][0])]
    distinct = {code for code, _ in alike}
    return alike if len(distinct) == len(found) >= _MANY_LINES else []


def repeated_codes(names: Sequence[str]) -> dict[int, str]:
    """By place in `names`, the first or last word where it is built alike in several and nowhere the same."""
    by_form: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    for place, name in enumerate(names):
        words = name.split()
        for end in (0, -1) if len(words) > 1 else ():
            word = words[end]
            if _TOKEN.fullmatch(word) and sum(char.isdigit() for char in word) >= MIN_LONG:
                by_form[end, form_of(word)].append((place, word))
    codes: dict[int, str] = {}
    for found in by_form.values():
        words_of_form = [word for _, word in found]
        distinct = len(set(words_of_form)) == len(words_of_form) >= MIN_ALIKE
        if distinct and 2 * len(found) >= len(names) and not _are_measures(words_of_form):
            codes |= dict(found)
    return codes


def numbers_beside(captions: Sequence[Sequence[str]]) -> dict[int, str]:
    """By place in `captions`, each the lines of one, the number that is a line, built or marked alike in most.

    Of three digits it counts where nearly all of many captions have one, and the numbers do not end as prices do.
    """
    by_form: dict[str, dict[int, str]] = defaultdict(dict)
    for place, lines in enumerate(captions):
        for line in lines:
            structured = _STRUCTURED.fullmatch(line.strip())
            match = structured or _NUMBER.fullmatch(line.strip())
            if match is None:
                continue
            number, is_marked = match.group("code"), match.group("mark") is not None
            if is_marked or sum(char.isdigit() for char in number) >= SHORT:
                form = (A_STRUCTURE if structured else A_MARK) if is_marked else form_of(number)
                by_form[form].setdefault(place, number)
    for form, found in by_form.items():
        numbers = list(found.values())
        distinct = len(set(numbers)) == len(numbers) >= MIN_ALIKE
        rounded = form != A_MARK and all(int(re.sub(r"\D", "", number)) % ROUND == 0 for number in numbers)
        is_short = form.count("9") < MIN_LONG and form not in (A_MARK, A_STRUCTURE)
        told = not is_short or _are_short_codes(numbers, len(captions))
        if distinct and told and 2 * len(found) >= len(captions) and not rounded and not _are_measures(numbers):
            return found
    return {}


def _are_short_codes(numbers: Sequence[str], captions: int) -> bool:
    return len(numbers) >= max(MANY, NEARLY_ALL * captions) and not all(number[-1] in PRICE_ENDS for number in numbers)


def _are_measures(words: Sequence[str]) -> bool:
    """Whether these are years, or round numbers with a unit behind them."""
    numbers = [int("".join(char for char in word if char.isdigit())) for word in words]
    years = sum(bool(_YEAR.fullmatch(word)) for word in words)
    rounded = median(number % ROUND == 0 for number in numbers)
    return 2 * years >= len(words) or (rounded > 0 and any(word[-1].isalpha() for word in words))
