import dataclasses
import os
import signal
import threading
import time

import psutil
import pytest

from actors.errors import StorageFailed
from cluster.stages import extraction
from cluster.stages.extraction import PageReader
from cluster.stages.reading import child
from samples import broken
from tests.real_files import real_file

MEBIBYTE = 1024 * 1024


def texts(page):
    return [line.text for block in page.blocks for line in block.lines]


@pytest.fixture
def hurried(limits):
    """Limits of a test that waits for a time-out."""
    return dataclasses.replace(limits, page_timeout_s=8.0)


@pytest.fixture
def endless(tmp_path):
    path = tmp_path / "endless.pdf"
    broken.make_endless_page(path)
    return path


def test_a_page_that_never_ends_fails_alone(endless, address, hurried):
    with PageReader(endless, address, hurried) as reader:
        started = time.monotonic()
        failed = reader.read(2)
        assert time.monotonic() - started < 60
        assert (failed.kind, failed.error_code) == ("failed", "page_timeout")
        assert "took longer than 2 s" in failed.error_message
        assert texts(reader.read(1)) == ["A page that ends"]
        assert reader.child_starts == 2


def test_a_killed_child_costs_its_page_and_no_other(endless, address, limits):
    with PageReader(endless, address, limits) as reader:
        assert texts(reader.read(1)) == ["A page that ends"]
        pid = reader.child_pid
        killer = threading.Timer(1.0, os.kill, (pid, signal.SIGSEGV))
        killer.start()
        failed = reader.read(2)
        assert (failed.kind, failed.error_code) == ("failed", "page_crashed")
        assert "signal 11" in failed.error_message
        assert texts(reader.read(1)) == ["A page that ends"]
        assert reader.child_pid != pid


def test_a_child_that_stands_still_is_given_up(endless, address, limits, monkeypatch):
    monkeypatch.setattr(child, "STALLED_S", 1.5)
    with PageReader(endless, address, limits) as reader:
        reader.read(1)
        threading.Timer(1.0, os.kill, (reader.child_pid, signal.SIGSTOP)).start()
        failed = reader.read(2)
        assert (failed.kind, failed.error_code) == ("failed", "page_timeout")
        assert "stood still" in failed.error_message


def test_a_child_that_died_between_two_pages_costs_none(sample, address, limits):
    with PageReader(sample, address, limits) as reader:
        assert reader.read(8).kind == "image"
        os.kill(reader.child_pid, signal.SIGKILL)
        assert reader.read(8).kind == "image"
        assert reader.child_starts == 2


def test_an_image_over_the_memory_limit_is_a_warning(tmp_path, address, limits):
    path = tmp_path / "heavy.pdf"
    broken.make_heavy_image(path)
    with PageReader(path, address, dataclasses.replace(limits, page_memory_bytes=600 * MEBIBYTE)) as reader:
        page = reader.read(1)
        assert (page.kind, texts(page), page.images) == ("text", ["A heavy picture"], ())
        assert any("9900 x 9900 px was left out" in warning for warning in page.warnings)


def test_an_image_over_the_pixel_limit_is_not_decoded(tmp_path, read_page, limits):
    path = tmp_path / "heavy.pdf"
    broken.make_heavy_image(path, side_px=1100)
    page = read_page(path, limits=dataclasses.replace(limits, max_image_pixels=1_000_000))
    assert page.kind == "text" and not page.images
    assert any("more than 1000000 pixels" in warning for warning in page.warnings)


def test_a_page_of_seventy_metres_is_read_within_the_pixel_limit(tmp_path, read_page, storage, limits):
    path = tmp_path / "absurd.pdf"
    broken.make_absurd_page(path)
    page = read_page(path)
    assert (page.kind, page.width_pt, texts(page)) == ("text", 200_000.0, ["WIDE"])
    assert page.thumbnail_key and len(storage.read(page.thumbnail_key)) < 100_000


def test_one_child_reads_all_pages_and_ends_with_them(sample, address, limits):
    with PageReader(sample, address, limits) as reader:
        pids = set()
        for page in (8, 9):
            reader.read(page)
            pids.add(reader.child_pid)
        assert len(pids) == reader.child_starts == 1
        (pid,) = pids
    assert not psutil.pid_exists(pid)


@pytest.mark.parametrize(("name", "value"), [("RECYCLE_PAGES", 1), ("RECYCLE_SHARE", 0.01)])
def test_a_used_or_full_child_is_replaced_between_pages(sample, address, limits, monkeypatch, name, value):
    monkeypatch.setattr(extraction, name, value)
    with PageReader(sample, address, limits) as reader:
        assert [reader.read(page).kind for page in (8, 8)] == ["image", "image"]
        assert reader.child_starts == 2


def test_the_parent_stays_small_and_imports_no_pdf_library():
    import subprocess
    import sys

    heavy = "{'pymupdf', 'torch', 'ray', 'numpy', 'PIL', 'onnxruntime'}"
    code = f"import sys, cluster.stages.extraction; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_child_imports_neither_ray_nor_torch():
    import subprocess
    import sys

    code = (
        "import sys, cluster.stages.reading.page_worker as w; w._make_answer()\n"
        "import cluster.stages.reading.images, cluster.stages.reading.page_layout\n"
        "print(sorted({'ray', 'torch', 's3fs', 'pandas', 'db.connection'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_store_that_refuses_is_not_the_pages_fault(sample, tmp_path, limits):
    blocker = tmp_path / "file"
    blocker.write_bytes(b"")
    with PageReader(sample, f"file://{blocker}/below", limits) as reader, pytest.raises(StorageFailed):
        reader.read(1)


def test_a_page_that_is_not_there_fails(sample, read_page):
    page = read_page(sample, page=99)
    assert (page.kind, page.error_code) == ("failed", "page_broken")


def test_a_real_page_that_cannot_be_rendered_keeps_its_text(address, hurried):
    path = real_file("torture/bomb__PyMuPDF__test_2548.pdf")
    with PageReader(path, address, hurried) as reader:
        page = reader.read(1)
    assert page.kind == "text" and len(texts(page)) > 20
    assert page.thumbnail_key is None
    assert any("'thumbnail' took longer" in warning for warning in page.warnings)
