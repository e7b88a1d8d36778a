"""Links between the pages. A document is named by a query parameter, so that its address can be sent to somebody.

The document has a page of its own, beside the list: a link to the page that is open would not change the address.
"""

from uuid import UUID

import streamlit as st

from monitor import markup

DOCUMENT_PATH, DOCUMENTS_PATH, REVIEW_PATH = "document", "documents", "review"
DOCUMENT_ID = "id"
"""Query parameter that holds a document's id."""
REVIEWED_DOCUMENT = "document"
"""Query parameter that narrows the page of reviews to one document."""
PAGES = "pages_by_path"
"""Where the session keeps its page objects: Streamlit links to objects, not to names."""


def document_link(document_id: UUID, title: str) -> None:
    """A link that opens a document."""
    page = st.session_state[PAGES][DOCUMENT_PATH]
    st.page_link(page, label=f"**{markup.label(title)}**", icon="", query_params={DOCUMENT_ID: str(document_id)})


def review_link(document_id: UUID) -> None:
    """To the products of a document that wait for a person."""
    st.page_link(
        st.session_state[PAGES][REVIEW_PATH],
        label="Review the doubtful ones",
        icon=":material/rate_review:",
        query_params={REVIEWED_DOCUMENT: str(document_id)},
    )


def all_documents_link() -> None:
    """The way back from a document to the list."""
    st.page_link(st.session_state[PAGES][DOCUMENTS_PATH], label="All documents", icon=":material/arrow_back:")


def opened_document() -> UUID | None:
    """The document that the address asks for; None when it names none, or no id at all."""
    try:
        return UUID(st.query_params.get(DOCUMENT_ID, ""))
    except ValueError:
        return None


def document_anchor(document_id: UUID, title: str, view: str = "") -> markup.Html:
    """A link to a document within a table, where Streamlit's own links cannot stand; it loads the monitor anew.

    Args:
        document_id: which.
        title: what is read.
        view: label of the view to open, as the switch on the document's page shows it.
    """
    shown = f"&view={view}" if view else ""
    return markup.Html(
        f'<a href="{DOCUMENT_PATH}?{DOCUMENT_ID}={document_id}{shown}" target="_self">{markup.text(title)}</a>'
    )
