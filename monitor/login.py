"""The wall before the monitor: whoever has not given the password gets a form, and nothing else answers.

Stands before everything that Streamlit serves, pictures and websockets too. Sessions are signed cookies: their key
comes from the password's hash, so they outlive a restart and end with the password. Knows no page.
"""

import hashlib
import html
import re
import time
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from string import Template
from typing import ClassVar
from urllib.parse import parse_qs, quote

import jwt
from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

HEALTH = "/_stcore/health"
"""Says `ok` and nothing else; what watches over the process asks here."""
LOGIN, LOGOUT = "/login", "/logout"
COOKIE = "quarry_monitor"
SESSION_S = 12 * 3600
TRIES_A_MINUTE = 10
CHECKED_AT_ONCE = 2
"""A check takes 64 MiB for a moment, on purpose."""
LONGEST_FORM = 4096
FORM = Path(__file__).parent / "login.html"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
}
FORM_RUNS = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
OWN_PLACE = re.compile(r"/(?![/\\])[^\s\\]*")
"""An address on this server: a second slash would lead to another one."""


def served_at() -> str:
    """The address that Streamlit listens at; it takes all when none is set."""
    return str(config.get_option("server.address") or "0.0.0.0")


class LoginWall:
    """ASGI middleware. Without a password it lets everybody through and only adds headers."""

    stands: ClassVar[bool] = False
    """Whether this process serves the monitor through a wall; the script refuses to be served beyond it without."""

    def __init__(self, app: ASGIApp, *, stored_hash: Callable[[], str | None]) -> None:
        """`app` is the monitor; `stored_hash` is asked once."""
        LoginWall.stands = True
        self._app = app
        self._hash = stored_hash()
        self._key = hashlib.sha256(f"quarry monitor session {self._hash}".encode()).digest()
        self._tries = FixedWindowRateLimiter(MemoryStorage())
        self._checks = CapacityLimiter(CHECKED_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request or websocket through, or answer it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if self._hash is None or scope["path"] == HEALTH:
            await self._app(scope, receive, send_with_headers)
        elif scope["type"] == "http" and scope["path"] in (LOGIN, LOGOUT):
            answer = await self._change_session(Request(scope, receive), self._hash)
            await answer(scope, receive, send_with_headers)
        elif self._knows(Headers(scope=scope)):
            await self._app(scope, receive, send_with_headers)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refuse(Request(scope))(scope, receive, send_with_headers)

    def _knows(self, headers: Headers) -> bool:
        """Whether the cookie is one of ours and not too old."""
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
            jwt.decode(cookies[COOKIE].value, self._key, algorithms=["HS256"], options={"require": ["exp"]})
        except (CookieError, KeyError, jwt.PyJWTError):
            return False
        return True

    async def _change_session(self, request: Request, stored: str) -> Response:
        if request.url.path == LOGOUT:
            return forget(request)
        return await self._log_in(request, stored) if request.method == "POST" else form("/")

    async def _log_in(self, request: Request, stored: str) -> Response:
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > LONGEST_FORM:
                return PlainTextResponse("This is no password.", 413)
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        wanted = fields.get("next", ["/"])[0]
        place = wanted if OWN_PLACE.fullmatch(wanted) else "/"
        whose = request.client.host if request.client else ""
        if not self._tries.hit(RateLimitItemPerMinute(TRIES_A_MINUTE), "login", whose):
            return form(place, "Too many tries. Wait a minute.", 429, {"Retry-After": "60"})
        password = fields.get("password", [""])[0]
        if not await to_thread.run_sync(is_right, stored, password, limiter=self._checks):
            return form(place, "That is not the password.", 401)
        answer = RedirectResponse(quote(place, safe="/?&=%#:+,;@~-._"), 303)
        session = jwt.encode({"exp": int(time.time()) + SESSION_S}, self._key, algorithm="HS256")
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, session, max_age=SESSION_S, httponly=True, samesite="lax", secure=secure)
        return answer


def is_right(stored: str, password: str) -> bool:
    """Whether this is the password behind the hash."""
    try:
        return PasswordHasher().verify(stored, password)
    except (Argon2Error, InvalidHashError):
        return False


def refuse(request: Request) -> Response:
    """The form for a reader who opens a page, a line for everything else."""
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        return form(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
    return PlainTextResponse("Log in first: open the monitor in a browser.", 401)


def forget(request: Request) -> Response:
    """End the session of this browser."""
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return answer


def form(place: str, trouble: str = "", status: int = 401, headers: dict[str, str] | None = None) -> Response:
    """The page that asks for the password and goes on to `place`."""
    page = Template(FORM.read_text(encoding="utf-8"))
    text = page.substitute(place=html.escape(place), trouble=html.escape(trouble))
    policy = {"Content-Security-Policy": FORM_RUNS, "Cache-Control": "no-store", "X-Frame-Options": "DENY"}
    return HTMLResponse(text, status, {**policy, **(headers or {})})
