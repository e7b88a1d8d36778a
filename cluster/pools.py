"""Turns the plain worker classes into pools of named Ray actors.

Alone names num_cpus, num_gpus, max_restarts and max_task_retries. What to run and when is the driver's business.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any

import ray
from ray.actor import ActorHandle

from cluster.settings import Settings
from cluster.workers.actor_names import NAMESPACE, PROGRESS, QUESTIONS
from cluster.workers.pool_workers import AnalysisWorker, ClipWorker, OcrWorker, ProgressActor
from cluster.workers.reader_worker import ReaderWorker
from cluster.workers.turns import WAITING_CALLS

PROGRESS_CALLS = 64
GIBIBYTE = 1024**3
OCR_ACTOR_MEMORY_GIB = 1.5
"""Planned for one OCR actor on a CPU; bounds how many start on a small machine."""


@dataclass(frozen=True)
class PoolPlan:
    """How many actors of one kind run, and what each takes of its node."""

    name: str
    actors: int
    num_cpus: float
    num_gpus: float
    least: int = 0
    """Actors that are kept while nothing waits; with `most` above it, the backlog decides between them."""
    most: int = 0

    @property
    def elastic(self) -> bool:
        """Whether it grows and shrinks."""
        return self.least < self.most

    @property
    def threads(self) -> int:
        """Threads for one actor's models: the cores that Ray gave it, at least one."""
        return max(1, int(self.num_cpus))

    def actor_names(self, actors: int | None = None) -> list[str]:
        """`ocr-0`, `ocr-1` ... in the namespace `quarry`: the plan's number of them, or another."""
        return [f"{self.name}-{number}" for number in range(self.actors if actors is None else actors)]


def cluster_resources() -> dict[str, float]:
    """What the cluster has in all: CPU, GPU, memory (bytes)."""
    resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
    return resources


def plan_pools(resources: Mapping[str, float], settings: Settings) -> dict[str, PoolPlan]:
    """The pools that fill the cluster, each within the bounds that the settings give it."""
    return {name: within_bounds(plan, settings) for name, plan in fill_cluster(resources, settings).items()}


def within_bounds(plan: PoolPlan, settings: Settings) -> PoolPlan:
    """A pool with a most grows beyond what fits now: its waiting actors are what an autoscaler adds nodes for."""
    least: int | None = getattr(settings, f"{plan.name}_actors_min", None)
    most: int | None = getattr(settings, f"{plan.name}_actors_max", None)
    if least is None:
        least = plan.actors if most is None else min(1, most)
    most = max(least, plan.actors if most is None else most)
    return replace(plan, actors=max(least, min(most, plan.actors)), least=least, most=most)


