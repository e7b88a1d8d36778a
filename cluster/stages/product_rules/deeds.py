"""Owns what a caption or a row says that no goods have: who had a thing built, where and when, what somebody does.

Works, people and events have names and pictures as goods have, and sums as these have prices.
"""

import re
from collections.abc import Sequence

from actors.naming.product_names import AN_ADDRESS, refuse
from actors.records import PageContent, ProductCandidate
from actors.vocabulary.words import find_terms
from cluster.stages.product_rules.page_notices import has_own_size

BUILDERS = ("client", "location", "architect", "contract")
DESIGN = ("coreIdentity.designer", "visualProperties.pattern")
SOLD = frozenset(("price", "packaging", "warranty"))
MIN_KINDS = 2  # of labels of a work: a price list may name customers
LONGEST_LABEL = 30  # letters
MIN_SENTENCE = 2  # words: "Co." ends in a full stop as well
NEXT_SENTENCE = re.compile(r"[^\W\d_]{5,}\.\s+[^\W\d_]{2,}")  # five letters: "Porc. Naturale" is one name
HOURS = re.compile(r"\s*\d{1,2}[:h]\d{2}\s*[-\u2013]\s*\d{1,2}[:h]\d{2}\b")
BUILT_AREA = re.compile(
    r"(?<![\d.,])(?:\d{1,3}[.,\s])?\d{3}\s?(?:m[²2?z\"'*]|sq\.?\s?m|qm)(?!\w)"
)  # no carton holds so much; OCR sees other signs for the small 2
FLOOR = re.compile(r"(?<![\d.,])\d{2,3}\s?(?:m[²2?z\"'*]?|sq\.?\s?m|qm)(?=\s*(?:$|[·|.,;]))", re.MULTILINE)
YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]*\d)")
MIN_DISTINCT = 3  # years, or areas: "New 2026" stands under many names
BUILT_IN = re.compile(r"(?:^|[,·|/–-])\s*(?:19|20)\d\d(?:\s?[-–/]\s?(?:(?:19|20)?\d\d))?\s*(?:$|[·|])")


def is_work(one: ProductCandidate) -> bool:
    """Whether a building or an event is described: "Client: ...", "Bilbao, 2019", "4.200 m2"."""
    lines = one.text.split("\n")[1:]
    if any(BUILT_AREA.search(line) for line in lines) and not _is_article(one):
        return True
    is_bare = not (one.code or one.metadata.fields or _is_designed(one))
    if is_bare and any(BUILT_IN.search(line) for line in lines):
        return True
    return not _labels_of_works(one).isdisjoint(BUILDERS)


def are_works(captions: Sequence[ProductCandidate]) -> bool:
    """Whether most captions of a look describe works, or say a year or an area, another one each, and nothing of goods.

    Where most say both, they are numbered works: "HN 027, 2018, 211 m2".
    """
    if _is_most(captions, list(map(is_work, captions))):
        return True
    told = [(set(FLOOR.findall(below)), set(YEAR.findall(below))) for below in map(_below, captions)]
    if _is_most(captions, [areas and years for areas, years in told]):
        return True
    bare = _is_most(captions, [not (one.code or _is_article(one) or _is_designed(one)) for one in captions])
    return bare and any(
        _is_most(captions, said) and len(set().union(*said)) >= MIN_DISTINCT for said in zip(*told, strict=True)
    )


def _is_most(captions: Sequence[ProductCandidate], said: Sequence[object]) -> bool:
    return 2 * sum(map(bool, said)) >= len(captions)


def _below(one: ProductCandidate) -> str:
    """What stands under a name."""
    return one.text.partition("\n")[2]


def is_listed_work(one: ProductCandidate) -> bool:
    """Whether a row has columns that lists of works have, "Client", "Year", "Contract value", and no code or size."""
    kinds = _labels_of_works(one)
    is_named = one.code is not None or has_own_size(one)
    return len(kinds) >= MIN_KINDS and not kinds.isdisjoint(BUILDERS) and not is_named


def shows_a_work(page: PageContent) -> bool:
    """Whether a page has labels that only works have, of several kinds: client, year, floor area."""
    labels = [line.text.partition(":")[0].strip() for block in page.blocks for line in block.lines]
    kinds = _kinds_of_labels(labels)
    return len(kinds) >= MIN_KINDS and not kinds.isdisjoint(BUILDERS)


def is_somebody(one: ProductCandidate) -> bool:
    """Whether a caption says what a person does, where to ring up, or hours and prices of nights: teams, hotels."""
    below = one.text.split("\n")[1:]
    return any(
        find_terms(line, "person", "service") or HOURS.match(line) or refuse(line) == AN_ADDRESS for line in below
    )


def is_sentence(one: ProductCandidate) -> bool:
    """Whether a caption ends in a full stop, or has one between words: the steps of an instruction do, names do not."""
    caption = one.text.partition("\n")[0].strip()
    ends = caption.endswith(".") and len(caption.split()) >= MIN_SENTENCE
    return ends or NEXT_SENTENCE.search(caption) is not None


def _is_article(one: ProductCandidate) -> bool:
    """Whether a size, a price or a packing is printed; what floor or bath it is for, a reference says as well."""
    return not SOLD.isdisjoint(one.metadata.fields.get("commercialInformation", {})) or has_own_size(one)


def _is_designed(one: ProductCandidate) -> bool:
    """Whether a designer is named, "Design: M. Rossi, 2008": of a chair, whose year that is."""
    terms = [term for line in _below(one).split("\n") for term in find_terms(line, "field_label")]
    return any(term.start == 0 and term.canonical in DESIGN for term in terms)


def _labels_of_works(one: ProductCandidate) -> set[str]:
    """Of which kinds the labels are that only works have: "Client: ...", "Year: 2019"."""
    return _kinds_of_labels([line.partition(":")[0].strip() for line in one.text.split("\n")[1:] if ":" in line])


def _kinds_of_labels(labels: Sequence[str]) -> set[str]:
    short = [label for label in labels if len(label) <= LONGEST_LABEL and not any(map(str.isdigit, label))]
    terms = [(label, term) for label in short for term in find_terms(label, "project")]
    return {term.canonical for label, term in terms if term.printed == label}
