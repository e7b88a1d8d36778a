"""Decisions about products of a document that a later reading knows no more: what they said, and forgetting them."""

from uuid import UUID

import streamlit as st

from db.lost_decisions import LostDecision, lost_decisions
from monitor import actions, formats, frame, markup
from monitor.reading import Source
from monitor.states import REVIEW_STATES, state

ADVICE = (
    "A later reading found another name, code, size or finish, or no such product. Decide again about what took its "
    "place, then forget the old decision; the audit trail keeps it."
)


def show(source: Source, document_id: UUID) -> None:
    """Draw them under a line that says how many there are; nothing where there are none."""
    reading = source.read(("lost decisions", document_id), lambda connection: lost_decisions(connection, document_id))
    found = reading.value or []
    if not found:
        return
    title = f"{formats.count(len(found), 'decision')} of reviewers without a product"
    with st.expander(title, icon=":material/link_off:"):
        st.caption(ADVICE)
        for decision in found:
            _one(decision)


def _one(decision: LostDecision) -> None:
    with st.container(border=True, key=f"lost-{decision.product_id}", gap="small"):
        st.html(markup.badge(state(decision.state, REVIEW_STATES)))
        st.html(markup.facts(facts(decision)))
        path = f"/documents/{decision.document_id}/lost-decisions/{decision.product_id}"
        what = f"Forgetting the decision about {decision.product}"
        st.button(
            "Forget", key=f"forget-{decision.product_id}", icon=":material/delete:",
            on_click=actions.press, args=(what, path), kwargs={"method": "DELETE"},
        )  # fmt: skip


def facts(decision: LostDecision) -> list[tuple[str, str]]:
    """What was decided, by name."""
    return [
        ("Product", decision.product),
        ("By", f"{decision.reviewed_by}, {formats.clock(decision.reviewed_at, frame.zone())}"),
        *(
            (formats.words(correction["field"]), f"{correction['old']} → {correction['new']}")
            for correction in decision.corrections
        ),
    ]
