"""Pages, images, chunks and products: what a driver stores, read back."""

from uuid import UUID

import psycopg
import pytest

from db import chunks, document_claims, documents, images, job_results, pages, products, queue
from db.errors import LeaseLost
from tests.integration import factories
from tests.integration.factories import chunk_json, claim_analyses, image_json, page_json, product_json, unit_vector


def save_pages(conn, document, *rows):
    pages.save_pages(conn, document.id, document.fence, rows)


def save_chunks(conn, document, *rows, vectors=None):
    chunks.save_chunks(conn, document.id, document.fence, rows, vectors or [unit_vector(0)] * len(rows), "test-model")


def save_products(conn, document, *rows, vectors=None):
    products.save_products(conn, document.id, document.fence, rows, vectors or [None] * len(rows), "test-model")


@pytest.mark.parametrize("save", [save_pages, save_chunks, save_products])
def test_nothing_is_stored_without_the_fence(service, claimed_document, save):
    with service.transaction() as conn:
        conn.execute("update processed_documents set fence = nextval('fence_sequence')")
        with pytest.raises(LeaseLost):
            save(conn, claimed_document)


# ---- pages and images


def test_a_page_comes_back_as_it_was_found(service, claimed_document):
    block = {"label": "title", "box": [1.5, 2.0, 3.0, 4.0], "lines": [{"text": "Ma\0rmara"}], "source": "text_layer"}
    row = page_json(
        3, blocks=[block], fills=[[0.0, 1.0, 2.0, 3.0]], thumbnail_key="t/3.png", skipped_images=4, warnings=["one"]
    )
    with service.transaction() as conn:
        save_pages(conn, claimed_document, row, page_json(1))
        first, third = pages.list_pages(conn, claimed_document.id)
        assert pages.list_pages(conn, claimed_document.id, limit=1, offset=1) == [third]
        assert pages.stored_pages(conn, claimed_document.id) == {1, 3}
    assert (first.page, third.page, third.kind, third.width_pt) == (1, 3, "text", 595)
    assert third.blocks[0]["lines"][0]["text"] == "Ma\ufffdrmara" and third.blocks[0]["box"] == block["box"]
    assert (third.fills, third.thumbnail_key, third.skipped_images, third.warnings) == (
        [[0, 1, 2, 3]],
        "t/3.png",
        4,
        ["one"],
    )


def test_a_page_that_is_read_again_replaces_itself(service, claimed_document):
    with service.transaction() as conn:
        save_pages(conn, claimed_document, page_json(1, kind="failed", error_code="x", error_message="y"))
        save_pages(conn, claimed_document, page_json(1))
        (page,) = pages.list_pages(conn, claimed_document.id)
    assert (page.kind, page.error_message) == ("text", None)


def test_a_failed_page_needs_a_reason(service, claimed_document):
    refused = pytest.raises(psycopg.errors.CheckViolation, match="pages_failed_has_reason")
    with refused, service.transaction() as conn:
        save_pages(conn, claimed_document, page_json(1, kind="failed"))


def test_a_logo_on_every_page_is_one_image_with_all_its_places(service, claimed_document):
    def logo(page):
        return image_json(page, content_hash="logo")

    with service.transaction() as conn:
        save_pages(conn, claimed_document, page_json(2, images=[logo(2)]), page_json(3, images=[logo(3), logo(3)]))
        save_pages(conn, claimed_document, page_json(1, images=[logo(1)]))
        save_pages(conn, claimed_document, page_json(3, images=[logo(3)]))
        (image,) = images.list_images(conn, claimed_document.id)
    assert image.page == 1 and [place["page"] for place in image.placements] == [2, 3, 1]


def test_mirrored_places_are_two_places(service, claimed_document):
    """Boxes of the same numbers in another order are not the same."""
    places = [{"page": 1, "box": box, "rotation": 0} for box in ([1, 2, 3, 4], [3, 4, 1, 2], [1, 2, 3, 4])]
    with service.transaction() as conn:
        for place in places:
            save_pages(conn, claimed_document, page_json(1, images=[image_json(content_hash="a", placements=[place])]))
        (image,) = images.list_images(conn, claimed_document.id)
    assert image.placements == places[:2]


def test_a_page_as_an_image_and_the_same_bytes_embedded_are_two_images(service, claimed_document):
    both = [image_json(content_hash="a", kind=kind) for kind in ("embedded", "page")]
    with service.transaction() as conn:
        save_pages(conn, claimed_document, page_json(1, images=both))
        assert images.count_images(conn, claimed_document.id) == 2


def test_images_are_read_in_parts(service, claimed_document):
    with service.transaction() as conn:
        ids = factories.add_images(conn, claimed_document, 5)
        assert [image.id for image in images.list_images(conn, claimed_document.id, 2, 2)] == ids[2:4]
        assert images.get_image(conn, ids[0]).page == 1
        assert images.get_image(conn, claimed_document.id) is None


