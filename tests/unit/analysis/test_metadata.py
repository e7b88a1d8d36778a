"""Fields of a record from lines and tables, with their evidence."""

from actors.metadata import MetadataReader, dimensions_of, merge, read_chunk, read_lines
from actors.records import Metadata
from actors.vocabulary.languages import reading_in
from tests.unit.analysis.pages import chunk_of, column, job, line, page_of


def read(*texts):
    return read_lines(column(*texts), 3, "text_layer")


def test_a_caption_gives_name_parts_with_the_box_of_the_line():
    lines = column("Carrara White", "60x60 cm, 9 mm", "Finish: Polished")
    found = read_lines(lines, 3, "text_layer")
    assert found.fields["physicalProperties"]["length"] == {"value": 600, "unit": "mm", "printed": "60x60 cm, 9 mm"}
    assert found.fields["physicalProperties"]["thickness"]["value"] == 9
    assert found.fields["visualProperties"]["surfaceFinish"] == "Polished"
    assert found.fields["visualProperties"]["primaryColor"] == "white"
    by_field = {proof.field: proof for proof in found.evidence}
    size = by_field["physicalProperties.dimensions"]
    assert (size.page, size.source, size.text, size.box) == (3, "text_layer", lines[1].text, lines[1].box)


def test_every_field_has_evidence_in_which_its_value_stands():
    found = read("Oak Natural, code AB-1234", "1520 x 228 x 7.5mm", "€ 45,00 / m2", "Made in Italy", "25 year warranty")
    named = {f"{category}.{name}" for category, values in found.fields.items() for name in values}
    assert named == {proof.field for proof in found.evidence}
    assert found.fields["coreIdentity"] == {"productCode": "AB-1234", "countryOfOrigin": "Italy"}
    assert found.fields["commercialInformation"]["price"] == "45.00"


def test_what_a_label_names_beats_words_of_the_vocabulary():
    found = read("Acabado: Bark", "textura mate")
    assert found.fields["visualProperties"]["surfaceFinish"] == "Bark"
    assert found.fields["visualProperties"]["finishes"] == ["Bark", "mate"]


def test_a_label_and_its_value_in_another_column_meet():
    found = read_lines([line("Thickness", 50, 100), line("8 mm", 200, 100)], 1, "text_layer")
    assert found.fields["physicalProperties"]["thickness"]["value"] == 8


def test_words_of_a_row_of_captions_are_no_label_and_value():
    names = [line("Finish", 50, 100), line("Grey", 200, 100), line("Ivory", 350, 100)]
    assert "surfaceFinish" not in read_lines(names, 1, "text_layer").fields.get("visualProperties", {})


def test_ocr_is_less_sure():
    (printed,) = [p for p in read("Polished").evidence if p.field.endswith("surfaceFinish")]
    seen = read_lines(column("Polished"), 3, "ocr")
    (read_by_ocr,) = [p for p in seen.evidence if p.field.endswith("surfaceFinish")]
    assert read_by_ocr.confidence < printed.confidence
    assert read_by_ocr.source == "ocr"


def test_the_language_of_the_page_decides_what_words_mean():
    lines = column("bathroom mat")
    with reading_in(["en"]):
        assert "visualProperties" not in read_lines(lines, 1, "text_layer").fields
    with reading_in(["tr"]):
        assert read_lines(column("yüzey mat"), 1, "text_layer").fields["visualProperties"]["surfaceFinish"] == "mat"


def test_a_caption_may_name_a_wood_of_another_language():
    with reading_in(["en"]):
        assert read_lines(column("Rovere Classic"), 1, "text_layer").fields["physicalProperties"]["materials"]
    with reading_in(["es"]):
        steel = read_lines(column("Pata acero"), 1, "text_layer").fields["physicalProperties"]
    with reading_in(["it"]):
        maple = read_lines(column("Gamba acero"), 1, "text_layer").fields["physicalProperties"]
    assert (steel["materialCategory"], maple["materialCategory"]) == ("steel", "maple")


def test_a_word_that_english_has_too_is_foreign_only_where_that_language_is_read():
    caption = "on-trend colours and textures"  # and "texturé", without its accent
    assert "surfaceFinish" not in read(caption).fields.get("visualProperties", {})
    with reading_in(("fr",)):
        assert read("Oxford textures").fields["visualProperties"]["surfaceFinish"] == "textures"


