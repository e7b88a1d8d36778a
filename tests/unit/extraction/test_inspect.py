import dataclasses
import os
import signal

import pytest

from actors.errors import (
    DocumentBroken,
    DocumentEncrypted,
    DocumentHasNoPages,
    DocumentRefused,
    DocumentTooLarge,
    EmptyFile,
    NotAPdf,
    PasswordWrong,
)
from cluster.settings import Settings
from cluster.stages.extraction import Inspector, inspect
from cluster.stages.limits import ExtractionLimits
from samples import broken, hostile
from tests.real_files import real_catalogues, real_file


def test_a_good_file_tells_its_pages(inspector, sample):
    facts = inspector.inspect(sample)
    assert (facts.page_count, facts.title, facts.repaired) == (9, "Marenna Surfaces & Light 2026", False)
    assert facts.size_bytes == sample.stat().st_size


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (broken.make_empty, EmptyFile),
        (broken.make_not_a_pdf, NotAPdf),
        (broken.make_truncated, DocumentBroken),
        (broken.make_zero_pages, DocumentHasNoPages),
        (broken.make_encrypted, DocumentEncrypted),
    ],
)
def test_what_cannot_become_a_document_is_refused_with_advice(inspector, tmp_path, make, refusal):
    path = tmp_path / "bad.pdf"
    make(path)
    with pytest.raises(refusal) as refused:
        inspector.inspect(path)
    assert type(refused.value) is refusal
    assert refused.value.message.endswith(".") and refused.value.advice.endswith(".")
    assert str(tmp_path) not in str(refused.value)


def test_a_refusal_does_not_harm_the_next_file(inspector, tmp_path, sample):
    broken.make_truncated(tmp_path / "bad.pdf")
    with pytest.raises(DocumentRefused):
        inspector.inspect(tmp_path / "bad.pdf")
    assert inspector.inspect(sample).page_count == 9


@pytest.mark.parametrize("method", ["rc4-128", "aes-128", "aes-256"])
def test_an_empty_password_opens_for_everybody(inspector, read_page, tmp_path, method):
    path = tmp_path / "locked.pdf"
    broken.make_encrypted(path, user_password="", method=method)
    assert inspector.inspect(path).page_count == 1
    assert [line.text for block in read_page(path).blocks for line in block.lines] == ["Behind a lock"]


@pytest.mark.parametrize("method", ["rc4-128", "aes-128", "aes-256"])
def test_the_right_password_opens_and_the_text_stays_readable(inspector, read_page, tmp_path, method):
    path = tmp_path / "locked.pdf"
    broken.make_encrypted(path, user_password="sesame", method=method)
    assert inspector.inspect(path, password="sesame").page_count == 1
    with pytest.raises(PasswordWrong):
        inspector.inspect(path, password="wrong")
    assert read_page(path, password="sesame").blocks[0].lines[0].text == "Behind a lock"


@pytest.mark.parametrize("method", ["rc4-128", "aes-128", "aes-256"])
def test_the_unlocked_copy_asks_for_nothing_and_says_the_same(inspector, read_page, tmp_path, method):
    path, copy = tmp_path / "locked.pdf", tmp_path / "copy.pdf"
    broken.make_encrypted(path, user_password="sesame", method=method)
    assert inspector.inspect(path, "sesame", copy).locked
    assert not inspector.inspect(copy).locked
    assert read_page(copy).blocks[0].lines[0].text == "Behind a lock"


def test_of_a_file_without_a_password_no_copy_is_made(inspector, sample, tmp_path):
    assert not inspector.inspect(sample, "sesame", tmp_path / "copy.pdf").locked
    assert list(tmp_path.iterdir()) == []


def test_a_page_behind_a_password_is_refused(read_page, tmp_path):
    broken.make_encrypted(tmp_path / "locked.pdf")
    with pytest.raises(DocumentEncrypted):
        read_page(tmp_path / "locked.pdf")


def test_too_many_pages_and_too_many_bytes_are_refused(sample, limits):
    with pytest.raises(DocumentTooLarge, match="9 pages"):
        inspect(sample, limits=dataclasses.replace(limits, max_pages=8))
    with pytest.raises(DocumentTooLarge, match="at most 1 MiB"):
        inspect(sample, limits=dataclasses.replace(limits, max_upload_bytes=1024 * 1024))


def test_more_objects_than_the_limit_are_refused(inspector, limits, tmp_path):
    path = tmp_path / "many.pdf"
    hostile.make_many_objects(path, number=3000)
    assert inspector.inspect(path).objects == 3006
    with pytest.raises(DocumentTooLarge, match="3006 objects; at most 3000"):
        inspect(path, limits=dataclasses.replace(limits, max_objects=3000))


def test_bytes_before_the_header_are_accepted(inspector, sample, tmp_path):
    path = tmp_path / "mail.pdf"
    path.write_bytes(b"\r\n" * 20 + sample.read_bytes())
    assert inspector.inspect(path).page_count == 9


def test_a_killed_child_is_replaced(limits, sample):
    with Inspector(limits) as inspector:
        assert inspector.inspect(sample).page_count == 9
        os.kill(inspector._child.pid, signal.SIGKILL)
        with pytest.raises(DocumentBroken):
            inspector.inspect(sample)
        assert inspector.inspect(sample).page_count == 9


def test_limits_come_from_the_settings_of_the_same_names():
    settings = Settings(_env_file=None, page_dpi=200, max_pages=7, page_timeout_s=5.0)
    limits = ExtractionLimits.from_settings(settings)
    assert (limits.page_dpi, limits.max_pages, limits.page_timeout_s) == (200, 7, 5.0)


@pytest.mark.parametrize(("path", "pages"), real_catalogues() or [("catalogues/none.pdf", 0)])
def test_real_catalogues_tell_their_pages(inspector, path, pages):
    assert inspector.inspect(real_file(path)).page_count == pages
