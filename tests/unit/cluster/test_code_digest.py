"""Which modules a result depends on: all that the process which makes it has loaded of Quarry, and no others."""

import subprocess
import sys

import pytest

from cluster.flows import code_digest
from cluster.flows.code_digest import ROOT, code_behind, modules_behind
from tests.integration.api.pdfs import valid_pdf

READ_A_PAGE = """
import dataclasses, sys
from cluster.stages.limits import ExtractionLimits
from cluster.stages.reading.page_worker import _make_answer

question = {"path": sys.argv[1], "password": None, "storage": sys.argv[2], "edition": "", "page": 1, "skip": []}
answer = _make_answer()({**question, "limits": dataclasses.asdict(ExtractionLimits())}, lambda step: None)
assert answer["page"]["kind"] == "text", answer
print(*(name for name in sys.modules if name.partition(".")[0] in ("actors", "cluster", "db")))
"""
PAGES = "cluster.stages.reading.page_worker"


def test_everything_that_reads_a_page_counts(tmp_path):
    (tmp_path / "file.pdf").write_bytes(valid_pdf(pages=1))
    command = [sys.executable, "-c", READ_A_PAGE, tmp_path / "file.pdf", tmp_path.as_uri()]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout.split()
    assert "cluster.stages.reading.page_text" in loaded
    assert {name for name in loaded if not (ROOT / name.replace(".", "/")).is_dir()} <= set(modules_behind(PAGES))


def test_nothing_is_imported_to_find_out():
    """A driver asks: it stays small, and PyMuPDF out of it."""
    ask = f"import sys, cluster.flows.code_digest as c; c.code_behind({PAGES!r}); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True, timeout=60).stdout
    assert not {"pymupdf", "cluster.stages.reading.images"} & set(loaded.split())


def test_what_comes_after_it_and_what_is_there_for_types_alone_does_not():
    behind = modules_behind(PAGES)
    assert not behind.keys() & {"cluster.settings", "cluster.stages.products", "actors.metadata"}


@pytest.fixture
def package(tmp_path, monkeypatch):
    (tmp_path / "quarry_made.py").write_text("def make():\n    from quarry_rules import RULE\n    return RULE\n")
    (tmp_path / "quarry_rules.py").write_text("RULE = 1\n")
    (tmp_path / "quarry_beside.py").write_text("")
    monkeypatch.setattr(code_digest, "ROOT", tmp_path)
    return tmp_path


def test_a_change_in_an_imported_module_is_another_code(package):
    before = code_behind("quarry_made")
    for name, changes in (("quarry_beside", False), ("quarry_rules", True)):
        (package / f"{name}.py").write_text("RULE = 2\n")
        code_behind.cache_clear()
        assert (code_behind("quarry_made") != before) is changes, name
