"""What the buttons of the monitor do: each asks the API, as every other client does, under the monitor's own token.

The monitor's database login only reads; what may be done, and the audit trail, are the API's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
import streamlit as st

from monitor import frame, markup

TIMEOUT_S = 25.0
Method = Literal["GET", "POST", "PATCH", "DELETE"]
FAILED = "failed action"
"""Key under which the last refusal waits to be shown."""
DONE = "done action"


@dataclass(frozen=True)
class Refused:
    """Why nothing was done."""

    what: str
    why: str


def press(what: str, path: str, *, method: Method = "POST", body: object = None, done: str = "") -> None:
    """Ask the API; what became of it is kept for `show_outcome`.

    Args:
        what: what was asked for, in words: `Pausing the image queue`.
        path: of the API, `/queues/image/pause` say.
        method: of the request.
        body: JSON types; None sends none.
        done: said when it was done, where the page does not show it by itself.
    """
    st.session_state.pop(FAILED, None)
    answer = ask(method, path, body=body)
    if isinstance(answer, str):
        st.session_state[FAILED] = Refused(what, answer)
    elif done:
        st.session_state[DONE] = done


def was_refused() -> bool:
    """Whether the last button could not do its work."""
    return FAILED in st.session_state


def show_outcome() -> None:
    """What became of the last button: a word that fades, or a line that stays until the next one is pressed."""
    if done := st.session_state.pop(DONE, None):
        st.toast(markup.label(done))
    refused = st.session_state.get(FAILED)
    if refused is not None:
        st.html(markup.notice("bad", f"{refused.what} did not work.", refused.why))


def ask(
    method: Method, path: str, *, params: Mapping[str, Any] | None = None, body: object = None, files: Any = None
) -> dict[str, Any] | str:
    """The API's answer, or why there is none, in a sentence.

    Args:
        method: of the request.
        path: of the API.
        params: of the address.
        body: JSON types; None sends none.
        files: bytes by form field, instead of a body.
    """
    settings = frame.settings()
    if settings.monitor_token is None:
        return "The monitor has no token for the API. Start it with `quarry up`, or set QUARRY_MONITOR_TOKEN."
    on_this_machine = urlsplit(settings.api_url).hostname in ("127.0.0.1", "localhost", "::1")
    headers = {"Authorization": f"Bearer {settings.monitor_token.get_secret_value()}"}
    try:
        with httpx.Client(base_url=settings.api_url, timeout=TIMEOUT_S, trust_env=not on_this_machine) as client:
            answer = client.request(method, path, params=params, json=body, files=files, headers=headers)
    except httpx.TransportError as error:
        return f"The API does not answer at {settings.api_url}: {error}."
    try:
        told: dict[str, Any] = answer.json() if answer.content else {}
        return told if answer.is_success else str(told["detail"])
    except (ValueError, KeyError, TypeError):
        return f"The API answers {answer.status_code}."
