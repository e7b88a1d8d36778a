"""What an operator says of a product: accept, reject, or the right values. The API does it, in the audit trail."""

from typing import Any

import streamlit as st

from db.product_corrections import LISTS, MIRRORS
from db.products import ProductRow
from monitor import actions, evidence, frame

CHOSEN = "product"
"""Key of the list from which products are chosen."""
LABELS = {
    "name": "Name", "code": "Code", "product_type": "Type", "dimensions": "Size, as printed", "finish": "Finish",
    "colours": "Colours", "materials": "Materials", "description": "Description",
}  # fmt: skip
BETWEEN = ", "


def form(product: ProductRow, places: evidence.Located, following: ProductRow | None) -> None:
    """Two buttons, and the fields to put right; a field's number is that of its box on the page."""
    frame.section("Is it right?", "the numbers are those of the boxes")
    with st.container(horizontal=True, gap="small", key="review-buttons"):
        _button(product, "accept", "Accept", "check", "primary", following)
        _button(product, "reject", "Reject", "block", "secondary", following)
    key = f"{product.id}-{product.reviewed_at}"  # after each decision the inputs begin anew with what is stored
    with st.form(f"fix-{key}", border=True):
        for field, label in LABELS.items():
            show = st.text_area if field == "description" else st.text_input
            help_text = "Several with commas between them." if field in LISTS else None
            show(
                _numbered(label, field, product, places), as_typed(product, field), key=f"{field}-{key}", help=help_text
            )
        st.form_submit_button(
            "Save corrections", icon=":material/edit:", on_click=_save, args=(product, key, following)
        )


def _button(product: ProductRow, action: str, label: str, icon: str, kind: Any, following: ProductRow | None) -> None:
    done = {"accept": ("accepted", "corrected"), "reject": ("rejected",)}[action]
    st.button(
        label,
        key=f"{action}-{product.id}",
        icon=f":material/{icon}:",
        type=kind,
        disabled=product.review_state in done,
        on_click=_decide,
        args=(product, action, following),
    )


def _numbered(label: str, field: str, product: ProductRow, places: evidence.Located) -> str:
    """The label with the numbers of the boxes in which the value was read."""
    names = {field, MIRRORS.get(field, field)}
    proofs = [entry for entry in product.evidence if entry["field"] in names]
    numbers = sorted({places.numbers[evidence.place_of(entry)] for entry in proofs})
    return " ".join([label, *(f":blue-badge[{number}]" for number in numbers)])


def as_typed(product: ProductRow, field: str) -> str:
    """A field as one line of text."""
    value = getattr(product, field)
    if field == "dimensions":
        return str((value or {}).get("printed") or "")
    return BETWEEN.join(value) if field in LISTS else str(value or "")


def changes(product: ProductRow, typed: dict[str, str]) -> dict[str, Any]:
    """What was typed that is not stored, as the API takes it."""
    found: dict[str, Any] = {}
    for field, text in typed.items():
        text = text.strip()
        if text == as_typed(product, field):
            continue
        if field in LISTS:
            found[field] = [item.strip() for item in text.split(",") if item.strip()]
        else:
            found[field] = text or None
    return found


def _save(product: ProductRow, key: str, following: ProductRow | None) -> None:
    typed = {field: str(st.session_state[f"{field}-{key}"]) for field in LABELS}
    corrections = changes(product, typed)
    if corrections:
        path = f"/products/{product.id}"
        done = f"{product.name}: corrected."
        _ask(f"Correcting {product.name}", path, following, method="PATCH", body=corrections, done=done)


def _decide(product: ProductRow, action: str, following: ProductRow | None) -> None:
    doing, done = {"accept": ("Accepting", "accepted"), "reject": ("Rejecting", "rejected")}[action]
    path = f"/products/{product.id}/{action}"
    _ask(f"{doing} {product.name}", path, following, method="POST", done=f"{product.name}: {done}.")


def _ask(what: str, path: str, following: ProductRow | None, **request: Any) -> None:
    actions.press(what, path, **request)
    if following is not None and not actions.was_refused():
        st.session_state[CHOSEN] = str(following.id)
