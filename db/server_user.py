"""Owns one question: as whom may the embedded Postgres run here? Postgres refuses root.

An ordinary user runs it as itself. Root runs it as `nobody` where that user can reach the folder and the binaries,
else in a user namespace in which root is called by another number.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from db.errors import ServerFailed

NAMESPACE_USER = "1000"  # any number but 0: Postgres looks at nothing else
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
    if os.geteuid() != 0:
        if data.exists() and data.stat().st_uid != os.geteuid():
            raise ServerFailed(
                f"{data} belongs to user number {data.stat().st_uid}.",
                "Start Quarry as that user, or use another folder.",
            )
        return ServerUser("as this user")
    candidates = root_candidates()
    if data.exists():
        owner = data.stat().st_uid
        candidates = [user for user in candidates if (user.uid or 0) == owner]
    for user in candidates:
        if works(user, folder, binaries):
            return user
    raise ServerFailed(
        f"Postgres does not run as root, nobody cannot reach {folder}, and user namespaces are not allowed here.",
        "Run Quarry as an ordinary user, move it where others may read, or set DATABASE_URL to a Postgres that runs.",
    )


def root_candidates() -> list[ServerUser]:
    """What root may try, best first."""
    candidates = []
    try:
        nobody = pwd.getpwnam("nobody")
        candidates.append(ServerUser("as nobody", uid=nobody.pw_uid, gid=nobody.pw_gid))
    except KeyError:
        pass
    unshare = shutil.which("unshare")
    if unshare is not None:
        prefix = (unshare, "--user", f"--map-user={NAMESPACE_USER}", f"--map-group={NAMESPACE_USER}", "--")
        candidates.append(ServerUser("in a user namespace", prefix=prefix))
    return candidates


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
