"""What every answer tells the browser, whatever it is and however it ended."""

import re

import httpx
import pytest

from api.headers import HEADERS
from tests.integration.api import situations
from tests.integration.api.pdfs import valid_pdf


@pytest.mark.parametrize("path", ["/documents", "/healthz", "/readyz", "/nowhere", "/openapi.json", "/documents/x"])
def test_every_answer_carries_them(client, path):
    headers = client.get(path).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_refusals_and_failures_carry_them_too(anonymous, upload, settings):
    assert anonymous.get("/documents").headers["x-content-type-options"] == "nosniff"
    files = settings.root / "files"
    files.rename(settings.root / "files away")
    files.write_text("no folder")
    try:
        answer = upload()
    finally:
        files.unlink()
        (settings.root / "files away").rename(files)
    assert answer.status_code == 503
    assert answer.headers["x-frame-options"] == "DENY"


def test_a_strangers_picture_is_shown_in_a_sandbox_and_under_no_name_of_his(client, pipeline, storage):
    with pipeline.transaction() as conn:
        processed = situations.process(conn, storage)
    headers = client.get(f"/images/{processed.image_id}/content").headers
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-disposition"] == f'inline; filename="{processed.image_id}.png"'
    assert headers["content-type"] == "image/png"


def test_a_strangers_svg_is_downloaded_and_not_shown(client, pipeline, storage):
    """Extraction writes none; were there one, a browser would run its scripts."""
    with pipeline.transaction() as conn:
        processed = situations.process(conn, storage)
        conn.execute("update document_images set media_type = 'image/svg+xml' where id = %s", [processed.image_id])
    headers = client.get(f"/images/{processed.image_id}/content").headers
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"].startswith("attachment;")


def test_the_documentation_works_in_a_real_browser(address, browser):
    """Its policy lets its own script and style run and nothing else; a violation would show in the console."""
    page = browser.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{address}/docs")
    page.get_by_text("/documents/upload-async").first.wait_for()
    page.close()
    assert [text for text in said if "Content Security Policy" in text] == []


NASTY_NAMES = [
    "../../../../etc/passwd",
    "..\\..\\windows\\system32\\evil.pdf",
    "/absolute/evil.pdf",
    "C:\\evil.pdf",
    "a/../../b.pdf",
    "%2e%2e%2fevil.pdf",
    "name\r\nSet-Cookie: stolen=1.pdf",
    'quote".pdf; filename="other.exe',
    "|touch evil.pdf",
    "$(touch evil).pdf",
    "-rf.pdf",
    "CON",
    ".",
    "..",
    " ",
    "\u202efdp.exe",
    "x" * 3000 + ".pdf",
    "Fliesen Größe 日本.pdf",
]


def files_at(root):
    """In Quarry's folder and beside it; what lies deeper beside it belongs to others, to Ray for one."""
    return {path for path in [*root.rglob("*"), *root.parent.iterdir()] if path.is_file()}


@pytest.mark.parametrize("name", NASTY_NAMES, ids=range(len(NASTY_NAMES)))
def test_a_file_name_from_outside_is_words_and_no_path(client, settings, name):
    """It makes no file of its name, and stands neither in a path nor raw in a header."""
    before = files_at(settings.root)
    # Written by hand: a client library would escape what an attacker would not.
    body = (
        b'--cut\r\nContent-Disposition: form-data; name="file"; filename="'
        + name.replace("\r\n", "\\r\\n").encode()
        + b'"\r\n\r\n' + valid_pdf() + b"\r\n--cut--\r\n"
    )  # fmt: skip
    headers = {"Content-Type": "multipart/form-data; boundary=cut"}
    answer = client.post("/documents/upload-async", content=body, headers=headers)
    assert answer.status_code == 202, answer.text
    made = files_at(settings.root) - before
    assert len(made) == 1
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{64}\.pdf", made.pop().relative_to(settings.root / "files").as_posix())
    document = client.get(answer.json()["status_url"]).json()
    assert not re.search(r"[/\\\x00-\x1f]", document["filename"])
    assert 0 < len(document["filename"]) <= 255
    export = client.get(f"{answer.json()['status_url']}/export", params={"format": "csv"})
    assert export.headers["content-disposition"].startswith("attachment;")
    assert not re.search(r"[/\\\r\n]|\.\.", export.headers["content-disposition"].split("filename*")[0])
    assert "set-cookie" not in export.headers


def test_an_answer_to_a_head_request_carries_them(address):
    assert httpx.head(f"{address}/healthz").headers["x-content-type-options"] == "nosniff"
