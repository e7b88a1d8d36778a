"""Watches one document while something is broken, and judges what is left of it: lost, doubled, wrong, how late."""

import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import pairwise

import psycopg

from benchmarks.left_half import left_half
from db.connection import Database
from tests.chaos.stack import wait_until

ENDED = ("completed", "partial", "failed", "cancelled")
END_WITHIN_S = 240.0
LOOK_EVERY_S = 0.05

STORED = {
    "pages": "select page::text as key from document_pages where document_id = %s",
    "images": "select content_hash as key from document_images where document_id = %s",
    "chunks": "select ordinal || ' ' || md5(text) as key from document_chunks where document_id = %s",
    "image jobs": """
        select i.content_hash as key from image_processing_queue q join document_images i on i.id = q.image_id
        where q.document_id = %s and q.status = 'completed' and i.ocr_status in ('text', 'no_text')
          and i.embedding_status = 'stored'
    """,
    "analysis jobs": """
        select c.ordinal || ' ' || q.analysis_type as key
        from ai_analysis_queue q join document_chunks c on c.id = q.chunk_id
        where q.document_id = %s and q.status = 'completed'
    """,
}
"""What a document consists of, by keys that are the same in every run of the same catalogue."""
PRODUCTS = """
    select to_jsonb(p) - array['id', 'document_id', 'created_at', 'embedding', 'evidence'] as product,
           (select jsonb_agg(e - 'chunk_id' - 'image_id' order by e - 'chunk_id' - 'image_id')
            from jsonb_array_elements(p.evidence) e) as evidence,
           (select jsonb_agg(jsonb_build_array(i.content_hash, l.page, l.reason) order by i.content_hash)
            from product_images l join document_images i on i.id = l.image_id where l.product_id = p.id) as images
    from products p where document_id = %s order by identity_key
"""
DONE = """
    select 'page ' || page as key, xmin::text as version from document_pages where document_id = %(id)s
    union all
    select 'image job ' || id, attempt || ' ' || completed_at
    from image_processing_queue where document_id = %(id)s and status = 'completed'
    union all
    select 'analysis job ' || id, attempt || ' ' || completed_at
    from ai_analysis_queue where document_id = %(id)s and status = 'completed'
"""
"""What is finished, with a mark that changes when it is done or written once more."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    fault: str
    state: str
    lost: int
    doubled: int
    recovery_s: float  # longest standstill of the progress from the fault on
    wrong: tuple[str, ...] = ()  # everything else that should have been otherwise

    @property
    def right(self):
        return self.lost == 0 and self.doubled == 0 and not self.wrong


@dataclass(frozen=True)
class Contents:
    """What a document came to."""

    stored: dict[str, list[str]]
    products: list[dict[str, object]]

    @classmethod
    def read(cls, stack, document_id):
        stored = {noun: sorted(row["key"] for row in stack.query(text, document_id)) for noun, text in STORED.items()}
        return cls(stored, stack.query(PRODUCTS, document_id))

    def missing_from(self, other):
        """How many of its items the other does not have."""
        return sum(len(set(keys) - set(other.stored[noun])) for noun, keys in self.stored.items())

    def more_than(self, other):
        """How many items it has that the other has not, or has once only."""
        return sum(max(0, len(keys) - len(set(keys) & set(other.stored[noun]))) for noun, keys in self.stored.items())


@dataclass
class Watch:
    """Samples a document's progress in a thread of its own, from the block's begin until the document has ended."""

    stack: object
    document_id: str
    samples: list[tuple[float, float, str]] = field(default_factory=list)  # time.monotonic(), percent, status
    struck_at: float = 0.0
    done: dict[str, str] = field(default_factory=dict)

    def __enter__(self):
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join(timeout=10)

    def _sample(self):
        while not self._stop.is_set():
            with suppress(psycopg.Error), self.stack.database() as conn:
                while not self._stop.wait(LOOK_EVERY_S):
                    query = "select progress::float8, status from processed_documents where id = %s"
                    row = conn.execute(query, [self.document_id]).fetchone()
                    if row is not None:
                        self.samples.append((time.monotonic(), row["progress"], row["status"]))
            self._stop.wait(LOOK_EVERY_S)

    def strike(self):
        """From here on: what is done by now must not be done again."""
        with self.stack.database() as conn:
            found = conn.execute(DONE, {"id": self.document_id}).fetchall()
        self.done = {row["key"]: row["version"] for row in found} | self.done
        self.struck_at = self.struck_at or time.monotonic()

    def wait_for_the_end(self):
        wait_until(self.has_ended, f"document {self.document_id} has not ended", END_WITHIN_S)

    def has_ended(self):
        return bool(self.samples) and self.samples[-1][2] in ENDED

    def redone(self):
        """What was finished before the fault and has been done once more."""
        found = {
            row["key"]: row["version"] for row in self.stack.query(DONE.replace("%(id)s", f"'{self.document_id}'"))
        }
        return [key for key, version in self.done.items() if found.get(key) != version]

    def standstill_s(self):
        """The longest time without a change from the fault to the end."""
        moved, longest, last = self.struck_at, 0.0, None
        for at, *seen in self.samples:
            if at < self.struck_at:
                last = seen
                continue
            if seen != last:
                longest, moved, last = max(longest, at - moved), at, seen
        return longest

    def fallen(self):
        """Every step back of the progress."""
        percents = [percent for _, percent, _ in self.samples]
        return [
            f"progress fell from {before:.2f} to {after:.2f}" for before, after in pairwise(percents) if after < before
        ]


def judge(watch, steps, expected):
    """The row of a document that has ended; images that a fault had to fail have failed with four errors each."""
    stack, document_id = watch.stack, watch.document_id
    failed_images = sum(fault.failed_images for fault, _ in steps)
    found = Contents.read(stack, document_id)
    document = stack.document(document_id)
    wrong = watch.fallen()
    status = "partial" if failed_images else "completed"
    if document["status"] != status:
        wrong.append(f"it ended {document['status']}: {document['error_message']}")
    if found.products != expected.products:
        wrong.append(products_differ(found.products, expected.products))
    with closing(Database(stack.service_url, "service", max_size=1)) as database:
        wrong += left_half(database, stack.storage, stack.home)
    if len(documents := stack.query("select id from processed_documents")) != 1:
        wrong.append(f"one upload has become {len(documents)} documents")
    return Row(
        "; ".join(fault.name for fault, _ in steps),
        ", ".join(dict.fromkeys(state for _, state in steps)),
        lost=expected.missing_from(found) - failed_images,
        doubled=found.more_than(expected) + len(watch.redone()),
        recovery_s=watch.standstill_s(),
        wrong=tuple(wrong),
    )


def products_differ(found, expected):
    """Which product differs first, and in what."""
    if len(found) != len(expected):
        return f"{len(found)} products instead of {len(expected)}"
    for one, other in zip(found, expected, strict=True):
        for part in one:
            if one[part] != other[part]:
                return f"{part} of {other['product']['name']}: {one[part]} instead of {other[part]}"
    return "products differ"
