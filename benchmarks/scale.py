"""The tables of `docs/scale.md`: throughput, waiting, what is full first, from 1 to 1,000 nodes, on a virtual clock.

`python -m benchmarks.scale`. A node has two cores like the measured machine; a GPU node's OCR and CLIP actors are
taken to be `GPU_SPEED` times as fast, which nobody has measured yet.
"""

from dataclasses import replace

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, percentile
from benchmarks.simulation import DAY_S, MEASURED, Catalogue, Cluster, Simulation

GPU_SPEED = 10.0
EACH_NODE = 24
"""Catalogues of a backlog, by node: so many that filling and draining the cluster weigh little."""
LOAD = 0.7
"""Of what a cluster can take: where waiting times are told."""


def main() -> None:
    """Print everything."""
    console = Console(width=150)
    console.print(_throughput("CPU nodes", (1, 10, 100, 1000), gpu_speed=1.0))
    console.print(_throughput("GPU nodes", (1, 10, 100, 1000), gpu_speed=GPU_SPEED))
    console.print(
        _throughput("GPU nodes, 16 writers, Postgres with 64 cores", (1000,), GPU_SPEED, writers=16, cores=64)
    )
    console.print(_million_a_day())
    for figure in measure_simulation():
        console.print(figure.work, figure.figure, figure.aim)


def measure_simulation() -> list[Figure]:
    """How much of 64 nodes is left of 64 times one node."""
    one, many = (
        Simulation(Cluster.of_nodes(nodes, writers=4, postgres_cores=16), MEASURED, Catalogue()).backlog(
            nodes * EACH_NODE
        )
        for nodes in (1, 64)
    )
    share = many / (64 * one)
    work = "simulated CPU nodes, 64 against 64 times one (4 writers, Postgres with 16 cores)"
    return [Figure(work, f"{share:.2f}", "0.9", share >= 0.9)]


def _throughput(title: str, sizes: tuple[int, ...], gpu_speed: float, *, writers: int = 1, cores: int = 2) -> Table:
    """A backlog tells the most that a cluster takes; arrivals at a part of it tell how long they wait."""
    names = ["nodes", "catalogues a day", "efficiency", f"in all at {LOAD:.0%}, median s", "p95 s", "waiting p95 s"]
    table = Table(*names, "fullest places", title=title)
    first = 0.0
    for nodes in sizes:
        cluster = Cluster.of_nodes(nodes, gpu_speed=gpu_speed, writers=writers, postgres_cores=cores)
        full = Simulation(cluster, MEASURED, Catalogue())
        a_day = full.backlog(min(nodes * EACH_NODE, 6000)) * DAY_S
        first = first or a_day / nodes
        calm = Simulation(cluster, MEASURED, Catalogue())
        calm.arrivals(LOAD * a_day, hours=min(2.0, 3000 / (LOAD * a_day / 24)))
        places = sorted(full.shares().items(), key=lambda item: -item[1])[:3]
        table.add_row(
            f"{nodes:,}", f"{a_day:,.0f}", f"{a_day / nodes / first:.2f}", f"{percentile(calm.seen.took, 50):.0f}",
            f"{percentile(calm.seen.took, 95):.0f}", f"{percentile(calm.seen.waited, 95):.1f}",
            ", ".join(f"{name} {share:.0%}" for name, share in places),
        )  # fmt: skip
    return table


def _million_a_day() -> Table:
    """A million catalogues a day on 1,000 GPU nodes: what each shared place would have to bear, and what to give it."""
    names = ["writers", "Postgres cores", "in all p95 s", "waiting p95 s", "writer", "Postgres", "supervisor", "ocr"]
    table = Table(*names, title="1,000,000 catalogues a day on 1,000 GPU nodes, ten minutes of uploads")
    for writers, cores in ((1, 2), (4, 16), (16, 64)):
        cluster = Cluster.of_nodes(1000, gpu_speed=GPU_SPEED, writers=writers, postgres_cores=cores)
        run = Simulation(replace(cluster, open_documents=12_000), MEASURED, Catalogue())
        run.arrivals(1_000_000, hours=1 / 6)
        shares = run.shares()
        table.add_row(
            str(writers), str(cores), f"{percentile(run.seen.took, 95):.0f}", f"{percentile(run.seen.waited, 95):.1f}",
            *(f"{shares[name]:.0%}" for name in ("writer", "Postgres", "supervisor", "ocr")),
        )  # fmt: skip
    return table


if __name__ == "__main__":
    main()
