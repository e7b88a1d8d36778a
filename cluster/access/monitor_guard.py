"""The rule that the monitor shows itself beyond this machine only behind a password, and the password's hash.

Does not know how a reader is asked for it: that is `monitor.login`.
"""

from argon2 import PasswordHasher

from cluster.settings import Settings, is_loopback
from db.errors import QuarryError


class MonitorUnguarded(QuarryError):
    """Anybody on the network could read along."""

    code = "monitor_unguarded"
    permanent = True


def require_guarded(host: str, settings: Settings) -> None:
    """Raise MonitorUnguarded when the monitor would listen at `host` for others and ask nobody for a password."""
    if not is_loopback(host) and settings.monitor_password_hash is None:
        raise MonitorUnguarded(
            f"The monitor would listen at {host} and ask nobody for a password.",
            "Set one with `quarry monitor-password`, or leave QUARRY_HOST at 127.0.0.1.",
        )


def hash_password(password: str) -> str:
    """What the setting holds: argon2id with the library's parameters, which follow RFC 9106."""
    return PasswordHasher().hash(password)
