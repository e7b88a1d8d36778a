"""What is right for a hostile file: by its index, with its passwords; and an end that is wrong is said so."""

import pytest

from benchmarks.torture_ends import NEEDS_PASSWORD, READ, WRONG_PASSWORD, attempts

HEAD = "path\tbytes\tsha256\tpages\timages\ttext_chars\tencrypted\topens\tnote\tsource"
ROWS = {
    "encrypted-pw__a.pdf": ("1", "38", "needs-password", "yes", "encrypted-pw; password 'open sesame'"),
    "not-a-pdf__b.pdf": ("", "", "no", "no", "not a PDF"),
    "zero-pages__c.pdf": ("0", "0", "no", "yes", "zero-pages"),
    "rotated__d.pdf": ("2", "155", "no", "yes", "rotated"),
    "scan__e.pdf": ("1", "0", "no", "yes", "scan"),
    "bomb__f.pdf": ("1", "0", "no", "yes", "bomb"),
}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "torture"
    folder.mkdir()
    lines = [HEAD]
    for name, (pages, letters, encrypted, opens, note) in ROWS.items():
        (folder / name).write_bytes(b"%PDF-1.7")
        lines.append("\t".join([f"torture/{name}", "9", "0", pages, "0", letters, encrypted, opens, note, "source"]))
    (tmp_path / "INDEX.tsv").write_text("\n".join(lines) + "\n")
    return folder


def one(folder, kind):
    (found,) = attempts(folder, [kind])
    return found.expected


def test_a_protected_file_goes_without_a_password_with_a_wrong_one_and_with_its_own(folder):
    without, wrong, right = attempts(folder, ["encrypted-pw"])
    assert (without.expected, without.password) == (NEEDS_PASSWORD, None)
    assert (wrong.expected, wrong.password) == (WRONG_PASSWORD, "not-open sesame")
    assert (right.expected.states, right.password) == (READ, "open sesame")


def test_what_cannot_be_opened_or_has_no_pages_must_be_refused_with_that_reason(folder):
    assert one(folder, "not-a-pdf").fault("refused", "not_a_pdf", 0) == ""
    assert "refused with document_encrypted" in one(folder, "not-a-pdf").fault("refused", "document_encrypted", 0)
    assert "ended completed" in one(folder, "not-a-pdf").fault("completed", "", 1)
    assert one(folder, "zero-pages").fault("refused", "document_has_no_pages", 0) == ""
    assert one(folder, "zero-pages").fault("failed", "document_empty", 0) != ""


def test_what_has_text_must_be_read_whole(folder):
    expected = one(folder, "rotated")
    assert expected.fault("completed", "", 2) == ""
    assert expected.fault("completed", "", 1) == "1 pages instead of 2"
    assert expected.fault("partial", "", 2) == "partial without a reason"
    assert expected.fault("failed", "document_empty", 2) != ""


def test_what_has_none_may_turn_out_empty_and_nothing_may_fail_by_our_own_fault(folder):
    for kind in ("scan", "bomb"):
        assert one(folder, kind).fault("failed", "document_empty", 1) == ""
        assert one(folder, kind).fault("failed", "internal_error", 1) != ""


def test_without_an_index_any_reasoned_end_is_right(tmp_path):
    (tmp_path / "unknown.pdf").write_bytes(b"%PDF-1.7")
    expected = one(tmp_path, "unknown")
    assert expected.fault("refused", "document_broken", 0) == expected.fault("completed", "", 7) == ""
    assert expected.fault("failed", "internal_error", 1) != ""
