"""Breaks one thing at one state, in a fresh run of the same catalogue, and gives the row of the table."""

from contextlib import ExitStack

from samples.large import make_large_catalogue
from tests.chaos.states import Missed, in_the_middle_of
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

    def run(self, fault, state):
        """The row of this fault in this state."""
        for _ in range(TRIES):
            document_id = self.stack.upload(self.path)
            outcome = self._outcome(fault, state, document_id)
            self.stack.delete(document_id)
            self.stack.wait_until_ready()
            if isinstance(outcome, AssertionError):
                raise outcome
            if outcome is not None:
                return outcome
        raise AssertionError(f"{state} was missed {TRIES} times")

    def _outcome(self, fault, state, document_id):
        """A row, what was wrong with the fault itself, or None where the state was missed."""
        try:
            return self._run(fault, state, document_id)
        except Missed:
            return None
        except AssertionError as error:
            return error

    def _run(self, fault, state, document_id):
        with Watch(self.stack, document_id) as watch, ExitStack() as struck:
            with in_the_middle_of(self.stack, document_id, state):
                watch.strike()
                struck.enter_context(fault.strike(self.stack, document_id))
            watch.wait_for_the_end()
            struck.close()
            return judge(watch, fault.name, state, self.expected, failed_images=fault.failed_images)
