"""Owns leaflets of several pages: one names the product large, another tells its size and what else is measured.

Where nothing else in a short document is a product, and both pages print the name, or its model.
"""

from collections.abc import Sequence

from actors.candidates.leaflets import TITLE
from actors.metadata import merge, read_lines
from actors.records import PageContent, ProductCandidate
from actors.values.dimensions import parse_dimensions
from actors.values.labelled import parse_labelled
from actors.values.technical import parse_technical
from cluster.stages.product_rules.looks import Acceptance, Verdict, key

MOST_PAGES = 6
MIN_TOLD = 3  # lines of a page that are measured or labelled
MAX_LINE_WORDS = 8
CONFIDENCE = 0.55
DOUBT = "the only product of a leaflet"


def with_leaflet(
    acceptance: Acceptance, candidates: Sequence[ProductCandidate], pages: Sequence[PageContent]
) -> Acceptance:
    """The one product of a leaflet, where there is no other; it gets what the page with its data says."""
    titles = sorted((one for one in candidates if TITLE in one.reasons), key=lambda one: one.page)
    if not titles or len(pages) > MOST_PAGES:
        return acceptance
    title = titles[0]
    if any(key(verdict.candidate.name) != key(title.code or "") for verdict in acceptance.products):
        return acceptance  # what goes by its model alone on the page with its data is the same product
    data = next((page for page in pages if page.page != title.page and _tells_of(title, page)), None)
    if data is None:
        return acceptance
    told = [read_lines(block.lines, data.page, block.source) for block in data.blocks]
    one = title.model_copy(update={"metadata": merge(title.metadata, *told)})
    reason = f"page {data.page} tells of it, and of nothing else"
    return Acceptance((Verdict(one, CONFIDENCE, (*one.reasons, reason), (DOUBT,)),), acceptance.references)


def _tells_of(one: ProductCandidate, page: PageContent) -> bool:
    """Whether a page prints the name or the model of a product, its size, and other measures."""
    lines = [line.text for block in page.blocks for line in block.lines if len(line.text.split()) <= MAX_LINE_WORDS]
    named = {key(one.name), key(one.code or "")} - {""}
    told = sum(bool(parse_technical(text) or parse_labelled(text) or parse_dimensions(text)) for text in lines)
    is_sized = any(size.has_face for text in lines for size in parse_dimensions(text))
    return is_sized and told >= MIN_TOLD and any(key(text) in named for text in lines)
