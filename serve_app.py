"""The HTTP edge: the FastAPI app of `api/`, and its deployment on Ray Serve.

Importing it starts nothing: no Ray, no database, no settings read.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from anyio import to_thread
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from ray import serve
from ray.serve import Application
from ray.serve.config import BackpressureConfig, HTTPOptions

from api import (
    chunks,
    deliveries,
    documents,
    events,
    example_images,
    exports,
    health,
    images,
    lost_decisions,
    pages,
    product_reviews,
    products,
    queues,
    search,
    uploads,
)
from api.headers import install_headers
from api.problems import install_problems
from api.request_log import RequestLog
from api.services import open_services
from cluster.access.tokens import signing_keys
from cluster.host.process_start import begin_process
from cluster.settings import Settings

MAX_ONGOING_REQUESTS = 200
"""Requests in one replica at a time; at most half of them are event streams (`api.events.MOST_STREAMS`)."""
MAX_QUEUED_REQUESTS = 200
"""Requests that one proxy keeps waiting for the replica; more are answered 503 with Retry-After."""
REQUEST_TIMEOUT_S = 3600.0
"""Longest request: an upload over a slow line. Event streams end themselves earlier (`api.events.LONGEST_STREAM_S`)."""
DESCRIPTION = """Suppliers' PDF catalogues to searchable product records.

Upload a PDF, follow its progress, read its products. Every route but `/healthz` and `/readyz` wants a bearer token
(`quarry token`). Every error is `application/problem+json` with a stable `code` and a `detail` that says what to do.
"""
TAGS = [
    {"name": "documents", "description": "Uploaded PDFs: upload, state, progress, cancel, retry, delete."},
    {"name": "contents", "description": "What was made of a document: images, chunks, products, exports."},
    {"name": "review", "description": "Products that a person should look at: accept, correct, reject."},
    {"name": "search", "description": "Products and images over all documents, by words and by meaning."},
    {"name": "queues", "description": "The work queues in numbers."},
    {"name": "health", "description": "Whether the service lives, and whether it can work. No token."},
]
ROUTERS = (
    uploads,
    documents,
    deliveries,
    events,
    exports,
    pages,
    images,
    chunks,
    products,
    product_reviews,
    lost_decisions,
    search,
    example_images,
    queues,
    health,
)


def build_app(settings: Settings) -> FastAPI:
    """The app; its lifespan opens the databases and the PDF checker, and closes them."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        opening = open_services(settings)
        app.state.services = await to_thread.run_sync(opening.__enter__)
        try:
            yield
        finally:
            await to_thread.run_sync(opening.__exit__, None, None, None)

    app = FastAPIOffline(  # its /docs loads nothing from elsewhere
        title="Quarry",
        version=version("quarry"),
        description=DESCRIPTION,
        openapi_tags=TAGS,
        lifespan=lifespan,
        redoc_url=None,
        static_url="/docs-files",
        swagger_ui_parameters={"persistAuthorization": True},
    )
    install_problems(app)
    app.add_middleware(RequestLog)
    install_headers(app)
    for module in ROUTERS:
        app.include_router(module.router)
    return app


@serve.deployment(
    name="api",
    num_replicas=1,
    max_ongoing_requests=MAX_ONGOING_REQUESTS,
    max_queued_requests=MAX_QUEUED_REQUESTS,
    backpressure_config=BackpressureConfig(status_code=503, retry_after_s=5),
    ray_actor_options={"num_cpus": 0},
    graceful_shutdown_timeout_s=10.0,
    health_check_period_s=10.0,
    health_check_timeout_s=30.0,
    max_constructor_retry_count=3,
)
@serve.ingress()
class Ingress:
    """One replica of the API. It takes no logical CPU: uploads are answered while the pipeline fills the cluster."""

    def __init__(self, settings: Settings | None, *, brings_supervisor: bool = False) -> None:
        """Take the settings, or read them where the replica runs; raises SecretMissing."""
        self._settings = settings or Settings()
        begin_process(self._settings, "serve replica")
        signing_keys(self._settings)
        if brings_supervisor:
            from cluster.supervisor import start_supervisor  # a second to import, for this one case

            start_supervisor(self._settings)

    def __serve_build_asgi_app__(self) -> FastAPI:
        """Called by Serve once the replica's process stands."""
        return build_app(self._settings)


def build_deployment(settings: Settings | None = None) -> Application:
    """What `serve.run` takes; without settings each replica reads its own."""
    return Ingress.bind(settings)  # type: ignore[attr-defined, no-any-return]


def build_cluster_application(args: dict[str, str]) -> Application:
    """What KubeRay deploys (deploy/kuberay.yaml): no `quarry up` runs there, so the replica sees to the supervisor.

    Args:
        args: Serve's, of which there are none: settings come from the pods' environment.
    """
    if args:
        raise ValueError(f"Unknown arguments {sorted(args)}: set QUARRY_ variables on the pods instead.")
    return Ingress.bind(None, brings_supervisor=True)  # type: ignore[attr-defined, no-any-return]


def http_options(settings: Settings) -> HTTPOptions:
    """What `serve.start` takes: address, and the time limits that the API counts on."""
    return HTTPOptions(
        host=settings.host, port=settings.api_port, request_timeout_s=REQUEST_TIMEOUT_S, keep_alive_timeout_s=75
    )
