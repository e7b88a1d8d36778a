"""One Quarry for the breaking suite, as `quarry up` starts it, and the hands that reach into its processes."""

import signal
import time
from contextlib import contextmanager, suppress

import httpx
import psutil
import psycopg
from psycopg.rows import dict_row

from cluster.access.secrets import read_secrets
from cluster.access.tokens import issue_token
from cluster.host.database import embedded_server, prepare_database, resolve_secrets
from cluster.host.duties import noted_duties
from cluster.host.logs import log_file
from cluster.storage import Storage
from tests.chaos.proxy import Proxy
from tests.checkout import Checkout
from tests.small_clip import make_small_clip

SETTINGS = {
    # Short, so that recovery is; what is true of them is true of longer ones.
    "QUARRY_LEASE_S": "6",
    "QUARRY_REUSE_RESULTS": "false",  # the same catalogue is read again and again
    "QUARRY_RETRY_BACKOFF_S": "0.5",
    "QUARRY_CALL_TIMEOUT_S": "20",
    "QUARRY_SILENCE_S": "15",
    # Small batches, so that a fault meets several of them.
    "QUARRY_MAX_BATCH_ITEMS": "4",
}
DUTIES = {
    "reader actor": "reader-",
    "OCR actor": "ocr-",
    "CLIP actor": "clip-",
    "analysis actor": "analysis-",
    "progress actor": "progress",
    "supervisor": "supervisor",
    "driver": "driver",
    "Serve replica": "serve replica",
}
"""How the processes themselves begin to name what they are for (`cluster.host.duties`)."""
PATIENCE_S = 300.0


class Stack:
    """A home of its own; the service role's connections pass through `proxy`."""

    def __init__(self, folder, variables=None):
        self.checkout = Checkout(folder / "home", SETTINGS | (variables or {}))
        self.checkout.variables["QUARRY_CLIP_MODEL"] = make_small_clip(folder / "clip")
        self.home = self.checkout.settings.root
        self.home.mkdir(parents=True)
        settings = resolve_secrets(self.checkout.settings)
        prepare_database(settings)
        self.server = embedded_server(settings)
        self.proxy = Proxy(self.server.port)
        secrets = read_secrets(self.home)
        self.service_url = secrets["QUARRY_SERVICE_DATABASE_URL"]
        through = self.service_url.replace(f":{self.server.port}/", f":{self.proxy.port}/")
        self.checkout.variables["QUARRY_SERVICE_DATABASE_URL"] = through
        # Another text than what was made, so that it counts as given.
        self.checkout.variables["QUARRY_ADMIN_DATABASE_URL"] = (
            secrets["QUARRY_ADMIN_DATABASE_URL"] + "?application_name=monitor"
        )
        self.storage = Storage(settings.storage_address)
        token = issue_token(settings, "chaos", "service")
        self.http = httpx.Client(
            base_url=settings.api_url, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False
        )

    def up(self):
        self.checkout.up()

    def close(self):
        self.http.close()
        for process in self.processes():
            with suppress(psutil.Error):
                process.send_signal(signal.SIGCONT)
        self.checkout.down()
        self.proxy.close()

    # ---- documents

    def upload(self, path):
        """Its id; asked again while the API refuses or is away: what was stored nevertheless is found by its bytes."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            with suppress(httpx.HTTPError), path.open("rb") as file:
                files = {"file": (path.name, file, "application/pdf")}
                answer = self.http.post("/documents/upload-async", files=files)
                if answer.is_success:
                    return answer.json()["document_id"]
            assert time.monotonic() < deadline, "no upload was accepted"
            time.sleep(2.0)  # more often would be refused for being too often

    def delete(self, document_id):
        wait_until(lambda: self.answers("DELETE", f"/documents/{document_id}"), "the document is not deleted")

    def answers(self, method, path):
        """Whether the API does it."""
        try:
            return self.http.request(method, path).is_success
        except httpx.HTTPError:
            return False

    def wait_until_ready(self):
        wait_until(lambda: self.answers("GET", "/readyz"), "it is not ready")

    # ---- database, past the proxy, as the superuser

    @contextmanager
    def database(self):
        with psycopg.connect(self.server.superuser_url, autocommit=True, row_factory=dict_row) as conn:
            yield conn

    def query(self, text, *parameters):
        """All rows; waits while Postgres is away."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                with self.database() as conn:
                    return conn.execute(text, parameters).fetchall()
            except psycopg.OperationalError:
                assert time.monotonic() < deadline
                time.sleep(0.2)

    def document(self, document_id):
        (row,) = self.query("select * from processed_documents where id = %s", document_id)
        return row

    # ---- processes

    def processes(self):
        return self.checkout.processes()

    def find(self, duty):
        """The processes that do it now."""
        found = []
        for pid, noted in noted_duties(self.home).items():
            if noted.name.startswith(DUTIES[duty]):
                with suppress(psutil.NoSuchProcess):
                    found.append(psutil.Process(pid))
        return found

    def raylet(self):
        return next(process for process in self.processes() if process.name() == "raylet")

    def wait_for(self, duty):
        """One process that does it, as soon as there is one."""
        wait_until(lambda: self.find(duty), f"no {duty} runs")
        return self.find(duty)[0]

    def log(self):
        """What the pipeline's processes have written."""
        return log_file(self.home).read_text(errors="replace")


def wait_until(condition, complaint, within_s=PATIENCE_S):
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"{complaint} after {within_s:g} s"
        time.sleep(0.05)
