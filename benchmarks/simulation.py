"""Quarry on a virtual clock: how many catalogues a cluster takes, how long they wait, and what is full first.

The scheduler is the product's (two and two stages side by side, batches of two seconds, a bound on open documents,
group commits); what each piece of work costs was measured on a real run (`MEASURED`). `benchmarks.scale` asks it for
the tables of `docs/scale.md`, `benchmarks.scale_check` holds it against real actors.
"""

import random
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import simpy

from cluster.settings import Settings

DAY_S = 86_400.0
SETTINGS = Settings(_env_file=None)
GROUP_ENTRIES = 64
"""As `actors.progress`."""
Process = Generator[Any, Any, None]


@dataclass(frozen=True)
class Costs:
    """Seconds of one core, by item."""

    read_page: float
    read_image: float  # OCR
    embed_image: float  # CLIP
    encode_chunk: float
    analyse: float  # one of three analyses of a chunk
    cut_chunk: float  # in the driver
    make_product: float  # in the driver
    start_driver: float
    claim: float  # Postgres, one batch
    commit: float  # Postgres, one group
    commit_item: float  # Postgres, one result in it
    look: float  # Postgres, a driver's look at its lease, once a second


@dataclass(frozen=True)
class Catalogue:
    """What an upload holds."""

    pages: int = 71
    images: int = 215
    chunks: int = 250
    products: int = 180


