import hashlib
import io
import os
import resource
import time
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from actors.errors import StorageFailed
from cluster.storage import UNFINISHED, Storage
from tests.s3_server import s3_server

CONTENT = b"a page of a catalogue"
KEY_OF_CONTENT = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def s3_address():
    with s3_server("catalogues") as address:
        yield address


@pytest.fixture(params=["folder", "s3"])
def storage(request, tmp_path):
    if request.param == "folder":
        return Storage(f"file://{tmp_path}/a folder")
    return Storage(f"{request.getfixturevalue('s3_address')}/{tmp_path.name}")


def test_a_key_is_the_hash_of_the_content(storage):
    key = storage.put(CONTENT, ".txt")
    assert key == f"{KEY_OF_CONTENT[:2]}/{KEY_OF_CONTENT}.txt"
    assert storage.read(key) == CONTENT
    with storage.open(key) as stream:
        assert stream.read(6) == CONTENT[:6]


def test_the_same_bytes_twice_are_one_file(storage):
    first = storage.put(CONTENT, ".txt")
    assert storage.put(CONTENT, ".txt") == first
    assert storage.put_file(io.BytesIO(CONTENT), ".txt").key == first
    assert storage.read(first) == CONTENT


def test_a_file_is_written_from_a_path_and_from_a_stream(storage, tmp_path):
    data = os.urandom(3 * 1024 * 1024 + 17)
    path = tmp_path / "upload"
    path.write_bytes(data)
    stored = storage.put_file(path, ".PDF")
    assert (stored.size, stored.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert stored.key.endswith(".pdf")
    assert storage.put_file(io.BytesIO(data), ".pdf") == stored
    assert storage.read(stored.key) == data


def test_a_file_is_adopted_whatever_the_store(storage, tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(CONTENT)
    path.chmod(0o600)
    key = storage.adopt(path, hashlib.sha256(CONTENT).hexdigest(), ".pdf")
    assert key == storage.put(CONTENT, ".pdf") == storage.adopt(path, hashlib.sha256(CONTENT).hexdigest(), ".pdf")
    path.unlink()
    assert storage.read(key) == CONTENT


@pytest.mark.parametrize("write", ["adopt", "put_file"])
def test_an_upload_is_on_the_disk_before_it_has_its_name(write, tmp_path, monkeypatch):
    path = tmp_path / "upload"
    path.write_bytes(CONTENT)
    storage, forced, force = Storage(f"file://{tmp_path / 'files'}"), [], os.fsync

    def note(descriptor):
        forced.append((Path(f"/proc/self/fd/{descriptor}").resolve().is_dir(), storage.exists(named)))
        force(descriptor)

    named = f"{KEY_OF_CONTENT[:2]}/{KEY_OF_CONTENT}.pdf"
    monkeypatch.setattr(os, "fsync", note)
    given = (path, KEY_OF_CONTENT, ".pdf") if write == "adopt" else (path, ".pdf")
    getattr(storage, write)(*given)
    assert storage.read(named) == CONTENT
    assert forced == [(False, False), (True, True), (True, True)], "the bytes, then the name and its folder"


def test_an_adopted_file_is_not_copied_on_its_own_disk(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(CONTENT)
    storage = Storage(f"file://{tmp_path / 'files'}")
    stored = tmp_path / "files" / storage.adopt(path, hashlib.sha256(CONTENT).hexdigest(), ".pdf")
    assert stored.stat().st_ino == path.stat().st_ino
    assert [one for one in (tmp_path / "files").rglob("*") if one.is_file()] == [stored]


def test_a_local_path_holds_the_bytes(storage):
    key = storage.put(CONTENT, ".txt")
    with storage.local_path(key) as path:
        assert path.read_bytes() == CONTENT


def test_a_key_that_is_not_there_is_an_error_with_advice(storage):
    missing = f"00/{'0' * 64}.txt"
    assert not storage.exists(missing)
    with pytest.raises(StorageFailed) as failure:
        storage.read(missing)
    assert missing in failure.value.message and failure.value.advice
    with pytest.raises(StorageFailed), storage.local_path(missing):
        pass


def test_deleting_twice_is_harmless(storage):
    key = storage.put(CONTENT, ".txt")
    assert storage.exists(key)
    storage.delete(key)
    storage.delete(key)
    assert not storage.exists(key)


def test_a_store_that_works_passes_its_check(storage):
    storage.check()


@pytest.mark.parametrize("key", ["../../etc/passwd", "/etc/passwd", "ab/cd", "", "ab/" + "g" * 64])
def test_only_its_own_keys_are_opened(storage, key):
    with pytest.raises(StorageFailed):
        storage.read(key)


def test_a_stream_that_breaks_leaves_nothing(tmp_path):
    class BrokenStream(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 0:
                raise ConnectionResetError("the client went away")
            return super().read(size)

    storage = Storage(f"file://{tmp_path}")
    with pytest.raises(StorageFailed, match="the client went away"):
        storage.put_file(BrokenStream(b"x" * 3_000_000), ".pdf")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_write_that_is_refused_in_the_middle_leaves_nothing(tmp_path):
    """A limit on the size of files refuses as a full disk does: some bytes are written, then no more."""
    storage = Storage(f"file://{tmp_path}")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(StorageFailed, match="space that is left"):
            storage.put(b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_half_written_file_is_written_again(tmp_path):
    storage = Storage(f"file://{tmp_path}")
    key = storage.put(CONTENT, ".txt")
    (tmp_path / key).write_bytes(b"")
    assert storage.put(CONTENT, ".txt") == key
    assert storage.read(key) == CONTENT


def test_the_sweep_removes_old_unfinished_files_only(tmp_path):
    storage = Storage(f"file://{tmp_path}")
    assert storage.sweep() == 0
    key = storage.put(CONTENT, ".txt")
    folder = tmp_path / UNFINISHED
    for name, age_s in (("old", 7200.0), ("young", 0.0)):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (time.time() - age_s,) * 2)
    assert storage.sweep(older_than_s=3600.0) == 1
    assert [path.name for path in folder.iterdir()] == ["young"]
    assert storage.read(key) == CONTENT


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    blocker = tmp_path / "file"
    blocker.write_bytes(b"")
    with pytest.raises(StorageFailed, match="QUARRY_STORAGE_URL"):
        Storage(f"file://{blocker}/below").put(CONTENT)


def test_an_unknown_kind_of_store_is_an_error():
    with pytest.raises(StorageFailed):
        Storage("carrier-pigeon://roof")


def test_a_bucket_that_is_not_there_is_an_error(s3_address):
    with pytest.raises(StorageFailed):
        Storage("s3://no-such-bucket-anywhere/prefix").check()


def test_a_path_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(StorageFailed):
        Storage(f"file://{tmp_path}").put_file(Path("/no/such/file"), ".pdf")


class TornFile(io.BytesIO):
    """Opened, and then the line breaks."""

    def read(self, *_):
        raise ConnectionResetError("the line broke")


class TornStore(MemoryFileSystem):
    """A store that lets files be opened and not be read."""

    protocol = "torn"

    def _open(self, *_, **__):
        return TornFile()


def test_a_download_that_breaks_off_is_the_stores_refusal():
    fsspec.register_implementation("torn", TornStore, clobber=True)
    with (
        pytest.raises(StorageFailed, match="the line broke"),
        Storage("torn://bucket").local_path(f"ab/{'ab' * 32}.pdf"),
    ):
        pass
