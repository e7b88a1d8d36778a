"""Who may ask what: no route beside health and docs answers without a good token, and Postgres sees whose it is."""

import time
from collections import defaultdict

import httpx
import jwt
import psycopg
import pytest
from fastapi.routing import APIRoute

from api.access import get_caller
from cluster.access.tokens import Token
from serve_app import build_app
from tests.integration.api.conftest import client_of, make_settings, serving
from tests.integration.api.pdfs import valid_pdf

OPEN = {"/healthz", "/readyz"}
DOCUMENTATION = {"/openapi.json", "/docs", "/docs/oauth2-redirect", "/docs-files"}
SOME_ID = "0190d3a4-5b1c-4a43-9df2-6a3b1f5f8a11"


def routes(schema):
    return [
        (method, path.replace("{queue}", "image").format_map(defaultdict(lambda: SOME_ID)))
        for path, methods in schema["paths"].items()
        for method in methods
        if path not in OPEN
    ]


def every_route(routes):
    """All that the app serves, also what its description leaves out; routers within routers are opened."""
    for route in routes:
        inner = getattr(getattr(route, "original_router", None), "routes", None)
        if inner is None:
            yield route
        else:
            yield from every_route(inner)


def asks_for(dependant, wanted):
    return dependant.call is wanted or any(asks_for(part, wanted) for part in dependant.dependencies)


def test_a_route_that_forgets_to_ask_for_the_token_is_found(app):
    there = list(every_route(app.routes))
    guarded = {route.path for route in there if isinstance(route, APIRoute) and asks_for(route.dependant, get_caller)}
    assert guarded == set(app.openapi()["paths"]) - OPEN
    assert {route.path for route in there} - guarded == OPEN | DOCUMENTATION


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


def test_no_route_takes_another_role(settings, app, anonymous):
    headers = {"Authorization": f"Bearer {token(settings, role='authenticated')}"}
    for method, path in routes(app.openapi()):
        answer = anonymous.request(method, path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "role_not_allowed"), path


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


@pytest.fixture
def own_api(owner_url, passwords, tmp_path):
    """An API over a database of the test's own, whose owner may add policies."""
    settings = make_settings(tmp_path, owner_url, passwords)
    app = build_app(settings)
    with serving(app) as address:
        yield settings, app, address


def test_row_level_security_sees_the_callers_own_claims(own_api, owner_url):
    """A policy that the owner adds over the token's subject holds for what the API answers."""
    settings, _, address = own_api
    with psycopg.connect(owner_url) as conn:
        conn.execute(
            "create policy own_documents on processed_documents as restrictive for select "
            "using (submitted_by = auth.jwt() ->> 'sub' or auth.jwt() ? 'act' or not auth.jwt() ? 'sub')"
        )
    with client_of(settings, address) as mine, client_of(settings, address, "admin") as other:
        document = mine.post("/documents/upload-async", files={"file": ("a.pdf", valid_pdf())}).json()
        assert mine.get("/documents").json()["total"] == 1
        assert other.get("/documents").json()["total"] == 0
        assert other.get(document["status_url"]).status_code == 404


def test_an_admins_claims_can_read_and_nothing_else(own_api):
    """What an admin changes is changed by the service role, and the claims say for whom."""
    _, app, _ = own_api
    services, admin = app.state.services, Token("erika", "admin", {"role": "admin", "sub": "erika"})
    with services.reads(admin).transaction() as conn:
        assert conn.execute("select current_user::text, auth.jwt() ->> 'sub'").fetchone() == ("quarry_admin", "erika")
    for statement in ("delete from processed_documents", "update image_processing_queue set priority = 1"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), services.reads(admin).transaction() as conn:
            conn.execute(statement)
    with services.acts(admin).transaction() as conn:
        login, claims = conn.execute("select current_user::text, auth.jwt()").fetchone()
    assert (login, claims["role"], claims["sub"]) == ("quarry_service", "service", "erika")
    assert claims["act"] == {"sub": "erika", "role": "admin"}


def test_a_callers_claims_end_with_the_transaction(own_api):
    """The next user of a pooled connection must not inherit them, however the transaction ended."""
    _, app, _ = own_api
    services, caller = app.state.services, Token("erika", "service", {"role": "service", "sub": "erika", "x": "a\0b"})
    for fails in (False, True):
        try:
            with services.reads(caller).transaction() as conn:
                assert conn.execute("select auth.jwt() ->> 'sub'").fetchone() == ("erika",)
                assert not fails, "on purpose"
        except AssertionError:
            assert fails
        with services.databases["service"].transaction() as conn:
            assert conn.execute("select auth.jwt()").fetchone() == ({"role": "service"},)


def test_an_unknown_address_is_a_problem(anonymous, address):
    answer = anonymous.get("/no/such/address")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    answer = httpx.put(f"{address}/documents")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]
