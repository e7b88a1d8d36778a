"""What is asked of the watch from another thread than the one that looks after it."""

from cluster.workers.pool_watch import PoolWatch


class Interrupted(PoolWatch):
    """One whose owner learns in the middle of somebody's question that an actor is gone."""

    def silent_for(self, name):
        self.expect_back(name)
        return super().silent_for(name)


def test_trouble_is_told_while_facts_come_and_go():
    watch = Interrupted()
    watch.follow({"ocr-0": object(), "ocr-1": object()})
    watch._facts = {"ocr-0": {"pid": 1}, "ocr-1": {"pid": 2}}
    assert watch.trouble() == "ocr-0: loading its model; ocr-1: loading its model"
