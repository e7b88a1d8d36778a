"""Finds catalogue words of any language in a text: finishes, materials, colours, labels.

It owns the reading of `actors/vocabulary/*.toml` and the folding by which words are compared. It knows no field of a
record and no word of its own.
"""

import os
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextvars import ContextVar
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein

from actors.records import Record

INTERNATIONAL = "zxx"
OWN_FOLDER = "QUARRY_VOCABULARY"
"""Environment variable: a folder with further files of words, for a language that is not installed."""
ALWAYS = ("en", INTERNATIONAL)
"""Languages whose words count on every page: catalogues of all countries mix English in."""
READ: ContextVar[tuple[str, ...]] = ContextVar("languages_read", default=())
"""The languages of what is being read, best first; set by `actors.vocabulary.languages.reading_in`."""
MIN_FUZZY_LETTERS = 6
LONGEST_CACHED = 60
MOSTLY = 0.6
LONGEST_LINE = 80
_WORD = re.compile(r"[^\W_]+(?:[.]?['/&-]?[^\W_]+)*[.]?|[^\w\s]+", re.UNICODE)
_FOLDED_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "’": "'"} | dict.fromkeys("–‐‑—", "-")
)
_STEM_ENDING = 3


class Term(Record):
    """A word of the vocabulary where it stands in a text."""

    category: str
    canonical: str  # the English name, the same in all languages
    printed: str  # as it stands in the text
    start: int  # offsets into the text
    end: int
    language: str
    exact: bool = True  # False: one letter differs (a misspelling, or OCR)


class Form(NamedTuple):
    """A word as the vocabulary writes it."""

    canonical: str
    language: str
    stem: str
    ending: int  # letters that may follow; -1 any number


class _Entry(NamedTuple):
    category: str
    canonical: str
    language: str
    words: tuple[str, ...]
    ending: int  # letters that may follow the last word; -1 any number


class _Token(NamedTuple):
    folded: str
    start: int
    end: int


class Vocabulary:
    """All languages' words, indexed by their first word."""

    def __init__(self, tables: Collection[dict[str, object]]) -> None:
        """Tables as the files hold them."""
        self.function_words: dict[str, set[str]] = defaultdict(set)
        self._by_first: dict[str, list[_Entry]] = defaultdict(list)
        self._stems: dict[str, list[_Entry]] = defaultdict(list)
        self._single: dict[tuple[str, str], list[_Entry]] = defaultdict(list)
        self._forms: dict[str, list[Form]] = defaultdict(list)
        for table in tables:
            self._add(table)

    def _add(self, table: dict[str, object]) -> None:
        language = str(table["language"])
        function_words = table["function_words"]
        assert isinstance(function_words, list)
        self.function_words[language].update(fold(str(word)) for word in function_words)
        for category, canonicals in table.items():
            if isinstance(canonicals, dict):
                for canonical, forms in canonicals.items():
                    for form in forms:
                        self._add_form(category, canonical, language, form)

    def _add_form(self, category: str, canonical: str, language: str, form: str) -> None:
        stem = form.rstrip("*")
        words = tuple(token.folded for token in tokens(stem))
        ending = {0: 0, 1: _STEM_ENDING}.get(len(form) - len(stem), -1)
        entry = _Entry(category, canonical, language, words, ending)
        self._forms[category].append(Form(canonical, language, stem, ending))
        index = self._stems if ending and len(words) == 1 else self._by_first
        index[words[0]].append(entry)
        if not ending and len(words) == 1 and len(words[0]) >= MIN_FUZZY_LETTERS:
            self._single[category, words[0][0]].append(entry)

    def starting_with(self, word: str) -> Iterator[_Entry]:
        """Entries whose first word may be this folded word."""
        yield from self._by_first.get(word, ())
        for length in range(3, len(word) + 1):
            for entry in self._stems.get(word[:length], ()):
                if entry.ending < 0 or len(word) - length <= entry.ending:
                    yield entry

    def forms(self, category: str) -> list["Form"]:
        """A category's words as they are written in the files, for those who build patterns of them."""
        return self._forms[category]

    def alike(self, word: str, category: str) -> list[_Entry]:
        """Entries of one plain word that begin with the same letter and are about as long, for the fuzzy search."""
        near = self._single[category, word[0]]
        return [entry for entry in near if abs(len(entry.words[0]) - len(word)) <= 1]


