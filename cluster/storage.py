"""The file store: bytes under the hash of their content, in a folder or in any store that fsspec reaches.

Knows addresses, keys and writing so that a reader never sees half a file; knows nothing of documents or images.
"""

import hashlib
import os
import re
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import fsspec
from fsspec.implementations.local import LocalFileSystem

from actors.errors import StorageFailed
from db.errors import QuarryError

PIECE_BYTES = 1024 * 1024
ATOMIC_WRITERS = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az"})
"""Object stores show an object only once its upload has ended: no second name is needed there."""
UNFINISHED = "unfinished"
"""Folder of files that are being written; what a crash leaves stands here and nowhere else."""
FOLDERS = tuple(f"{number:02x}" for number in range(256))
"""How every key begins: a whole store is looked through in pieces of these."""
_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}(\.[a-z0-9]{1,8})?")
_S3_LIMITS = {"connect_timeout": 10, "read_timeout": 60, "retries": {"max_attempts": 3}}


@dataclass(frozen=True)
class StoredFile:
    """What `put_file` wrote."""

    key: str
    sha256: str  # hex
    size: int  # bytes


class Storage:
    """A file store at an fsspec address, `file:///folder` or `s3://bucket/prefix` say.

    Every method raises `StorageFailed` when the store refuses or does not hold the key.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        protocol = address.split("://", 1)[0] if "://" in address else "file"
        with _translated(f"The file store {address} cannot be opened."):
            self._fs, self._root = fsspec.core.url_to_fs(address, **_options(protocol))
        self._local = isinstance(self._fs, LocalFileSystem)
        self._atomic = protocol in ATOMIC_WRITERS

    def put(self, data: bytes, suffix: str = "") -> str:
        """Write `data` and return its key; the same bytes again are written once.

        On a local disk it returns before the disk has them: what pages are read into can be read again.
        """
        key = _key(hashlib.sha256(data).hexdigest(), suffix)
        with _translated(f"{key} could not be written to {self.address}."):
            if self._size(key) == len(data):
                return key
            if self._atomic:
                self._fs.pipe_file(self._path(key), data)
                return key
            part = self._new_part()
            try:
                with self._write(part) as target:
                    target.write(data)
                self._rename(part, key)
            except BaseException:
                self._forget(part)
                raise
        return key

    def put_file(self, source: str | Path | BinaryIO, suffix: str = "") -> StoredFile:
        """Write a file of any size piece by piece, never whole in memory; it is on the disk when this returns."""
        with _translated(f"A file could not be written to {self.address}."):
            part = self._new_part()
            try:
                with _opened(source) as stream, self._write(part) as target:
                    sha256, size = _copy_hashed(stream, target)
                key = _key(sha256, suffix)
                if self._size(key) == size:
                    self._fs.rm_file(part)
                else:
                    self._rename(part, key, lasting=True)
            except BaseException:
                self._forget(part)
                raise
        return StoredFile(key, sha256, size)

    def adopt(self, source: Path, sha256: str, suffix: str = "") -> str:
        """Write a file that nobody changes any more and whose hash is known; returns its key once it is on the disk.

        On the disk of the store it gets a second name and is neither copied nor read.
        """
        key = _key(sha256, suffix)
        with _translated(f"{key} could not be written to {self.address}."):
            if self._size(key) == source.stat().st_size or (self._local and self._linked(source, key)):
                return key
        return self.put_file(source, suffix).key

    def _linked(self, source: Path, key: str) -> bool:
        part = Path(self._new_part())
        part.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.hardlink_to(source)
        except OSError:  # another disk, or one that knows no second names
            return False
        try:
            part.chmod(0o644)  # a temporary file is its owner's alone
            self._rename(str(part), key, lasting=True)
        except BaseException:
            self._forget(str(part))
            raise
        return True

    def open(self, key: str) -> IO[bytes]:
        """A binary file to read from; the caller closes it."""
        with _translated(f"{key} could not be read from {self.address}."):
            return cast(IO[bytes], self._fs.open(self._path(key), "rb"))

    def read(self, key: str) -> bytes:
        """All bytes of a key."""
        with _translated(f"{key} could not be read from {self.address}."):
            return cast(bytes, self._fs.cat_file(self._path(key)))

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        """A real path on this machine's disk for the time of the block; downloaded where the store is elsewhere."""
        if self._local:
            path = Path(self._path(key))
            if not path.is_file():
                raise StorageFailed(f"{key} is not in {self.address}.", "Upload the document again.")
            yield path
            return
        with tempfile.TemporaryDirectory(prefix="quarry-") as folder:
            path = Path(folder) / key.replace("/", "-")
            with (
                _translated(f"{key} could not be read from {self.address}."),
                self.open(key) as stream,
                path.open("wb") as target,
            ):
                shutil.copyfileobj(stream, target, PIECE_BYTES)
            yield path

    def exists(self, key: str) -> bool:
        """Whether the store holds the key."""
        with _translated(f"{self.address} does not answer."):
            return self._size(key) is not None

    def delete(self, key: str) -> None:
        """Remove a key; one that is not there is as good as removed."""
        with _translated(f"{key} could not be deleted from {self.address}."):
            self._forget(self._path(key))

    def check(self) -> None:
        """Write, read and remove a small file, as `readyz` wants to know."""
        data = f"quarry was here {uuid.uuid4()}".encode()
        key = self.put(data, ".txt")
        held = self.read(key)
        self.delete(key)
        if held != data:
            raise StorageFailed(f"{self.address} gave back other bytes than were written.", "Check the store.")

    def sweep(self, older_than_s: float = 24 * 3600.0) -> int:
        """Remove unfinished files that crashed writers left; returns how many."""
        folder = f"{self._root}/{UNFINISHED}"
        with _translated(f"{self.address} could not be swept."):
            if not self._fs.exists(folder):
                return 0
            now = time.time()
            old = [path for path in self._fs.ls(folder, detail=False) if self._written_at(path) < now - older_than_s]
            for path in old:
                self._forget(path)
        return len(old)

    def keys(self, folder: str) -> list[str]:
        """What is stored under keys that begin with `folder`, two hex digits; there are 256 of them (`FOLDERS`)."""
        with _translated(f"{self.address} could not be listed."):
            try:
                paths = self._fs.ls(f"{self._root}/{folder}", detail=False)
            except FileNotFoundError:
                return []
        names = [f"{folder}/{path.rsplit('/', 1)[-1]}" for path in paths]
        return [name for name in names if _KEY.fullmatch(name)]

    def age_s(self, key: str) -> float:
        """Seconds since a key was written; 0 for one that has just been removed."""
        with _translated(f"{key} could not be looked at in {self.address}."):
            try:
                return time.time() - self._written_at(self._path(key))
            except FileNotFoundError:
                return 0.0

    def _path(self, key: str) -> str:
        if not _KEY.fullmatch(key):
            raise StorageFailed(f"{key[:100]!r} is not a key of the file store.", "Keys are given by put and put_file.")
        return f"{self._root}/{key}"

    def _size(self, key: str) -> int | None:
        try:
            return cast(int, self._fs.info(self._path(key))["size"])
        except FileNotFoundError:
            return None

    def _written_at(self, path: str) -> float:
        return cast(float, self._fs.modified(path).timestamp())

    def _new_part(self) -> str:
        return f"{self._root}/{UNFINISHED}/{uuid.uuid4().hex}"

    def _write(self, path: str) -> IO[bytes]:
        return cast(IO[bytes], self._fs.open(path, "wb"))

    def _rename(self, part: str, key: str, *, lasting: bool = False) -> None:
        """Give a written file its name; `lasting` outlives a loss of power from then on."""
        if lasting and self._local:
            _force_to_disk(part)
        self._fs.mv(part, self._path(key))
        if lasting and self._local:
            folder = Path(self._path(key)).parent
            _force_to_disk(str(folder))
            _force_to_disk(str(folder.parent))

    def _forget(self, path: str) -> None:
        try:
            self._fs.rm_file(path)
        except FileNotFoundError:
            return