@dataclass(frozen=True)
class Cluster:
    """Actors of each kind, and the places that everybody shares."""

    readers: int
    ocr: int
    clip: int
    analysis: int
    gpu_speed: float = 1.0  # of an OCR or CLIP actor, by one on a core of the measured machine
    writers: int = 1
    postgres_cores: int = 2
    open_documents: int = SETTINGS.max_active_documents

    @classmethod
    def of_nodes(cls, nodes: int, *, cores: int = 2, gpu_speed: float = 1.0, **shared: int) -> "Cluster":
        """So many nodes as the pools are planned for on one, each with its part of the open documents."""
        return cls(
            readers=nodes * cores, ocr=nodes * cores, clip=nodes * max(1, cores // 8), analysis=nodes * cores,
            gpu_speed=gpu_speed, open_documents=nodes * SETTINGS.max_active_documents, **shared,
        )  # fmt: skip


@dataclass
class Busy:
    """A shared place: how long it was in use."""

    resource: simpy.Resource
    seconds: float = 0.0


@dataclass
class Seen:
    """What a run has shown."""

    ended: list[float] = field(default_factory=list)  # when
    waited: list[float] = field(default_factory=list)  # s from upload to the driver's start
    took: list[float] = field(default_factory=list)  # s from upload to the end


class Simulation:
    """One cluster, one kind of catalogue."""

    def __init__(self, cluster: Cluster, costs: Costs, catalogue: Catalogue, seed: int = 1) -> None:
        """An empty cluster at time 0."""
        self.env = simpy.Environment()
        self.cluster, self.costs, self.catalogue = cluster, costs, catalogue
        self.chance = random.Random(seed)
        self.seen = Seen()
        self.places = {
            name: Busy(simpy.Resource(self.env, capacity=capacity))
            for name, capacity in {
                "readers": cluster.readers, "ocr": cluster.ocr, "clip": cluster.clip, "analysis": cluster.analysis,
                "Postgres": cluster.postgres_cores, "supervisor": 1,
            }.items()
        }  # fmt: skip
        self.slots = simpy.Resource(self.env, capacity=cluster.open_documents)
        self.inboxes = [simpy.Store(self.env) for _ in range(cluster.writers)]
        self.written = [0.0] * cluster.writers
        for number in range(cluster.writers):
            self.env.process(self._write(number))

    # ---- places

    def _use(self, name: str, seconds: float) -> Process:
        place = self.places[name]
        with place.resource.request() as turn:
            yield turn
            yield self.env.timeout(seconds)
        place.seconds += seconds

    def _write(self, number: int) -> Process:
        """A progress writer: gathers what has come and commits it as one group."""
        inbox = self.inboxes[number]
        while True:
            group = [(yield inbox.get())]
            while inbox.items and len(group) < GROUP_ENTRIES:
                group.append((yield inbox.get()))
            began = self.env.now
            items = sum(items for items, _ in group)
            yield from self._use("Postgres", self.costs.commit + items * self.costs.commit_item)
            self.written[number] += self.env.now - began
            for _, done in group:
                done.succeed()

    def _commit(self, document: int, items: int) -> Process:
        done = self.env.event()
        yield self.inboxes[document % len(self.inboxes)].put((items, done))
        yield done

    # ---- a document

    def document(self, number: int) -> Process:
        """From its upload to its end."""
        uploaded = self.env.now
        with self.slots.request() as slot:
            yield slot
            yield from self._use("supervisor", self.costs.claim)
            yield from self._use("Postgres", self.costs.claim)
            self.seen.waited.append(self.env.now - uploaded)
            began = self.env.now
            yield self.env.timeout(self.costs.start_driver)
            yield from self._read(number)
            yield self.env.timeout(self.catalogue.chunks * self.costs.cut_chunk)
            yield from self._analyse(number)
            yield self.env.timeout(self.catalogue.products * self.costs.make_product)
            yield from self._use("Postgres", self.costs.commit + self.catalogue.products * self.costs.commit_item)
            yield from self._use("Postgres", (self.env.now - began) * self.costs.look)
        self.seen.ended.append(self.env.now)
        self.seen.took.append(self.env.now - uploaded)

    def _read(self, number: int) -> Process:
        """Ranges of pages, and the images of each as soon as it is stored."""
        costs, catalogue = self.costs, self.catalogue
        ranges = split(catalogue.pages, batch(costs.read_page, 16))
        images = spread(catalogue.images, ranges, catalogue.pages)
        yield self.env.all_of(
            [self.env.process(self._range(number, pages, own)) for pages, own in zip(ranges, images, strict=True)]
        )

    def _range(self, number: int, pages: int, images: int) -> Process:
        yield from self._use("readers", pages * self._varied(self.costs.read_page))
        yield from self._use("Postgres", self.costs.commit + (pages + images) * self.costs.commit_item)
        one = max(self.costs.read_image, self.costs.embed_image) / self.cluster.gpu_speed
        batches = split(images, batch(one, SETTINGS.max_batch_items))
        yield self.env.all_of([self.env.process(self._images(number, items)) for items in batches])

    def _images(self, number: int, items: int) -> Process:
        """A batch goes to an OCR actor and to a CLIP actor; it is done when both are."""
        speed = self.cluster.gpu_speed
        yield from self._use("Postgres", self.costs.claim)
        yield self.env.all_of(
            [
                self.env.process(self._use("ocr", items * self._varied(self.costs.read_image) / speed)),
                self.env.process(self._use("clip", items * self._varied(self.costs.embed_image) / speed)),
            ]
        )
        yield from self._commit(number, items)

    def _analyse(self, number: int) -> Process:
        """Chunks get their vectors, 32 a call, and their analyses follow."""
        batches = split(self.catalogue.chunks, 32)
        yield self.env.all_of([self.env.process(self._chunks(number, chunks)) for chunks in batches])

    def _chunks(self, number: int, chunks: int) -> Process:
        yield from self._use("analysis", chunks * self._varied(self.costs.encode_chunk))
        yield from self._use("Postgres", self.costs.commit + chunks * self.costs.commit_item)
        for items in split(3 * chunks, batch(self.costs.analyse, SETTINGS.max_batch_items)):
            yield from self._use("Postgres", self.costs.claim)
            yield from self._use("analysis", items * self._varied(self.costs.analyse))
            yield from self._commit(number, items)

    def _varied(self, seconds: float) -> float:
        """Catalogues change from page to page: between half and one and a half times the mean."""
        return seconds * self.chance.uniform(0.5, 1.5)

    # ---- runs

    def image_stage(self) -> float:
        """Seconds for the images of one document whose pages are stored already."""
        batches = split(self.catalogue.images, batch(self.costs.read_image, SETTINGS.max_batch_items))
        done = self.env.all_of([self.env.process(self._images(0, items)) for items in batches])
        self.env.run(until=done)
        return float(self.env.now)

    def backlog(self, documents: int) -> float:
        """All uploaded at once; catalogues a second until the last has ended."""
        for number in range(documents):
            self.env.process(self.document(number))
        self._run_until(documents)
        return documents / self.seen.ended[-1]

    def arrivals(self, a_day: float, hours: float) -> None:
        """Uploads at random moments for so long; then until all have ended."""
        uploads = max(20, round(a_day / DAY_S * hours * 3600))

        def arrive() -> Process:
            for number in range(uploads):
                yield self.env.timeout(self.chance.expovariate(a_day / DAY_S))
                self.env.process(self.document(number))

        self.env.process(arrive())
        self._run_until(uploads)

    def _run_until(self, documents: int) -> None:
        while len(self.seen.ended) < documents:
            self.env.step()

    def shares(self) -> dict[str, float]:
        """How much of its time each place was in use, the writers as the busiest of them."""
        wall = self.env.now
        shares = {name: one.seconds / wall / one.resource.capacity for name, one in self.places.items()}
        return {**shares, "writer": max(self.written) / wall}


def batch(seconds: float, most: int) -> int:
    """Items that make about two seconds of work, as `cluster.workers.batch_size`."""
    return max(1, min(most, int(SETTINGS.batch_target_s / seconds))) if seconds else most


def split(items: int, size: int) -> list[int]:
    """Batches of at most that size."""
    return [min(size, items - start) for start in range(0, items, size)]


def spread(items: int, parts: Sequence[int], whole: int) -> list[int]:
    """Items over parts as large as these of a whole; none is lost."""
    edges = [round(items * sum(parts[:number]) / whole) for number in range(len(parts) + 1)]
    return [after - before for before, after in pairwise(edges)]


MEASURED = Costs(
    read_page=0.33, read_image=0.24, embed_image=0.0245, encode_chunk=0.005, analyse=0.0064, cut_chunk=0.0013,
    make_product=0.03, start_driver=0.5, claim=0.0009, commit=0.0009, commit_item=0.000013, look=0.00006,
)  # fmt: skip
"""Processor seconds on the machine of the README's figures, November 2026.

From the work spans of the sample catalogue (9 pages, 26 images, 78 chunks; EasyOCR), CLIP ViT-B-32 in batches of 32,
and what the embedded Postgres used for claims of 20, commits of 20 and of 160 results, and looks. `start_driver` is
what a driver imports.
"""
