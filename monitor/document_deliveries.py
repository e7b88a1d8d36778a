"""The webhooks of one document: what its uploader was told, and what became of each attempt."""

from uuid import UUID

import streamlit as st

from db.connection import Connection
from db.webhooks import Delivery, list_deliveries
from monitor import actions, formats, frame, markup
from monitor.reading import Source
from monitor.states import state


def show(source: Source, document_id: UUID) -> None:
    """Draw each delivery with its attempts."""
    reading = source.read(("deliveries", document_id), lambda connection: load(connection, document_id))
    found = reading.value or []
    if not found:
        st.html(markup.empty("No webhooks", "Its upload named no callback_url, or it has not ended."))
    for delivery in found:
        with st.container(border=True, key=f"delivery-{delivery.id}", gap="small"):
            st.html(markup.badge(state(delivery.status)))
            st.html(markup.facts(facts(delivery)))
            if delivery.status in ("completed", "failed"):
                st.button(
                    "Send again",
                    key=f"replay-{delivery.id}",
                    icon=":material/send:",
                    help="The same body under the same id.",
                    on_click=actions.press,
                    args=(f"Sending {delivery.event} again", f"/deliveries/{delivery.id}/replay"),
                )


def load(connection: Connection, document_id: UUID) -> list[Delivery]:
    """All of them, in order."""
    return list_deliveries(connection, document_id)


def facts(delivery: Delivery) -> list[tuple[str, str]]:
    """A delivery by name, then each attempt."""
    zone = frame.zone()
    pairs = [
        ("Event", delivery.event),
        ("Address", delivery.url),
        ("Delivery", str(delivery.id)),
    ]
    if delivery.status == "pending":
        pairs.append(("Next attempt", formats.clock(delivery.run_after, zone)))
    for attempt in delivery.attempts:
        outcome = attempt["error"] or f"The receiver answered {attempt['status_code']}."
        pairs.append((f"Attempt {attempt['attempt']}", str(outcome)))
    return pairs
