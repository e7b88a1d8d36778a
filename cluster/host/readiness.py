"""Asks what was started whether it can do its work, and waits until it can. Talks HTTP to this machine only."""

import time

import httpx

from cluster.host.processes import ProcessBook
from cluster.host.ray_head import logs_are, tail
from cluster.settings import Settings
from db.errors import QuarryError

READY_WITHIN_S = 300.0
"""The models load in this time, also on two busy cores."""
MONITOR_WITHIN_S = 90.0
ANSWER_WITHIN_S = 5.0
POLL_S = 0.2


class NotReady(QuarryError):
    """Everything was started, but it cannot do its work."""

    code = "not_ready"


def wait_for_monitor(settings: Settings, book: ProcessBook) -> None:
    """Return when the monitor answers. Raises NotReady."""
    deadline = time.monotonic() + MONITOR_WITHIN_S
    url = f"{settings.monitor_url}/_stcore/health"
    while (answer := get(url)) is None or answer.status_code != httpx.codes.OK:
        if book.leader("monitor") is None or time.monotonic() > deadline:
            log = book.log("monitor")
            raise NotReady(f"The monitor does not answer: {tail(log)}", f"Its log is {log}.")
        time.sleep(POLL_S)


def wait_until_ready(settings: Settings) -> None:
    """Return when a document would be processed. Raises NotReady with the service's own reason."""
    deadline = time.monotonic() + READY_WITHIN_S
    while (reason := why_not_ready(settings)) is not None:
        if time.monotonic() > deadline:
            raise NotReady(f"Quarry is not ready after {READY_WITHIN_S:g} s: {reason}", logs_are(settings))
        time.sleep(POLL_S)


def why_not_ready(settings: Settings) -> str | None:
    """The API's own reason; None when documents are processed now."""
    answer = get(f"{settings.api_url}/readyz")
    if answer is None:
        return "the API does not answer"
    if answer.status_code == httpx.codes.OK:
        return None
    try:
        checks = answer.json()
        reasons = [
            f"{name}: {check['reason']}" for name, check in checks.items() if name != "ready" and not check["ready"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"the API answers {answer.status_code}"
    return "; ".join(reasons)


def get(url: str) -> httpx.Response | None:
    """One short question to this machine, past any proxy; None without an answer."""
    try:
        return httpx.get(url, timeout=ANSWER_WITHIN_S, trust_env=False)
    except httpx.HTTPError:
        return None


def require_ready(settings: Settings) -> None:
    """Raise NotReady, with the reason, unless documents are processed now."""
    if (reason := why_not_ready(settings)) is not None:
        raise NotReady(f"Quarry is not ready: {reason}.", "Start it with `quarry up`.")
