"""The description of the API: well-formed, complete, with an example of every error.

That it is true is checked by all other tests here: `contract.Contract` holds each of their answers against it.
"""

import json
import re

import httpx
import pytest
from fastapi.openapi.models import OpenAPI
from jsonschema import Draft202012Validator

OPEN = {"/healthz", "/readyz"}


@pytest.fixture
def schema(app):
    return app.openapi()


@pytest.fixture
def operations(schema):
    return [
        (method, path, operation) for path, methods in schema["paths"].items() for method, operation in methods.items()
    ]


def test_it_is_well_formed(schema):
    OpenAPI.model_validate(schema)
    for component in schema["components"]["schemas"].values():
        Draft202012Validator.check_schema(component)


def test_every_reference_leads_somewhere(schema):
    references = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(schema)))
    assert references <= set(schema["components"]["schemas"])
    assert "HTTPValidationError" not in references


def test_the_routes_of_the_design_are_there(operations):
    there = {(method, path) for method, path, _ in operations}
    for path in ("pages", "images", "chunks", "products", "export", "events", "progress"):
        assert ("get", f"/documents/{{document_id}}/{path}") in there
    for action in ("cancel", "retry", "reprocess"):
        assert ("post", f"/documents/{{document_id}}/{action}") in there
    assert there >= {
        ("post", "/documents/upload-async"), ("get", "/documents"), ("get", "/documents/{document_id}"),
        ("delete", "/documents/{document_id}"), ("get", "/images/{image_id}/content"), ("get", "/queues/metrics"),
        ("get", "/search/products"), ("get", "/search/images"),
        ("post", "/search/products"), ("post", "/search/images"), ("get", "/products/to-review"),
        ("get", "/products/{product_id}"), ("patch", "/products/{product_id}"),
        ("post", "/products/{product_id}/accept"), ("post", "/products/{product_id}/reject"),
        ("get", "/healthz"), ("get", "/readyz"),
    }  # fmt: skip


def test_every_operation_has_a_tag_and_says_what_it_does(schema, operations):
    tags = {tag["name"] for tag in schema["tags"]}
    for method, path, operation in operations:
        assert set(operation["tags"]) <= tags, path
        assert operation["summary"], path
        assert len(operation["description"]) > 20, (method, path)


def test_every_protected_operation_names_its_refusals(operations):
    for _, path, operation in operations:
        if path in OPEN:
            assert "security" not in operation
            continue
        assert operation["security"] == [{"token": []}]
        for status in ("401", "403", "500", "503"):
            content = operation["responses"][status]["content"]
            assert list(content) == ["application/problem+json"], path


def test_every_error_has_an_example_that_fits_its_schema(schema, operations):
    validator = Draft202012Validator({"$ref": "#/components/schemas/Problem", "components": schema["components"]})
    for _, path, operation in operations:
        for status, response in operation["responses"].items():
            for media_type, content in response.get("content", {}).items():
                if media_type != "application/problem+json":
                    continue
                for code, example in content["examples"].items():
                    validator.validate(example["value"])
                    assert example["value"]["code"] == code
                    assert str(example["value"]["status"]) == status, path


def test_the_upload_is_described_as_a_form(schema):
    form = schema["paths"]["/documents/upload-async"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert set(form["schema"]["properties"]) == {
        "file",
        "title",
        "tags",
        "priority",
        "force",
        "password",
        "callback_url",
    }
    assert form["schema"]["required"] == ["file"]
    Draft202012Validator.check_schema(form["schema"])


def test_the_docs_load_nothing_from_elsewhere(address):
    page = httpx.get(f"{address}/docs").text
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert loaded
    for place in loaded:
        assert place.startswith("/docs-files/")
        assert httpx.get(f"{address}{place}").status_code == 200
