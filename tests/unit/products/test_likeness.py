"""Where geometry and captions leave several pictures, similarity chooses or orders them, and the reason says so."""

import pytest

from actors.records import LinkedImage
from cluster.stages.product_rules.images import linked_images
from cluster.stages.product_rules.likeness import Similarities
from cluster.stages.products import create_products
from tests.unit.products.printed import WIDTH, analysed, block, grid_page, line, page, picture, products_of
from tests.unit.products.test_lists import HEADER, PIPES, table

MODEL = "ViT-B-32/some_weights"
SHEET = [("Reference", "LR-2101"), ("Dimensions", "240 x 120 x 90 mm"), ("Material", "Brass"), ("Finish", "Brushed")]
PHOTOS = [picture((40.0 + 200 * place, 300, 200.0 + 200 * place, 500), f"photo {place}") for place in range(3)]


def sheet_page(number, name, images):
    """One product a page: its name large, a list of properties."""
    labelled = [
        line(text, x, 120 + 26 * row, bold=x < 200)
        for row, pair in enumerate(SHEET)
        for x, text in zip((60, 200), pair, strict=True)
    ]
    return page(number, [block(line(name, 40, 60, 26, bold=True)), *(block(one) for one in labelled)], images)


def compared(pages, cosines):
    """The records, and for what they were compared; pictures without a cosine have no vector."""
    asked = {}

    def compare(wanted):
        asked.update({text: set(ids) for text, ids in wanted.items()})
        known = {text: {one: cosines[one] for one in ids if one in cosines} for text, ids in asked.items()}
        return Similarities(known, MODEL)

    return create_products(pages, analysed(pages), compare=compare), asked


def links(product):
    return [(link.image_id, link.reason, link.confidence) for link in product.images]


def test_pictures_under_one_heading_are_shown_in_the_order_of_their_similarity():
    pages = [sheet_page(1, "Applique Colombine", PHOTOS)]
    (plain,) = products_of(*pages)
    (product,), asked = compared(pages, {"photo 0": 0.21, "photo 1": 0.31, "photo 2": 0.24})
    reason = "a picture on the page that its name is the heading of"
    assert list(asked.values()) == [{"photo 0", "photo 1", "photo 2"}]
    assert [(image, told) for image, told, _ in links(product)] == [
        (f"photo {place}", f"{reason}; similarity {cosine} ({MODEL})")
        for place, cosine in ((1, 0.31), (2, 0.24), (0, 0.21))
    ]
    sure = [confidence for _, _, confidence in links(product)]
    assert sure == sorted(set(sure), reverse=True) and max(sure) - min(sure) < 0.05
    assert {link[:2] for link in links(plain)} == {(f"photo {place}", reason) for place in range(3)}
    assert product.model_copy(update={"images": plain.images}) == plain, "only pictures are touched"


def test_a_picture_with_two_reasons_is_shown_once_for_the_surer_one():
    own, photo, again = (
        LinkedImage(image_id=image, page=1, box=(0, 0, 9, 9), reason=reason, confidence=sure)
        for image, reason, sure in (("swatch", "its name stands below", 0.85), ("photo", "", 0.5), ("swatch", "", 0.5))
    )
    assert linked_images([(own,), (photo,), (again,)]) == (own, photo)


def test_the_text_says_name_material_and_finish_of_the_record():
    _, asked = compared([sheet_page(1, "Applique Colombine", PHOTOS)], {})
    (text,) = asked
    assert text.startswith("a photo of Applique Colombine, ")
    assert {"Brass", "Brushed"} <= set(text.split(", "))


@pytest.mark.parametrize("known", [{}, {"photo 1": 0.9}])
def test_without_vectors_to_compare_everything_is_as_before(known):
    pages = [sheet_page(1, "Applique Colombine", PHOTOS)]
    assert compared(pages, known)[0] == products_of(*pages)


def test_a_picture_without_a_vector_keeps_its_place_and_is_not_lost():
    (product,), _ = compared([sheet_page(1, "Applique Colombine", PHOTOS)], {"photo 0": 0.1, "photo 2": 0.3})
    assert [(image, confidence) for image, _, confidence in links(product) if image == "photo 1"] == [("photo 1", 0.5)]
    assert [image for image, _, _ in links(product)] == ["photo 2", "photo 1", "photo 0"]


def test_one_picture_or_one_that_its_caption_names_is_not_compared():
    assert compared([sheet_page(1, "Applique Colombine", PHOTOS[:1])], {})[1] == {}
    assert compared([grid_page(number, ["Nero", "Bianco", "Verde"]) for number in (1, 2, 3)], {})[1] == {}


def test_of_pictures_side_by_side_over_a_table_the_most_similar_is_taken():
    beside = [picture((x, 100, x + 150, 190), f"photo {place}") for place, x in enumerate((60, 220, 380))]
    pages = [page(1, [table([HEADER, *PIPES])], beside)]
    products, asked = compared(pages, {"photo 0": 0.2, "photo 1": 0.25, "photo 2": 0.22})
    assert len(asked) == len(products) == len(PIPES)
    told = f"the picture over its table, the most similar of 3 equally near; similarity 0.25 ({MODEL})"
    assert [links(product) for product in products] == [[("photo 1", told, 0.5)]] * len(PIPES)
    assert {product.images[0].image_id for product in products_of(*pages)} == {"photo 0"}


def test_a_nearer_picture_needs_no_comparison():
    above, near = picture((60, 20, 210, 90), "above"), picture((220, 110, 370, 190), "near")
    products, asked = compared([page(1, [table([HEADER, *PIPES])], [above, near])], {"above": 0.9, "near": 0.1})
    assert asked == {}
    assert {product.images[0].image_id for product in products} == {"near"}


def test_two_pictures_level_with_a_row_are_compared_and_a_whole_table_s_is_not():
    level = 213.0
    pair = [picture((x, level, x + 12, level + 12), f"row {x}") for x in (4, 20)]
    tall = picture((WIDTH - 20, 190, WIDTH - 4, 400), "tall")
    products, asked = compared(
        [page(1, [table([HEADER, *PIPES])], [*pair, tall])], {"row 4": 0.1, "row 20": 0.2, "tall": 0.9}
    )
    first = links(products[0])[0]
    assert (first[0], first[2]) == ("row 20", 0.75)
    assert first[1].startswith("the picture level with its row, the most similar of 2 equally near; similarity 0.20")
    assert {"row 4", "row 20"} in asked.values()


def test_the_place_of_a_local_model_is_not_told():
    pages = [sheet_page(1, "Applique Colombine", PHOTOS)]

    def compare(wanted):
        return Similarities(
            {text: dict.fromkeys(ids, 0.3) for text, ids in wanted.items()}, "local-dir:/srv/models/own"
        )

    (product,) = create_products(pages, analysed(pages), compare=compare)
    assert all(link.reason.endswith("; similarity 0.30 (own)") for link in product.images)
    assert {link.confidence for link in product.images} == {0.5}, "equally similar, equally sure"
