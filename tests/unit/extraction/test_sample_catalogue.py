import hashlib
import io

import pytest
from PIL import Image

from samples.catalogue import (
    SAMPLE_OCR_PAGE,
    SAMPLE_OCR_WORDS,
    SAMPLE_PRODUCTS,
    SAMPLE_SCAN_PAGE,
    make_large_catalogue,
    make_sample_catalogue,
    make_small_catalogue,
)

PRINTED = [product for product in SAMPLE_PRODUCTS if not product.scanned]


def text_of(page):
    return "\n".join(line.text for block in page.blocks for line in block.lines)


def pictures(storage, page):
    return [Image.open(io.BytesIO(storage.read(image.storage_key))) for image in page.images]


def test_it_is_the_same_file_every_time(sample, tmp_path):
    again = tmp_path / "again.pdf"
    make_sample_catalogue(again)
    assert again.read_bytes() == sample.read_bytes()


def test_every_page_is_read_without_a_warning(sample_pages):
    assert {number: page.warnings for number, page in sample_pages.items() if page.warnings} == {}
    kinds = {number: page.kind for number, page in sample_pages.items()}
    assert kinds == {number: "image" if number == SAMPLE_SCAN_PAGE else "text" for number in kinds}


@pytest.mark.parametrize("product", PRINTED, ids=lambda product: product.code)
def test_a_products_words_stand_on_its_page(sample_pages, product):
    text = text_of(sample_pages[product.page])
    for words in (product.name, product.code, product.dimensions, product.finish):
        assert words is None or words in text


def test_the_words_in_pictures_are_in_no_text_layer(sample_pages):
    text = text_of(sample_pages[SAMPLE_OCR_PAGE])
    assert not any(word in text for word in SAMPLE_OCR_WORDS)
    assert sample_pages[SAMPLE_SCAN_PAGE].blocks == ()


def test_swatches_have_the_boxes_where_they_stand(sample_pages):
    swatches = [image for image in sample_pages[3].images if image.placements[0].box[1] > 100]
    assert len(swatches) == 6
    assert {tuple(round(value) for value in image.placements[0].box) for image in swatches} == {
        (x, y, x + 156, y + 196) for x in (42, 219, 396) for y in (182, 474)
    }


def test_the_logo_is_one_image_on_every_page_that_shows_it(sample_pages):
    shown = [{image.content_hash for image in page.images} for number, page in sample_pages.items() if number != 8]
    assert len(set.intersection(*shown)) == 1


def test_a_picture_stored_on_its_side_and_one_in_cmyk_come_out_upright_in_rgb(sample_pages, storage):
    page = sample_pages[4]
    stored = [
        picture for picture, image in zip(pictures(storage, page), page.images, strict=True) if image.width_px > 600
    ]
    assert [(picture.mode, picture.width > picture.height) for picture in stored] == [("RGB", True)] * 4
    assert {image.placements[0].rotation for image in page.images} == {0, 90}


def test_lamps_stand_on_white(sample_pages, storage):
    page = sample_pages[6]
    lamps = [
        picture for picture, image in zip(pictures(storage, page), page.images, strict=True) if image.height_px == 520
    ]
    assert len(lamps) == 3
    assert all(lamp.convert("RGB").getpixel((3, 3)) == (255, 255, 255) for lamp in lamps)


def test_paint_is_found_as_fills(sample_pages):
    assert len(sample_pages[6].fills) == 6
    assert all(round(x1 - x0) == 157 and round(y1 - y0) == 78 for x0, y0, x1, y1 in sample_pages[6].fills)


def test_the_price_list_is_a_table_of_cells(sample_pages):
    (table,) = (block for block in sample_pages[7].blocks if block.label == "table")
    assert table.rows[0] == ("Code", "Product", "Size", "Finish", "EUR")
    assert ("MA-TA-109", "Terra Alba Skirting", "600 x 75 x 9 mm", "Matt", "9.80") in table.rows
    assert len(table.rows) == len(PRINTED) + 1


def test_the_scan_is_one_page_image_in_points_and_what_is_seen_in_it(sample_pages):
    image, *seen = sample_pages[SAMPLE_SCAN_PAGE].images
    assert (image.kind, image.media_type) == ("page", "image/jpeg")
    assert image.placements[0].box == (0.0, 0.0, 595.0, 842.0)
    assert image.width_px == pytest.approx(595 * 150 / 72, abs=2)
    assert [one.kind for one in seen] == ["region"] * len(seen) and seen, "the photo on the sheet"


def test_every_page_has_a_thumbnail_and_every_key_its_content(sample_pages, storage):
    for page in sample_pages.values():
        thumbnail = Image.open(io.BytesIO(storage.read(page.thumbnail_key)))
        assert max(thumbnail.size) == 1200
        for image in page.images:
            assert hashlib.sha256(storage.read(image.storage_key)).hexdigest() == image.content_hash


def test_headings_are_labelled(sample_pages):
    labels = {line.text: block.label for block in sample_pages[3].blocks for line in block.lines}
    assert labels["Porcelain and glaze"] in ("title", "section_header", "page_header")


def test_large_catalogues_hold_what_they_say(inspector, read_page, tmp_path):
    path = tmp_path / "large.pdf"
    holdings = make_large_catalogue(path, pages=4, images=14, seed=3)
    assert inspector.inspect(path).page_count == 4
    assert len(holdings.products) == 14 and holdings.labels == ("BATCH 003 0000", "BATCH 003 0012")
    page = read_page(path, page=2)
    names = [product.name for product in holdings.products if product.page == 2]
    assert len(page.images) == len(names) == 4
    assert all(name in text_of(page) for name in names)
    with pytest.raises(ValueError, match="twelve"):
        make_large_catalogue(path, pages=1, images=13)


def test_small_catalogues_share_no_image(read_page, tmp_path):
    seen = set()
    for seed in (1, 2):
        path = tmp_path / f"{seed}.pdf"
        make_small_catalogue(path, seed)
        seen |= {image.content_hash for number in (1, 2) for image in read_page(path, page=number).images}
    assert len(seen) == 10
