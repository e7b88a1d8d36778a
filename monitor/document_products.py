"""A document's products: choose one, see its fields, and see on its pages where each value was read."""

import re
from collections import Counter
from uuid import UUID

import streamlit as st

from db.connection import Connection
from db.pages import PageRow, list_pages
from db.products import ProductRow, list_products
from monitor import evidence, formats, frame, markup
from monitor.paging import page_of, pager
from monitor.pictures import marked, reduced
from monitor.reading import Source
from monitor.states import State

PAGE_SIZE = 40
SHOWN_PAGES = 4
REVIEW = State("To be reviewed", "partial")
LIST_PX = 620


def show(source: Source, document_id: UUID) -> None:
    """Draw the list of products and the chosen one beside it."""
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
    left, right = st.columns([1, 2.6], gap="medium")
    with left:
        frame.section(formats.count(total, "product"))
        product = _choose(products)
        pager("products", page, more=page * PAGE_SIZE < total, total=total, size=PAGE_SIZE)
    with right:
        _show_product(source, product)


def _choose(products: list[ProductRow]) -> ProductRow:
    by_id = {str(product.id): product for product in products}
    names = labels(products)
    with st.container(height=LIST_PX, border=True):
        chosen = st.radio(
            "Product",
            list(by_id),
            key="product",
            bind="query-params",
            format_func=lambda found: names.get(found, found),
            captions=[summary(product) for product in products],
            label_visibility="collapsed",
        )
    return by_id.get(chosen or "", products[0])


def labels(products: list[ProductRow]) -> dict[str, str]:
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
    """Code, size, finish and page in one line."""
    printed = (product.dimensions or {}).get("printed")
    parts = [product.code, printed, product.finish, f"p.\u00a0{', '.join(map(str, product.pages[:3]))}"]
    return markup.label(" · ".join(part for part in parts if part) + (" · to review" if product.needs_review else ""))


def _show_product(source: Source, product: ProductRow) -> None:
    reading = source.read(("product pages", product.id), lambda connection: load_pages(connection, product))
    located = evidence.located(product)
    badges = [markup.badge(REVIEW)] if product.needs_review else []
    st.html(
        markup.box(
            "product-head",
            markup.Html(f"<h2>{markup.text(product.name)}</h2>"),
            *badges,
            markup.Html(f'<span class="q-quiet">{formats.percent(product.confidence)} sure</span>'),
        )
    )
    if product.review_reasons:
        st.html(markup.notice("partial", "Why it should be reviewed:", "; ".join(product.review_reasons)))
    st.html(markup.facts(main_facts(product)))
    if product.description:
        st.html(markup.Html(f'<p class="q-description">{markup.text(product.description)}</p>'))
    _pictures(product, reading.value or [], located)
    frame.section("Evidence", "each value, and where it was read")
    st.html(evidence.table(product, located))
    _linked_images(product)


def load_pages(connection: Connection, product: ProductRow) -> list[PageRow]:
    """The pages that the product's evidence and images stand on."""
    numbers = evidence.pages_of(product)[:SHOWN_PAGES]
    rows = [row for page in numbers for row in list_pages(connection, product.document_id, limit=1, offset=page - 1)]
    return [row for row in rows if row.page in numbers]


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


def _pictures(product: ProductRow, pages: list[PageRow], located: evidence.Located) -> None:
    if not pages:
        return
    frame.section("On the page", "blue: where a value was read, brown: the part that a linked image shows")
    for column, row in zip(st.columns(max(len(pages), 2)), pages, strict=False):
        marks = tuple(located.marks.get(row.page, ()))
        sized = row.width_pt > 0 and row.height_pt > 0
        picture = marked(row.thumbnail_key, row.width_pt, row.height_pt, marks) if row.thumbnail_key and sized else None
        # A key of its own: a picture that is still loading must not stand under the next one's caption.
        with column, st.container(key=f"evidence-{product.id}-{row.page}"):
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
