"""Owns one question: as whom may the embedded Postgres run here? Postgres refuses root.

An ordinary user runs it as itself. Root runs it as `nobody` where that user can reach the folder and the binaries,
else in a user namespace in which root has another number.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from db.errors import ServerFailed

PROBE_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class ServerUser:
    """A way to run Postgres's programs."""

    how: str  # for messages: "as nobody" ...
    uid: int | None = None  # switch to this user, None: stay
    gid: int | None = None
    prefix: tuple[str, ...] = ()  # put before each command

    def run(self, command: Sequence[str], *, timeout_s: float) -> "subprocess.CompletedProcess[str]":
        """Run one program with a clean environment; its output, both streams, is in `stdout`."""
        return subprocess.run(
            [*self.prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout_s,
            check=False,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )

    def own(self, path: Path) -> None:
        """Hand a file or folder to this user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def make_folder(self, path: Path) -> None:
        """Make a folder that this user alone can read; an existing one stays."""
        if not path.exists():
            path.mkdir(mode=0o700)
            self.own(path)


def find_server_user(folder: Path, data: Path, binaries: Path) -> ServerUser:
    """Choose for a new server, and find again for one whose data exist.

    Args:
        folder: an existing folder that holds `data`.
        data: Postgres's data folder, which may not exist yet; its owner decides when it does.
        binaries: the folder of Postgres's programs.

    Raises:
        ServerFailed: nobody here can run it.
    """
    candidates = root_candidates() if os.geteuid() == 0 else ordinary_candidates()
    if data.exists():
        owner = data.stat().st_uid
        candidates = [user for user in candidates if (os.geteuid() if user.uid is None else user.uid) == owner]
        if not candidates:
            raise ServerFailed(
                f"{data} belongs to user number {owner}.", "Start Quarry as that user, or use another folder."
            )
    for user in candidates:
        if works(user, folder, binaries):
            return user
    tried = " or ".join(user.how for user in candidates)
    raise ServerFailed(
        f"Postgres cannot run in {folder}: tried {tried or 'nothing'} (it refuses root and users without a name).",
        "Run Quarry as an ordinary user, move it where others may read, or set DATABASE_URL to a Postgres that runs.",
    )


def ordinary_candidates() -> list[ServerUser]:
    """What a user may try; Postgres refuses a number without a name, as some container platforms give."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return in_namespace()
    return [ServerUser("as this user")]


def root_candidates() -> list[ServerUser]:
    """What root may try, best first."""
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return in_namespace()
    return [ServerUser("as nobody", uid=nobody.pw_uid, gid=nobody.pw_gid), *in_namespace()]


def in_namespace() -> list[ServerUser]:
    """A user namespace in which this user has the number of a named one; files still belong to this user."""
    unshare = shutil.which("unshare")
    named = next((entry for entry in pwd.getpwall() if entry.pw_uid != 0), None)
    if unshare is None or named is None:
        return []
    prefix = (unshare, "--user", f"--map-user={named.pw_uid}", f"--map-group={named.pw_gid}", "--")
    return [ServerUser("in a user namespace", prefix=prefix)]


def works(user: ServerUser, folder: Path, binaries: Path) -> bool:
    """Whether the user can enter the folder and run the programs."""
    script = 'cd "$1" && exec "$2" --version'
    try:
        done = user.run(
            ["/bin/sh", "-c", script, "sh", str(folder), str(binaries / "postgres")], timeout_s=PROBE_TIMEOUT_S
        )
    except OSError:  # not allowed to switch the user
        return False
    return done.returncode == 0
