"""One line in the log for each request: who asked is the audit's business, what was asked and how it ended is this.

Knows no route. Of the address only the path is written: what stands behind the `?` may be somebody's search.
"""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

QUIET_PATHS = ("/healthz", "/readyz")
"""Asked every few seconds by whatever looks after the service."""

logger = logging.getLogger(__name__)


class RequestLog:
    """Plain ASGI, so that event streams pass through it piece by piece."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and write its line when it has ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 500

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note_status)
        finally:
            level = logging.DEBUG if scope["path"] in QUIET_PATHS else logging.INFO
            told = {
                "method": scope["method"],
                "path": scope["path"],
                "status": status,
                "seconds": round(time.monotonic() - began, 4),
            }
            if document := scope.get("path_params", {}).get("document_id"):
                told["document_id"] = str(document)
            logger.log(level, "request", extra=told)
