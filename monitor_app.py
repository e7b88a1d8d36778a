"""The monitor: `streamlit run monitor_app.py`. Puts the pages together; each page is a module of `monitor/`.

Reads Postgres in the admin role and pictures from the file store, and nothing else.
"""

from pathlib import Path

import streamlit as st

from monitor import documents, error_log, frame, overview, queues
from monitor.links import DOCUMENTS_PAGE

FOLDER = Path(frame.__file__).parent


def main() -> None:
    """One run of the script: looks, navigation, sidebar, page."""
    st.set_page_config(page_title="Quarry monitor", page_icon=":material/layers:", layout="wide")
    st.logo(str(FOLDER / "logo.svg"), size="large")
    st.html(FOLDER / "style.css")
    document_page = st.Page(
        frame.refreshing(documents.show), title="Documents", icon=":material/menu_book:", url_path="documents"
    )
    st.session_state[DOCUMENTS_PAGE] = document_page
    page = st.navigation(
        [
            st.Page(frame.refreshing(overview.show), title="Overview", icon=":material/monitoring:", default=True),
            st.Page(frame.refreshing(queues.show), title="Queues", icon=":material/stacks:", url_path="queues"),
            document_page,
            st.Page(frame.refreshing(error_log.show), title="Errors", icon=":material/error:", url_path="errors"),
        ]
    )
    _sidebar()
    page.run()


def _sidebar() -> None:
    settings = frame.settings()
    with st.sidebar:
        st.toggle(f"Refresh every {settings.refresh_s} s", value=True, key=frame.LIVE, persist_state="session")
        st.button("Refresh now", icon=":material/refresh:", width="stretch")
        st.space("small")
        st.page_link(
            f"http://{settings.host}:{settings.dashboard_port}",
            label="Ray dashboard",
            icon=":material/open_in_new:",
            help="Workers, memory and CPU of the cluster, in Ray's own dashboard",
        )
        st.page_link(f"{settings.api_url}/docs", label="API documentation", icon=":material/open_in_new:")


main()
