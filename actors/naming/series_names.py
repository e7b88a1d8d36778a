"""Owns the question whether a heading can be the name of a series. Knows words, no geometry."""

from actors.naming.product_names import SENTENCE_END
from actors.vocabulary.words import find_terms, share_covered

COLLECTION = "coreIdentity.collection"
MAX_WORDS = 6
SLOGAN_WORDS = 4  # from which on praise makes a heading a slogan: "Premium Quality for Every Home"
KINDS = ("product_type", "field_label", "material", "finish", "colour", "boilerplate", "contents")
ALL_OF_IT = 0.85  # of a heading's letters: "Wash basins", "Matt", "Series" name no series


def names_series(text: str) -> bool:
    """Whether a heading can be the name of a series: more than a kind of goods or a look, and no sentence."""
    words = text.split()
    if not words or len(words) > MAX_WORDS or text[0].islower() or SENTENCE_END.search(text):
        return False
    kinds = find_terms(text, *KINDS)
    labels = [term for term in kinds if f"{term.category}.{term.canonical}" == f"field_label.{COLLECTION}"]
    if labels and len(text) > len(labels[0].printed):
        return True  # "Textured Series" says itself that it is one
    if len(words) >= SLOGAN_WORDS and find_terms(text, "cue_marketing"):
        return False
    return share_covered(text, kinds) < ALL_OF_IT
