"""Links between the pages. A document is named by a query parameter, so that its address can be sent to somebody."""

import re
from uuid import UUID

import streamlit as st

DOCUMENT = "document"
"""Query parameter that holds a document's id."""
DOCUMENTS_PAGE = "documents_page"
"""Where the session keeps the page object that shows documents: Streamlit links to objects, not to names."""
MARKDOWN = r"([\\`*_{}\[\]()#+\-.!:$~|<>])"
"""What a title must not say to Streamlit, which reads labels as markdown."""


def document_link(document_id: UUID, title: str) -> None:
    """A link that opens a document."""
    label = re.sub(MARKDOWN, r"\\\1", title)
    page = st.session_state[DOCUMENTS_PAGE]
    st.page_link(page, label=f"**{label}**", icon="", query_params={DOCUMENT: str(document_id)})


def all_documents_link() -> None:
    """The way back from a document to the list."""
    st.page_link(st.session_state[DOCUMENTS_PAGE], label="All documents", icon=":material/arrow_back:")


def opened_document() -> UUID | None:
    """The document that the address asks for; None when it names none, or no id at all."""
    try:
        return UUID(st.query_params.get(DOCUMENT, ""))
    except ValueError:
        return None
