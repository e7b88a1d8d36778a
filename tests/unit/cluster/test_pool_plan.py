"""The pools follow the cluster's resources, and all their actors can be placed."""

from collections import Counter
from uuid import uuid4

import pytest

from cluster.pools import GIBIBYTE, plan_pools
from cluster.settings import Settings
from cluster.workers.actor_names import progress_of


def plan(cpus, gpus=0.0, memory_gib=64, **settings):
    resources = {"CPU": cpus, "memory": memory_gib * GIBIBYTE} | ({"GPU": gpus} if gpus else {})
    return plan_pools(resources, Settings(_env_file=None, **settings))


@pytest.mark.parametrize("cpus", [1, 2, 3, 4, 8, 16, 64, 256])
@pytest.mark.parametrize("gpus", [0, 1, 4, 8])
def test_all_actors_fit_into_the_cluster(cpus, gpus):
    pools = plan(cpus, gpus)
    assert sum(p.actors * p.num_cpus for p in pools.values()) <= cpus + 1e-6
    assert sum(p.actors * p.num_gpus for p in pools.values()) <= gpus
    assert all(p.actors >= 1 and p.num_cpus > 0 for p in pools.values())


def test_without_gpus_nobody_asks_for_one():
    assert all(p.num_gpus == 0 for p in plan(8).values())


def test_with_gpus_ocr_and_clip_are_pinned_and_analysis_is_not():
    pools = plan(16, gpus=2)
    assert (pools["ocr"].num_gpus, pools["clip"].num_gpus, pools["analysis"].num_gpus) == (0.5, 0.5, 0.0)
    assert (pools["ocr"].actors, pools["clip"].actors) == (2, 2)


@pytest.mark.parametrize(("share", "on_one"), [(0.4, 2), (0.3, 3), (0.75, 1), (0.1, 10), (1.0, 1)])
@pytest.mark.parametrize("gpus", [2, 3, 4, 8])
def test_no_gpu_is_shared_by_more_actors_than_fit_onto_it(share, on_one, gpus):
    pools = plan(64, gpus, gpu_share=share)
    assert pools["ocr"].actors + pools["clip"].actors <= on_one * gpus
    assert plan(64, gpus, gpu_share=share, ocr_engine="rapidocr")["clip"].actors == on_one * gpus


def test_an_engine_that_computes_on_cpus_leaves_the_gpus_to_clip():
    pools = plan(16, gpus=2, ocr_engine="rapidocr")
    assert (pools["ocr"].num_gpus, pools["clip"].num_gpus) == (0.0, 0.5)
    assert pools["clip"].actors == 4
    assert pools["ocr"].actors == 8
    assert sum(p.actors * p.num_cpus for p in pools.values()) <= 16


def test_ocr_takes_most_of_a_machine_without_gpus_and_no_other_pool_has_fewer_actors():
    pools = plan(8)
    assert [pools[name].actors for name in ("reader", "ocr", "clip", "analysis")] == [6, 6, 6, 6]
    assert pools["ocr"].num_cpus == 1.0


def test_little_memory_means_fewer_ocr_actors():
    assert plan(16, memory_gib=8)["ocr"].actors < plan(16, memory_gib=64)["ocr"].actors


def test_the_settings_decide_when_they_say_so():
    assert plan(8, ocr_actors=3)["ocr"].actors == 3


def test_actor_names_are_numbered():
    assert plan(8, ocr_actors=2)["ocr"].actor_names() == ["ocr-0", "ocr-1"]


def test_a_pool_without_a_most_keeps_its_size():
    assert not any(p.elastic for p in plan(8).values())
    fixed = plan(8, ocr_actors=3)["ocr"]
    assert (fixed.least, fixed.most) == (3, 3)


def test_a_pool_with_a_most_may_outgrow_the_cluster_and_asks_for_the_same_of_each_node():
    pools, fixed = plan(8, ocr_actors_max=40), plan(8)
    assert (pools["ocr"].least, pools["ocr"].most, pools["ocr"].elastic) == (1, 40, True)
    assert pools["ocr"].num_cpus == fixed["ocr"].num_cpus
    assert pools["clip"] == fixed["clip"]


def test_readers_follow_their_backlog_like_the_others():
    reader = plan(8, reader_actors_max=40, reader_actors_min=2)["reader"]
    assert (reader.least, reader.most, reader.elastic) == (2, 40, True)


def test_a_least_above_what_fits_is_kept():
    clip = plan(4, clip_actors_min=3)["clip"]
    assert (clip.least, clip.most) == (3, 3)


def test_each_document_has_one_of_the_progress_writers():
    settings = Settings(_env_file=None, progress_writers=3)
    documents = [uuid4() for _ in range(300)]
    found = Counter(progress_of(document, settings) for document in documents)
    assert set(found) == {"progress", "progress-1", "progress-2"}
    assert min(found.values()) > 60
    assert all(progress_of(document, settings) == progress_of(document, settings) for document in documents)
    assert progress_of(documents[0], Settings(_env_file=None)) == "progress"