def fill_cluster(resources: Mapping[str, float], settings: Settings) -> dict[str, PoolPlan]:
    """Decide the pools from the cluster's resources as `ray.cluster_resources()` tells them (memory in bytes).

    GPUs are decided here and nowhere else: a process that holds no GPU cannot know whether the cluster has one.
    The logical CPUs of all actors together stay under the cluster's, so that every actor can be placed.
    """
    cpus = max(1.0, resources.get("CPU", 1.0))
    gpus = resources.get("GPU", 0.0)
    memory_gib = resources.get("memory", 8 * GIBIBYTE) / GIBIBYTE
    if gpus:
        reader = settings.reader_actors or max(1, int(cpus // 4))
        analysis = settings.analysis_actors or max(1, int(cpus // 4))
        reads_on_gpu = settings.ocr_engine == "easyocr"
        per_kind = max(1, places_on(gpus, settings.gpu_share) // (2 if reads_on_gpu else 1))
        ocr = settings.ocr_actors or (per_kind if reads_on_gpu else max(1, int(cpus / 2)))
        clip = settings.clip_actors or per_kind
        cpu_share = min(2.0, _hundredths(0.9 * cpus / (reader + ocr + clip + analysis)))
        return {
            "reader": PoolPlan("reader", reader, cpu_share, 0.0),
            "ocr": PoolPlan("ocr", ocr, cpu_share, settings.gpu_share if reads_on_gpu else 0.0),
            "clip": PoolPlan("clip", clip, cpu_share, settings.gpu_share),
            "analysis": PoolPlan("analysis", analysis, cpu_share, 0.0),
        }
    fits_memory = max(1, int(memory_gib / OCR_ACTOR_MEMORY_GIB / 2))
    ocr = settings.ocr_actors or min(max(1, round(cpus * 0.75)), fits_memory)
    # One a core as well: an image costs CLIP about what it costs OCR, and while a document is read or analysed nothing
    # else may have work for the other cores.
    clip = settings.clip_actors or ocr
    reader = settings.reader_actors or ocr
    analysis = settings.analysis_actors or ocr
    others = reader + clip + analysis
    small = min(0.25, _hundredths(0.25 * cpus / others))
    ocr_share = min(1.0, _hundredths((cpus - small * others) / ocr))
    return {
        "reader": PoolPlan("reader", reader, small, 0.0),
        "ocr": PoolPlan("ocr", ocr, ocr_share, 0.0),
        "clip": PoolPlan("clip", clip, small, 0.0),
        "analysis": PoolPlan("analysis", analysis, small, 0.0),
    }


def places_on(gpus: float, share: float) -> int:
    """Actors of that share which find a place: none lies across two GPUs, and what is left of one serves nobody."""
    if share >= 1:
        return int(gpus // share)
    return int(gpus) * int(1 / share)


@cache
def _actor_class(worker_class: type, groups: tuple[tuple[str, int], ...]) -> Any:
    """Made once: each one is a class of its own, which Ray would keep."""
    remote: Any = ray.remote  # its types want a class that is known statically, and know no groups
    return remote(num_cpus=0, concurrency_groups=dict(groups))(worker_class)


def start_actor(
    name: str,
    worker_class: type,
    *args: object,
    num_cpus: float = 0,
    num_gpus: float = 0,
    max_concurrency: int = 1,
    groups: Mapping[str, int] = MappingProxyType({}),
    **kwargs: object,
) -> "ActorHandle[Any]":
    """Start a detached actor of the namespace `quarry`, or find the one that runs under that name.

    It comes back after a crash (max_restarts=-1). Its calls are not retried by Ray (max_task_retries=0): a lost call is
    a failed attempt, counted in Postgres.

    `groups` are kinds of calls that do not wait for the others, each with the number of them that run at once.
    """
    handle: ActorHandle[Any] = (
        _actor_class(worker_class, tuple(groups.items()))
        .options(
            name=name,
            namespace=NAMESPACE,
            lifetime="detached",
            get_if_exists=True,
            num_cpus=num_cpus,
            num_gpus=num_gpus,
            max_restarts=-1,
            max_task_retries=0,
            max_concurrency=max_concurrency,
        )
        .remote(*args, **kwargs)
    )
    return handle


def start_progress(settings: Settings, name: str = PROGRESS) -> "ActorHandle[Any]":
    """Start a progress actor, or find the one that runs. Its threads only wait for commits, so they are many."""
    return start_actor(
        name,
        ProgressActor,
        settings,
        duty=name,
        max_concurrency=PROGRESS_CALLS,
        groups={QUESTIONS: 1},
    )


def _hundredths(share: float) -> float:
    """Rounded down, so that shares never add up to more than there is; Ray counts in ten-thousandths."""
    return math.floor(share * 100) / 100


MODEL_NICENESS = 10
"""Models fill every core; what answers people must not wait for them."""
WORKERS: dict[str, type] = {
    "reader": ReaderWorker,
    "ocr": OcrWorker,
    "clip": ClipWorker,
    "analysis": AnalysisWorker,
}


def start_pool(plan: PoolPlan, settings: Settings, actors: int | None = None) -> dict[str, "ActorHandle[Any]"]:
    """Start the actors of one pool that are not there yet; the handles of all of them by name.

    Args:
        plan: what each takes of its node.
        settings: handed to each.
        actors: so many instead of the plan's number.
    """
    return {
        name: start_actor(
            name,
            WORKERS[plan.name],
            settings,
            duty=name,
            gpu=plan.num_gpus > 0,
            threads=plan.threads,
            niceness=MODEL_NICENESS,
            max_concurrency=WAITING_CALLS,
            groups={QUESTIONS: 1},
            num_cpus=plan.num_cpus,
            num_gpus=plan.num_gpus,
        )
        for name in plan.actor_names(actors)
    }