def fold(text: str) -> str:
    """The one form in which words are compared: no case, no accents, single spaces."""
    return _fold_word(text) if len(text) <= LONGEST_CACHED else _fold(text)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(_FOLDED_LETTERS).casefold().translate(_FOLDED_LETTERS))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


_fold_word = lru_cache(maxsize=16384)(_fold)
"""Words and captions come again and again; pages do not, and would fill the memory."""


def squeeze(text: str) -> str:
    """`fold` without any space, for letter-spaced print ("S I Z E S") and lines broken elsewhere."""
    return fold(text).replace(" ", "")


def tokens(text: str) -> list[_Token]:
    """Folded words with their offsets; marks ('"', ':') are tokens of their own."""
    return [_Token(fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(text)]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The installed vocabulary and the files of one's own, read once a process."""
    files = [file for file in resources.files("actors.vocabulary").iterdir() if file.name.endswith(".toml")]
    if own := os.environ.get(OWN_FOLDER):
        files += Path(own).glob("*.toml")
    files.sort(key=lambda file: file.name)  # a folder has no order of its own
    return Vocabulary([tomllib.loads(file.read_text("utf-8")) for file in files])


def pattern_of(category: str, *canonicals: str, languages: Collection[str] = ()) -> str:
    """A pattern of a category's words, longest first; one that nothing matches where there are none.

    Args:
        category: of the vocabulary.
        canonicals: only words of these names; none means all.
        languages: only words of these, of English and the international ones; none means all.
    """
    forms = [form for form in vocabulary().forms(category) if not canonicals or form.canonical in canonicals]
    return alternatives([form for form in forms if not languages or form.language in (*languages, *ALWAYS)])


def alternatives(forms: Collection[Form]) -> str:
    """A pattern of words, longest first, each with and without its accents."""
    patterns = set()
    for form in forms:
        ending = {0: "", -1: r"\w*"}.get(form.ending, rf"\w{{0,{form.ending}}}")
        for stem in {form.stem, fold(form.stem)}:
            patterns.add(re.escape(stem).replace(r"\ ", r"\s") + ending)
    return "|".join(sorted(patterns, key=lambda word: (-len(word), word))) or "(?!)"


def find_terms(
    text: str, *categories: str, languages: Collection[str] | None = None, fuzzy: bool = False
) -> list[Term]:
    """The vocabulary's words in a text, in reading order; where two of one category overlap, the longer stays.

    Of the same word in several languages the one of the languages that are being read stays, then English.

    Args:
        text: one line or several.
        categories: which tables of the vocabulary; none means all.
        languages: restricts to these and to English and the international words; None means all.
        fuzzy: also words of six letters and more in which one letter is wrong.
    """
    every = _line_terms(text) if len(text) <= LONGEST_LINE else _all_terms(text)
    found = [term for term in every if _wanted(term, categories, languages)]
    if fuzzy:
        taken = [(term.start, term.end) for term in found]
        found += [term for term in _fuzzy_terms(text, categories, taken) if _wanted(term, categories, languages)]
    return _longest(found, READ.get())


def _terms(text: str) -> tuple[Term, ...]:
    """Every entry of the vocabulary in a text."""
    words = tokens(text)
    return tuple(
        _term(entry, text, words, position)
        for position, word in enumerate(words)
        for entry in vocabulary().starting_with(word.folded)
        if _follows(entry, words, position)
    )


_all_terms = lru_cache(maxsize=256)(_terms)
_line_terms = lru_cache(maxsize=8192)(_terms)
"""Kept, because a line is searched by many readers, and by the stages one after the other."""


def _wanted(term: Term, categories: tuple[str, ...], languages: Collection[str] | None) -> bool:
    if categories and term.category not in categories:
        return False
    return languages is None or term.language in languages or term.language in ALWAYS


def _follows(entry: _Entry, words: list[_Token], position: int) -> bool:
    """Whether the entry's words stand here; a last word with an ending may be longer than its stem."""
    if len(entry.words) > len(words) - position:
        return False
    for offset, expected in enumerate(entry.words):
        word = words[position + offset].folded
        last = offset == len(entry.words) - 1
        if last and entry.ending:
            if not word.startswith(expected) or (0 < entry.ending < len(word) - len(expected)):
                return False
        elif word != expected and not (last and word.rstrip(".") == expected.rstrip(".")):
            return False
    return True


def _term(entry: _Entry, text: str, words: list[_Token], position: int, *, exact: bool = True) -> Term:
    start, end = words[position].start, words[position + len(entry.words) - 1].end
    printed = text[start:end]
    if printed.endswith(".") and not entry.words[-1].endswith("."):
        printed, end = printed[:-1], end - 1
    return Term(
        category=entry.category, canonical=entry.canonical, printed=printed, start=start, end=end,
        language=entry.language, exact=exact,
    )  # fmt: skip


def _fuzzy_terms(text: str, categories: tuple[str, ...], taken: list[tuple[int, int]]) -> list[Term]:
    """Words in which one letter is wrong, where nothing is known that they could be instead."""
    words = tokens(text)
    found = []
    for position, word in enumerate(words):
        known = any(start <= word.start < end for start, end in taken) or _is_known(word.folded)
        if known or len(word.folded) < MIN_FUZZY_LETTERS or not word.folded.isalpha():
            continue
        for category in categories:
            for entry in vocabulary().alike(word.folded, category):
                if DamerauLevenshtein.distance(entry.words[0], word.folded, score_cutoff=1) <= 1:
                    found.append(_term(entry, text, words, position, exact=False))
                    break
    return found


def _is_known(word: str) -> bool:
    """Whether some language's vocabulary has the word: then it is no misspelling of another."""
    return any(len(entry.words) == 1 for entry in vocabulary().starting_with(word))


def is_denied(text: str, term: Term) -> bool:
    """Whether the words beside a term turn it round: "not frost resistant", "lead-free", "boyalı değil"."""
    before, behind = text[: term.start].rstrip(" -\t"), text[term.end :].lstrip(" -\t")
    denials = find_terms(before[-12:], "denial"), find_terms(behind[:12], "denial")
    return any(word.canonical == "before" and word.end == len(before[-12:]) for word in denials[0]) or any(
        word.canonical == "behind" and word.start == 0 for word in denials[1]
    )


def share_covered(text: str, terms: Collection[Term]) -> float:
    """How much of a text these words of it are, 0 to 1; what several of them cover counts once."""
    covered = sum(any(term.start <= place < term.end for term in terms) for place in range(len(text)))
    return covered / len(text) if text else 0.0


def looks_only(text: str, *categories: str) -> bool:
    """Whether most letters of a text are those of words of these categories of the vocabulary."""
    terms = find_terms(text, *categories)
    letters = [place for place, char in enumerate(text) if char.isalpha()]
    covered = sum(any(term.start <= place < term.end for term in terms) for place in letters)
    return bool(letters) and covered >= MOSTLY * len(letters)


def rank(language: str, read: Sequence[str]) -> tuple[int, bool]:
    """Sorts languages: those that are being read, best first, then those that count always, then the others."""
    return read.index(language) if language in read else len(read), language not in ALWAYS


def _longest(found: list[Term], read: Sequence[str]) -> list[Term]:
    """Without those that lie inside a longer one of their own category, and without the same place twice."""
    kept: list[Term] = []
    for term in sorted(found, key=lambda t: (t.start - t.end, t.start, *rank(t.language, read))):
        if not any(o.category == term.category and o.start < term.end and term.start < o.end for o in kept):
            kept.append(term)
    return sorted(kept, key=lambda term: (term.start, term.end))
