"""Tells the language of a document and of its pages, and holds which languages are being read.

It owns how words vote for languages; the words are the vocabulary's, so that a new file there is a new language here.
Readers of words and sizes ask `languages_read()`, as decimals ask for their context: a stage says once in which
languages a page is (`reading_in`), and no reader has to hand it on.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from actors.vocabulary.words import ALWAYS, READ, tokens, vocabulary

ENOUGH, ENOUGH_FOR_A_PAGE = 2.0, 6.0
"""Votes that the best language must have: of a text, and of a page that is to differ from its document."""
ALSO = 0.6
"""Share of the best language's votes from which another counts as a language of the text too."""
SMALL_WORD, CATALOGUE_WORD = 1.0, 0.5
SHORTEST = 2
"""Letters of a word that votes: single letters are sides of a size, codes, numbering."""
_NO_VOTE = ("unit", "count_unit", "size_letter")


@contextmanager
def reading_in(languages: Sequence[str]) -> Iterator[None]:
    """Within it, words and letters mean first what they mean in these languages, the best first."""
    token = READ.set(tuple(languages))
    try:
        yield
    finally:
        READ.reset(token)


def languages_read() -> tuple[str, ...]:
    """The languages of what is being read, best first; empty when nobody knows."""
    return READ.get()


def is_read(language: str) -> bool:
    """Whether words of that language are those of the text; all are, where nobody knows in which it is."""
    read = languages_read()
    return not read or language in read or language in ALWAYS


def languages_of_pages(texts: Sequence[str]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The languages of a document, and of each of its pages; best first, empty where too few words tell.

    A page with few words is in the language of its document; one that is clearly in another has that first.
    """
    document = detect_languages("\n".join(texts))
    return document, [_of_page(text, document) for text in texts]


def _of_page(text: str, document: tuple[str, ...]) -> tuple[str, ...]:
    own = detect_languages(text, minimum=ENOUGH_FOR_A_PAGE)
    return tuple(dict.fromkeys((*own, *document)))


@lru_cache(maxsize=64)
def detect_languages(text: str, *, minimum: float = ENOUGH) -> tuple[str, ...]:
    """The languages that a text is in, best first; empty when too few words tell.

    Each different word votes for the languages that have it, with its share when several do, and with the logarithm
    of how often it comes: a label that a price list repeats in each row is one witness.
    """
    votes: dict[str, float] = defaultdict(float)
    for word, count in Counter(token.folded for token in tokens(text)).items():
        for language, vote in _votes(word.rstrip(".")):
            votes[language] += vote * (1 + math.log(count))
    if not votes or max(votes.values()) < minimum:
        return ()
    best = max(votes.values())
    ranked = sorted(votes, key=lambda language: (-votes[language], language))
    return tuple(language for language in ranked if votes[language] >= ALSO * best)


@lru_cache(maxsize=16384)
def _votes(word: str) -> tuple[tuple[str, float], ...]:
    """Whom a folded word votes for."""
    if len(word) < SHORTEST or not word.isalpha():
        return ()
    known = vocabulary()
    small = [language for language, words in known.function_words.items() if word in words]
    named = {
        entry.language
        for entry in known.starting_with(word)
        if len(entry.words) == 1 and entry.category not in _NO_VOTE and known.function_words[entry.language]
    }
    voters = set(small) | named
    if not voters:
        return ()
    return tuple(
        (language, (SMALL_WORD if language in small else CATALOGUE_WORD) / len(voters)) for language in sorted(voters)
    )
