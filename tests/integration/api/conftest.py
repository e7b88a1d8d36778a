"""One API for all tests of this folder, on a free port, with a database of its own; each test uploads its own PDFs."""

import contextlib
import socket
import threading
import time
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from pydantic import SecretStr

from cluster import cli
from cluster.access.tokens import issue_token
from cluster.settings import Settings
from cluster.storage import Storage
from db.connection import Database
from db.roles import derive_url
from serve_app import build_app
from tests.integration.api.contract import Contract
from tests.integration.api.pdfs import valid_pdf
from tests.integration.conftest import drop_database, in_database, new_database

MAX_UPLOAD_BYTES = 2_000_000


@contextlib.contextmanager
def serving(app):
    """The app on a real port of this machine; gives its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def make_settings(home, owner_url, passwords, **given):
    """Settings of an API of the test's own."""
    return Settings(
        home=home,
        service_database_url=SecretStr(derive_url(owner_url, "service", passwords["service"])),
        admin_database_url=SecretStr(derive_url(owner_url, "admin", passwords["admin"])),
        jwt_secret=SecretStr("a secret of more than thirty-two bytes"),
        max_upload_bytes=MAX_UPLOAD_BYTES,
        **given,
    )


def client_of(settings, address, role="service", contract=None):
    """A client whose token has the role; with a contract every answer is held against it."""
    headers = {"Authorization": f"Bearer {issue_token(settings, f'{role} tester', role)}"}
    hooks = {"response": [contract.check] if contract else []}
    return httpx.Client(base_url=address, headers=headers, timeout=30, event_hooks=hooks)


@pytest.fixture(scope="session")
def settings(server, template, passwords, tmp_path_factory):
    name = new_database(server, template)
    yield make_settings(tmp_path_factory.mktemp("api"), in_database(server.owner_url, name), passwords)
    drop_database(server, name)


@pytest.fixture(scope="session")
def app(settings):
    return build_app(settings)


@pytest.fixture(scope="session")
def address(app):
    with serving(app) as address:
        yield address


@pytest.fixture(scope="session")
def contract(app):
    """What the API's own description promises."""
    return Contract(app.openapi())


@pytest.fixture
def client(settings, address, contract):
    """With a token of the role service."""
    with client_of(settings, address, "service", contract) as client:
        yield client


@pytest.fixture
def admin_client(settings, address, contract):
    with client_of(settings, address, "admin", contract) as client:
        yield client


@pytest.fixture
def anonymous(address, contract):
    with httpx.Client(base_url=address, timeout=30, event_hooks={"response": [contract.check]}) as client:
        yield client


@pytest.fixture
def pipeline(settings):
    """The service role's way to the API's database, to play what the pipeline does."""
    database = Database(settings.service_url, "service")
    yield database
    database.close()


@pytest.fixture
def storage(settings):
    return Storage(settings.storage_address)


@pytest.fixture
def upload(client):
    """Upload bytes as a file."""

    def upload(data=None, *, filename="catalogue.pdf", **fields):
        content = valid_pdf() if data is None else data
        return client.post("/documents/upload-async", files={"file": (filename, content)}, data=fields)

    return upload


@pytest.fixture
def leftovers(settings):
    """Every file in the API's home: temporary ones and stored ones."""
    return lambda: sorted(str(path) for path in settings.root.rglob("*") if path.is_file())


@pytest.fixture
def quarry(settings, address, monkeypatch, capsys, tmp_path):
    """Run a command as its user does; gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("QUARRY_HOME", str(settings.root))
    monkeypatch.setenv("QUARRY_API_PORT", str(urlsplit(address).port))
    monkeypatch.setenv("QUARRY_JWT_SECRET", settings.jwt_secret.get_secret_value())

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["quarry", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        output = capsys.readouterr()
        return int(ended.value.code or 0), output.out, output.err

    return run
