import pytest

from actors.records import TextBlock, TextLine
from cluster.stages.reading.page_layout import Region, label_blocks, rows_by_region
from cluster.stages.reading.page_text import around, clean


def line(text, x0, y0, x1, y1):
    return TextLine(text=text, box=(x0, y0, x1, y1))


def block(*lines):
    return TextBlock(label="text", box=around([told.box for told in lines]), lines=lines)


def told(blocks):
    return [(found.label, [each.text for each in found.lines]) for found in blocks]


def test_without_regions_the_blocks_stay_as_they_are():
    blocks = (block(line("Name", 0, 0, 50, 10)),)
    assert label_blocks(blocks, [], []) == blocks


def test_lines_of_one_region_become_one_block_in_reading_order():
    name, size = line("Bianco Lunare", 10, 100, 90, 110), line("600 x 300 mm", 10, 112, 90, 122)
    title = line("Natural stone", 10, 20, 120, 40)
    regions = [Region("title", (5, 15, 200, 45)), Region("caption", (5, 95, 100, 125))]
    blocks = label_blocks((block(size), block(name), block(title)), regions, [])
    assert told(blocks) == [("title", ["Natural stone"]), ("caption", ["600 x 300 mm", "Bianco Lunare"])]


def test_captions_within_one_picture_stay_apart():
    captions = [block(line(name, x, 100, x + 40, 110)) for name, x in (("Ivory", 10), ("Sand", 110), ("Grey", 210))]
    blocks = label_blocks(tuple(captions), [Region("picture", (0, 0, 300, 120))], [])
    assert told(blocks) == [("picture", ["Ivory"]), ("picture", ["Sand"]), ("picture", ["Grey"])]


def test_a_block_over_two_regions_is_parted():
    both = block(line("Heading", 10, 10, 60, 20), line("Its text", 10, 30, 60, 40))
    regions = [Region("section_header", (0, 5, 100, 25)), Region("text", (0, 26, 100, 50))]
    assert told(label_blocks((both,), regions, [])) == [("section_header", ["Heading"]), ("text", ["Its text"])]


def test_the_smallest_region_has_the_line():
    regions = [Region("picture", (0, 0, 400, 400)), Region("caption", (0, 90, 100, 115))]
    assert told(label_blocks((block(line("Ivory", 10, 100, 50, 110)),), regions, [])) == [("caption", ["Ivory"])]


def test_a_loose_block_follows_what_stands_above_it_in_its_column():
    regions = [
        Region("title", (0, 0, 300, 30)),
        Region("text", (0, 100, 100, 200)),
        Region("text", (200, 100, 300, 200)),
    ]
    lines = [line("Title", 5, 5, 100, 25), line("Left", 5, 110, 90, 120), line("Right", 205, 110, 290, 120)]
    loose = line("Below left", 5, 210, 90, 220)
    blocks = label_blocks(tuple(block(each) for each in (*lines, loose)), regions, [])
    assert [texts[0] for _, texts in told(blocks)] == ["Title", "Left", "Below left", "Right"]


def test_a_table_gets_the_cells_that_were_found_in_it():
    cells = (("Code", "Name"), ("A1", "Ivory"))
    lines = (line("Code", 0, 0, 30, 10), line("Name", 40, 0, 80, 10), line("A1", 0, 12, 30, 22))
    (table,) = label_blocks((block(*lines),), [Region("table", (0, 0, 100, 40))], [((0, 0, 98, 38), cells)])
    assert table.rows == cells
    (elsewhere,) = label_blocks((block(*lines),), [Region("table", (0, 0, 100, 40))], [((0, 300, 98, 338), cells)])
    assert elsewhere.rows == ()


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  two   words ", "two words"),
        ("zero\x00byte", "zerobyte"),
        ("soft\u00adhyphen", "softhyphen"),
        ("tab\tand\u00a0space", "tab and space"),
        ("lone \ud800surrogate", "lone surrogate"),
        ("e\u0301", "\u00e9"),
        ("60 \u00d7 60 cm \u00d8 30", "60 \u00d7 60 cm \u00d8 30"),
    ],
)
def test_lines_are_clean(raw, cleaned):
    assert clean(raw) == cleaned


def test_rows_of_two_tables_that_were_found_as_one_are_parted_where_the_layout_sees_both():
    rows = [(10.0, y, 300.0, y + 10.0) for y in (100.0, 110.0, 120.0, 160.0, 170.0)]
    first, second = Region("table", (10, 98, 300, 132)), Region("table", (10, 158, 300, 182))
    title = Region("section_header", (10, 140, 300, 150))
    assert rows_by_region(rows, [first, title, second]) == [[0, 1, 2], [3, 4]]
    assert rows_by_region(rows, [Region("table", (10, 98, 300, 182))]) == [[0, 1, 2, 3, 4]]
    assert rows_by_region(rows, [first, title]) == [[0, 1, 2, 3, 4]], "what only the finder saw goes with the table"
    beside = Region("table", (320, 158, 600, 182))
    assert rows_by_region(rows, [first, beside]) == [[0, 1, 2, 3, 4]]
