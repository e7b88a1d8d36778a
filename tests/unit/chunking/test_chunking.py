"""Documents cut into chunks: headings with their text, tables whole, captions by themselves."""

from uuid import UUID

import pytest

from actors.records import Chunk
from cluster.stages.chunking import MAX_CHARS, chunk_document
from cluster.stages.reading.table_cells import mended
from tests.unit.chunking.pages import DOCUMENT, block, line, page, paragraph, picture

SWATCHES = [(50.0, 200.0, 170.0, 320.0), (220.0, 200.0, 340.0, 320.0), (390.0, 200.0, 510.0, 320.0)]


def chunks(*pages):
    return chunk_document(DOCUMENT, pages)


def swatch_page(number=1, names=("Grey", "Ivory", "Terracotta"), **options):
    """Three pictures with their names below, in one block, as layouts give them."""
    captions = block(*[line(name, box[0], 326) for name, box in zip(names, SWATCHES, strict=True)])
    return page(number, captions, images=[picture(box, f"{number}-{i}") for i, box in enumerate(SWATCHES)], **options)


def test_captions_of_a_row_of_pictures_are_a_chunk_each():
    found = chunks(swatch_page())
    assert [(chunk.kind, chunk.text) for chunk in found] == [
        ("caption", "Grey"), ("caption", "Ivory"), ("caption", "Terracotta"),
    ]  # fmt: skip
    assert found[1].box[0] == 220


def test_captions_of_colour_areas_are_captions_too():
    captions = block(*[line(name, box[0], 326) for name, box in zip(("Grey", "Ivory", "Oak"), SWATCHES, strict=True)])
    assert {chunk.kind for chunk in chunks(page(1, captions, fills=SWATCHES))} == {"caption"}


def test_text_far_from_pictures_and_long_text_are_no_captions():
    far = block(line("Far below", 50, 600))
    long = paragraph(326)
    found = chunks(page(1, far, long, images=[picture(SWATCHES[0])]))
    assert {chunk.kind for chunk in found} == {"text"}


def test_a_background_and_a_logo_have_no_captions():
    words = block(line("Standout look", 80, 300))
    background = picture((0, 0, 600, 800))
    logo = picture((60, 200, 160, 290), "logo", pages_shown=10)
    pages = [page(n, words, images=[background, logo]) for n in (1, 2, 3)]
    assert {chunk.kind for chunk in chunks(*pages)} == {"text"}


def test_a_heading_stays_with_its_text():
    found = chunks(page(1, block(line("Technical Specifications", 50, 50, 18)), paragraph(80), paragraph(300)))
    assert found[0].text.startswith("Technical Specifications\nplain running")
    assert found[0].heading_path == ("Technical Specifications",)
    assert found[0].lines[0].text == "Technical Specifications"


def test_headings_without_text_are_chunks_by_themselves():
    names = [block(line(name, 50, 100 + 60 * i, 16)) for i, name in enumerate(("Rado", "Floora", "Classic Round"))]
    found = chunks(page(1, *names, paragraph(500), paragraph(600)))
    assert [chunk.text for chunk in found[:2]] == ["Rado", "Floora"]
    assert found[2].text.startswith("Classic Round\n")


def test_paragraphs_of_one_section_are_one_chunk_up_to_the_limit():
    found = chunks(page(1, *[paragraph(60 + 54 * i) for i in range(12)]))
    assert len(found) > 1
    assert all(len(chunk.text) <= MAX_CHARS for chunk in found)
    assert all(chunk.text.endswith("here.") for chunk in found), "cut between paragraphs"


def test_a_paragraph_over_the_limit_is_cut_after_sentences():
    lines = [
        line(f"Sentence number {i} of a very long paragraph without any break.", 50, 60 + 12 * i) for i in range(40)
    ]
    found = chunks(page(1, block(*lines)))
    assert all(len(chunk.text) <= MAX_CHARS and chunk.text.endswith(".") for chunk in found)
    assert sum(len(chunk.lines) for chunk in found) == 40


def test_text_of_another_size_is_another_chunk():
    small = block(line("Images for illustrative purposes only, variations will occur in every batch.", 50, 160, 6))
    found = chunks(page(1, paragraph(100), small))
    assert len(found) == 2


def test_a_table_stays_whole_with_its_rows():
    rows = (("Code", "Size"), *((f"AB-{i}", f"{i}0x{i}0 cm") for i in range(1, 90)))
    lines = [line(cell, 50 + 100 * x, 50 + 8 * y, 6) for y, row in enumerate(rows) for x, cell in enumerate(row)]
    (found,) = chunks(page(1, block(*lines, label="table", rows=rows)))
    assert found.kind == "table"
    assert found.rows == rows
    assert found.text.splitlines()[1] == "AB-1 | 10x10 cm"
    assert len(found.text) > MAX_CHARS


