"""Owns the colour that a name is where its page is a colour card: "Chalk Hill" under a swatch is no more than that."""

from actors.metadata import merge
from actors.records import Evidence, Metadata, ProductCandidate
from actors.vocabulary.words import find_terms, share_covered
from cluster.stages.product_rules.context import DocumentContext

CATEGORY, FIELD = "visualProperties", "colours"
CARD = "card"
ALL_OF_IT = 0.85  # of a title
CONFIDENCE = 0.6
MIN_NAMES = 3  # of one look on the page


def with_card_colour(one: ProductCandidate, known: Metadata, context: DocumentContext) -> Metadata:
    """The metadata with the product's name as its colour, where it names a picture of a colour card and says none."""
    look, page = one.look, context.page(one)
    is_caption = look is not None and look.support >= MIN_NAMES and look.relation not in ("row", "sheet", "heading")
    if page is None or not is_caption or FIELD in known.fields.get(CATEGORY, {}):
        return known
    over = [label.text for label in page.notices if label.box[3] <= one.box[1]]
    if not (any(map(_says_card, over)) or any(map(_is_of_colours, page.titles))):
        return known
    line = one.text.partition("\n")[0]
    if one.name not in line:
        return known
    proof = Evidence(
        field=f"{CATEGORY}.{FIELD}", value=one.name, page=one.page, box=one.box, source=one.source, text=line,
        confidence=CONFIDENCE,
    )  # fmt: skip
    return merge(known, Metadata(fields={CATEGORY: {FIELD: [one.name]}}, evidence=(proof,)))


def _says_card(text: str) -> bool:
    return any(term.canonical == CARD for term in find_terms(text, "colour_card"))


def _is_of_colours(title: str) -> bool:
    return share_covered(title, find_terms(title, "colour_card")) >= ALL_OF_IT
