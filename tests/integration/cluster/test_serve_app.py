"""The API on Ray Serve: deployed, asked over HTTP, and its limits as they are set."""

import os
import socket
import subprocess
import sys

import httpx
import pytest
from pydantic import SecretStr
from ray import serve

import serve_app
from cluster.access.tokens import issue_token
from cluster.serving import ONLY_SERVE, Services, services_there, take_off_api
from cluster.settings import Settings
from tests.integration.api.pdfs import valid_pdf


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def settings(tmp_path, service_url, admin_url):
    return Settings(
        home=tmp_path,
        api_port=free_port(),
        service_database_url=SecretStr(service_url),
        admin_database_url=SecretStr(admin_url),
        jwt_secret=SecretStr("a secret of more than thirty-two bytes"),
        max_upload_bytes=5_000_000,
    )


@pytest.fixture
def deployed(local_ray, settings):
    serve.start(http_options=serve_app.http_options(settings))
    serve.run(serve_app.build_deployment(settings), name="quarry", route_prefix="/")
    yield
    serve.shutdown()


@pytest.mark.usefixtures("deployed")
def test_the_api_answers_behind_serve(settings):
    headers = {"Authorization": f"Bearer {issue_token(settings, 'tester', 'service')}"}
    with httpx.Client(base_url=settings.api_url, headers=headers, timeout=30) as client:
        assert client.get("/healthz").json() == {"status": "alive"}
        ready = client.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["database"]["ready"] and ready.json()["storage"]["ready"]
        answer = client.post("/documents/upload-async", files={"file": ("a.pdf", valid_pdf())}, data={"title": "Serve"})
        assert answer.status_code == 202
        assert client.get(answer.json()["status_url"]).json()["title"] == "Serve"
        with client.stream("GET", answer.json()["events_url"]) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: snapshot"
        large = client.post("/documents/upload-async", files={"file": ("a.pdf", valid_pdf() + bytes(30_000_000))})
        assert (large.status_code, large.json()["code"]) == (413, "document_too_large")
        assert client.get("/nowhere").headers["content-type"] == "application/problem+json"
    assert list((settings.root / "uploads").iterdir()) == []
    found = services_there()
    assert (found.api, found.serve) == (True, True)
    take_off_api(found)
    assert httpx.get(f"{settings.api_url}/healthz").status_code == 200, "it was there before"
    take_off_api(ONLY_SERVE)
    assert (services_there().api, services_there().serve) == (False, True)
    take_off_api(Services())
    assert not services_there().serve


def test_limits_are_set_on_purpose(settings):
    options = serve_app.http_options(settings)
    assert (options.host, options.port) == (settings.host, settings.api_port)
    assert options.request_timeout_s == serve_app.REQUEST_TIMEOUT_S
    config = serve_app.Ingress._deployment_config
    assert config.max_ongoing_requests == serve_app.MAX_ONGOING_REQUESTS
    assert config.max_queued_requests == serve_app.MAX_QUEUED_REQUESTS


def test_importing_the_app_starts_nothing(tmp_path):
    check = "import serve_app, ray; assert not ray.is_initialized(); serve_app.build_deployment()"
    environment = {**os.environ, "QUARRY_HOME": str(tmp_path / "home")}
    subprocess.run([sys.executable, "-c", check], check=True, cwd=tmp_path, env=environment, timeout=120)
    assert list(tmp_path.iterdir()) == []
