"""The table of contents of Quarry: one document from upload to products, stage by stage.

`drive` runs as a Ray task (max_retries=3) and is safe to run twice: it takes its document over with a higher fence and
goes on with what is not completed. It decides the order; the work itself is done in `cluster.stages` and in the pools'
actors, and job results are written by the progress actor. What a stage sends, stores and queues is its flow's.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any
from uuid import UUID

from psycopg import Connection
from structlog.contextvars import bound_contextvars

from actors.records import Product
from cluster.document_run import DocumentRun
from cluster.flows.analyses import AnalysisFlow
from cluster.flows.chunks import ChunkFlow
from cluster.flows.extraction import ExtractionFlow
from cluster.flows.images import ImageFlow
from cluster.flows.jobs import work_off
from cluster.flows.picture_likeness import PictureLikeness
from cluster.host.duties import on_duty
from cluster.host.logs import configure_logs
from cluster.lease import DocumentCancelled, DocumentLease
from cluster.settings import Settings
from cluster.stages.product_rules.shown_colours import PictureColours
from cluster.stages.products import create_products
from cluster.verdict import end_document, give_up_attempt
from db.connection import Database
from db.document_claims import add_warning, require_fence
from db.documents import Document
from db.errors import LeaseLost
from db.product_vectors import BareProduct, keep_vector, product_text, without_vector
from db.products import save_products
from db.spans import WorkSpan, add_spans

logger = logging.getLogger(__name__)


def drive(document_id: str, worker: str, fence: int, settings: Settings) -> str:
    """Take one claimed document through its stages; returns how that ended, for the supervisor's log.

    Args:
        document_id: the document.
        worker: the name under which the supervisor claimed it.
        fence: the fence of that claim.
        settings: resolved settings, with the service role's database address.
    """
    with closing(Database(settings.service_url, "service", max_size=3)) as database:
        lease = DocumentLease.take(database, UUID(document_id), worker, fence, settings)
        if lease is None:
            return "taken over by another driver"
        with driving(lease.document, settings), lease:
            run = DocumentRun(settings, database, lease)
            try:
                return process(run)
            except LeaseLost as error:
                logger.warning("stopped: %s", error)
                return "lease lost"
            except Exception as error:  # the document's boundary: whatever it was is kept with the attempt
                logger.exception("document %s failed in this attempt", document_id)
                return give_up_attempt(run, error)


def process(run: DocumentRun) -> str:
    """The five stages, two and two of them side by side; returns the document's final status."""
    try:
        with run.writes:
            read_pages_and_images(run)
            cut_and_analyse(run)
            make_products(run)
        run.look_around()
        return end_document(run)
    except DocumentCancelled:
        return end_document(run, cancelled=True)


def read_pages_and_images(run: DocumentRun) -> None:
    """Stages 1 and 2: every page that is not stored yet, and OCR and CLIP for the images of those that are."""
    run.begin("extraction")
    pages = ExtractionFlow(run)
    work_off(run, ImageFlow(run), source=pages)


def cut_and_analyse(run: DocumentRun) -> None:
    """Stages 3 and 4: text layer and OCR text together, cut into chunks; three analyses of each that is stored."""
    run.begin("chunking")
    chunks = ChunkFlow(run)
    work_off(run, AnalysisFlow(run, chunks.chunks), source=chunks)


def make_products(run: DocumentRun) -> None:
    """Stage 5: product records from what the analyses found, each value with its evidence."""
    run.begin("product_creation")
    began_at, cpu_before = time.time(), time.process_time()
    likeness = PictureLikeness(run)
    products = create_products(
        run.page_contents(),
        run.chunk_analyses(),
        look_around=run.look_around,
        colours=PictureColours(run.image_reader()),
        compare=likeness,
    )
    span = WorkSpan(
        "product_creation", "driver", began_at, time.time(), time.process_time() - cpu_before, len(products)
    )
    run.report("product_creation", total=len(products), completed=0)
    vectors = run.encode_texts([product_text(product.name, product.description) for product in products])
    run.transact(store_products, products, vectors, run.settings.text_model, span, likeness.warnings)
    encode_corrected(run)
    run.report("product_creation", total=len(products), completed=len(products))
    run.end_stage()


def store_products(
    conn: "Connection[Any]",
    document_id: UUID,
    fence: int,
    products: Sequence[Product],
    vectors: Sequence[Sequence[float]],
    model: str,
    span: WorkSpan,
    warnings: Sequence[tuple[str, str]] = (),
) -> None:
    """Products, who made them when, and what a reader has to know of that, in one transaction."""
    save_products(conn, document_id, fence, [product.to_json() for product in products], vectors, model)
    add_spans(conn, document_id, [span])
    for code, message in warnings:
        add_warning(conn, document_id, fence, code, message)


def encode_corrected(run: DocumentRun) -> None:
    """Vectors for products that people had given other words: what was read was encoded before that was known."""
    bare = run.read(without_vector)
    vectors = run.encode_texts([product.text for product in bare])
    for product, vector in zip(bare, vectors, strict=True):
        run.transact(store_vector, product, vector, run.settings.text_model)


def store_vector(
    conn: "Connection[Any]", document_id: UUID, fence: int, product: BareProduct, vector: Sequence[float], model: str
) -> None:
    """One vector; raises `LeaseLost` when the document is another driver's by now."""
    require_fence(conn, document_id, fence)
    keep_vector(conn, product, vector, model)


@contextmanager
def driving(document: Document, settings: Settings) -> Iterator[None]:
    """This process drives that document: its list of processes and every line of its log say so."""
    configure_logs(settings, "driver")
    told = {"document_id": str(document.id), "title": document.title}
    with (
        on_duty(settings.root, "driver", **told),
        bound_contextvars(document_id=told["document_id"], document_attempt=document.attempt, stage=document.stage),
    ):
        yield