def test_backfill_walks_each_image_once_and_stores_its_vector(service, claimed_document):
    with service.transaction() as conn:
        factories.add_images(conn, claimed_document, 5)
        conn.execute("update document_images set embedding_status = 'model_missing'")
        conn.execute("update document_images set embedding_status = 'failed' where page = 5")
        assert images.count_without_vector(conn) == 4
        seen, after = [], None
        while rows := images.images_for_backfill(conn, 3, after=after):
            seen += [row.id for row in rows]
            after = rows[-1].id
        assert len(seen) == len(set(seen)) == 4
        assert images.save_embedding(conn, str(seen[0]), [0.6, 0.8], "clip")
        assert not images.save_embedding(conn, seen[0], [1.0, 0.0], "another"), "it has one by now"
        assert images.count_without_vector(conn) == 3
        row = conn.execute("select embedding::text, embedding_model from document_images where id = %s", [seen[0]])
        assert row.fetchone() == ("[0.6,0.8]", "clip")


def test_the_warning_goes_with_the_last_image_that_waited(service, claimed_document):
    document, code = claimed_document, "clip_model_missing"
    with service.transaction() as conn:
        (image,) = factories.add_images(conn, document, 1)
        conn.execute("update document_images set embedding_status = 'model_missing'")
        document_claims.set_counts(conn, document.id, document.fence, {"images": 1, "images_without_vector": 1})
        for warning in (code, "pages_failed"):
            document_claims.add_warning(conn, document.id, document.fence, warning, "One of them.")
        document_claims.finish_document(conn, document.id, document.fence, "completed")
        assert images.settle_backfill(conn) == 0, "one image waits still"
        images.save_embedding(conn, image, [1.0], "clip")
        assert images.settle_backfill(conn) == 1
        settled = documents.get_document(conn, document.id)
        assert [warning["code"] for warning in settled.warnings] == ["pages_failed"]
        assert settled.counts == {"images": 1, "images_without_vector": 0}
        assert images.settle_backfill(conn) == 0


# ---- chunks


def test_a_chunk_comes_back_as_it_was_cut(service, claimed_document):
    with service.transaction() as conn:
        image = factories.add_images(conn, claimed_document, 1)[0]
        row = chunk_json(
            0,
            kind="table",
            text="a\0b",
            heading_path=["Floors", "Oak"],
            is_index=True,
            source="ocr",
            image_id=str(image),
            lines=[{"text": "a"}],
            rows=[["Name", "Size"], ["Oak", "120"]],
        )
        save_chunks(conn, claimed_document, row)
        (chunk,) = chunks.list_chunks(conn, claimed_document.id)
    assert chunk.id == UUID(row["chunk_id"]) and chunk.text == "a\ufffdb" and chunk.box == row["box"]
    assert (chunk.kind, chunk.is_index, chunk.source, chunk.image_id) == ("table", True, "ocr", image)
    assert (chunk.heading_path, chunk.rows, chunk.embedding_model) == (row["heading_path"], row["rows"], "test-model")


def test_saving_the_same_chunks_again_keeps_their_analyses(service, claimed_document):
    rows = [chunk_json(0), chunk_json(1)]
    with service.transaction() as conn:
        save_chunks(conn, claimed_document, *rows)
        queue.queue_ai_analysis_jobs(conn, claimed_document.id, ["metadata"])
        jobs = claim_analyses(conn, claimed_document)
        job_results.complete_ai_jobs(conn, [{"job_id": job.id, "fence": job.fence, "result": {}} for job in jobs])
        save_chunks(conn, claimed_document, *rows)
        assert queue.queue_ai_analysis_jobs(conn, claimed_document.id, ["metadata"]) == 0
        assert queue.job_counts(conn, claimed_document.id)["ai"].completed == 2


def test_a_chunk_of_other_text_is_analysed_again(service, claimed_document):
    rows = [chunk_json(0), chunk_json(1)]
    with service.transaction() as conn:
        save_chunks(conn, claimed_document, *rows)
        queue.queue_ai_analysis_jobs(conn, claimed_document.id, ["metadata"])
        save_chunks(conn, claimed_document, rows[0], {**rows[1], "text": "what OCR read the second time"})
        assert queue.queue_ai_analysis_jobs(conn, claimed_document.id, ["metadata"]) == 1


def test_what_an_earlier_run_had_beyond_is_dropped(service, claimed_document):
    with service.transaction() as conn:
        save_chunks(conn, claimed_document, *[chunk_json(ordinal) for ordinal in range(5)])
        assert chunks.drop_chunks_from(conn, claimed_document.id, claimed_document.fence, 3) == 2
        assert [chunk.ordinal for chunk in chunks.list_chunks(conn, claimed_document.id)] == [0, 1, 2]
        assert [chunk.ordinal for chunk in chunks.list_chunks(conn, claimed_document.id, 1, 1)] == [1]
        assert chunks.count_chunks(conn, claimed_document.id) == 3


