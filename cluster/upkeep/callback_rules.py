"""Which addresses a webhook may be sent to: hosts that the settings name, on the public internet unless they say more.

Checked twice: the address as text when a document is uploaded, and each IP address at the moment of the connection,
which goes to exactly that IP. Knows neither HTTP nor the outbox.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self
from urllib.parse import urlsplit

from cluster.settings import Settings
from db.errors import QuarryError

LONGEST_URL = 2000
PORTS = {"http": 80, "https": 443}
PLAIN = re.compile(r"[!-\[\]-~]+")
"""Printable ASCII without the backslash, which some readers of addresses take for a slash."""
HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:.]+")
TRANSLATED = tuple(ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""NAT64, 6to4 and Teredo carry an IPv4 address inside, which may be any."""

Address = IPv4Address | IPv6Address


class CallbackRefused(QuarryError):
    """The settings do not let a webhook go there."""

    code = "callback_refused"
    permanent = True


@dataclass(frozen=True)
class Target:
    """A parsed address; what is connected to is made of these parts and of nothing that is parsed again."""

    scheme: str
    host: str  # lower case; of IPv6 without brackets
    port: int
    path: str  # with the query


@dataclass(frozen=True)
class CallbackRules:
    """What the settings allow."""

    hosts: tuple[str, ...]
    networks: tuple[IPv4Network | IPv6Network, ...]

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """`webhook_hosts` and `webhook_networks`."""
        return cls(tuple(host.lower() for host in settings.webhook_hosts), settings.webhook_networks)

    def read(self, url: str) -> Target:
        """The parts of an allowed address; raises CallbackRefused. Asks no name server."""
        target = parse(url)
        if not any(self._names(entry, target) for entry in self.hosts):
            place = f"{target.host}:{target.port}"
            raise CallbackRefused(
                f"Webhooks may not be sent to {place}.",
                f"The operator can allow it in QUARRY_WEBHOOK_HOSTS; now that names {len(self.hosts)} host(s).",
            )
        literal = literal_address(target.host)
        if literal is not None:
            self.require_address(literal, target.scheme)
        return target

    def require_address(self, address: Address, scheme: str) -> None:
        """Raise CallbackRefused unless a connection may go to this IP address."""
        if any(address.version == net.version and address in net for net in self.networks):
            return
        if not is_public(address):
            raise CallbackRefused(
                "The callback's host has an address that is not on the public internet.",
                "The operator can allow its network in QUARRY_WEBHOOK_NETWORKS.",
            )
        if scheme != "https":
            raise CallbackRefused("On the public internet a webhook goes over https only.", "Use an https:// address.")

    def _names(self, entry: str, target: Target) -> bool:
        """Whether an entry `host`, `*.host` or `*`, each with `:port` or without, means this target."""
        name, port = split_port(entry)
        if target.port != (port or PORTS[target.scheme]):
            return False
        if name.startswith("*."):
            return target.host.endswith(name[1:]) and literal_address(target.host) is None
        return name in ("*", target.host)


def parse(url: str) -> Target:
    """The parts of an http(s) address without surprises; raises CallbackRefused."""
    try:
        if len(url) > LONGEST_URL or not PLAIN.fullmatch(url):
            raise ValueError("too long, or with characters that an address does not have")
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        if parts.scheme not in PORTS:
            raise ValueError("neither http:// nor https://")
        if not HOST.fullmatch(host) or "@" in parts.netloc or parts.fragment:
            raise ValueError("without a plain host name, or with a login or a fragment")
        port = parts.port or PORTS[parts.scheme]
    except ValueError as error:
        raise CallbackRefused(
            f"The callback's address cannot be used: {error}.", "Send one like https://hooks.example.com/quarry."
        ) from error
    query = f"?{parts.query}" if parts.query else ""
    return Target(parts.scheme, host, port, (parts.path or "/") + query)


def split_port(entry: str) -> tuple[str, int | None]:
    """`host:port`, `[ipv6]:port`, or either without a port."""
    found = re.fullmatch(r"\[?(?P<name>[^\]]*?)\]?(:(?P<port>\d+))?", entry)
    if found is None or literal_address(entry) is not None:
        return entry, None
    return found["name"], int(found["port"]) if found["port"] else None


def literal_address(host: str) -> Address | None:
    """The IP address that the host is written as, None of a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Whether it is on the public internet, seen through the forms that hide an IPv4 address."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in net for net in TRANSLATED):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified
