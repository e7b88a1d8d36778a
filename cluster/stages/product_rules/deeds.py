"""Owns what a caption or a row says that no goods have: who had a thing built, where and when, what somebody does.

Works, people and events have names and pictures as goods have, and sums as these have prices.
"""

import re

from actors.naming.product_names import AN_ADDRESS, refuse
from actors.records import ProductCandidate
from actors.vocabulary.words import find_terms
from cluster.stages.product_rules.context import has_own_size

BUILDERS = ("client", "location", "architect", "contract")
MIN_KINDS = 2  # of labels of a work in a row: a price list may name customers
MIN_SENTENCE = 2  # words: "Co." ends in a full stop as well
HOURS = re.compile(r"\s*\d{1,2}[:h]\d{2}\s*[-\u2013]\s*\d{1,2}[:h]\d{2}\b")
BUILT_AREA = re.compile(
    r"(?<![\d.,])(?:\d{1,3}[.,\s])?\d{3}\s?(?:m[²2?]|sq\.?\s?m|qm)(?!\w)"
)  # no carton holds so much
BUILT_IN = re.compile(r"(?:^|[\s,·|/–-])(?:19|20)\d\d(?:\s?[-–/]\s?(?:(?:19|20)?\d\d))?\s*(?:$|[·|])")


def is_work(one: ProductCandidate) -> bool:
    """Whether a building or an event is described: "Client: ...", "Bilbao, 2019", "4.200 m2"."""
    lines = one.text.split("\n")[1:]
    if any(BUILT_AREA.search(line) for line in lines) and not _is_article(one):
        return True
    if any(BUILT_IN.search(line) for line in lines) and not (one.code or one.metadata.fields):
        return True
    return not _labels_of_works(one).isdisjoint(BUILDERS)


def is_listed_work(one: ProductCandidate) -> bool:
    """Whether a row has columns that lists of works have, "Client", "Year", "Contract value", and no code or size."""
    kinds = _labels_of_works(one)
    is_named = one.code is not None or has_own_size(one)
    return len(kinds) >= MIN_KINDS and not kinds.isdisjoint(BUILDERS) and not is_named


def is_somebody(one: ProductCandidate) -> bool:
    """Whether a caption says what a person does, where to ring up, or hours and prices of nights: teams, hotels."""
    below = one.text.split("\n")[1:]
    return any(
        find_terms(line, "person", "service") or HOURS.match(line) or refuse(line) == AN_ADDRESS for line in below
    )


def is_sentence(one: ProductCandidate) -> bool:
    """Whether a caption ends in a full stop: the steps of an instruction do, names do not."""
    caption = one.text.partition("\n")[0].strip()
    return caption.endswith(".") and len(caption.split()) >= MIN_SENTENCE


def _is_article(one: ProductCandidate) -> bool:
    return "commercialInformation" in one.metadata.fields or has_own_size(one)


def _labels_of_works(one: ProductCandidate) -> set[str]:
    """Of which kinds the labels are that only works have: "Client: ...", "Year: 2019"."""
    labels = [line.partition(":")[0].strip() for line in one.text.split("\n")[1:] if ":" in line]
    terms = [(label, term) for label in labels for term in find_terms(label, "project")]
    return {term.canonical for label, term in terms if term.printed == label}
