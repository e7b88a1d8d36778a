"""Sends one signed webhook: to an IP address that was checked at this moment, once, without following anything.

Knows the rules of addresses and the signature (Standard Webhooks); does not know the outbox.
"""

import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import httpcore
from standardwebhooks import Webhook

from cluster.upkeep.callback_rules import CallbackRefused, CallbackRules

DEADLINE_S = 15.0
"""For one attempt from the name server to the status line, however slowly the receiver drips."""
LONGEST_RETRY_AFTER_S = 6 * 3600.0
GONE = 410
"""The receiver does not want it any more."""


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt."""

    delivered: bool
    status_code: int | None
    error: str | None
    seconds: float
    permanent: bool = False
    retry_after_s: float | None = None  # what the receiver asks for


def send_webhook(url: str, message_id: str, body: str, secret: str, rules: CallbackRules) -> Outcome:
    """Post the body and say what came of it; raises nothing that a receiver or a name server can bring about."""
    began = time.monotonic()
    try:
        target = rules.read(url)
        backend = CheckedBackend(rules, target.scheme, began + DEADLINE_S)
        at = datetime.now(UTC)
        headers: dict[bytes | str, bytes | str] = {
            "Content-Type": "application/json",
            "User-Agent": "Quarry",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret).sign(message_id, at, body),
        }
        place = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        with (
            httpcore.ConnectionPool(ssl_context=ssl.create_default_context(), network_backend=backend) as pool,
            pool.stream("POST", place, headers=headers, content=body.encode(), extensions=time_limits()) as answer,
        ):
            return judge(answer.status, dict(answer.headers), time.monotonic() - began)
    except CallbackRefused as error:
        return Outcome(False, None, str(error), time.monotonic() - began, permanent=True)
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
        words = str(error) or type(error).__name__
        return Outcome(False, None, f"The receiver could not be reached: {words}.", time.monotonic() - began)


def judge(status: int, headers: dict[bytes, bytes], seconds: float) -> Outcome:
    """A 2xx is a delivery; everything else is none, a redirect too: it may lead where the settings do not."""
    if 200 <= status < 300:
        return Outcome(True, status, None, seconds)
    kind = "a redirect, which is not followed" if 300 <= status < 400 else "no success"
    wanted = {name.lower(): value for name, value in headers.items()}.get(b"retry-after", b"")
    retry_after_s = min(float(wanted), LONGEST_RETRY_AFTER_S) if wanted.isdigit() else None
    error = f"The receiver answered {status}, {kind}."
    return Outcome(False, status, error, seconds, permanent=status == GONE, retry_after_s=retry_after_s)


def time_limits() -> dict[str, Any]:
    """For each step; `CheckedBackend` bounds all of them together."""
    return {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), DEADLINE_S)}


class CheckedBackend(httpcore.NetworkBackend):
    """Opens connections to addresses that pass the rules, and to no others.

    The name is resolved once and the connection goes to what was checked: a name server that answers something else a
    moment later (DNS rebinding) is not asked again.
    """

    def __init__(self, rules: CallbackRules, scheme: str, ends: float) -> None:
        """`ends` is the deadline on the monotonic clock."""
        self._rules, self._scheme, self._ends = rules, scheme, ends
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """To the first address that answers; raises CallbackRefused when one of them is not allowed."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} has no address") from error
        addresses = list(dict.fromkeys(str(place[0]) for *_, place in found))
        for address in addresses:  # all of them: a name with one good and one bad address is a trap
            self._rules.require_address(ip_address(address.partition("%")[0]), self._scheme)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                stream = self._plain.connect_tcp(
                    address, port, remaining(self._ends), local_address, list(socket_options or [])
                )
                return BoundedStream(stream, self._ends)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class BoundedStream(httpcore.NetworkStream):
    """A stream whose every step ends at one deadline."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        """`ends` is on the monotonic clock."""
        self._stream, self._ends = stream, ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes."""
        return self._stream.read(max_bytes, remaining(self._ends))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of them."""
        self._stream.write(buffer, remaining(self._ends))

    def close(self) -> None:
        """End it."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The certificate must be the host name's, although the connection was made to its address."""
        stream = self._stream.start_tls(ssl_context, server_hostname, remaining(self._ends))
        return BoundedStream(stream, self._ends)

    def get_extra_info(self, info: str) -> Any:
        """As the stream below says."""
        return self._stream.get_extra_info(info)


def remaining(ends: float) -> float:
    """Seconds that are left; raises httpcore.ReadTimeout when none are."""
    left = ends - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout(f"it took longer than {DEADLINE_S:g} s")
    return left
