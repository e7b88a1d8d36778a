"""The page of doubtful products, over all documents or of one: look at each, and say what is right."""

from uuid import UUID

import streamlit as st

from db.product_reviews import products_to_review
from db.products import ProductRow
from monitor import actions, formats, frame, markup, product_panel
from monitor.document_products import choose
from monitor.links import REVIEWED_DOCUMENT, document_link
from monitor.reading import Source

SHOWN = 50


def show(source: Source) -> None:
    """Draw the queue and the chosen product."""
    document_id = _document()
    reading = source.read(
        ("to review", document_id), lambda connection: products_to_review(connection, document_id, limit=SHOWN)
    )
    frame.headline("Review", "Products that a person should look at, those of the newest document first", reading)
    if reading.value is None:
        return
    actions.show_outcome()
    products, total = reading.value
    if document_id is not None:
        st.button("Products of all documents", icon=":material/filter_alt_off:", on_click=_show_all)
    if not products:
        st.html(markup.empty("Nothing waits for a review", "Doubtful products appear here as documents end."))
        return
    left, right = st.columns([1, 3.4], gap="medium")
    with left:
        frame.section(f"{formats.count(total, 'product')} to review", f"the first {SHOWN}" if total > SHOWN else "")
        product = choose(products, [where(product) for product in products])
    with right:
        with st.container(horizontal=True, vertical_alignment="center"):
            document_link(product.document_id, product.document_title)
        product_panel.show(source, product, following(products, product))


def where(product: ProductRow) -> str:
    """Document and page in one line."""
    return markup.label(f"{product.document_title} · p.\u00a0{', '.join(map(str, product.pages[:3]))}")


def following(products: list[ProductRow], product: ProductRow) -> ProductRow | None:
    """What comes after this one is decided: the next, at the end the one before; None when it is the only one."""
    place = next(index for index, one in enumerate(products) if one.id == product.id)
    others = products[place + 1 :] + products[:place][::-1]
    return others[0] if others else None


def _document() -> UUID | None:
    try:
        return UUID(st.query_params.get(REVIEWED_DOCUMENT, ""))
    except ValueError:
        return None


def _show_all() -> None:
    st.query_params.pop(REVIEWED_DOCUMENT, None)
