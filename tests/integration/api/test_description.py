"""Schemathesis holds the running API to its own description: made-up requests, right and wrong, on real Postgres.

No answer is a server error, and each has a status, a media type, headers and a body that the description names. The
requests are derived from the description alone, the same in every run.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cluster.access.tokens import issue_token
from cluster.settings import Settings
from cluster.storage import Storage
from db import document_claims, queue_switches
from db.connection import Database
from serve_app import build_app
from tests.integration.api import situations
from tests.integration.api.conftest import make_settings, serving
from tests.integration.conftest import drop_database, in_database, new_database

EXAMPLES = 12
HONEST_ABOUT_TROUBLE = {"GET /readyz", "POST /search/images", "POST /search/products"}
"""Answer 503 here, because no pipeline, and no model for pictures, runs beside this API."""
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(build_app(Settings(_env_file=None)).openapi())
OPERATIONS = {result.ok().label: result.ok() for result in SCHEMA.get_all_operations()}


@pytest.fixture(scope="module")
def api(server, template, passwords, tmp_path_factory):
    """An API of its own: what is tried here must not be in the way of other tests. Its settings and its address."""
    name = new_database(server, template)
    home = tmp_path_factory.mktemp("described")
    limits = {"max_uploads_per_minute": 100_000, "webhook_hosts": ("hooks.example.com",)}
    settings = make_settings(home, in_database(server.owner_url, name), passwords, **limits)
    with serving(build_app(settings)) as address:
        yield settings, address
    drop_database(server, name)


@pytest.fixture
def existing(api):
    """Ids that exist, so that not everything is 'not found'."""
    settings, _ = api
    database = Database(settings.service_url, "service")
    with database.transaction() as conn:
        for queue in queue_switches.SWITCHES:  # an operation tried before may have paused it
            queue_switches.resume_queue(conn, queue, "tester")
        processed = situations.process(conn, Storage(settings.storage_address))
        conn.execute("update processed_documents set callback_url = 'https://hooks.example.com/'")
        again = situations.claimed(conn, callback_url="https://hooks.example.com/")
        document_claims.finish_document(conn, again.id, again.fence, "cancelled")
        (delivery_id,) = conn.execute("select id from webhook_deliveries where document_id = %s", [again.id]).fetchone()
        (product_id,) = conn.execute("select id from products where document_id = %s", [processed.id]).fetchone()
    database.close()
    return {
        "document_id": str(processed.id),
        "image_id": str(processed.image_id),
        "delivery_id": str(delivery_id),
        "product_id": str(product_id),
    }


@pytest.mark.parametrize("label", OPERATIONS)
def test_the_api_keeps_to_its_description(api, existing, label):
    settings, address = api
    operation = OPERATIONS[label]
    headers = {"Authorization": f"Bearer {issue_token(settings, 'schemathesis', 'service')}"}
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )
    tried = set()

    @given(case=cases, known=st.booleans())
    @hypothesis_settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    def check(case, known):
        if known:
            case.path_parameters |= {name: existing[name] for name in case.path_parameters if name in existing}
        answer = case.call(base_url=address, headers=headers, timeout=20)
        tried.add(answer.status_code)
        checks = CHECKS if label in HONEST_ABOUT_TROUBLE else [not_a_server_error, *CHECKS]
        case.validate_response(answer, checks=checks)

    check()
    assert tried
