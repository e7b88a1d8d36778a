"""The table of contents of Quarry: one document from upload to products, stage by stage.

`drive` runs as a Ray task (max_retries=3) and is safe to run twice: it takes its document over with a higher fence and
goes on with what is not completed. It decides the order; the work itself is done in `cluster.stages` and in the pools'
actors, and job results are written by the progress actor.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from uuid import UUID

from structlog.contextvars import bound_contextvars

from actors.errors import DocumentTooLarge
from actors.records import ANALYSIS_TYPES
from cluster.analysis_flow import AnalysisFlow
from cluster.document_run import DocumentRun
from cluster.duties import on_duty
from cluster.image_flow import ImageFlow
from cluster.job_flows import work_off
from cluster.lease import DocumentCancelled, DocumentLease
from cluster.logs import configure_logs
from cluster.settings import Settings
from cluster.stages.chunking import chunk_document
from cluster.stages.extraction import ExtractionLimits, PageReader, inspect
from cluster.stages.page_contents import document_languages
from cluster.stages.products import create_products
from cluster.verdict import end_document, give_up_attempt
from db.chunks import drop_chunks_from, save_chunks
from db.connection import Database
from db.document_claims import set_languages, set_page_count
from db.documents import Document, Stage
from db.errors import LeaseLost
from db.pages import save_pages, stored_characters, stored_pages
from db.products import save_products
from db.queue import queue_ai_analysis_jobs, queue_image_processing_jobs

CHUNKS_PER_SAVE = 32

logger = logging.getLogger(__name__)


def drive(document_id: str, worker: str, fence: int, settings: Settings) -> str:
    """Take one claimed document through its stages; returns how that ended, for the supervisor's log.

    Args:
        document_id: the document.
        worker: the name under which the supervisor claimed it.
        fence: the fence of that claim.
        settings: resolved settings, with the service role's database address.
    """
    database = Database(settings.service_url, "service", max_size=3)
    lease = DocumentLease.take(database, UUID(document_id), worker, fence, settings)
    if lease is None:
        return "taken over by another driver"
    with driving(lease.document, settings), lease:
        run = DocumentRun(settings, database, lease)
        try:
            for name, stage in STAGES.items():
                with bound_contextvars(stage=name):
                    run.begin(name)
                    stage(run)
                    logger.info("stage done")
            return end_document(run)
        except LeaseLost as error:
            logger.warning("stopped: %s", error)
            return "lease lost"
        except DocumentCancelled:
            return end_document(run, cancelled=True)
        except Exception as error:  # the document's boundary: whatever it was is kept with the attempt
            logger.exception("document %s failed in this attempt", document_id)
            return give_up_attempt(run, error)
        finally:
            database.close()


@contextmanager
def driving(document: Document, settings: Settings) -> Iterator[None]:
    """This process drives that document: its list of processes and every line of its log say so."""
    configure_logs(settings, "driver")
    told = {"document_id": str(document.id), "title": document.title}
    with (
        on_duty(settings.root, "driver", **told),
        bound_contextvars(document_id=told["document_id"], document_attempt=document.attempt),
    ):
        yield


def extract(run: DocumentRun) -> None:
    """Stage 1: read every page that is not stored yet, in a child process that may die without harm."""
    limits = ExtractionLimits.from_settings(run.settings)
    with run.storage.local_path(run.document.storage_key) as path:
        total = inspect(path, limits=limits).page_count
        run.transact(set_page_count, total)
        stored, characters = run.read(stored_pages), run.read(stored_characters)
        with PageReader(path, run.settings.storage_address, limits) as reader:
            for page in range(1, total + 1):
                if page not in stored:
                    run.look_around()
                    extracted = run.wait_for_storage(partial(reader.read, page))
                    characters += extracted.characters
                    require_readable_length(characters, run.settings.max_document_text)
                    run.transact(save_pages, [extracted.to_json()], is_stored=run.storage.exists)
                    stored.add(page)
                run.report("extraction", total=total, completed=len(stored), current_item=f"page {page}")


def require_readable_length(characters: int, most: int) -> None:
    """Raise DocumentTooLarge: what a few bytes unpack to must not fill the memory of those who read it whole."""
    if characters > most:
        raise DocumentTooLarge(
            f"The pages hold more than {most} characters of text.", "Split it, or raise QUARRY_MAX_DOCUMENT_TEXT."
        )


def process_images(run: DocumentRun) -> None:
    """Stage 2: OCR and CLIP for every image, one job each."""
    run.enqueue(queue_image_processing_jobs)
    work_off(run, ImageFlow(run))


def chunk(run: DocumentRun) -> None:
    """Stage 3: text layer and OCR text together, cut into chunks, each with its vector."""
    pages = run.page_contents()
    run.transact(set_languages, document_languages(pages))
    chunks = chunk_document(run.document.id, pages)
    run.report("chunking", total=len(chunks), completed=0)
    for start in range(0, len(chunks), CHUNKS_PER_SAVE):
        part = chunks[start : start + CHUNKS_PER_SAVE]
        vectors = run.encode_texts([piece.text for piece in part])
        run.transact(save_chunks, [piece.to_json() for piece in part], vectors, run.settings.text_model)
        run.report("chunking", total=len(chunks), completed=start + len(part), current_item=f"page {part[-1].page}")
    run.transact(drop_chunks_from, len(chunks))  # an earlier attempt may have cut more


def analyse(run: DocumentRun) -> None:
    """Stage 4: three analyses of every chunk, one job each."""
    run.enqueue(queue_ai_analysis_jobs, ANALYSIS_TYPES)
    work_off(run, AnalysisFlow(run))


def make_products(run: DocumentRun) -> None:
    """Stage 5: product records from what the analyses found, each value with its evidence."""
    products = create_products(run.page_contents(), run.chunk_analyses())
    run.report("product_creation", total=len(products), completed=0)
    vectors = run.encode_texts([product_text(product.name, product.description) for product in products])
    run.transact(save_products, [product.to_json() for product in products], vectors, run.settings.text_model)
    run.report("product_creation", total=len(products), completed=len(products))


def product_text(name: str, description: str | None) -> str:
    """What a product's vector is made of."""
    return f"{name}. {description}" if description else name


STAGES: dict[Stage, Callable[[DocumentRun], None]] = {
    "extraction": extract,
    "image_processing": process_images,
    "chunking": chunk,
    "ai_analysis": analyse,
    "product_creation": make_products,
}
