"""Owns colours that lines of captions are without a colon: `Colour Granite`, and `OF/101 Midnight` behind a code.

Several captions have to print such lines, each with another word. Knows candidates, no pages.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from actors.metadata import merge
from actors.records import Evidence, Metadata, ProductCandidate
from actors.vocabulary.words import find_terms, fold
from cluster.stages.product_rules.looks import key

CATEGORY, LIST, FIRST = "visualProperties", "colours", "primaryColor"
LABELS = ("visualProperties.primaryColor", "visualProperties.colours")
SOMETHING_ELSE = ("finish", "size_label", "range_word")
CONFIDENCE = 0.6
MIN_LINES = 3  # of captions, each with a colour of its own
MOST_WORDS = 3


class ColourLine(NamedTuple):
    """A line of a caption and the words of it that are a colour."""

    line: str
    colour: str


Place = tuple[int, tuple[float, ...], str | None]
Told = Mapping[Place, ColourLine]
"""By page, box of the name, and code."""


def colour_lines(candidates: Sequence[ProductCandidate]) -> Told:
    """The lines that say colours, by product; none where they are few or all say the same.

    Args:
        candidates: the products of a document.
    """
    labelled = {_place(one): found for one in candidates if (found := _behind_label(one)) is not None}
    coded = [(one, found) for one in candidates if (found := _behind_code(one)) is not None]
    kinds: dict[str, set[str]] = {}
    for one, found in coded:
        kinds.setdefault(key(one.name), set()).add(fold(found.colour))
    of_several = {_place(one): found for one, found in coded if len(kinds[key(one.name)]) > 1}
    if 2 * len(of_several) < len(coded):
        of_several = {}
    return {**_if_several(of_several), **_if_several(labelled)}


def with_told_colour(one: ProductCandidate, known: Metadata, told: Told) -> Metadata:
    """The metadata with the colour that a line of the caption says, where a word of it is not known as one already."""
    found = told.get(_place(one))
    colours = [fold(str(colour)) for colour in known.fields.get(CATEGORY, {}).get(LIST, [])]
    if found is None or any(word in colours for word in fold(found.colour).split()):
        return known
    proofs = tuple(
        Evidence(
            field=f"{CATEGORY}.{field}", value=found.colour, page=one.page, box=one.text_box, source=one.source,
            text=found.line, confidence=CONFIDENCE,
        )
        for field in (LIST, FIRST)
    )  # fmt: skip
    return merge(known, Metadata(fields={CATEGORY: {LIST: [found.colour], FIRST: found.colour}}, evidence=proofs))


def _place(one: ProductCandidate) -> Place:
    return one.page, one.box, one.code


def _if_several(found: Told) -> Told:
    return found if len({fold(line.colour) for line in found.values()}) >= MIN_LINES else {}


def _behind_label(one: ProductCandidate) -> ColourLine | None:
    for line in one.text.split("\n")[1:]:
        label = next((term for term in find_terms(line, "field_label") if term.start == 0), None)
        if label is not None and label.canonical in LABELS and _is_colour(line[label.end :]):
            return ColourLine(line, line[label.end :].strip())
    return None


def _behind_code(one: ProductCandidate) -> ColourLine | None:
    for line in one.text.split("\n")[1:]:
        if one.code and line.startswith(one.code) and _is_colour(line[len(one.code) :]):
            return ColourLine(line, line[len(one.code) :].strip())
    return None


def _is_colour(rest: str) -> bool:
    """Whether words may be a colour: they stand apart, have no digits, and say nothing else."""
    words = rest.split()
    worded = all(word.replace("-", "").isalpha() for word in words) and rest[:1].isspace()
    return 0 < len(words) <= MOST_WORDS and worded and words[0][0].isupper() and not find_terms(rest, *SOMETHING_ELSE)
