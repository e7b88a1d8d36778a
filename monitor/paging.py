"""Turning pages of a long list. The number stands in the address; how many there are need not be known."""

import streamlit as st

from monitor import markup


def page_of(name: str) -> int:
    """The page of the list `name` that the reader has turned to, from 1."""
    try:
        return max(int(st.query_params.get(f"{name}-page", "1")), 1)
    except ValueError:
        return 1


def pager(name: str, page: int, *, more: bool, total: int | None = None, size: int = 0) -> None:
    """Buttons for the next and the previous page; nothing when there is only one."""
    if page == 1 and not more:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"{name}-pager"):
        st.button(
            "Previous",
            key=f"{name}-previous",
            icon=":material/chevron_left:",
            disabled=page == 1,
            on_click=_turn,
            args=(name, page - 1),
        )
        of = f" of {-(-total // size)}" if total and size else ""
        st.html(markup.Html(f'<span class="q-quiet">Page {page}{of}</span>'), width="content")
        st.button(
            "Next",
            key=f"{name}-next",
            icon=":material/chevron_right:",
            icon_position="right",
            disabled=not more,
            on_click=_turn,
            args=(name, page + 1),
        )


def _turn(name: str, page: int) -> None:
    st.query_params[f"{name}-page"] = str(page)
