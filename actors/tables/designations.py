"""Owns codes that begin the names of a price list's rows: "AFE 80/50 L KN base without channel" is AFE 80/50 L KN.

What the whole table does is told here; a single code in a name is known by `actors.naming.product_names`.
"""

import re
from collections import Counter
from collections.abc import Sequence

from actors.vocabulary.words import find_terms

MIN_ROWS = 3
MOST = 0.5  # of a table's rows that begin with a designation
DISTINCT = 0.7  # of the designations
NAMED = 0.3  # of these that say in words what it is of
WORD = re.compile(r"[^\W\d_A-ZÀ-ÖØ-ÞŐŰİŁŚŻĆ]{2,}")
CAPITAL = re.compile(r"[A-ZÀ-ÖØ-ÞŐŰİŁŚŻĆ]")
EDGES = " ,;–-"
LONGEST = 40


def designations(names: Sequence[str]) -> list[str | None]:
    """The designation that each name begins with; none at all where the table's names do not begin so, or alike."""
    found = [_leading(name) for name in names]
    told = [one for one in found if one is not None]
    worded = sum(one is not None and one != name for one, name in zip(found, names, strict=True))
    are_many = len(told) >= max(MIN_ROWS, MOST * len(names))
    are_codes = worded >= NAMED * len(told) and len(set(told)) >= DISTINCT * len(told)
    return found if are_many and are_codes else [None] * len(names)


def _leading(name: str) -> str | None:
    """The words in capitals and numbers that a name begins with, up to the first that is written small."""
    taken: list[str] = []
    words = name.split()
    for word in words:
        if WORD.search(word):
            break
        taken.append(word)
    begin = " ".join(taken).strip(EDGES)
    following = words[len(taken)] if len(taken) < len(words) else ""
    is_one = bool(CAPITAL.match(begin)) and any(char.isdigit() for char in begin) and len(begin) <= LONGEST
    # "MDF 18 mm board" begins with what it is made of and a size.
    is_said = find_terms(begin, "material", "colour", "finish") or find_terms(following, "unit")
    return begin if is_one and not is_said else None


def told_apart(codes: Sequence[str | None], names: Sequence[str]) -> list[str | None]:
    """Codes without those that several names of one table have in common: a part that all of them fit."""
    of = Counter(code for code, _ in dict.fromkeys(zip(codes, names, strict=True)))
    return [code if code is None or of[code] == 1 else None for code in codes]
