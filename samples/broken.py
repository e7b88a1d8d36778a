"""PDFs that are not as they should be, for the tests of what bad input gets.

Knows how each is broken, not what becomes of it.
"""

import zlib
from pathlib import Path

import pymupdf

A4 = b"/MediaBox [0 0 595 842]"
HEAVY_CONTENT = b"BT /F1 18 Tf 72 550 Td (A heavy picture) Tj ET q 450 0 0 450 72 50 cm /Im Do Q"
METHODS = {"rc4-128": 3, "aes-128": 4, "aes-256": 5}
"""PyMuPDF's numbers for them, PDF_ENCRYPT_..."""
READ = 1 << 9
"""PDF_PERM_ACCESSIBILITY"""
LEVELS, CALLS = 12, 10
"""An endless page draws CALLS ** LEVELS rectangles."""


def make_empty(path: str | Path) -> None:
    """A file of no bytes."""
    Path(path).write_bytes(b"")


def make_not_a_pdf(path: str | Path) -> None:
    """A text file under a PDF's name."""
    Path(path).write_text("This is a price list in plain text, and no PDF.\n" * 20, encoding="utf-8")


def make_encrypted(path: str | Path, user_password: str = "open sesame", method: str = "aes-256") -> None:
    """One page under a password; an empty `user_password` opens for everybody. Methods: rc4-128, aes-128, aes-256."""
    document = _one_page("Behind a lock")
    document.save(
        Path(path), encryption=METHODS[method], owner_pw="the owner's", user_pw=user_password, permissions=READ
    )


def make_truncated(path: str | Path, share: float = 0.1) -> None:
    """The first part of a file whose objects are compressed at its end, so that no page can be rebuilt."""
    document = _one_page("Cut off in the middle")
    data = document.tobytes(deflate=True, use_objstms=1)
    Path(path).write_bytes(data[: max(64, int(len(data) * share))])


def make_zero_pages(path: str | Path) -> None:
    """A whole and valid file whose list of pages is empty."""
    write_objects(path, [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"])


def make_absurd_page(path: str | Path, side_pt: float = 200_000.0) -> None:
    """One page of seventy metres a side with large letters on it."""
    objects = page_objects(side_pt, b"BT /F1 %d Tf 0 0 Td (WIDE) Tj ET" % int(side_pt / 8))
    write_objects(path, objects)


def make_endless_page(path: str | Path) -> None:
    """Two pages: a good one, and one whose forms call each other so often that drawing it takes for ever."""
    calls = b" ".join(b"/X Do" for _ in range(CALLS))
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    pages = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
        b"<< /Type /Page /Parent 2 0 R %s /Contents 5 0 R /Resources << /Font << /F1 7 0 R >> >> >>" % A4,
        b"<< /Type /Page /Parent 2 0 R %s /Contents 6 0 R /Resources << /XObject << /X 8 0 R >> >> >>" % A4,
        stream(b"BT /F1 24 Tf 72 700 Td (A page that ends) Tj ET"),
        stream(calls),
        font,
    ]
    first = len(pages) + 1
    for level in range(LEVELS):
        inner = b"/X %d 0 R" % (first + level + 1) if level < LEVELS - 1 else b""
        content = calls if level < LEVELS - 1 else b"0 0 10 10 re f"
        pages.append(
            stream(
                content, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << %s >> >>" % inner
            )
        )
    write_objects(path, pages)


def make_heavy_image(path: str | Path, side_px: int = 9900) -> None:
    """A line of text above an image of so many pixels a side, in a small file: 294 MB of memory for 9,900."""
    pixels = zlib.compress(bytes(3 * side_px) * side_px, 9)
    objects = page_objects(595, HEAVY_CONTENT, b"/XObject << /Im 6 0 R >>")
    size = b"/Width %d /Height %d" % (side_px, side_px)
    look = b"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode"
    objects.append(stream(pixels, b"/Type /XObject /Subtype /Image %s %s" % (size, look)))
    write_objects(path, objects)


def _one_page(text: str) -> pymupdf.Document:
    document = pymupdf.open()
    page = document.new_page()
    page.insert_text((72, 100), text, fontsize=18)
    return document


def page_objects(side_pt: float, content: bytes, resources: bytes = b"") -> list[bytes]:
    """Catalogue, page list, one square page, its content and a font: objects 1 to 5."""
    return [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R" % (side_pt, side_pt)
        + b" /Resources << /Font << /F1 5 0 R >> %s >> >>" % resources,
        stream(content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object of these bytes."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def write_objects(path: str | Path, objects: list[bytes]) -> None:
    """A PDF file of these objects, numbered from 1; the first is the catalogue."""
    body, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, data in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        count, table, count, len(body),
    )  # fmt: skip
    Path(path).write_bytes(body)
