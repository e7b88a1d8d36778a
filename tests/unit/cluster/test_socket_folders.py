import os
import socket

import pytest

from cluster.host.processes import ProcessBook
from cluster.host.socket_folders import (
    LONGEST_SOCKET_BYTES,
    PYTHON_NEEDS_BYTES,
    RAY_NEEDS_BYTES,
    make_socket_folders,
    remove_short_folders,
)

RAY_SOCKET = "session_2025-11-23_18-35-55_010568_4194304/sockets/dash_MetricsHead"


@pytest.fixture
def deep_root(tmp_path):
    """A home whose path is too long for sockets."""
    root = tmp_path / ("deep" * 20)
    root.mkdir()
    return root


@pytest.fixture
def book(deep_root):
    book = ProcessBook(deep_root)
    yield book
    remove_short_folders(book)


def test_ray_needs_what_was_measured():
    assert len("/" + RAY_SOCKET) == RAY_NEEDS_BYTES


def test_a_short_home_needs_no_other_place(monkeypatch):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        root = Path(name)
        folders = make_socket_folders(root, ProcessBook(root))
        assert folders.ray == root / "ray" / "s"
        assert folders.temporary == root / "tmp"
        assert ProcessBook(root).state.folders == []


def test_a_deep_home_gets_short_names_for_folders_that_stay_in_it(deep_root, book):
    folders = make_socket_folders(deep_root, book)
    assert len(os.fsencode(folders.ray)) + RAY_NEEDS_BYTES <= LONGEST_SOCKET_BYTES
    assert len(os.fsencode(folders.temporary)) + PYTHON_NEEDS_BYTES <= LONGEST_SOCKET_BYTES
    (folders.ray / "log").write_text("kept")
    assert (deep_root / "ray" / "s" / "log").read_text() == "kept"


def test_a_socket_can_be_made_there(deep_root, book):
    folders = make_socket_folders(deep_root, book)
    path = folders.ray / RAY_SOCKET
    path.parent.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


def test_nobody_else_can_enter(deep_root, book):
    short = make_socket_folders(deep_root, book).ray.parent
    assert short.stat().st_mode & 0o777 == 0o700
    assert (deep_root / "ray").stat().st_mode & 0o777 == 0o700


def test_the_short_folder_is_used_again_and_removed_at_the_end(deep_root, book):
    first = make_socket_folders(deep_root, book)
    assert make_socket_folders(deep_root, ProcessBook(deep_root)) == first
    (folder,) = ProcessBook(deep_root).state.folders
    remove_short_folders(book)
    assert not os.path.lexists(folder)
    assert ProcessBook(deep_root).state.folders == []
    assert (deep_root / "ray" / "s").is_dir()
