"""The monitor's server: `streamlit run monitor_server.py`. Serves the script `monitor_app.py` behind the login wall.

Refuses to listen beyond this machine without a password. Knows no page.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.middleware import Middleware
from streamlit.starlette import App

from cluster.access.monitor_guard import require_guarded
from cluster.settings import Settings
from monitor.login import LoginWall, served_at


def stored_hash() -> str | None:
    """The password's hash, as the settings have it."""
    password_hash = Settings().monitor_password_hash
    return password_hash.get_secret_value() if password_hash else None


@asynccontextmanager
async def guarded(_: App) -> AsyncIterator[None]:
    """Ends the start with a sentence when anybody on the network could read along."""
    require_guarded(served_at(), Settings())
    yield


app = App(
    Path(__file__).with_name("monitor_app.py"),
    lifespan=guarded,
    middleware=[Middleware(LoginWall, stored_hash=stored_hash)],
)
