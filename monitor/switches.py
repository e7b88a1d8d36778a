"""The switches of the queues as the monitor shows them: a clear line while one is paused, and the button beside it."""

from collections.abc import Iterable
from datetime import datetime

import streamlit as st

from db.queue_switches import QueueSwitch, SwitchName
from monitor import actions, formats, frame, markup

NAMES: dict[SwitchName, str] = {
    "documents": "queue of documents",
    "image": "image queue",
    "ai": "AI queue",
}
MEANS: dict[SwitchName, str] = {
    "documents": "No pending document is started; those in work go on.",
    "image": "No image is handed out; documents wait in their stage without losing attempts.",
    "ai": "No analysis is handed out; documents wait in their stage without losing attempts.",
}


def paused_lines(switches: Iterable[QueueSwitch], now: datetime | None) -> None:
    """One line that must be seen for each queue that is paused."""
    for switch in switches:
        if switch.paused:
            headline = f"The {NAMES[switch.queue]} is paused"
            when = formats.clock(switch.changed_at, frame.zone(), now)
            st.html(markup.notice("partial", f"{headline}, since {when}, by {switch.changed_by}.", MEANS[switch.queue]))


def switch_button(switch: QueueSwitch) -> None:
    """Pause or Resume, whichever can be done now."""
    action, icon, doing = ("resume", "play_arrow", "Resuming") if switch.paused else ("pause", "pause", "Pausing")
    name = NAMES[switch.queue]
    st.button(
        f"{action.capitalize()} the {name}",
        key=f"switch-{switch.queue}",
        icon=f":material/{icon}:",
        type="primary" if switch.paused else "secondary",
        on_click=actions.press,
        args=(f"{doing} the {name}", f"/queues/{switch.queue}/{action}"),
        help=MEANS[switch.queue] if not switch.paused else None,
    )
