"""Keeps what was made from a model on disk, so that it is made once a machine. Knows neither models nor formats."""

import fcntl
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path


def fingerprint(parts: Mapping[str, object]) -> str:
    """A short name for everything that a conversion depends on."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:16]


def file_hash(path: Path) -> str:
    """sha256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def converted_folder(parent: Path, name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name`, made by `make` if it is not there yet.

    Several processes may ask at once: one makes it, the others wait. A folder that is there is whole, since it gets its
    name when `make` has returned.

    Args:
        parent: where converted models are kept.
        name: carries the fingerprint.
        make: fills the empty folder that it is given; what it raises passes through and leaves nothing behind.
    """
    folder = parent / name
    if folder.is_dir():
        return folder
    parent.mkdir(parents=True, exist_ok=True)
    with (parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.is_dir():
            return folder
        unfinished = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=parent))
        try:
            make(unfinished)
            unfinished.chmod(0o755)
            unfinished.rename(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return folder
