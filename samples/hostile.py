"""PDFs that mean harm: a few bytes that unpack to gigabytes, lists that lead back to themselves, pages without end.

Each is small and quickly made; what becomes of it is for the tests to say.
"""

import zlib
from pathlib import Path

from samples.broken import A4, page_objects, stream, write_objects

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
WORDS = b"BT /F1 18 Tf 72 500 Td (A good page with words on it) Tj ET"


def make_page_tree_loop(path: str | Path) -> None:
    """The list of pages holds one good page and itself."""
    pages = b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>"
    write_objects(path, [CATALOG, pages, _page(2, 4), stream(WORDS), FONT])


def make_deep_page_tree(path: str | Path, depth: int = 5000) -> None:
    """One page, so many lists of one entry below the root."""
    objects = [CATALOG]
    for number in range(2, 2 + depth):
        parent = b"/Parent %d 0 R" % (number - 1) if number > 2 else b""
        objects.append(b"<< /Type /Pages %s /Kids [%d 0 R] /Count 1 >>" % (parent, number + 1))
    first = 2 + depth
    write_objects(path, [*objects, _page(first - 1, first + 1, font=first + 2), stream(WORDS), FONT])


def make_deep_nesting(path: str | Path, depth: int = 200_000) -> None:
    """A page whose content opens so many arrays and never closes them, before its words."""
    objects = page_objects(595, b"")
    objects[3] = _packed(b"[" * depth + b"]" * depth + b" " + WORDS)
    write_objects(path, objects)


def make_stream_bomb(path: str | Path, gibibytes: int = 4) -> None:
    """A content stream that unpacks, twice, to gibibytes of drawing that draws nothing."""
    piece = b"q Q " * 1024**2
    packer = zlib.compressobj(9, wbits=-15)
    # After a full flush nothing refers back, so that the same bytes may stand there again and again.
    packed = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    inner = b"\x78\xda" + packed * (gibibytes * 1024**3 // len(piece)) + packer.flush()
    packed = zlib.compress(inner, 9)
    objects = page_objects(595, b"")
    objects[3] = stream(packed, b"/Filter [/FlateDecode /FlateDecode]")
    write_objects(path, objects)


def make_huge_image(path: str | Path, side_px: int = 200_000) -> None:
    """Words beside an image that says it has forty thousand million pixels, with a few bytes of data."""
    objects = page_objects(595, b"%s q 100 0 0 100 72 72 cm /Im Do Q" % WORDS, b"/XObject << /Im 6 0 R >>")
    look = b"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode"
    size = b"/Type /XObject /Subtype /Image /Width %d /Height %d" % (side_px, side_px)
    objects.append(stream(zlib.compress(bytes(1000)), b"%s %s" % (size, look)))
    write_objects(path, objects)


def make_many_objects(path: str | Path, number: int = 50_000) -> None:
    """A good page, and so many objects that nothing refers to."""
    write_objects(path, [*page_objects(595, WORDS), *(b"<< /N %d >>" % one for one in range(number))])


def make_many_images(path: str | Path, number: int = 60, side_px: int = 64) -> None:
    """One page with so many different images."""
    names = b" ".join(b"/I%d %d 0 R" % (one, 6 + one) for one in range(number))
    draw = b" ".join(
        b"q 20 0 0 20 %d %d cm /I%d Do Q" % (20 + one % 20 * 26, 20 + one // 20 * 26, one) for one in range(number)
    )
    objects = page_objects(842, WORDS + b" " + draw, b"/XObject << %s >>" % names)
    look = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8" % (
        side_px,
        side_px,
    )
    for one in range(number):
        colours = bytes((one * 7 % 200, 40, 90)) * (side_px * side_px // 2) + bytes((10, one % 200, 30)) * (
            side_px * side_px // 2
        )
        objects.append(stream(zlib.compress(colours), look + b" /Filter /FlateDecode"))
    write_objects(path, objects)


def make_long_text(path: str | Path, characters: int = 150_000, pages: int = 1) -> None:
    """Pages that share one stream of so many letters."""
    line = b"(Limestone, honed, in slabs of thirty millimetres. ) Tj 0 -0.01 Td "
    content = b"BT /F1 1 Tf 20 800 Td " + line * (characters // 50) + b"ET"
    kids = b" ".join(b"%d 0 R" % (5 + one) for one in range(pages))
    tree = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages)
    objects = [CATALOG, tree, _packed(content), FONT]
    write_objects(path, [*objects, *(_page(2, 3, font=4) for _ in range(pages))])


def make_one_bad_page(path: str | Path) -> None:
    """Two good pages around one that is no page at all."""
    tree = b"<< /Type /Pages /Kids [3 0 R 4 0 R 5 0 R] /Count 3 >>"
    bad = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 0 0] /Contents 99 0 R /Resources 98 0 R >>"
    good = _page(2, 6, font=7)
    write_objects(path, [CATALOG, tree, good, bad, good, stream(WORDS), FONT])


def _page(parent: int, content: int, font: int = 5) -> bytes:
    resources = b"/Resources << /Font << /F1 %d 0 R >> >>" % font
    return b"<< /Type /Page /Parent %d 0 R %s /Contents %d 0 R %s >>" % (parent, A4, content, resources)


def _packed(content: bytes) -> bytes:
    return stream(zlib.compress(content, 9), b"/Filter /FlateDecode")
