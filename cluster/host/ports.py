"""Owns one question: is a port free, and if not, who has it and which setting moves us elsewhere?"""

import socket

import psutil

from db.errors import PortTaken

CONNECT_WITHIN_S = 0.5


def require_free(host: str, port: int, setting: str) -> None:
    """Raise PortTaken unless we could listen; it names port, setting and, where the system tells us, the program."""
    if is_free(host, port):
        return
    holder = holder_of(port)
    raise PortTaken(
        f"Port {port} on {host} is taken{f' by {holder}' if holder else ''}.",
        f"End that program, or set {setting} to another port.",
    )


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    # Some systems let us bind beside a program that listens on all addresses; then it answers here.
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(CONNECT_WITHIN_S)
        return probe.connect_ex((host, port)) != 0


def holder_of(port: int) -> str | None:
    """The listening program as `name (pid 123)`; None when the system does not tell us."""
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:
        return None
    for connection in connections:
        if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port:
            return f"{describe(connection.pid)} (pid {connection.pid})" if connection.pid else None
    return None


def describe(pid: int) -> str:
    """A process's name, short."""
    try:
        return psutil.Process(pid).name()
    except psutil.Error:
        return "a program"


def free_ports(count: int, host: str = "127.0.0.1") -> list[int]:
    """Ports that are free now, all different; somebody else may still take them before we do."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((host, 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
