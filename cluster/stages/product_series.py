"""Owns the series of a product: the heading it stands under, there or in an overview, without the size it prints."""

from actors.evidence import occurs
from actors.metadata import merge
from actors.product_names import name_pieces
from actors.records import Evidence, Metadata, ProductCandidate
from cluster.stages.product_context import DocumentContext
from cluster.stages.product_looks import key

FIELD = "coreIdentity.collection"
CONFIDENCE = 0.55
LISTED = 0.5  # of a heading in an overview


def with_series(one: ProductCandidate, context: DocumentContext) -> Metadata:
    """The candidate's metadata, with the heading above it as collection where it names none itself."""
    if "collection" in one.metadata.fields.get("coreIdentity", {}):
        return one.metadata
    for label in context.headings_over(one)[:1]:
        series = " ".join(name_pieces(label.text))
        line = next((line for line in label.lines if occurs(series, line.text)), None)
        if line is not None:
            proof = Evidence(
                field=FIELD, value=series, page=one.page, box=line.box, source=label.source, text=line.text,
                confidence=CONFIDENCE,
            )  # fmt: skip
            return merge(one.metadata, Metadata(fields={"coreIdentity": {"collection": series}}, evidence=(proof,)))
    return _listed(one, context)


def _listed(one: ProductCandidate, context: DocumentContext) -> Metadata:
    """The metadata with the heading under which an overview lists the product."""
    heading = context.listed.get(key(one.name))
    if heading is None or not occurs(heading.series, heading.line.text):
        return one.metadata
    proof = Evidence(
        field=FIELD, value=heading.series, page=heading.page, box=heading.line.box, source=heading.source,
        text=heading.line.text, confidence=LISTED,
    )  # fmt: skip
    return merge(one.metadata, Metadata(fields={"coreIdentity": {"collection": heading.series}}, evidence=(proof,)))
