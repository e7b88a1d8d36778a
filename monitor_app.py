"""The monitor's script: puts the pages together; each page is a module of `monitor/`.

`monitor_server.py` serves it, behind a password where one is set.
Reads Postgres in the admin role and pictures from the file store, and nothing else.
"""

from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import Page

from cluster.host.dashboard import dashboard_address
from cluster.settings import is_loopback
from monitor import document, documents, error_log, frame, overview, queues, review, search
from monitor.links import DOCUMENT_PATH, DOCUMENTS_PATH, PAGES, REVIEW_PATH
from monitor.login import LOGOUT, LoginWall, served_at

FOLDER = Path(frame.__file__).parent


def main() -> None:
    """One run of the script: looks, navigation, sidebar, page."""
    st.set_page_config(page_title="Quarry monitor", page_icon=FOLDER / "icon.svg", layout="wide")
    st.logo(str(FOLDER / "logo.svg"), size="large", icon_image=str(FOLDER / "icon.svg"))
    st.html(FOLDER / "style.css")
    _refuse_without_a_wall()
    pages = _pages()
    st.session_state[PAGES] = {page.url_path: page for page in pages}
    page = st.navigation(pages)
    _sidebar()
    page.run()


def _refuse_without_a_wall() -> None:
    """`streamlit run monitor_app.py` asks for no password: enough on this machine, while none is set."""
    if not LoginWall.stands and (frame.settings().monitor_password_hash or not is_loopback(served_at())):
        advice = "Start it with `quarry up`, or `streamlit run monitor_server.py`."
        st.error(f"The monitor is not shown here without its password. {advice}")
        st.stop()


def _pages() -> list[Page]:
    return [
        st.Page(frame.refreshing(overview.show), title="Overview", icon=":material/monitoring:", default=True),
        st.Page(frame.refreshing(queues.show), title="Queues", icon=":material/stacks:", url_path="queues"),
        st.Page(
            frame.refreshing(documents.show),
            title="Documents",
            icon=":material/menu_book:",
            url_path=DOCUMENTS_PATH,
        ),
        st.Page(
            frame.refreshing(document.show),
            title="Document",
            icon=":material/description:",
            url_path=DOCUMENT_PATH,
            visibility="hidden",
        ),
        st.Page(frame.refreshing(review.show), title="Review", icon=":material/rate_review:", url_path=REVIEW_PATH),
        st.Page(frame.once(search.show), title="Search", icon=":material/search:", url_path="search"),
        st.Page(frame.refreshing(error_log.show), title="Errors", icon=":material/error:", url_path="errors"),
    ]


def _sidebar() -> None:
    settings = frame.settings()
    with st.sidebar:
        st.toggle(f"Refresh every {settings.refresh_s} s", value=True, key=frame.LIVE, persist_state="session")
        st.button("Refresh now", icon=":material/refresh:", width="stretch")
        st.space("small")
        host = urlsplit(st.context.url or settings.api_url).hostname or "127.0.0.1"
        if dashboard := dashboard_address(settings, host):
            token = f" It asks for the token in {settings.root / 'ray_token'}" if settings.ray_address is None else ""
            st.page_link(
                dashboard,
                label="Ray dashboard",
                icon=":material/open_in_new:",
                help=f"Workers, memory and CPU of the cluster.{token}",
            )
        st.page_link(
            f"http://{host}:{settings.api_port}/docs", label="API documentation", icon=":material/open_in_new:"
        )
        if settings.monitor_password_hash:
            st.html(f'<a href="{LOGOUT}" target="_self">Log out</a>')


main()
