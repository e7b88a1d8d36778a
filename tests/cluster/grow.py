"""Run by `test_growth.py` in a process of its own: a pool without any node asks for two actors, then for one.

Prints one JSON line a look: the worker nodes that live, and the actors that answer.
"""

import json
import sys
import time
from pathlib import Path

import ray
from pydantic import SecretStr

from cluster.pool_care import pool_size
from cluster.pool_care.pool_keeper import PoolKeeper
from cluster.pool_care.replacement import Replacements
from cluster.pools import PoolPlan
from cluster.settings import Settings
from cluster.workers.actor_names import NAMESPACE
from cluster.workers.pool_watch import PoolWatch

WITHIN_S = 120.0


def main(address, folder, clip_model):
    ray.init(address=address, namespace=NAMESPACE, log_to_driver=False)
    settings = Settings(
        _env_file=None,
        home=Path(folder),
        clip_model=clip_model,
        service_database_url=SecretStr("postgresql://nobody@127.0.0.1/nowhere"),
    )
    pool_size.KEPT_FOR_S = 2.0
    keeper, watch = PoolKeeper(settings, Replacements()), PoolWatch()
    plans = [PoolPlan("clip", actors=1, num_cpus=1.0, num_gpus=0.0, least=1, most=2)]
    for items, actors in ((60, 2), (0, 1)):
        deadline = time.monotonic() + WITHIN_S
        wanted = {"nodes": actors, "up": actors}
        while (seen := look(watch, keeper.keep(plans, watch.facts(), {"clip": items}))) != wanted:
            print(json.dumps(seen), flush=True)
            if time.monotonic() > deadline:
                sys.exit(1)
            time.sleep(0.5)
        print(json.dumps(seen), flush=True)


def look(watch, kept):
    watch.follow(*kept)
    watch.poll()
    nodes = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]
    return {"nodes": len(nodes), "up": len(watch.facts())}


if __name__ == "__main__":
    main(*sys.argv[1:])
