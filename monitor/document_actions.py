"""What an operator may do to a document from its page: cancel, retry, reprocess, delete, whichever its state allows.

What cannot be undone asks once more. The rules themselves are the API's: a button that is wrong by now is refused.
"""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from db.documents import Document
from monitor import actions

ENDED = ("completed", "partial", "failed", "cancelled")


@dataclass(frozen=True)
class Action:
    """One button."""

    label: str
    icon: str
    doing: str  # for the line that says that it did not work
    done: str
    help: str = ""
    method: Literal["POST", "DELETE"] = "POST"
    path: str = ""  # below the document's own
    question: str = ""  # asked before it is done; empty: done at once


CANCEL = Action(
    "Cancel", "stop_circle", "Cancelling", "Cancelled.",
    help="Stops it within seconds; what is stored of it stays.", path="/cancel",
)  # fmt: skip
RETRY = Action(
    "Retry what failed", "replay", "Retrying", "What failed is tried again.",
    help="Failed and cancelled jobs only; the earlier errors are kept.", path="/retry",
)  # fmt: skip
REPROCESS = Action(
    "Reprocess", "restart_alt", "Reprocessing", "It begins anew; what is the same is taken over.", path="/reprocess",
    question="Everything made of this document is made again, or taken over where nothing has changed. Until that is "
    "done its products are gone; what people accepted, corrected and rejected is kept, and applied to the same "
    "products again.",
)  # fmt: skip
DELETE = Action(
    "Delete", "delete", "Deleting", "Deleted.", method="DELETE",
    question="The document, its products and everything else made of it are removed, and the files that no other "
    "document uses. This cannot be undone.",
)  # fmt: skip


def allowed(document: Document) -> list[Action]:
    """The actions that fit the document's state."""
    if document.status not in ENDED:
        return [DELETE] if document.cancel_requested else [CANCEL, DELETE]
    found = [DELETE]
    if document.pruned_at is None:
        found.insert(0, REPROCESS)
        if document.status != "completed":
            found.insert(0, RETRY)
    return found


def buttons(document: Document) -> None:
    """One button for each thing that can be done now."""
    with st.container(horizontal=True, gap="small", key="document-actions"):
        for action in allowed(document):
            if action.question:
                with st.popover(f"{action.label} …", icon=f":material/{action.icon}:"):
                    st.markdown(action.question)
                    _button(action, document, f"{action.label} this document")
            else:
                _button(action, document, action.label)


def _button(action: Action, document: Document, label: str) -> None:
    st.button(
        label,
        key=f"document-{action.label.split()[0].lower()}",
        icon=f":material/{action.icon}:",
        type="primary" if action.question else "secondary",
        help=action.help or None,
        on_click=actions.press,
        args=(f"{action.doing} {document.title}", f"/documents/{document.id}{action.path}"),
        kwargs={"method": action.method, "done": action.done},
    )
