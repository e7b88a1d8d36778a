"""Owns where people find Ray's own dashboard: this machine's, a cluster's as it told itself, or what a setting says."""

from cluster.settings import Settings

FILE = "ray_dashboard"


def keep_dashboard_address(settings: Settings, place: str) -> None:
    """Remember what the cluster of `ray_address` says of itself.

    Args:
        settings: whose home keeps it.
        place: `host:port` as Ray gives it; empty where the cluster runs no dashboard.
    """
    settings.root.mkdir(parents=True, exist_ok=True)
    (settings.root / FILE).write_text(place, encoding="utf-8")


def dashboard_address(settings: Settings, host: str) -> str | None:
    """Where the dashboard answers, None where nobody knows.

    Args:
        settings: the setting `ray_dashboard_url` goes first.
        host: as the reader reaches this machine, for the Ray that runs here.
    """
    if settings.ray_dashboard_url is not None:
        return settings.ray_dashboard_url
    if settings.ray_address is None:
        return f"http://{host}:{settings.dashboard_port}"
    try:
        place = (settings.root / FILE).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return f"http://{place}" if place else None
