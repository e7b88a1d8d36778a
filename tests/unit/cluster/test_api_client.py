"""The command line's HTTP client against a small real server that plays a busy and a failing API."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest

from cluster.access.tokens import SecretMissing, read_token
from cluster.commands import api_client
from cluster.commands.api_client import ApiClient, ApiRefused, ServiceDown
from cluster.settings import Settings


class Script(BaseHTTPRequestHandler):
    """Gives the answers of its server, one after the other."""

    def do_GET(self):
        self.server.seen.append(self)
        status, headers, body = self.server.answers.pop(0)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Script)
    server.answers, server.seen = [], []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(server, tmp_path):
    return Settings(
        home=tmp_path, api_port=server.server_address[1], jwt_secret="a secret of more than thirty-two bytes"
    )


@pytest.fixture
def client(settings):
    with ApiClient(settings) as client:
        yield client


def answer(status, body, **headers):
    return status, headers, json.dumps(body).encode()


BUSY = answer(429, {"code": "too_many_open_documents", "detail": "Later."}, **{"Retry-After": "0"})


def test_it_waits_while_the_service_says_later(client, server):
    server.answers = [BUSY, BUSY, answer(200, {"status": "pending"})]
    assert client.document(uuid4())["status"] == "pending"


def test_it_gives_up_in_the_end_with_the_services_words(client, server):
    server.answers = [BUSY] * api_client.TRIES
    with pytest.raises(ApiRefused, match="Later") as error:
        client.document(uuid4())
    assert (error.value.code, error.value.status) == ("too_many_open_documents", 429)


def test_a_refusal_is_not_asked_again(client, server):
    server.answers = [answer(404, {"code": "document_not_found", "detail": "No such document."})]
    with pytest.raises(ApiRefused) as error:
        client.document(uuid4())
    assert error.value.code == "document_not_found"


def test_an_answer_that_is_no_problem_is_still_an_error(client, server):
    server.answers = [(500, {}, b"<html>")]
    with pytest.raises(ApiRefused, match="answers 500"):
        client.document(uuid4())


def test_all_pages_of_products_are_read(client, server):
    server.answers = [
        answer(200, {"items": [{"name": "a"}, {"name": "b"}], "total": 3}),
        answer(200, {"items": [{"name": "c"}], "total": 3}),
    ]
    assert [product["name"] for product in client.products(uuid4())] == ["a", "b", "c"]
    assert [request.path.split("offset=")[1] for request in server.seen] == ["0", "2"]


def test_it_says_who_asks(client, server, settings):
    server.answers = [answer(200, {})]
    client.queues()
    token = read_token(settings, server.seen[0].headers["Authorization"].removeprefix("Bearer "))
    assert (token.subject, token.role) == ("command line", "service")


def test_this_machine_is_asked_past_any_proxy(server, settings, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server.answers = [answer(200, {"items": []})]
    with ApiClient(settings) as client:
        assert client.documents() == {"items": []}


def test_no_service_is_an_error_that_says_how_to_start_it(settings, monkeypatch):
    monkeypatch.setattr(api_client, "TRIES", 1)
    with (
        ApiClient(settings.model_copy(update={"api_port": 1})) as client,
        pytest.raises(ServiceDown, match="quarry up"),
    ):
        client.queues()


def test_before_the_first_start_there_is_no_token(tmp_path):
    with pytest.raises(SecretMissing, match="quarry up"):
        ApiClient(Settings(home=tmp_path))
