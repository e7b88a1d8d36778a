import math

import pytest

from db import job_results, products
from db.product_reviews import correct_product, reject_product
from db.search import search_images, search_products, search_products_by_image
from tests.integration import factories
from tests.integration.factories import claim_images, image_completion, product_json, unit_vector


def towards(direction, similarity):
    """A unit vector whose cosine with the given axis is `similarity`."""
    vector = [0.0] * 384
    vector[direction], vector[383] = similarity, math.sqrt(1 - similarity**2)
    return vector


@pytest.fixture
def shelf(service, claimed_document):
    rows = [
        product_json("Marmara White", code="MW-60", description="Polished marble tile"),
        product_json("Marmara Grey", finish="matt"),
        product_json("Nordic Oak", code="NO-14", product_type="floor board"),
    ]
    vectors = [towards(0, 0.9), towards(0, 0.5), unit_vector(5)]
    with service.transaction() as conn:
        products.save_products(conn, claimed_document.id, claimed_document.fence, rows, vectors, "mini")


def names(matches):
    return [match.product.name for match in matches]


def test_words_are_found_from_their_beginning_and_more_of_them_go_first(service, shelf):
    with service.transaction() as conn:
        assert set(names(search_products(conn, "marm"))) == {"Marmara White", "Marmara Grey"}
        assert names(search_products(conn, "MARMARA whi")) == ["Marmara White", "Marmara Grey"]
        assert names(search_products(conn, "marmara polished marble")) == ["Marmara White"], "one of three is too few"
        assert names(search_products(conn, "oak marmara nothing else")) == []
        assert names(search_products(conn, "no-14")) == ["Nordic Oak"]
        assert names(search_products(conn, "floor")) == ["Nordic Oak"]


def test_accents_and_ways_of_writing_a_size_do_not_matter(service, claimed_document):
    size = {"length_mm": 1200.0, "width_mm": 600.0, "printed": "60 × 120 cm"}
    series = {"coreIdentity": {"collection": "Pietra Grün"}}
    rows = [
        product_json("Crème Brûlée", dimensions=size, materials=["Gres porcellanato"], colours=["beige"]),
        product_json("Işık Straße", fields=series),
    ]
    with service.transaction() as conn:
        products.save_products(conn, claimed_document.id, claimed_document.fence, rows, [None, None], "none")
        for words in ("creme brulee", "CRÈME", "60x120", "120 x 60", "1200x600", "600 × 1200", "porcellanato", "beige"):
            assert names(search_products(conn, words)) == ["Crème Brûlée"], words
        for words in ("isik", "strasse", "pietra grun", "IŞIK"):
            assert names(search_products(conn, words)) == ["Işık Straße"], words


@pytest.mark.parametrize("text", ["", "   ", "!!!", "' & | ! :* \\ ('", "\0"])
def test_what_is_no_word_finds_nothing_and_breaks_nothing(service, shelf, text):
    with service.transaction() as conn:
        assert search_products(conn, text) == search_images(conn, text) == []


def test_vectors_find_what_words_do_not(service, shelf):
    with service.transaction() as conn:
        assert names(search_products(conn, "light stone", unit_vector(0))) == ["Marmara White", "Marmara Grey"]
        assert names(search_products(conn, "", unit_vector(0), 1)) == ["Marmara White"]


def test_what_is_far_is_not_found(service, shelf):
    with service.transaction() as conn:
        assert names(search_products(conn, "", unit_vector(5))) == ["Nordic Oak"]
        assert names(search_products(conn, "", unit_vector(0), min_similarity=0.8)) == ["Marmara White"]


def test_words_and_vectors_together_count_more(service, shelf):
    with service.transaction() as conn:
        matches = search_products(conn, "grey", unit_vector(0))
    assert names(matches) == ["Marmara Grey", "Marmara White"]
    assert matches[0].score == pytest.approx(1 / 61 + 1 / 62)


def test_vectors_of_another_model_are_not_compared(service, shelf):
    with service.transaction() as conn:
        assert search_products(conn, "", unit_vector(0), model="another") == []


def test_images_are_found_by_what_was_read_and_by_vectors(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 3)
        oak, elm, long = claim_images(conn, claimed_document)
        rows = [
            image_completion(oak, ocr_text="NORDIC OAK"),
            image_completion(elm, ocr_text="elm", embedding=unit_vector(1, 4)),
            image_completion(long, ocr_text="", embedding=unit_vector(0, 8), embedding_model="longer"),
        ]
        job_results.complete_image_jobs(conn, rows)

        def found(*args, **options):
            return [match.image.id for match in search_images(conn, *args, **options)]

        assert found("oak") == [oak.image_id]
        assert found("", unit_vector(1, 4)) == [elm.image_id, oak.image_id], "other lengths are passed over"
        assert found("", unit_vector(0, 8)) == [long.image_id]
        assert found("elm", unit_vector(0, 4), 1) == [elm.image_id], "words and vector together"
        assert found("", unit_vector(0, 4), model="longer") == []
        assert search_images(conn, "oak")[0].document_title == claimed_document.title


def test_products_are_found_by_the_nearest_of_their_images(service, claimed_document):
    with service.transaction() as conn:
        factories.add_image_jobs(conn, claimed_document, 3)
        near, far, other = claim_images(conn, claimed_document)
        rows = [
            image_completion(near, embedding=[0.8, 0.6, 0.0, 0.0]),
            image_completion(far, embedding=unit_vector(3, 4)),
            image_completion(other, embedding=unit_vector(0, 8), embedding_model="longer"),
        ]
        job_results.complete_image_jobs(conn, rows)
        links = [
            {"image_id": str(job.image_id), "page": 1, "reason": "below it", "confidence": 0.9}
            for job in (near, far, other)
        ]
        shelf = [
            product_json("Both", images=links[:2]),
            product_json("Far", images=links[1:2]),
            product_json("Other model", images=links[2:]),
        ]
        products.save_products(conn, claimed_document.id, claimed_document.fence, shelf, [None] * 3, "none")
        matches = search_products_by_image(conn, unit_vector(0, 4), "test-clip")
        assert names(matches) == ["Both", "Far"]
        assert [match.score for match in matches] == pytest.approx([0.8, 0.0], abs=1e-6)
        assert names(search_products_by_image(conn, unit_vector(0, 8), "longer")) == ["Other model"]
        reject_product(conn, matches[0].product.id, "erika")
        assert names(search_products_by_image(conn, unit_vector(0, 4), "test-clip")) == ["Far"]


WORDS = "select array_agg(word order by word) from product_words join products on id = product_id where name = %s"


def test_words_of_a_product_follow_it(service, shelf, claimed_document):
    with service.transaction() as conn:
        ids = {product.name: product.id for product in products.list_products(conn, claimed_document.id)[0]}
        assert conn.execute(WORDS, ["Marmara Grey"]).fetchone() == (["grey", "marmara", "matt"],)
        correct_product(conn, ids["Marmara Grey"], {"finish": "polished"}, "ann")
        assert names(search_products(conn, "matt")) == []
        assert "Marmara Grey" in names(search_products(conn, "polished"))
        conn.execute("delete from products where id = %s", [ids["Nordic Oak"]])
        assert conn.execute("select count(*) from product_words where word = 'oak'").fetchone() == (0,)
