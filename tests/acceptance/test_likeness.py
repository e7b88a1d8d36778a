"""A sheet with several photos under one name, from upload to export: the model's vectors decide which is shown first.

The model's weights are random, so it is no judge of pictures: what is compared and stored is shown, not taste.
"""

import io
import json
import re
import zipfile

import pytest

from samples.objects import lamp
from samples.paper import MARGIN, Paper

SHEETS = ("Applique Colombine", "Suspension Mirabelle")
FACTS = (
    ("Reference", "LR-2101"), ("Dimensions", "240 x 120 x 90 mm"), ("Material", "Brass"), ("Finish", "Brushed"),
    ("Power", "12 W"), ("Warranty", "5 years"),
)  # fmt: skip
REASON = re.compile(r"a picture on the page that its name is the heading of; similarity (-?\d\.\d\d) \(small\)")


@pytest.fixture(scope="module")
def products(client, tmp_path_factory):
    """Of a document with three photos under each name."""
    path = tmp_path_factory.mktemp("sheets") / "sheets.pdf"
    paper = Paper("Sheets", "Lights of the Valley")
    for name in SHEETS:
        paper.new_page()
        paper.write(MARGIN, 96, name, 26, "serif bold")
        for row, (label, value) in enumerate(FACTS):
            paper.write(MARGIN, 140 + 22 * row, label, 10, "bold")
            paper.write(MARGIN + 120, 140 + 22 * row, value if row else f"LR-21{paper.number:02}", 10)
        for place, model in enumerate(("Campana", "Sfera", "Cono")):
            left = MARGIN + 165 * place
            paper.picture((left, 320, left + 150, 500), lamp(model, 500 + 10 * paper.number + place, 490))
    paper.save(path)
    answer = client.upload(path)
    assert answer.status_code == 202, answer.text
    document, _ = client.wait(answer.json()["document_id"])
    assert (document["status"], document["warnings"]) == ("completed", [])
    return client.all(document["id"], "products")


def test_pictures_are_in_the_order_of_their_similarity_and_say_it(products):
    assert {product["name"] for product in products} == set(SHEETS)
    for product in products:
        told = [REASON.fullmatch(image["reason"]) for image in product["images"]]
        assert len(told) == 3 and all(told), product["images"]
        similarities = [float(match[1]) for match in told]
        assert similarities == sorted(similarities, reverse=True)
        sure = [image["confidence"] for image in product["images"]]
        assert sure == sorted(sure, reverse=True) and sure[0] > sure[-1]


def test_the_export_has_the_reason_with_the_record(client, products):
    path = f"/documents/{products[0]['document_id']}/export"
    answer = client.http.get(path, params={"format": "zip"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".json"))
        records = json.loads(archive.read(name))
    assert [[image["reason"] for image in record["images"]] for record in records] == [
        [image["reason"] for image in product["images"]] for product in products
    ]
