"""Files that mean harm, one limit after the other: what stays, what is left out, and that it says so."""

import dataclasses
import time

import pytest

from actors.errors import DocumentTooLarge
from cluster.flows.extraction import require_readable_length
from cluster.stages import extraction
from cluster.stages.extraction import PageReader
from samples import hostile

WORDS = "A good page with words on it"


def texts(page):
    return [line.text for block in page.blocks for line in block.lines]


def test_a_list_of_pages_that_holds_itself_costs_that_entry(inspector, read_page, tmp_path):
    path = tmp_path / "loop.pdf"
    hostile.make_page_tree_loop(path)
    assert inspector.inspect(path).page_count == 2
    assert texts(read_page(path)) == [WORDS]
    second = read_page(path, page=2)
    assert (second.kind, second.error_code) == ("failed", "page_broken")
    assert "cycle" in second.error_message


@pytest.mark.parametrize("make", [hostile.make_deep_page_tree, hostile.make_many_objects])
def test_a_deep_list_and_many_objects_are_no_harm(inspector, read_page, tmp_path, make):
    path = tmp_path / "large.pdf"
    make(path)
    assert inspector.inspect(path).page_count == 1
    assert texts(read_page(path)) == [WORDS]


def test_content_nested_without_end_fails_its_page(read_page, tmp_path):
    path = tmp_path / "nested.pdf"
    hostile.make_deep_nesting(path)
    page = read_page(path)
    assert (page.kind, page.error_code) == ("failed", "page_broken")
    assert page.error_message


def test_a_document_has_a_time_for_all_its_pages(address, limits, sample):
    """It is refused for good: tried again it would take as long again."""
    with PageReader(sample, address, dataclasses.replace(limits, document_timeout_s=0.01)) as reader:
        assert reader.read(1).kind == "text"
        with pytest.raises(DocumentTooLarge, match="QUARRY_DOCUMENT_TIMEOUT_S") as refused:
            reader.read(2)
    assert refused.value.permanent
    with PageReader(sample, address, limits) as reader:
        assert [reader.read(page).kind for page in (1, 2)] == ["text", "text"]


def test_a_stream_of_gigabytes_is_stopped(address, limits, tmp_path):
    path = tmp_path / "bomb.pdf"
    hostile.make_stream_bomb(path)
    assert path.stat().st_size < 20_000
    hurried = dataclasses.replace(limits, page_timeout_s=8.0)
    began = time.monotonic()
    with PageReader(path, address, hurried) as reader:
        page = reader.read(1)
        assert reader.cpu_seconds > 2.0, "the children that it cost are counted as well"
    assert (page.kind, page.error_code) == ("failed", "page_timeout")
    assert time.monotonic() - began < 120


def test_an_image_of_forty_thousand_million_pixels_is_left_out(read_page, tmp_path):
    path = tmp_path / "huge.pdf"
    hostile.make_huge_image(path)
    page = read_page(path)
    assert texts(page) == [WORDS]
    assert page.images == ()
    assert any("200000 x 200000 px was left out" in warning for warning in page.warnings)


def test_more_images_than_a_page_may_have_are_skipped_and_counted(read_page, limits, tmp_path):
    path = tmp_path / "images.pdf"
    hostile.make_many_images(path, number=30)
    few = dataclasses.replace(limits, max_page_images=12)
    page = read_page(path, limits=few)
    assert (len(page.images), page.skipped_images) == (12, 18)
    assert any("more than 12 images" in warning for warning in page.warnings)
    assert not read_page(path, limits=dataclasses.replace(limits, max_page_images=30)).warnings


def test_images_that_take_too_many_bytes_are_skipped_and_counted(read_page, limits, tmp_path):
    path = tmp_path / "images.pdf"
    hostile.make_many_images(path, number=30)
    page = read_page(path, limits=dataclasses.replace(limits, max_page_output_bytes=2_000))
    assert 0 < len(page.images) < 30
    assert len(page.images) + page.skipped_images == 30
    assert any("QUARRY_MAX_PAGE_OUTPUT_BYTES" in warning for warning in page.warnings)


def test_text_beyond_the_limit_is_left_out(read_page, limits, tmp_path):
    path = tmp_path / "long.pdf"
    hostile.make_long_text(path, characters=20_000)
    page = read_page(path, limits=dataclasses.replace(limits, max_page_text=5_000))
    assert 4_000 < page.characters <= 5_000
    assert any("QUARRY_MAX_PAGE_TEXT" in warning for warning in page.warnings)


def test_a_document_of_too_much_text_is_refused():
    require_readable_length(1_000, 1_000)
    with pytest.raises(DocumentTooLarge, match="more than 1000 characters"):
        require_readable_length(1_001, 1_000)


def test_a_step_that_is_slow_on_every_page_is_given_up(address, limits, tmp_path, monkeypatch):
    """Each time costs a child; after some pages the others are read without it."""
    path = tmp_path / "good.pdf"
    hostile.make_one_bad_page(path)
    with PageReader(path, address, limits) as reader:
        reader._slow["layout"] = extraction.GIVE_UP_STEP
        page = reader.read(1)
    assert texts(page) == [WORDS]
    assert page.warnings == ("Page 1: 'layout' was left out: it took too long on other pages.",)


def test_pages_around_a_bad_one_are_read(read_page, tmp_path):
    path = tmp_path / "bad-page.pdf"
    hostile.make_one_bad_page(path)
    assert [texts(read_page(path, page)) for page in (1, 3)] == [[WORDS], [WORDS]]
    assert read_page(path, 2).kind in ("empty", "failed")
