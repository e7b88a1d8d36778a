"""Text in fonts that programs draw, whose letters claim boxes that cannot be true, is read as lines all the same."""

import pymupdf
import pytest

from cluster.stages.reading.page_text import read_text

EM, CAP, ADVANCE = 100, 70, 60
"""Of a drawn letter, in the pixels of its font: size, height of its ink and how far it reaches."""
COLUMNS = (
    ("Every letter of this", "column is a box that", "a program has drawn"),
    ("and the other column", "stands beside it with", "three lines as well"),
)
X, TOP, SIZE, LEADING = (40, 260), 100, 10, 12


def drawn_font(document, unit, bbox, ink):
    """A Type 3 font of 100 units an em whose letters are filled boxes, or nothing; its xref."""
    mark = f"0 0 {0.8 * ADVANCE} {CAP} re f" if ink else ""
    glyph = document.get_new_xref()
    document.update_object(glyph, "<<>>")
    document.update_stream(glyph, f"{ADVANCE} 0 0 0 {ADVANCE} {CAP} d1 {mark}".encode())
    codes = range(33, 123)
    names = " ".join(f"/c{code}" for code in codes)
    font = document.get_new_xref()
    document.update_object(
        font,
        f"<< /Type /Font /Subtype /Type3 /FontBBox [{bbox}] /FontMatrix [{unit} 0 0 {unit} 0 0]"
        f" /CharProcs << {' '.join(f'/c{code} {glyph} 0 R' for code in codes)} >>"
        f" /Encoding << /Type /Encoding /Differences [33 {names}] >> /ToUnicode {to_unicode(document, codes)} 0 R"
        f" /FirstChar 33 /LastChar 122 /Widths [{' '.join([str(ADVANCE)] * len(codes))}] >>",
    )
    return font


def to_unicode(document, codes):
    xref = document.get_new_xref()
    document.update_object(xref, "<<>>")
    pairs = "\n".join(f"<{code:02x}> <{code:04x}>" for code in codes)
    document.update_stream(
        xref,
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{pairs}\nendbfchar endcmap end end".encode(),
    )
    return xref


def columns_in(unit, bbox, ink):
    """A page of two columns, each word placed by itself, at a size that says nothing."""
    document = pymupdf.open()
    page = document.new_page(width=500, height=300)
    font = drawn_font(document, unit, bbox, ink)
    document.xref_set_key(page.xref, "Resources", f"<< /Font << /Drawn {font} 0 R >> >>")
    shows = []
    for x, column in zip(X, COLUMNS, strict=True):
        for row, line in enumerate(column):
            at = x
            for word in line.split():
                shows.append(f"1 0 0 1 {at} {300 - TOP - row * LEADING} Tm ({word}) Tj")
                at += (len(word) + 0.5) * SIZE * ADVANCE / EM
    content = document.get_new_xref()
    document.update_object(content, "<<>>")
    document.update_stream(content, f"BT /Drawn {SIZE / EM / unit} Tf {' '.join(shows)} ET".encode())
    page.set_contents(content)
    return document.reload_page(page)


@pytest.mark.parametrize(
    ("unit", "bbox", "ink"),
    [
        (1, "0 0 1000 1000", True),
        (1, "0 0 1000 1000", False),
        (0.01, "0 -2000 6000 6000", True),
        (0.01, "0 0 1 1", True),
    ],
    ids=["measured in pixels", "in pixels and without ink", "far too tall", "without height"],
)
def test_lines_and_columns_of_a_font_with_impossible_boxes(unit, bbox, ink):
    text = read_text(columns_in(unit, bbox, ink))
    assert [[line.text for line in block.lines] for block in text.blocks] == [list(column) for column in COLUMNS]
    assert text.rebuilt
    for block, x in zip(text.blocks, X, strict=True):
        for row, line in enumerate(block.lines):
            x0, y0, _, y1 = line.box
            assert line.size == pytest.approx(SIZE, rel=0.3)
            assert x0 == pytest.approx(x, abs=1)
            assert y0 < TOP + row * LEADING - 5 and TOP + row * LEADING < y1 < TOP + row * LEADING + SIZE / 2


def test_a_drawn_font_with_possible_boxes_is_left_alone():
    text = read_text(columns_in(0.01, "0 -20 100 100", True))
    assert not text.rebuilt
    assert len(text.blocks) == 2


def test_the_page_has_the_rebuilt_lines_whatever_the_layout_model_sees(tmp_path, read_page):
    page = columns_in(1, "0 0 1000 1000", True)
    page.parent.save(tmp_path / "drawn.pdf")
    blocks = read_page(tmp_path / "drawn.pdf").blocks
    assert [[line.text for line in block.lines] for block in blocks] == [list(column) for column in COLUMNS]
