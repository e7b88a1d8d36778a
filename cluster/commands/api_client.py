"""The command line's way to the API: the same HTTP, token and errors that every other client has."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from cluster.access.tokens import issue_token
from cluster.settings import Settings
from db.errors import QuarryError

SUBJECT = "command line"
TOKEN_LIFETIME_S = 24 * 3600
TIMEOUT = httpx.Timeout(30.0, write=300.0)
TRIES = 5
"""For a service that says 'later' (429, 503) or is being restarted."""
LONGEST_WAIT_S = 30.0
PAGE_ROWS = 500


class ServiceDown(QuarryError):
    """The API does not answer."""

    code = "service_down"


class ApiRefused(QuarryError):
    """The API answered with an error; `code` is its own."""

    def __init__(self, code: str, status: int, detail: str) -> None:
        """Keep what the API said."""
        super().__init__(detail)
        self.code = code
        self.status = status


class ApiClient:
    """One connection to the API of these settings."""

    def __init__(self, settings: Settings) -> None:
        """Make a token; nothing is sent yet. Raises SecretMissing before the first `quarry up`."""
        token = issue_token(settings, SUBJECT, "service", lifetime_s=TOKEN_LIFETIME_S)
        self._url = settings.api_url
        on_this_machine = urlsplit(self._url).hostname in ("127.0.0.1", "localhost", "::1")
        self._http = httpx.Client(
            base_url=self._url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT,
            trust_env=not on_this_machine,
        )

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._http.close()

    # ---- documents

    def upload(
        self,
        path: Path,
        *,
        title: str | None = None,
        tags: tuple[str, ...] = (),
        priority: int = 0,
        force: bool = False,
        password: str | None = None,
        callback_url: str | None = None,
    ) -> dict[str, Any]:
        """Upload one PDF; the answer has `document_id`, `status` and `duplicate`. Raises ApiRefused, ServiceDown."""
        fields: dict[str, Any] = {"priority": str(priority), "force": str(force).lower(), "tags": list(tags)}
        if title is not None:
            fields["title"] = title
        if password:
            fields["password"] = password
        if callback_url:
            fields["callback_url"] = callback_url

        def send() -> httpx.Response:
            with path.open("rb") as file:
                files: dict[str, tuple[str, IO[bytes], str]] = {"file": (path.name, file, "application/pdf")}
                return self._http.post("/documents/upload-async", data=fields, files=files)

        answer: dict[str, Any] = self._patiently(send).json()
        return answer

    def document(self, document_id: UUID) -> dict[str, Any]:
        """One document. Raises ApiRefused, ServiceDown."""
        return self._get(f"/documents/{document_id}")

    def progress(self, document_id: UUID) -> dict[str, Any]:
        """How far a document is, by stage."""
        return self._get(f"/documents/{document_id}/progress")

    def documents(self, *, text: str = "", limit: int = 20) -> dict[str, Any]:
        """Documents, newest first: `items` and `total`."""
        return self._get("/documents", text=text, limit=limit) if text else self._get("/documents", limit=limit)

    def products(self, document_id: UUID) -> list[dict[str, Any]]:
        """All products of a document, in the order of their pages."""
        return self._all(f"/documents/{document_id}/products")

    def pages(self, document_id: UUID) -> list[dict[str, Any]]:
        """All pages that were read, in order."""
        return self._all(f"/documents/{document_id}/pages")

    def search(self, words: str, *, limit: int) -> dict[str, Any]:
        """Products whose words or meaning fit: `items`, best first, and `method`."""
        return self._get("/search/products", q=words, limit=limit)

    def search_like(self, picture: Path, *, limit: int) -> dict[str, Any]:
        """Products one of whose images looks like a picture. Raises ApiRefused, ServiceDown."""
        data = picture.read_bytes()
        answer: dict[str, Any] = self._patiently(
            lambda: self._http.post("/search/products", params={"limit": limit}, files={"file": data})
        ).json()
        return answer

    def to_review(self, document_id: UUID | None, *, limit: int) -> dict[str, Any]:
        """Products that wait for a person's decision: `items` and `total`."""
        named = {} if document_id is None else {"document_id": str(document_id)}
        return self._get("/products/to-review", limit=limit, **named)

    def decide(self, product_id: UUID, action: str) -> dict[str, Any]:
        """`accept` or `reject` a product."""
        answer: dict[str, Any] = self._patiently(lambda: self._http.post(f"/products/{product_id}/{action}")).json()
        return answer

    def correct(self, product_id: UUID, changes: dict[str, Any]) -> dict[str, Any]:
        """Put other values into a product; None takes one away."""
        answer: dict[str, Any] = self._patiently(
            lambda: self._http.patch(f"/products/{product_id}", json=changes)
        ).json()
        return answer

    def queues(self) -> dict[str, Any]:
        """Both queues in numbers."""
        return self._get("/queues/metrics")

    def act(self, document_id: UUID, action: str) -> dict[str, Any]:
        """`cancel`, `retry` or `reprocess` a document."""
        answer: dict[str, Any] = self._patiently(lambda: self._http.post(f"/documents/{document_id}/{action}")).json()
        return answer

    def delete(self, document_id: UUID) -> None:
        """Remove a document and everything made of it. Raises ApiRefused, ServiceDown."""
        self._patiently(lambda: self._http.delete(f"/documents/{document_id}"))

    def switches(self) -> list[dict[str, Any]]:
        """The switches of the queues: `queue`, `paused`, `changed_by`, `changed_at`."""
        found: list[dict[str, Any]] = self._patiently(lambda: self._http.get("/queues")).json()
        return found

    def switch(self, queue: str, action: str) -> dict[str, Any]:
        """`pause` or `resume` a queue."""
        answer: dict[str, Any] = self._patiently(lambda: self._http.post(f"/queues/{queue}/{action}")).json()
        return answer

    def deliveries(self, document_id: UUID) -> list[dict[str, Any]]:
        """The webhooks of a document, with every attempt."""
        found: list[dict[str, Any]] = self._patiently(
            lambda: self._http.get(f"/documents/{document_id}/deliveries")
        ).json()
        return found

    def replay(self, delivery_id: UUID) -> dict[str, Any]:
        """Send an ended webhook once more."""
        answer: dict[str, Any] = self._patiently(lambda: self._http.post(f"/deliveries/{delivery_id}/replay")).json()
        return answer

    @contextmanager
    def export(self, document_id: UUID, export_format: str) -> Iterator[httpx.Response]:
        """The products as a file, in pieces: `iter_bytes()`. Raises ApiRefused, ServiceDown."""
        try:
            with self._http.stream(
                "GET", f"/documents/{document_id}/export", params={"format": export_format}
            ) as answer:
                if answer.is_error:
                    answer.read()
                    raise refusal(answer)
                yield answer
        except httpx.TransportError as error:
            raise self._down(error) from error

    # ---- questions

    def _get(self, path: str, **parameters: str | int) -> dict[str, Any]:
        answer: dict[str, Any] = self._patiently(lambda: self._http.get(path, params=parameters)).json()
        return answer

    def _all(self, path: str) -> list[dict[str, Any]]:
        """Every item of a list, page by page."""
        found: list[dict[str, Any]] = []
        while True:
            page = self._get(path, limit=PAGE_ROWS, offset=len(found))
            found += page["items"]
            if len(found) >= page["total"] or not page["items"]:
                return found

    def _patiently(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        """Ask again when the service says 'later' or is not there for a moment."""
        for last in [False] * (TRIES - 1) + [True]:
            wait_s = 1.0
            try:
                answer = send()
                if answer.is_success:
                    return answer
                if last or answer.status_code not in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE):
                    raise refusal(answer)
                wait_s = float(answer.headers.get("Retry-After", wait_s))
            except httpx.TransportError as error:
                if last:
                    raise self._down(error) from error
            time.sleep(min(wait_s, LONGEST_WAIT_S))
        raise AssertionError("the last try returns or raises")

    def _down(self, error: Exception) -> ServiceDown:
        return ServiceDown(f"Quarry does not answer at {self._url}: {error}.", "Start it with `quarry up`.")


def refusal(answer: httpx.Response) -> ApiRefused:
    """The API's error from its problem+json; from anything else, what can be said."""
    try:
        problem = answer.json()
        return ApiRefused(str(problem["code"]), answer.status_code, str(problem["detail"]))
    except (ValueError, KeyError, TypeError):
        return ApiRefused(f"http_{answer.status_code}", answer.status_code, f"The API answers {answer.status_code}.")