def _force_to_disk(path: str) -> None:
    """A file's bytes, or a folder's names."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _options(protocol: str) -> dict[str, Any]:
    """What each kind of store needs to be told: a folder is made, a bucket is never listed from memory."""
    if protocol in ("file", "local"):
        return {"auto_mkdir": True}
    if protocol in ("s3", "s3a"):
        return {"use_listings_cache": False, "config_kwargs": _S3_LIMITS}
    return {}


def _key(sha256: str, suffix: str) -> str:
    return f"{sha256[:2]}/{sha256}{suffix.lower()}"


@contextmanager
def _opened(source: str | Path | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(source, str | Path):
        with Path(source).open("rb") as stream:
            yield stream
    else:
        yield source


def _copy_hashed(source: BinaryIO, target: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := source.read(PIECE_BYTES):
        digest.update(piece)
        target.write(piece)
        size += len(piece)
    return digest.hexdigest(), size


@contextmanager
def _translated(sentence: str) -> Iterator[None]:
    """Turn what the store raises into `StorageFailed`."""
    try:
        yield
    except QuarryError:
        raise
    except (OSError, ImportError, ValueError) as error:
        advice = "Check the address (QUARRY_STORAGE_URL), its rights and the space that is left."
        raise StorageFailed(f"{sentence} {type(error).__name__}: {error}", advice) from error
    except _client_errors() as error:
        advice = "Check the address (QUARRY_STORAGE_URL), the network and the credentials."
        raise StorageFailed(f"{sentence} {type(error).__name__}: {error}", advice) from error


def _client_errors() -> tuple[type[Exception], ...]:
    """What an S3 client raises beside OSError; a botocore that nobody has imported cannot have raised."""
    botocore = sys.modules.get("botocore.exceptions")
    return (botocore.BotoCoreError, botocore.ClientError) if botocore else ()
