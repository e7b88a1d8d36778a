import threading
import time

import pytest

from actors.inference.converted import converted_folder, file_hash, fingerprint


def test_made_once(tmp_path):
    made = []

    def make(folder):
        made.append(folder)
        (folder / "model").write_text("x")

    first = converted_folder(tmp_path, "name-1", make)
    assert converted_folder(tmp_path, "name-1", make) == first == tmp_path / "name-1"
    assert len(made) == 1
    assert (first / "model").read_text() == "x"


def test_a_failure_leaves_nothing_and_the_next_may_try(tmp_path):
    def fail(folder):
        (folder / "half").write_text("x")
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError):
        converted_folder(tmp_path, "name", fail)
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]
    assert converted_folder(tmp_path, "name", lambda folder: None).is_dir()


def test_several_at_once_make_it_once(tmp_path):
    made = []

    def make(folder):
        made.append(folder)
        time.sleep(0.2)

    threads = [threading.Thread(target=converted_folder, args=(tmp_path, "name", make)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_the_fingerprint_follows_its_parts(tmp_path):
    (tmp_path / "a").write_text("a")
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})
    assert file_hash(tmp_path / "a").startswith("ca978112")
