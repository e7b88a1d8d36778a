"""The page of searching: products of all documents, by words or by a picture. The API searches, with its models."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import streamlit as st

from db.connection import Connection
from db.products import ProductRow, get_product
from monitor import actions, formats, frame, markup
from monitor.links import document_link
from monitor.pictures import reduced
from monitor.product_panel import main_facts
from monitor.reading import Source

MOST_HITS = 24
CARD_PX = 250
PICTURES = ("jpg", "jpeg", "png", "webp")


@dataclass(frozen=True)
class Found:
    """What the API answered."""

    ids: list[UUID]
    note: str  # why not by meaning as well; empty when it was


def show(source: Source) -> None:
    """Draw the two inputs and what they find."""
    frame.title("Search", "Products of all documents, by words and meaning, or by a picture")
    words_column, picture_column = st.columns(2, gap="medium")
    with words_column:
        words = st.text_input(
            "Words", key="words", bind="query-params", icon=":material/search:", placeholder="grey terrazzo 60x60"
        ).strip()
    with picture_column:
        picture = st.file_uploader("Or a picture of something alike", type=list(PICTURES), key="example")
    if picture is not None:
        answer = actions.ask(
            "POST", "/search/products", params={"limit": MOST_HITS}, files={"file": picture.getvalue()}
        )
    elif words:
        answer = actions.ask("GET", "/search/products", params={"q": words, "limit": MOST_HITS})
    else:
        st.html(markup.empty("Nothing is asked yet", "Half of the words must occur; accents do not count."))
        return
    if isinstance(answer, str):
        st.html(markup.notice("bad", "The search did not work.", answer))
        return
    _results(source, read(answer))


def read(answer: dict[str, Any]) -> Found:
    """The API's answer as the page needs it."""
    method = answer["method"]
    return Found([UUID(hit["product"]["id"]) for hit in answer["items"]], method["reason"] or "")


def _results(source: Source, found: Found) -> None:
    if found.note:
        st.html(markup.notice("partial", "By words only.", found.note))
    reading = source.read(("found", tuple(found.ids)), lambda connection: load(connection, found.ids))
    products = reading.value or []
    if not products:
        st.html(markup.empty("Nothing fits", "Try fewer or other words."))
        return
    frame.section(formats.count(len(products), "product"), "best first")
    grid = st.grid("auto", min_column_width=CARD_PX)
    for product in products:
        with grid.cell(), st.container(border=True, gap="xsmall", key=f"found-card-{product.id}"):
            _card(product)


def load(connection: Connection, ids: list[UUID]) -> list[ProductRow]:
    """The products that are still there, in this order."""
    return [product for one in ids if (product := get_product(connection, one)) is not None]


def _card(product: ProductRow) -> None:
    picture = reduced(str(product.images[0]["storage_key"])) if product.images else None
    if picture:
        st.image(picture, width="stretch", alt=product.name)
    else:
        st.html(markup.box("no-picture", markup.text("no picture")))
    st.html(markup.Html(f"<b>{markup.text(product.name)}</b>"))
    st.html(markup.line([value for name, value in main_facts(product) if name != "Pages"]))
    document_link(product.document_id, f"{product.document_title}, page {product.pages[0]}")
