"""One product as a person judges it: its pages with a box around each value that was read, the fields beside them.

Draws only; what the buttons in it do is in `product_review`.
"""

import re

import streamlit as st

from db.connection import Connection
from db.pages import PageRow, list_pages
from db.products import ProductRow
from monitor import evidence, formats, frame, markup, product_review
from monitor.pictures import marked, reduced
from monitor.reading import Source
from monitor.states import REVIEW_STATES, state

SHOWN_PAGES = 4
TO_REVIEW = "to_review"


def show(source: Source, product: ProductRow, following: ProductRow | None = None) -> None:
    """Draw it.

    Args:
        source: where its pages come from.
        product: which.
        following: what is shown once this one is decided; None stays with it.
    """
    reading = source.read(("product pages", product.id), lambda connection: load_pages(connection, product))
    places = evidence.located(product)
    st.html(_head(product))
    if product.review_reasons and product.review_state == "open":
        st.html(markup.notice("partial", "Why it should be reviewed:", "; ".join(product.review_reasons)))
    st.html(markup.facts(main_facts(product)))
    if product.description:
        st.html(markup.Html(f'<p class="q-description">{markup.text(product.description)}</p>'))
    left, right = st.columns([1.65, 1], gap="medium")
    with left:
        _pictures(product, reading.value or [], places)
    with right:
        product_review.form(product, places, following)
    frame.section("Evidence", "each value, and where it was read")
    st.html(evidence.table(product, places))
    _linked_images(product)


def load_pages(connection: Connection, product: ProductRow) -> list[PageRow]:
    """The pages that the product's evidence and images stand on."""
    numbers = evidence.pages_of(product)[:SHOWN_PAGES]
    rows = [row for page in numbers for row in list_pages(connection, product.document_id, limit=1, offset=page - 1)]
    return [row for row in rows if row.page in numbers]


def standing(product: ProductRow) -> str:
    """The name of its state: a product that nobody doubted and nobody looked at has none."""
    if product.review_state != "open":
        return product.review_state
    return TO_REVIEW if product.needs_review else ""


def _head(product: ProductRow) -> markup.Html:
    known = standing(product)
    by = ""
    if product.reviewed_by is not None:
        by = f"by {product.reviewed_by}, {formats.clock(product.reviewed_at, frame.zone())}"
    return markup.box(
        "product-head",
        markup.Html(f"<h2>{markup.text(product.name)}</h2>"),
        *([markup.badge(state(known, REVIEW_STATES))] if known else []),
        markup.Html(f'<span class="q-quiet">{formats.percent(product.confidence)} sure</span>'),
        *([markup.Html(f'<span class="q-quiet">{markup.text(by)}</span>')] if by else []),
    )


def main_facts(product: ProductRow) -> list[tuple[str, str]]:
    """What a buyer asks first; what is not known is left out."""
    pairs = [
        ("Code", product.code),
        ("Type", product.product_type),
        ("Size", size(product.dimensions)),
        ("Finish", product.finish),
        ("Colours", ", ".join(product.colours)),
        ("Materials", ", ".join(product.materials)),
        ("Pages", ", ".join(map(str, product.pages))),
    ]
    return [(name, value) for name, value in pairs if value]


def size(dimensions: dict[str, object] | None) -> str:
    """As printed, and in millimetres where that is not the same."""
    if not dimensions:
        return ""
    names = ("length_mm", "width_mm", "height_mm", "thickness_mm")
    numbers = [f"{dimensions[name]:g}" for name in names if isinstance(dimensions.get(name), int | float)]
    printed = str(dimensions.get("printed") or "")
    if not numbers or ("mm" in printed.lower() and set(numbers) <= set(re.findall(r"\d+(?:\.\d+)?", printed))):
        return printed
    metric = f"{' x '.join(numbers)} mm"
    return f"{printed} ({metric})" if printed else metric


def _pictures(product: ProductRow, pages: list[PageRow], places: evidence.Located) -> None:
    frame.section("On the page", "blue: where a value was read, brown: the part that a linked image shows")
    if not pages:
        st.html(markup.box("no-picture", markup.text("Its pages are not stored any more.")))
        return
    tabs = (
        st.tabs([f"Page {row.page}" for row in pages], key=f"pages-{product.id}")
        if len(pages) > 1
        else [st.container()]
    )
    for tab, row in zip(tabs, pages, strict=True):
        marks = tuple(places.marks.get(row.page, ()))
        sized = row.width_pt > 0 and row.height_pt > 0
        picture = marked(row.thumbnail_key, row.width_pt, row.height_pt, marks) if row.thumbnail_key and sized else None
        # A key of its own: a picture that is still loading must not stand under the next one's caption.
        with tab.container(key=f"evidence-{product.id}-{row.page}"):
            if picture:
                st.image(picture, caption=f"Page {row.page}", width="stretch", alt=f"Page {row.page} with evidence")
            else:
                st.html(markup.box("no-picture", markup.text(f"Page {row.page} has no thumbnail")))


def _linked_images(product: ProductRow) -> None:
    frame.section("Linked images", "with the reason for the link")
    if not product.images:
        st.html(markup.Html('<div class="q-quiet">No image was linked to this product.</div>'))
        return
    grid = st.grid("auto", min_column_width=200)
    for image in product.images:
        with grid.cell(), st.container(border=True, gap="xsmall", key=f"linked-card-{image['image_id']}"):
            picture = reduced(str(image["storage_key"]))
            if picture:
                st.image(picture, width="stretch", alt=str(image["reason"]))
            sure = f"Page {image['page']} · {formats.percent(image['confidence'])} sure"
            st.html(markup.joined([markup.text(str(image["reason"])), markup.box("note", markup.text(sure))]))
