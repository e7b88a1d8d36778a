"""Turns log records into one line an event in `home/logs/quarry.log`, which all processes of the pipeline share.

Owns the form (JSON or for people), the context that each line carries (process, document, stage, attempt), the turn of
the files, and that no secret stands in them. Modules log with `logging` as everywhere; what belongs to an event goes
into `extra`, what belongs to a stretch of work into `structlog.contextvars`.
"""

import fcntl
import itertools
import json
import logging
import os
import re
from collections.abc import Iterable, Sequence
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

import structlog
from pydantic import SecretStr
from structlog.typing import EventDict, Processor, WrappedLogger

from cluster.settings import Settings

FILE = "quarry.log"
HIDDEN = "***"
TOKEN = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+")
"""A JSON Web Token: its first part is always a JSON object in base64."""
PASSWORD_IN_URL = re.compile(r"(://[^:/@\s\"]+:)[^@/\s\"]+(@)")
SHORTEST_SECRET = 8
"""A shorter word may be anything; as a password in an address it is hidden all the same."""
QUIET = ("httpx", "httpcore", "openai", "fontTools", "PIL", "urllib3", "botocore", "fsspec", "asyncio")
"""Libraries that tell each of their steps."""


def log_file(root: Path) -> Path:
    """Where the newest lines are; older ones are in `.1`, `.2` ... beside it."""
    return root / "logs" / FILE


def configure_logs(settings: Settings, process: str) -> None:
    """Send what this process logs from now on to the home's file; `process` is its duty ("ocr-0", "driver")."""
    root = logging.getLogger()
    path = log_file(settings.root)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = SharedFile(path, most_bytes=settings.log_file_bytes, kept=settings.log_files_kept)
    except OSError as error:  # a full disk must not keep the work from being done
        root.warning("no log file at %s: %s", path, error)
        return
    handler.setFormatter(formatter(settings, process))
    for old in [one for one in root.handlers if isinstance(one, SharedFile)]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(settings.log_level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def formatter(settings: Settings, process: str) -> structlog.stdlib.ProcessorFormatter:
    """What makes a line of a record."""

    def name_process(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        return {"process": process, "pid": os.getpid(), **event}

    def drop_ray(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event.pop("_ray_timestamp_ns", None)
        return event

    human = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    render: Sequence[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]
        if settings.log_format == "json"
        else [human]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.ExtraAdder(),
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            name_process,
            drop_ray,
        ],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render, Concealer(settings)],
    )


class Concealer:
    """Replaces every secret of the settings, every token and every password of an address in a finished line."""

    def __init__(self, settings: Settings) -> None:
        """Collect the secrets, as they are and as JSON writes them."""
        given = (getattr(settings, name) for name in type(settings).model_fields)
        secrets = {value.get_secret_value() for value in given if isinstance(value, SecretStr)}
        secrets = {secret for secret in secrets if len(secret) >= SHORTEST_SECRET}
        self._secrets = sorted(secrets | {json.dumps(secret)[1:-1] for secret in secrets}, key=len, reverse=True)

    def __call__(self, _: WrappedLogger, __: str, line: Any) -> str:
        """The line as it may be written."""
        text = str(line)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return PASSWORD_IN_URL.sub(rf"\1{HIDDEN}\2", TOKEN.sub(HIDDEN, text))


class SharedFile(WatchedFileHandler):
    """Appends to a file that many processes write; whoever finds it too large moves it aside, and all go on anew.

    No lock is held while writing: a process that is stopped in the middle must not stop the others.
    """

    def __init__(self, path: Path, *, most_bytes: int, kept: int) -> None:
        """Open the file; raises OSError."""
        super().__init__(path, encoding="utf-8")
        self._most_bytes, self._kept = most_bytes, kept

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record with one call of the system, so that lines of several processes never mix."""
        try:
            self.reopenIfNeeded()
            if self.stream is None:  # its folder was away when it was reopened
                self.stream = self._open()
                self._statstream()
            line = (self.format(record) + "\n").encode("utf-8", "backslashreplace")
            descriptor = self.stream.fileno()
            os.write(descriptor, line)
            if os.fstat(descriptor).st_size > self._most_bytes:
                self._move_aside(descriptor)
        except (OSError, ValueError, TypeError):
            self.handleError(record)

    def _move_aside(self, descriptor: int) -> None:
        """Make room, unless another process is doing it or has done it."""
        path = Path(self.baseFilename)
        with path.with_suffix(".turn").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if path.exists() and path.stat().st_ino == os.fstat(descriptor).st_ino:
                for source, target in moves(path, self._kept):
                    if source.exists():
                        source.replace(target)


def moves(path: Path, kept: int) -> Iterable[tuple[Path, Path]]:
    """The renames, the oldest first; what is behind the last falls away."""
    names = [path, *(path.with_name(f"{path.name}.{number}") for number in range(1, kept + 1))]
    return reversed(list(itertools.pairwise(names)))