def test_merging_keeps_the_first_and_joins_lists():
    first, second = read("Grey", "60x60 cm"), read("Ivory", "30x30 cm", "Polished")
    both = merge(first, second)
    assert both.fields["visualProperties"]["colours"] == ["Grey", "Ivory"]
    assert both.fields["visualProperties"]["primaryColor"] == "grey"
    assert both.fields["visualProperties"]["surfaceFinish"] == "Polished"
    assert len(both.fields["physicalProperties"]["dimensions"]) == 2
    assert merge(first, first) == first


def test_the_size_of_a_thing_is_completed_by_sides_that_stand_alone():
    size = dimensions_of(read("Plain Series 30X30 cm", "2 cm"))
    assert (size.length_mm, size.width_mm, size.thickness_mm) == (300, 300, 20)
    assert dimensions_of(Metadata()) is None


# ---- tables

PRICE_LIST = (
    ("Típus", "Szélesség (mm)", "Magasság (mm)", "kg/db"),
    ("TFE 30 elem", "1 300", "1 000", "340"),
    ("TFE 40 elem", "1 300", "1 200", "400"),
)


def table(rows):
    lines = [line(cell, 50 + 120 * x, 100 + 13 * y) for y, row in enumerate(rows) for x, cell in enumerate(row)]
    return chunk_of(lines, kind="table", rows=rows)


def test_the_header_of_a_table_names_the_cells_under_it():
    found = read_chunk(table(PRICE_LIST))
    sizes = found.fields["physicalProperties"]["dimensions"]
    assert [(size["width_mm"], size["height_mm"]) for size in sizes] == [(1300, 1000), (1300, 1200)]


def test_what_differs_from_row_to_row_is_no_field_of_the_table():
    found = read_chunk(table(PRICE_LIST)).fields["physicalProperties"]
    assert found["width"]["value"] == 1300
    assert "height" not in found


def test_a_list_of_labels_and_values_is_read_as_such():
    rows = (("Graphene D", "Description"), ("Purity", "99.9%"), ("Bulk Density", "0.166 g/cm3"), ("Colour", "Black"))
    found = read_chunk(table(rows)).fields
    assert found["technicalSpecifications"] == {"purity": "99.9%", "density": "0.166 g/cm3"}
    assert found["visualProperties"]["colours"] == ["Black"]


# ---- jobs


def test_a_job_gives_evidenced_fields():
    chunk = chunk_of(column("Silver Grey", "1520 x 228 x 7.5mm"))
    (result,) = MetadataReader().read([job("metadata", chunk)])
    assert result.error is None
    assert Metadata.from_json(result.result).fields["physicalProperties"]["thickness"]["value"] == 7.5


def test_lines_that_the_page_does_not_print_give_nothing():
    chunk = chunk_of(column("Silver Grey"), rows=(("Finish", "Polished"), ("Colour", "Blue")), kind="table")
    (result,) = MetadataReader().read([job("metadata", chunk, page_of(column("Silver Grey")))])
    assert Metadata.from_json(result.result) == Metadata()


def test_each_task_has_its_own_answer():
    tasks = [job("metadata", chunk_of(column(text))) for text in ("Grey", "60x60 cm", "No field here at all")]
    results = MetadataReader().read(tasks)
    assert [result.job_id for result in results] == [task.job_id for task in tasks]
    assert all(result.error is None and result.model for result in results)


def looks(*texts):
    fields = read(*texts).fields
    return (
        fields.get("visualProperties", {}).get("colours", []),
        fields.get("physicalProperties", {}).get("materials", []),
    )


def test_a_pallets_colour_is_not_the_articles():
    with reading_in(["hu"]):
        found = read_lines([line("TFE 30 elem", 50, 100), line("Raklap: piros", 200, 100)], 1, "text_layer")
        assert "visualProperties" not in found.fields
        assert looks("TFE 30 elem, piros") == (["piros"], [])
    assert looks("Packaging: white carton of 6") == ([], [])


def test_what_a_label_calls_an_ingredient_is_no_colour():
    assert looks("Ingredients: Carbon", "Colour: Black powder") == (["Black"], ["Carbon"])
    assert looks("Carbon") == (["Carbon"], [])
    assert looks("Carbon nanotubes") == ([], [])
    assert looks("Material: black steel") == (["black"], ["steel"])


def test_what_a_thing_is_put_on_is_not_what_it_is_made_of():
    on = ["A graphene ink for various substrates such", "as cotton, glass and paper. Its body is of epoxy resin."]
    assert looks(*on)[1] == ["graphene", "epoxy"]
    assert looks("Glue for tiles. Suitable for concrete and wood.")[1] == []
    with reading_in(["it"]):
        assert looks("Vernice adatta a supporti in vetro e cemento")[1] == []
    assert looks("Made for walls.", "Glass and steel")[1] == ["Glass", "steel"]
