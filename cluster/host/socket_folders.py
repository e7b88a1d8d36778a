"""Owns the folders whose paths end in a Unix socket, which may not be longer than the system allows.

Ray puts sockets under its temporary folder, Python's multiprocessing under TMPDIR. Both lie in `home`, where all files
stay; when its path is too long, a short folder in the system's temporary folder holds links to them until `down`.
"""

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cluster.host.processes import ProcessBook

LONGEST_SOCKET_BYTES = 103 if sys.platform == "darwin" else 107
RAY_NEEDS_BYTES = len("/session_2025-01-01_00-00-00_000000_4194304/sockets/dash_MetricsHead")
"""What Ray 2.60 appends at most; pids have up to seven digits. Measured: its longest socket is the dashboard's."""
PYTHON_NEEDS_BYTES = len("/pymp-abcdefgh/listener-abcdefgh")


@dataclass(frozen=True)
class SocketFolders:
    """Paths to be handed to Ray and to TMPDIR."""

    ray: Path
    temporary: Path


def make_socket_folders(root: Path, book: ProcessBook) -> SocketFolders:
    """Make both folders in `root`, and short names for them when they need it."""
    ray, temporary = ray_folder(root), root / "tmp"
    for folder in (ray.parent, ray, temporary):
        folder.mkdir(mode=0o700, exist_ok=True)
    if fits(ray, RAY_NEEDS_BYTES) and fits(temporary, PYTHON_NEEDS_BYTES):
        return SocketFolders(ray, temporary)
    short = existing_short_folder(book) or make_short_folder(book)
    for name, target in (("r", ray), ("t", temporary)):
        if not (short / name).is_symlink():
            (short / name).symlink_to(target)
    return SocketFolders(short / "r", short / "t")


def ray_folder(root: Path) -> Path:
    """Ray's temporary folder. Ray lets everybody write into it, so it stands in one that only we can enter."""
    return root / "ray" / "s"


def fits(folder: Path, needed: int) -> bool:
    """Whether sockets in this folder have names short enough."""
    return len(os.fsencode(folder)) + needed <= LONGEST_SOCKET_BYTES


def existing_short_folder(book: ProcessBook) -> Path | None:
    """The one that an earlier start made and that belongs to us still."""
    for name in book.state.folders:
        folder = Path(name)
        if folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == os.geteuid():
            return folder
    return None


def make_short_folder(book: ProcessBook) -> Path:
    """A folder that only we can enter, written down before it is used."""
    places = [Path(tempfile.gettempdir()), Path("/tmp")]
    place = next((one for one in places if fits(one / "quarry-abcdefgh" / "r", RAY_NEEDS_BYTES)), places[-1])
    folder = Path(tempfile.mkdtemp(prefix="quarry-", dir=place))
    book.state.folders.append(str(folder))
    book.save()
    return folder


def remove_short_folders(book: ProcessBook) -> None:
    """Remove the links and their folder; what they point at stays."""
    for name in book.state.folders:
        folder = Path(name)
        for link in ("r", "t"):
            (folder / link).unlink(missing_ok=True)
        if folder.is_dir():
            folder.rmdir()
    book.state.folders.clear()
    book.save()
