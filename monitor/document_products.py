"""A document's products: choose one, and judge it on its pages."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from db.products import ProductRow, list_products
from monitor import formats, frame, lost_decisions, markup, product_panel
from monitor.links import review_link
from monitor.paging import page_of, pager
from monitor.product_panel import TO_REVIEW
from monitor.product_review import CHOSEN
from monitor.reading import Source
from monitor.states import REVIEW_STATES, state

PAGE_SIZE = 40
LIST_PX = 620


def show(source: Source, document_id: UUID) -> None:
    """Draw the list of products and the chosen one beside it, under what was decided about products that are gone."""
    lost_decisions.show(source, document_id)
    page = page_of("products")
    reading = source.read(
        ("products", document_id, page),
        lambda connection: list_products(connection, document_id, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE),
    )
    if reading.value is None:
        return
    products, total = reading.value
    if not products:
        st.html(
            markup.empty(
                "No product yet",
                "Products are made in the last stage. If the document has ended, none was recognised in it; "
                "its pages and chunks show what was read.",
            )
        )
        return
    left, right = st.columns([1, 3.4], gap="medium")
    with left:
        frame.section(formats.count(total, "product"))
        if any(product_panel.standing(product) == TO_REVIEW for product in products):
            review_link(document_id)
        product = choose(products, [summary(product) for product in products])
        pager("products", page, more=page * PAGE_SIZE < total, total=total, size=PAGE_SIZE)
    with right:
        product_panel.show(source, product)


def choose(products: Sequence[ProductRow], captions: Sequence[str]) -> ProductRow:
    """A list of products, of which one is chosen; the first while none is."""
    by_id = {str(product.id): product for product in products}
    names = labels(products)
    with st.container(height=LIST_PX, border=True):
        chosen = st.radio(
            "Product",
            list(by_id),
            key=CHOSEN,
            bind="query-params",
            format_func=lambda found: names.get(found, found),
            captions=list(captions),
            label_visibility="collapsed",
        )
    return by_id.get(chosen or "", products[0])


def labels(products: Sequence[ProductRow]) -> dict[str, str]:
    """What each product is called in the list, by id. Streamlit tells choices apart by it, so a name is used once."""
    times = Counter(product.name for product in products)
    seen: Counter[str] = Counter()
    found = {}
    for product in products:
        seen[product.name] += 1
        number = f" ({seen[product.name]})" if times[product.name] > 1 else ""
        found[str(product.id)] = markup.label(product.name + number)
    return found


def summary(product: ProductRow) -> str:
    """Code, size, finish, page, and how it stands, in one line."""
    printed = (product.dimensions or {}).get("printed")
    standing = product_panel.standing(product)
    parts = [
        product.code,
        printed,
        product.finish,
        f"p.\u00a0{', '.join(map(str, product.pages[:3]))}",
        state(standing, REVIEW_STATES).word.lower() if standing else None,
    ]
    return markup.label(" · ".join(part for part in parts if part))
