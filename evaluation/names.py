"""When a name that was found is the name that the eye read.

Case, accents, spaces and punctuation are folded away: letters and digits must agree, misspellings of the supplier
included. A name that OCR read may differ in one letter, or in one of every eight. An article code printed in front of
or behind the name counts as part of it or not, as long as it is the record's own code.
"""

import unicodedata
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

LETTERS_PER_ERROR = 8


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """Letters and digits in lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.replace("ı", "i").replace("İ", "i"))
    return "".join(char for char in decomposed.casefold() if char.isalnum())


def same_name(found: str, true: str, *, code: str = "", by_ocr: bool = False) -> bool:
    """Whether two printings name the same product; `code` is the found record's."""
    one, other = folded(found), folded(true)
    if _alike(one, other, by_ocr):
        return True
    number = folded(code)
    return bool(number) and one != number and _alike(_without(one, number), _without(other, number), by_ocr)


def _alike(one: str, other: str, by_ocr: bool) -> bool:
    if one == other:
        return bool(one)
    allowed = max(1, len(other) // LETTERS_PER_ERROR) if by_ocr else 0
    return allowed > 0 and min(len(one), len(other)) > 2 and Levenshtein.distance(one, other) <= allowed


def _without(name: str, code: str) -> str:
    return name.removeprefix(code).removesuffix(code)