def test_a_vector_of_the_wrong_length_is_refused(service, claimed_document):
    with pytest.raises(psycopg.DataError, match="384"), service.transaction() as conn:
        save_chunks(conn, claimed_document, chunk_json(0), vectors=[[1.0, 0.0]])


def test_a_chunk_may_have_no_vector(service, claimed_document):
    with service.transaction() as conn:
        save_chunks(conn, claimed_document, chunk_json(0), vectors=[None])
        assert chunks.list_chunks(conn, claimed_document.id)[0].embedding_model is None


# ---- products


def test_a_product_comes_back_with_its_images(service, claimed_document):
    with service.transaction() as conn:
        first, second = factories.add_images(conn, claimed_document, 2)
        links = [
            {"image_id": str(first), "page": 1, "box": None, "reason": "near", "confidence": 0.4},
            {"image_id": str(second), "page": 2, "box": [1.0, 2.0, 3.0, 4.0], "reason": "caption", "confidence": 0.9},
            {"image_id": str(first), "page": 1, "box": [9.0, 9.0, 9.5, 9.5], "reason": "inside", "confidence": 0.7},
        ]
        row = product_json(
            "Oak 120",
            code="K-1",
            finish="oiled",
            materials=["oak"],
            colours=["brown", "grey"],
            dimensions={"width_mm": 120.0, "printed": "12 cm"},
            fields={"coreIdentity": {"brand": "Quercus"}},
            pages=[2, 1],
            images=links,
            needs_review=True,
            review_reasons=["two sizes"],
        )
        save_products(conn, claimed_document, row, vectors=[unit_vector(3)])
        (product,), total = products.list_products(conn, claimed_document.id)
    assert total == 1 and product.document_title == claimed_document.title
    assert (product.name, product.code, product.finish, product.colours) == (
        "Oak 120",
        "K-1",
        "oiled",
        ["brown", "grey"],
    )
    assert product.dimensions["width_mm"] == 120 and product.fields["coreIdentity"]["brand"] == "Quercus"
    assert product.evidence[0]["value"] == "Oak 120" and product.review_reasons == ["two sizes"]
    assert [(link["reason"], link["image_id"]) for link in product.images] == [
        ("caption", str(second)),
        ("inside", str(first)),
        ("near", str(first)),
    ]


def test_saving_again_replaces_all_and_keeps_the_ids_of_what_stays(service, claimed_document):
    with service.transaction() as conn:
        save_products(conn, claimed_document, product_json("Oak"), product_json("Elm"))
        before = {product.name: product.id for product in products.list_products(conn)[0]}
        save_products(conn, claimed_document, product_json("Ash"), product_json("Oak"))
        after = {product.name: product.id for product in products.list_products(conn)[0]}
    assert set(after) == {"Ash", "Oak"} and after["Oak"] == before["Oak"]


def test_a_product_without_evidence_is_refused(service, claimed_document):
    refused = pytest.raises(psycopg.errors.CheckViolation, match="products_have_evidence")
    with refused, service.transaction() as conn:
        save_products(conn, claimed_document, product_json(evidence=[]))


def test_products_are_listed_by_page_over_one_or_all_documents(service, claimed_document):
    with service.transaction() as conn:
        other = factories.add_claimed_document(conn)
        rows = [product_json(name, pages=[page]) for name, page in (("C", 9), ("B", 2), ("A", 2))]
        save_products(conn, claimed_document, *rows)
        save_products(conn, other, product_json("D"))
        found, total = products.list_products(conn, claimed_document.id)
        assert ([product.name for product in found], total) == (["A", "B", "C"], 3)
        found, total = products.list_products(conn, claimed_document.id, limit=1, offset=1)
        assert ([product.name for product in found], total) == (["B"], 3)
        assert products.list_products(conn)[1] == 4


def test_two_places_of_one_picture_are_two_links_and_one_place_is_linked_by_the_surer_reason(service, claimed_document):
    def link(box, reason, confidence):
        return {"image_id": str(image_id), "page": 1, "box": box, "reason": reason, "confidence": confidence}

    with service.transaction() as conn:
        (image_id,) = factories.add_images(conn, claimed_document, 1)
        links = [
            link([0.0, 0.0, 50.0, 50.0], "beside", 0.5),
            link([0.0, 0.0, 50.0, 50.0], "below", 0.7),
            link([60.0, 0.0, 90.0, 50.0], "on the page", 0.6),
            link(None, "somewhere", 0.4),
            link(None, "nowhere", 0.3),
        ]
        save_products(conn, claimed_document, product_json("Marmara White", images=links))
        ((product,), _) = products.list_products(conn, claimed_document.id)
    assert [(image["box"], image["reason"]) for image in product.images] == [
        ([0, 0, 50, 50], "below"),
        ([60, 0, 90, 50], "on the page"),
        (None, "somewhere"),
    ]
