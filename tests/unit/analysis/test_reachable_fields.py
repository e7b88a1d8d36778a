"""Every field that the contract names can be read from print, and has a place in the language model's schema."""

import tomllib
from importlib import resources
from typing import get_args

import pytest

from actors.language_model.answers import MetadataField
from actors.metadata import read_lines
from cluster.exports import FIELD_COLUMNS
from tests.unit.analysis.pages import column

PRINTED = {
    # design section 9: the field, and a line in which it stands
    "coreIdentity.manufacturer": "Manufacturer: Keramia Works",
    "coreIdentity.brand": "Brand: Nordlys",
    "coreIdentity.collection": "Collection: Terra",
    "coreIdentity.productCode": "Code: AB-1234",
    "coreIdentity.sku": "SKU: 77-1002",
    "coreIdentity.model": "Model: Fjord 3",
    "coreIdentity.designer": "Designer: Ada Holm",
    "coreIdentity.countryOfOrigin": "Made in Italy",
    "physicalProperties.length": "Length: 120 cm",
    "physicalProperties.width": "Width: 60 cm",
    "physicalProperties.height": "Height: 75 cm",
    "physicalProperties.thickness": "Thickness: 9 mm",
    "physicalProperties.weight": "Weight: 24 kg",
    "physicalProperties.shape": "hexagonal",
    "physicalProperties.edge": "rectified",
    "physicalProperties.materialCategory": "Material: oak",
    "visualProperties.primaryColor": "Colour: grey",
    "visualProperties.colours": "Colour: grey",
    "visualProperties.surfaceFinish": "Finish: matt",
    "visualProperties.pattern": "herringbone",
    "technicalSpecifications.waterAbsorption": "Water absorption: 0.5 %",
    "technicalSpecifications.slipResistance": "R10",
    "technicalSpecifications.frostResistance": "frost resistant",
    "technicalSpecifications.PEI": "PEI IV",
    "technicalSpecifications.fireRating": "Bfl-s1",
    "commercialInformation.price": "24.50 € / m2",
    "commercialInformation.currency": "24.50 € / m2",
    "commercialInformation.warranty": "25 year warranty",
    "commercialInformation.certifications": "FSC",
    "commercialInformation.application": "Application: bathroom",
    "commercialInformation.environments": "outdoor",
    "sustainabilityCompliance.recycledContent": "Recycled content: 40 %",
    "installationMaintenance.installation": "Installation: click system",
    "installationMaintenance.cleaning": "Cleaning: with a damp cloth",
}


@pytest.mark.parametrize(("field", "printed"), PRINTED.items(), ids=PRINTED)
def test_a_field_of_the_contract_is_read_from_print(field, printed):
    category, name = field.split(".")
    assert name in read_lines(column(printed), 1, "text_layer").fields.get(category, {})


def test_a_language_model_may_answer_with_each_of_them():
    assert sorted(set(PRINTED) - set(get_args(MetadataField))) == []


def test_every_column_of_an_export_has_a_reader():
    assert sorted(set(FIELD_COLUMNS) - set(PRINTED)) == []


def test_what_labels_name_has_a_place_in_the_language_models_schema():
    """Of the English labels: a field that can be read from print can be asked for, but a name of the product's own."""
    file = resources.files("actors.vocabulary").joinpath("en.text.toml")
    labelled = set(tomllib.loads(file.read_text("utf-8"))["field_label"]) - {"coreIdentity.productName"}
    assert sorted(labelled - set(get_args(MetadataField))) == []
