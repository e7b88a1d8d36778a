"""What a product is made of: not the name of its decor, not what a text speaks of, not what it looks like."""

import pytest

from tests.unit.products.printed import block, grid_boxes, grid_page, line, page, products_of


def made_of(*pages):
    return {product.name: product.materials for product in products_of(*pages)}


def below_all(*texts):
    return block(*(line(text, 40, 640 + 14 * number, 8) for number, text in enumerate(texts)))


DECORS = ("Grey Stone", "Oak Natural", "Linen")


def test_a_name_alone_is_a_decor_where_the_document_tells_what_all_is_made_of():
    floors = grid_page(1, DECORS)
    data = page(
        2,
        [
            block(line("Technical Specifications", 40, 70, 18, bold=True, font="Head"), label="section_header"),
            block(line("Stone Polymer Composite construction.", 40, 140, 9)),
            block(line("Realistic timber visuals, on-trend colours and textures.", 40, 200, 9)),
        ],
    )
    assert made_of(floors, data) == dict.fromkeys(DECORS, ("Stone Polymer Composite",))


def test_a_name_alone_is_no_proof_where_nothing_else_speaks_of_it():
    assert made_of(grid_page(1, ("Slate Bianco", "Nova Cement", "Benaulim"))) == {
        "Slate Bianco": (), "Nova Cement": (), "Benaulim": (),
    }  # fmt: skip


def test_a_name_is_believed_where_its_kind_of_material_is_sold():
    stones = grid_page(1, ("Sinai limestone", "Galala brushed", "Verde"), below_all("Egyptian marble"))
    assert made_of(stones)["Sinai limestone"] == ("limestone",)


@pytest.mark.parametrize("name", ["Glass Lunch Box", "Oak table", "Marine plywood"])
def test_a_name_that_says_a_thing_or_a_board_says_what_it_is_made_of(name):
    assert made_of(grid_page(1, (name, "Fjord", "Skagen")))[name]


@pytest.mark.parametrize("said", ["effetto pietra arenaria", "Wood grain", "Colour: Slate"])
def test_a_look_is_no_material(said):
    boxes = grid_boxes(3, 1)
    captions = block(*(line(said, box[0], box[3] + 18, 8) for box in boxes))
    assert set(made_of(grid_page(1, ("Fjord", "Skagen", "Ribe"), captions)).values()) == {()}


def test_running_text_speaks_of_other_things_too():
    boxes = grid_boxes(3, 1)
    told = "For primers with less zinc content it forms a dense barrier."
    prose = block(*(line(told, box[0], box[3] + 18, 4) for box in boxes))
    assert set(made_of(grid_page(1, ("Fjord", "Skagen", "Ribe"), prose)).values()) == {()}


def test_an_oxide_is_no_metal():
    powders = grid_page(1, ("Zinc Oxide powder", "Silicon Dioxide powder", "Graphene powder"))
    kinds = {product.name: product.fields["physicalProperties"]["materialCategory"] for product in products_of(powders)}
    assert kinds["Zinc Oxide powder"] == "zinc oxide"
    assert kinds["Silicon Dioxide powder"] == "silicon dioxide"
