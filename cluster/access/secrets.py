"""Owns `home/secrets.env` (mode 600): what `quarry up` makes once and keeps, as lines that `Settings` can read.

Does not know what the values are for.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from cluster.settings import SECRETS_FILE

HEADER = "# Made by `quarry up`, read by every command of Quarry. The environment and .env go first.\n"


def read_secrets(folder: Path) -> dict[str, str]:
    """What the file holds; empty before the first start."""
    values = dotenv_values(folder / SECRETS_FILE, interpolate=False)
    return {name: value for name, value in values.items() if value}


def keep_secrets(folder: Path, values: Mapping[str, str]) -> None:
    """Add or change values; the others stay. The file is replaced whole: a crash leaves the old or the new one."""
    merged = read_secrets(folder) | dict(values)
    draft = folder / f"{SECRETS_FILE}.{os.getpid()}"
    write_private(draft, HEADER + "".join(f"{name}={quoted(value)}\n" for name, value in sorted(merged.items())))
    draft.replace(folder / SECRETS_FILE)


def quoted(value: str) -> str:
    """A value as the file writes it, whatever characters it has."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def make_missing(folder: Path, names: tuple[str, ...]) -> dict[str, str]:
    """The named secrets, each made of 32 random bytes where the file has none yet."""
    found = read_secrets(folder)
    made = {name: secrets.token_urlsafe(32) for name in names if name not in found}
    if made:
        keep_secrets(folder, made)
    return {name: (found | made)[name] for name in names}


def private_token(path: Path) -> Path:
    """A file that holds nothing but a random token; made when missing, readable by its owner alone."""
    if not path.exists():
        write_private(path, secrets.token_hex(32))
    return path


def write_private(path: Path, text: str) -> None:
    """Write a file that was never readable by others, not for a moment."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:  # noqa: PTH123
        out.write(text)
