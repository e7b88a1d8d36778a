"""Owns the series of a product: the heading it stands under, there, in an overview or on its section's title page."""

from actors.evidence import occurs
from actors.metadata import merge
from actors.page_labels import Label
from actors.product_names import name_pieces
from actors.records import Evidence, Metadata, ProductCandidate
from actors.series_names import COLLECTION, names_series
from cluster.stages.product_context import DocumentContext
from cluster.stages.product_looks import key

CONFIDENCE = 0.55
LISTED = 0.5  # of a heading in an overview, or on a page before
LARGER = 1.15
READABLE = 0.5  # OCR's own word, from which lettering is worth telling: below it, it is a logo or a picture


def with_series(one: ProductCandidate, context: DocumentContext) -> Metadata:
    """The candidate's metadata, with the heading above it as collection where it names none itself."""
    if "collection" in one.metadata.fields.get("coreIdentity", {}):
        return one.metadata
    for label in _series_over(one, context)[:1]:
        series = " ".join(name_pieces(label.text))
        line = next((line for line in label.lines if occurs(series, line.text)), None)
        if line is not None and line.confidence >= READABLE:
            proof = Evidence(
                field=COLLECTION, value=series, page=one.page, box=line.box, source=label.source, text=line.text,
                confidence=CONFIDENCE,
            )  # fmt: skip
            return merge(one.metadata, Metadata(fields={"coreIdentity": {"collection": series}}, evidence=(proof,)))
    return _opened(one, _listed(one, context), context)


def _series_over(one: ProductCandidate, context: DocumentContext) -> list[Label]:
    """The nearest heading if it names a series; where it says a kind of goods, the next larger one of a text layer."""
    headings = context.headings_over(one)
    if not headings or _is_series(headings[0], context):
        return headings[:1]
    if headings[0].source == "ocr":
        return []
    larger = [label for label in headings if label.size >= LARGER * headings[0].size]
    return [label for label in larger[:1] if _is_series(label, context)]


def _is_series(label: Label, context: DocumentContext) -> bool:
    series = " ".join(name_pieces(label.text))
    return names_series(series) and not context.is_name(series)


def _listed(one: ProductCandidate, context: DocumentContext) -> Metadata:
    """The metadata with the heading under which an overview lists the product."""
    heading = context.listed.get(key(one.name))
    if heading is None or not occurs(heading.series, heading.line.text):
        return one.metadata
    proof = Evidence(
        field=COLLECTION, value=heading.series, page=heading.page, box=heading.line.box, source=heading.source,
        text=heading.line.text, confidence=LISTED,
    )  # fmt: skip
    return merge(one.metadata, Metadata(fields={"coreIdentity": {"collection": heading.series}}, evidence=(proof,)))


def _opened(one: ProductCandidate, known: Metadata, context: DocumentContext) -> Metadata:
    """The metadata with the title of the section's first page, where nothing nearer names a series.

    Rows of tables are left out: a price list at the end stands behind the last section.
    """
    opener = context.sections.get(one.page)
    is_row = one.look is not None and one.look.relation == "row"
    if opener is None or is_row or "collection" in known.fields.get("coreIdentity", {}):
        return known
    line = next((line for line in opener.title.lines if occurs(opener.name, line.text)), None)
    if line is None or line.confidence < READABLE or not names_series(opener.name) or context.is_name(opener.name):
        return known
    proof = Evidence(
        field=COLLECTION, value=opener.name, page=opener.page, box=line.box, source=opener.title.source, text=line.text,
        confidence=LISTED,
    )  # fmt: skip
    return merge(known, Metadata(fields={"coreIdentity": {"collection": opener.name}}, evidence=(proof,)))
