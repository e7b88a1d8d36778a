"""Builds the whole environment of every process that Quarry starts, in one place.

Nothing is inherited but what is named here; caches and temporary files go into `home`, never to the user's own folder,
and a process is given only the secrets that its role needs.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from cluster.access.tokens import issue_token
from cluster.settings import ENVIRONMENT_ONLY, Settings

Role = Literal["ray", "monitor"]

PASSED_ON = {
    "HOME", "USER", "LOGNAME", "LANG", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy",
    "https_proxy", "OMP_NUM_THREADS", "HF_HOME", "NETRC",
}  # fmt: skip
PASSED_ON_FAMILIES = (
    "LC_",
    "AWS_",
    "AZURE_",
    "GOOGLE_",
    "CUDA_",
    "NVIDIA_",
    "ROCR_",
    "HIP_",
    "HF_HUB_",
    "HF_TOKEN",
    "HF_ENDPOINT",
)
"""Credentials of file stores, accelerators, and the hub that CLIP's weights come from."""

OWNER_ONLY = {"database_url"}
"""The address that may change the schema stays with the command line."""
NOT_FOR_RAY = {"monitor_password_hash"}
NOT_FOR_THE_MONITOR = {"service_database_url", "jwt_secret", "llm_api_key", "webhook_secret"}
MONITOR_TOKEN_S = 365 * 24 * 3600
"""The monitor's token lives as long as its process may; another `quarry up` after `quarry down` makes another."""

CLUSTER_TOKEN = Path(".ray") / "auth_token"
"""Below the user's folder: where `ray up` brings the token of a cluster (ray-cluster.yaml)."""

RAY_VARIABLES = {
    "RAY_AUTH_MODE": "token",
    "RAY_USAGE_STATS_ENABLED": "0",
    # Without it Ray takes 127.0.0.1 for the machine's outward address, and its servers listen on all of them.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    # Ray's default makes all workers give way (nice 15), the API's as well. Here only the model actors do.
    "RAY_worker_niceness": "0",
    "RAY_ROTATION_MAX_BYTES": str(32 * 1024 * 1024),
    "RAY_ROTATION_BACKUP_COUNT": "2",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "1",
    # Serve kills a proxy that is not ready after 5 s, and its start then fails as a whole: too short on a busy machine.
    "RAY_SERVE_PROXY_READY_CHECK_TIMEOUT_S": "60",
    "RAY_SERVE_PROXY_HEALTH_CHECK_TIMEOUT_S": "30",
    "RAY_DISABLE_DOCKER_CPU_WARNING": "1",
    # Serve's proxy hands uploads on as results of calls. Over this size they go through the object store, and once
    # that is 70 % full Ray has every process collect its garbage at once: 0.1 to 0.4 s of processor time in each.
    "RAY_max_direct_call_object_size": str(4 * 1024 * 1024),
}


def child_environment(settings: Settings, role: Role, temporary: Path) -> dict[str, str]:
    """The environment of Ray (with all that runs on it) or of the monitor.

    Args:
        settings: with resolved database addresses.
        role: decides which secrets are in it.
        temporary: for TMPDIR.
    """
    environment = {name: value for name, value in os.environ.items() if passes(name)}
    environment |= cache_places(settings, environment) | {"TMPDIR": str(temporary)}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    environment["NO_PROXY"] = environment["no_proxy"] = no_proxy()
    others = NOT_FOR_RAY if role == "ray" else NOT_FOR_THE_MONITOR
    environment |= settings_environment(settings, without=OWNER_ONLY | others)
    environment |= ray_environment(settings) if role == "ray" else monitor_environment(settings)
    if role == "monitor" and settings.monitor_token is None and settings.jwt_secret is not None:
        # Of its own, so that the audit trail names it; it cannot make others, for it is not given the secret.
        environment["QUARRY_MONITOR_TOKEN"] = issue_token(settings, "monitor", "admin", lifetime_s=MONITOR_TOKEN_S)
    return environment


def passes(name: str) -> bool:
    """Whether a variable of ours is handed on."""
    return name in PASSED_ON or name.startswith(PASSED_ON_FAMILIES)


def no_proxy() -> str:
    """Hosts that no proxy is asked for: what was set, and this machine."""
    given = os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or ""
    return ",".join(dict.fromkeys([*filter(None, given.split(",")), "127.0.0.1", "localhost"]))


def cache_places(settings: Settings, given: Mapping[str, str]) -> dict[str, str]:
    """Where libraries keep what they download or compute: all below `home`. A hub cache that the user named is kept."""
    caches, models = settings.root / "cache", settings.model_folder
    return {
        "XDG_CACHE_HOME": str(caches),
        "XDG_CONFIG_HOME": str(caches / "config"),
        "XDG_DATA_HOME": str(caches / "data"),
        "MPLCONFIGDIR": str(caches / "matplotlib"),
        "TRITON_CACHE_DIR": str(caches / "triton"),
        "NUMBA_CACHE_DIR": str(caches / "numba"),
        "CUDA_CACHE_PATH": str(caches / "cuda"),
        "HF_HOME": given.get("HF_HOME", str(models / "huggingface")),
        "TORCH_HOME": str(models / "torch"),
        "EASYOCR_MODULE_PATH": str(models / "easyocr"),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "PYTHONUNBUFFERED": "1",
    }


def settings_environment(settings: Settings, *, without: set[str]) -> dict[str, str]:
    """The settings that were given or made, as variables that `Settings` reads back to the same values."""
    variables = {ENVIRONMENT_ONLY: "1", "QUARRY_HOME": str(settings.root)}
    for name in settings.model_fields_set - without - {"home"}:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            value = value.get_secret_value()
        if isinstance(value, Path):
            value = str(value.expanduser().absolute())  # a child may stand in another folder
        if value is not None:
            variables[f"QUARRY_{name.upper()}"] = value if isinstance(value, str) else json.dumps(value, default=str)
    return variables


def ray_environment(settings: Settings) -> dict[str, str]:
    """What Ray itself reads, in its daemons, its workers and in whoever connects to it."""
    # One thread each: the pools say themselves how many threads a model gets.
    threads = {"OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"), "OPENBLAS_NUM_THREADS": "1"}
    return RAY_VARIABLES | threads | {"RAY_AUTH_TOKEN_PATH": str(ray_token_path(settings))}


def ray_token_path(settings: Settings) -> Path:
    """Where the token of the local Ray is."""
    return settings.root / "ray_token"


def monitor_environment(settings: Settings) -> dict[str, str]:
    """Streamlit: no browser, no telemetry, no watching of files."""
    return {
        "STREAMLIT_SERVER_HEADLESS": "true",
        "STREAMLIT_SERVER_ADDRESS": settings.host,
        "STREAMLIT_SERVER_PORT": str(settings.monitor_port),
        "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
        "STREAMLIT_SERVER_SHOW_EMAIL_PROMPT": "false",
        "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
        "OMP_NUM_THREADS": "1",
    }


def become_ray_client(settings: Settings) -> None:
    """Give this process what Ray reads; call it before `ray` is imported, which reads some of it then alone."""
    os.environ.pop("RAY_ADDRESS", None)  # somebody's other cluster
    if settings.ray_address is None:
        os.environ.update(ray_environment(settings))
    elif (Path.home() / CLUSTER_TOKEN).exists():
        os.environ.setdefault("RAY_AUTH_MODE", "token")
