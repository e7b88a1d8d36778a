"""Breaks one thing at one state, in a fresh run of the same catalogue, and gives the row of the table."""

import time
from contextlib import ExitStack

from samples.large import make_large_catalogue
from tests.chaos.states import UPLOAD, Missed, in_the_middle_of
from tests.chaos.watch import Contents, Watch, judge

PAGES, IMAGES = 6, 24
TRIES = 3
"""A short stage may be over before it was seen; then nothing was broken, and the next run of the catalogue tells."""


class Ground:
    """A stack, a catalogue, and what an undisturbed run of it gives."""

    def __init__(self, stack, folder):
        self.stack = stack
        self.path = folder / "catalogue.pdf"
        self.holdings = make_large_catalogue(self.path, pages=PAGES, images=IMAGES, seed=3)
        stack.up()
        self.expected = self.undisturbed()

    def undisturbed(self):
        """The contents of a run that nothing happens to; nothing of it stays, for the next to find."""
        document_id = self.stack.upload(self.path)
        with Watch(self.stack, document_id) as watch:
            watch.wait_for_the_end()
        document, contents = self.stack.document(document_id), Contents.read(self.stack, document_id)
        assert document["status"] == "completed", document["error_message"]
        names = {row["product"]["name"] for row in contents.products}
        assert {product.name for product in self.holdings.products} <= names
        assert len(contents.stored["image jobs"]) == IMAGES
        self.stack.delete(document_id)
        return contents

    def run(self, *steps):
        """The row of one fault in its state, or of several in one run of the document: (fault, state), in order."""
        for _ in range(TRIES):
            outcome = self._outcome(steps)
            for row in self.stack.query("select id from processed_documents"):
                self.stack.delete(row["id"])
            self.stack.wait_until_ready()
            if isinstance(outcome, AssertionError):
                raise outcome
            if outcome is not None:
                return outcome
        raise AssertionError(f"{steps[-1][1]} was missed {TRIES} times")

    def _outcome(self, steps):
        """A row, what was wrong with the fault itself, or None where the state was missed."""
        try:
            return self._run(steps)
        except Missed:
            return None
        except AssertionError as error:
            return error

    def _run(self, steps):
        with ExitStack() as struck:
            began = time.monotonic()
            first, *_ = steps
            if first[1] == UPLOAD:
                struck.enter_context(first[0].strike(self.stack, None))
            document_id = self.stack.upload(self.path)
            with Watch(self.stack, document_id) as watch:
                for fault, state in steps:
                    if state == UPLOAD:
                        watch.struck_at = began
                        continue
                    with in_the_middle_of(self.stack, document_id, state):
                        watch.strike()
                        struck.enter_context(fault.strike(self.stack, document_id))
                watch.wait_for_the_end()
                struck.close()
                return judge(watch, steps, self.expected)