def test_a_table_without_cells_is_read_row_by_row():
    lines = [line("Purity", 50, 100), line("99.9%", 250, 100), line("Colour", 50, 120), line("Black", 250, 120)]
    (found,) = chunks(page(1, block(*lines, label="table")))
    assert found.text == "Purity | 99.9%\nColour | Black"


def test_a_grid_of_pictures_with_names_is_no_table():
    lines = [line(name, box[0], 326) for name, box in zip(("Grey", "Ivory", "Oak"), SWATCHES, strict=True)]
    grid = block(line("Plain colours", 50, 180), *lines, label="table", rows=(("Grey", "Ivory", "Oak"),))
    found = chunks(page(1, grid, images=[picture(box, str(i)) for i, box in enumerate(SWATCHES)]))
    assert {chunk.kind for chunk in found} == {"caption"}


def test_cells_that_the_finder_read_apart_get_the_printed_text():
    lines = [line("Physical Form", 50, 100), line("99.9%", 250, 100), line("430", 250, 120)]
    rows = (("Ph ysi cal Form", "99 9% ."), ("340", "Pluffy"))
    assert mended(rows, lines) == (("Physical Form", "99.9%"), ("340", "Pluffy")), "numbers keep their order"


def test_a_cell_of_interleaved_lines_is_untangled():
    lines = [
        line("Manholes are delivered with rubber rings", 50, 100, 6),
        line("and with steps on request only", 50, 107, 6),
    ]
    tangled = "".join(a + b for a, b in zip(lines[0].text, lines[1].text.ljust(len(lines[0].text)), strict=True))
    assert mended(((tangled,),), lines) == ((f"{lines[0].text} {lines[1].text}",),)


def test_headers_footers_and_page_numbers_are_in_no_chunk():
    pages = [
        page(
            n,
            block(line("Supplier Ltd catalogue", 50, 20)),
            paragraph(200, words=f"text of its own {'abcdefg'[n]}"),
            block(line(str(n), 290, 780)),
        )
        for n in range(1, 7)
    ]
    assert all("Supplier" not in chunk.text for chunk in chunks(*pages))
    assert len(chunks(*pages)) == 6


def test_lines_printed_several_times_at_one_place_count_once():
    shadow = block(line("Ivory", 50, 326), line("Ivory", 50.5, 326), line("Ivory", 50, 326.5))
    (found,) = chunks(page(1, shadow, images=[picture(SWATCHES[0])]))
    assert found.text == "Ivory"


def test_bullets_are_no_lines():
    listed = block(
        line("•", 40, 100), line("High durability products", 50, 100), line("•", 40, 113), line("Eco", 50, 113)
    )
    assert chunks(page(1, listed))[0].text == "High durability products\nEco"


def test_ocr_is_chunked_apart_and_knows_its_image():
    words = block(line("ONE PIECE RADO", 100, 230), source="ocr")
    printed = block(line("Printed words", 100, 260))
    image = picture((90.0, 200.0, 300.0, 300.0), "scan", text="ONE PIECE RADO")
    found = {chunk.source: chunk for chunk in chunks(page(1, words, printed, images=[image]))}
    assert found["ocr"].image_id == "scan"
    assert found["text_layer"].image_id is None


def test_running_the_same_again_gives_the_same():
    pages = [swatch_page(), page(2, paragraph(100), paragraph(300))]
    first, second = chunks(*pages), chunk_document(UUID(DOCUMENT), pages)
    assert first == second
    assert [chunk.ordinal for chunk in first] == list(range(len(first)))
    assert len({chunk.chunk_id for chunk in first}) == len(first)
    other = chunk_document("00000000-0000-0000-0000-000000000001", pages)
    assert not {chunk.chunk_id for chunk in first} & {chunk.chunk_id for chunk in other}


def test_chunks_survive_json():
    for chunk in chunks(swatch_page()):
        assert Chunk.from_json(chunk.to_json()) == chunk


@pytest.mark.parametrize("pages", [(), (page(1),), (page(1, block(line("•", 50, 50))),)])
def test_nothing_to_read_gives_no_chunk(pages):
    assert chunks(*pages) == []


def test_no_printed_line_is_lost_or_doubled():
    parts = [block(line("Unique features", 50, 50, 18)), paragraph(80), swatch_page().blocks[0], paragraph(400)]
    one = page(1, *parts, images=swatch_page().images)
    printed = sorted(each.text for part in one.blocks for each in part.lines)
    assert sorted(each.text for chunk in chunks(one) for each in chunk.lines) == printed
