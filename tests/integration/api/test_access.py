"""Who may ask what: no route beside health and docs answers without a good token."""

import time

import httpx
import jwt
import pytest

OPEN = {"/healthz", "/readyz"}
SOME_ID = "0190d3a4-5b1c-4a43-9df2-6a3b1f5f8a11"


def routes(schema):
    return [
        (method, path.replace("{document_id}", SOME_ID).replace("{image_id}", SOME_ID).replace("{queue}", "image"))
        for path, methods in schema["paths"].items()
        for method in methods
        if path not in OPEN
    ]


def token(settings, **claims):
    payload = {"sub": "erika", "role": "admin", "aud": "quarry", "exp": time.time() + 60, **claims}
    return jwt.encode(payload, settings.jwt_secret.get_secret_value(), algorithm="HS256")


def test_every_route_wants_a_token(app, anonymous):
    asked = routes(app.openapi())
    assert len(asked) > 15
    for method, path in asked:
        answer = anonymous.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_missing"), path
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", [*sorted(OPEN), "/docs", "/openapi.json"])
def test_health_and_docs_are_open(anonymous, path):
    assert anonymous.get(path).status_code in (200, 503)


@pytest.mark.parametrize(
    ("claims", "status", "code"),
    [
        ({"exp": time.time() - 3600}, 401, "token_expired"),
        ({"aud": "another service"}, 401, "token_invalid"),
        ({"role": "anon"}, 403, "role_not_allowed"),
        ({"role": None}, 403, "role_not_allowed"),
    ],
)
def test_other_tokens_are_refused(settings, anonymous, claims, status, code):
    answer = anonymous.get("/documents", headers={"Authorization": f"Bearer {token(settings, **claims)}"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("header", ["Bearer", "Bearer x.y.z", "Basic YWRtaW46YWRtaW4=", "bearer"])
def test_other_headers_are_refused(anonymous, header):
    assert anonymous.get("/documents", headers={"Authorization": header}).status_code == 401


def test_a_token_in_the_address_is_no_token(settings, anonymous):
    assert anonymous.get("/documents", params={"token": token(settings)}).status_code == 401


def test_admin_and_service_may_read_and_write(client, admin_client, upload):
    document = upload().json()
    for each in (client, admin_client):
        assert each.get(document["status_url"]).status_code == 200
    assert admin_client.post(f"{document['status_url']}/cancel").status_code == 202


def test_the_audit_trail_names_the_caller(admin_client, upload, pipeline):
    document = upload().json()
    admin_client.post(f"{document['status_url']}/cancel")
    admin_client.delete(document["status_url"])
    with pipeline.transaction() as conn:
        trail = conn.execute(
            "select actor, action from audit_log where document_id = %s order by id", [document["document_id"]]
        ).fetchall()
    assert trail == [("service tester", "submit"), ("admin tester", "cancel"), ("admin tester", "delete")]


def test_an_unknown_address_is_a_problem(anonymous, address):
    answer = anonymous.get("/no/such/address")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    answer = httpx.put(f"{address}/documents")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]
