"""The upload's multipart reader: what it takes, what it refuses, and that it leaves nothing behind."""

import hashlib
from pathlib import Path

import pytest

from actors.errors import DocumentTooLarge, EmptyFile, NotAPdf
from api.multipart import MalformedUpload, UploadMediaType, UploadReader
from api.problems import InvalidValues

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
TYPE = "multipart/form-data; boundary=cut"


def part(name: str, value: bytes, filename: str | None = None) -> bytes:
    shown = f'; filename="{filename}"' if filename is not None else ""
    return b'--cut\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (
        name.encode(),
        shown.encode(),
        value,
    )


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--cut--\r\n"


def read(folder: Path, data: bytes, *, step: int = 1 << 20, max_bytes: int = 1 << 20) -> UploadReader:
    reader = UploadReader(TYPE, folder, max_bytes)
    try:
        for start in range(0, len(data), step):
            reader.feed(data[start : start + step])
        reader.finish()
    except BaseException:
        reader.close()
        raise
    return reader


@pytest.mark.parametrize("step", [1, 7, 64, 4096, 1 << 20])
def test_reads_file_and_fields_however_the_body_is_cut(tmp_path: Path, step: int) -> None:
    data = body(
        part("title", "Größe".encode()), part("file", PDF, "catalogue.pdf"), part("tags", b"a"), part("tags", b"b")
    )
    reader = read(tmp_path, data, step=step)
    assert reader.path.read_bytes() == PDF
    assert reader.path.parent == tmp_path
    assert reader.content_hash == hashlib.sha256(PDF).hexdigest()
    assert (reader.size, reader.filename) == (len(PDF), "catalogue.pdf")
    assert reader.fields == {"title": ["Größe"], "tags": ["a", "b"]}
    reader.close()
    assert list(tmp_path.iterdir()) == []


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    reader = read(tmp_path, body(part("file", PDF, "a.pdf")))
    reader.close()
    reader.close()


def test_mark_may_stand_within_the_first_kilobyte(tmp_path: Path) -> None:
    read(tmp_path, body(part("file", b"\xef\xbb\xbf" + b" " * 900 + PDF, "a.pdf"))).close()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (body(part("file", b"", "a.pdf")), EmptyFile),
        (body(part("file", b"hello", "a.pdf")), NotAPdf),
        (body(part("file", b" " * 1100 + PDF, "a.pdf")), NotAPdf),
        (body(part("file", PDF + bytes(1 << 20), "a.pdf")), DocumentTooLarge),
        (body(part("title", b"no file")), InvalidValues),
        (body(part("file", PDF, "a.pdf"), part("file", PDF, "b.pdf")), InvalidValues),
        (body(part("picture", PDF, "a.pdf")), InvalidValues),
        (body(part("file", PDF)), InvalidValues),
        (body(part("title", bytes(70_000)), part("file", PDF, "a.pdf")), InvalidValues),
        (part("file", PDF, "a.pdf"), MalformedUpload),
        (part("file", PDF, "a.pdf")[:-5], MalformedUpload),
        (b"this is no multipart body", MalformedUpload),
        (b"", MalformedUpload),
        (b"--cut\r\nContent-Type: text/plain\r\n\r\nx\r\n--cut--\r\n", MalformedUpload),
        (b"--cut\r\n\r\nx\r\n--cut--\r\n", MalformedUpload),
    ],
)
def test_refuses_and_leaves_nothing(tmp_path: Path, data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(tmp_path, data)
    assert list(tmp_path.iterdir()) == []


def test_not_a_pdf_is_known_before_the_rest_has_come(tmp_path: Path) -> None:
    reader = UploadReader(TYPE, tmp_path, 1 << 40)
    with pytest.raises(NotAPdf):
        reader.feed(part("file", b"MZ" + bytes(5000), "a.exe")[:2000])
    reader.close()


def test_too_large_is_known_while_it_streams(tmp_path: Path) -> None:
    reader = UploadReader(TYPE, tmp_path, 5000)
    reader.feed(part("file", PDF, "a.pdf")[:4000])
    with pytest.raises(DocumentTooLarge, match=r"5,000 bytes.*QUARRY_MAX_UPLOAD_BYTES"):
        reader.feed(bytes(2000))
    reader.close()


@pytest.mark.parametrize("content_type", ["", "application/pdf", "multipart/form-data", "application/json"])
def test_other_media_types_are_refused(tmp_path: Path, content_type: str) -> None:
    with pytest.raises(UploadMediaType, match="multipart/form-data"):
        UploadReader(content_type, tmp_path, 1000)
    assert list(tmp_path.iterdir()) == []


def test_a_boundary_that_cannot_be_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedUpload):
        UploadReader(f"multipart/form-data; boundary={'x' * 300}", tmp_path, 1000)
    assert list(tmp_path.iterdir()) == []


def test_the_extended_file_name_of_older_clients_is_read(tmp_path: Path) -> None:
    head = b"--cut\r\nContent-Disposition: form-data; name=\"file\"; filename*=utf-8''Gr%C3%B6%C3%9Fe.pdf\r\n\r\n"
    reader = read(tmp_path, head + PDF + b"\r\n--cut--\r\n")
    assert reader.filename == "Größe.pdf"
    reader.close()
