"""Owns the series of a product: the heading it stands under, there, in an overview or on its section's title page."""

import re
from collections.abc import Sequence

from actors.candidates.caption_names import stands_under
from actors.evidence import occurs
from actors.metadata import merge
from actors.naming.product_names import name_pieces
from actors.naming.series_names import COLLECTION, names_series
from actors.page.labels import Label
from actors.records import Evidence, Metadata, ProductCandidate
from actors.vocabulary.words import find_terms, share_covered
from cluster.stages.product_rules.context import DocumentContext
from cluster.stages.product_rules.facing_pages import title_over_both
from cluster.stages.product_rules.looks import key

SECTION = re.compile(r"(?:[IVXLC]{1,6}|\d{1,2})(?:\.\d{1,2}){1,2}[.)]?\s+(?=[^\W\d_]{2})")
"""The number of a section with those over it, which lists of steps and notes have not."""
LONGEST = 12  # words of a numbered heading
CONFIDENCE = 0.55
LISTED = 0.5  # of a heading in an overview, or on a page before
LARGER = 1.15
READABLE = 0.5  # OCR's own word, from which lettering is worth telling: below it, it is a logo or a picture


def with_series(one: ProductCandidate, context: DocumentContext) -> Metadata:
    """The candidate's metadata, with the heading above it as collection where it names none itself."""
    if "collection" in one.metadata.fields.get("coreIdentity", {}):
        return one.metadata
    numbered = _numbered_over(one, context)
    for label in [numbered] if numbered is not None else _series_over(one, context)[:1]:
        series = " ".join(name_pieces(label.text)) if numbered is None else _title(numbered)
        line = next((line for line in label.lines if occurs(series, line.text)), None)
        if line is not None and line.confidence >= READABLE:
            proof = Evidence(
                field=COLLECTION, value=series, page=one.page, box=line.box, source=label.source, text=line.text,
                confidence=CONFIDENCE,
            )  # fmt: skip
            return merge(one.metadata, Metadata(fields={"coreIdentity": {"collection": series}}, evidence=(proof,)))
    return _opened(one, _begun(one, _listed(one, context), context), context)


def _begun(one: ProductCandidate, known: Metadata, context: DocumentContext) -> Metadata:
    """The metadata with the title that begins on the facing page and runs over both."""
    own, before = context.page(one), context.facing(one)
    title = title_over_both(before, own) if own is not None and before is not None else None
    if title is None or "collection" in known.fields.get("coreIdentity", {}) or not _is_series(title, context):
        return known
    series, page = " ".join(name_pieces(title.text)), before.number if before is not None else one.page
    proof = Evidence(
        field=COLLECTION, value=series, page=page, box=title.box, source=title.source, text=title.text,
        confidence=LISTED,
    )  # fmt: skip
    return merge(known, Metadata(fields={"coreIdentity": {"collection": series}}, evidence=(proof,)))


def _numbered_over(one: ProductCandidate, context: DocumentContext) -> Label | None:
    """The numbered heading of the section that a table's row stands in: "I.12. Bases, also with a seal, no channel".

    What a price list numbers is a family of its goods, however it is worded; a heading nearer to the row counts more.
    """
    page = context.page(one)
    if page is None or one.look is None or one.look.relation != "row":
        return None
    above = [label for label in page.labels if label.box[3] <= one.box[1] and SECTION.match(label.text)]
    nearest = max(above, key=lambda label: label.box[1], default=None)
    if nearest is None or len(_title(nearest).split()) > LONGEST:
        return None
    between = [label for label in context.headings_over(one)[:1] if label.box[1] > nearest.box[1]]
    return None if any(_is_series(label, context) for label in between) else nearest


def _title(heading: Label) -> str:
    return SECTION.sub("", heading.text, count=1).strip()


def _series_over(one: ProductCandidate, context: DocumentContext) -> list[Label]:
    """The nearest heading if it names a series; where it says a kind of goods, the next larger one of a text layer."""
    headings = context.headings_over(one)
    size = one.look.size if one.look else 0.0
    headings = [label for label in headings if label.size >= LARGER * size] or headings  # small lines stand in headers
    if not headings or _is_series(headings[0], context) or _is_called_series(headings[0], headings):
        return headings[:1]
    if headings[0].source == "ocr":
        return []
    larger = [label for label in headings if label.size >= LARGER * headings[0].size]
    return [label for label in larger[:1] if _is_series(label, context)]


def _is_series(label: Label, context: DocumentContext) -> bool:
    series = " ".join(name_pieces(label.text))
    return names_series(series) and not context.is_name(series)


def _is_called_series(label: Label, headings: Sequence[Label]) -> bool:
    """Whether the word for a series stands by itself close over a heading: "Serie" over "MADERA", a wood elsewhere."""
    return any(
        other is not label
        and stands_under(other, label)
        and share_covered(
            other.text, [term for term in find_terms(other.text, "field_label") if term.canonical == COLLECTION]
        )
        == 1.0
        for other in headings
    )


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
