"""Every error as a problem: code, sentence, headers, and nothing of the inside."""

from collections.abc import Iterator
from typing import Annotated

import pytest
from fastapi import FastAPI, Query
from starlette.testclient import TestClient

from actors.errors import DocumentEncrypted
from api.problems import ANSWERS, MEDIA_TYPE, InvalidValues, WrongValue, install_problems, problem_responses
from db.errors import DatabaseUnavailable, QuarryError


class Unlisted(QuarryError):
    code = "nobody_listed_this"


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = FastAPI()
    install_problems(app)

    @app.get("/encrypted")
    def encrypted() -> None:
        raise DocumentEncrypted("The PDF wants a password.", "Remove it.")

    @app.get("/away")
    async def away() -> None:
        raise DatabaseUnavailable("Nobody there.")

    @app.get("/values")
    def values() -> None:
        raise InvalidValues([WrongValue(where="body.title", message="too long")])

    @app.get("/unlisted")
    def unlisted() -> None:
        raise Unlisted("Strange.")

    @app.get("/crash", responses=problem_responses("internal_error", "database_unavailable"))
    def crash() -> None:
        raise RuntimeError("postgres://quarry:secret@host")

    @app.get("/limited")
    def limited(limit: Annotated[int, Query(le=5)]) -> int:
        return limit

    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "status", "code", "says"),
    [
        ("/encrypted", 422, "document_encrypted", "The PDF wants a password. Remove it."),
        ("/away", 503, "database_unavailable", "Nobody there."),
        ("/values", 422, "validation_failed", "body.title: too long."),
        ("/unlisted", 500, "nobody_listed_this", "Strange."),
        ("/crash", 500, "internal_error", "Try again"),
        ("/limited?limit=6", 422, "validation_failed", "query.limit"),
        ("/nowhere", 404, "not_found", "/nowhere"),
    ],
)
def test_every_error_is_a_problem(client: TestClient, path: str, status: int, code: str, says: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == MEDIA_TYPE
    problem = answer.json()
    assert problem["code"] == code
    assert problem["type"] == f"urn:quarry:problem:{code}"
    assert problem["status"] == status
    assert problem["title"]
    assert says in problem["detail"]


def test_an_unexpected_error_tells_nothing_of_the_inside(client: TestClient) -> None:
    assert "secret" not in client.get("/crash").text


def test_wrong_values_are_listed(client: TestClient) -> None:
    assert client.get("/limited?limit=many").json()["errors"][0]["where"] == "query.limit"
    assert client.get("/values").json()["errors"] == [{"where": "body.title", "message": "too long"}]


def test_method_not_allowed_names_the_methods(client: TestClient) -> None:
    answer = client.post("/encrypted")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
    assert answer.json()["code"] == "method_not_allowed"
    assert "GET" in answer.json()["detail"]


def test_waiting_is_advised_where_it_helps(client: TestClient) -> None:
    assert int(client.get("/away").headers["retry-after"]) > 0
    assert "retry-after" not in client.get("/encrypted").headers


def test_openapi_has_the_problem_schema(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    assert "code" in schema["components"]["schemas"]["Problem"]["required"]
    answer = schema["paths"]["/crash"]["get"]["responses"]["503"]
    assert answer["content"][MEDIA_TYPE]["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert answer["content"][MEDIA_TYPE]["examples"]["database_unavailable"]["value"]["code"] == "database_unavailable"
    assert "Retry-After" in answer["headers"]


def test_every_code_has_a_sane_answer() -> None:
    for code, answer in ANSWERS.items():
        assert code == code.lower()
        assert 400 <= answer.status < 600
        assert (answer.retry_after_s is not None) == (answer.status in (429, 503)), code
