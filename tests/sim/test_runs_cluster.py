"""On a Dask cluster of real processes: the same bits with 1, 2 and 3 workers, and when one of them is killed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.sim.runs import Killed, bits, run

from wakeup.diagnostics import WakeupError
from wakeup.sim import cluster as clusters
from wakeup.sim.cluster import cluster
from wakeup.version import VERSION

try:
    import dask
    import distributed
except ImportError:
    distributed = None

needs_dask = pytest.mark.skipif(distributed is None, reason="distributed is not installed: pip install wakeup[cluster]")


@contextmanager
def local(workers: int) -> Iterator[Any]:
    """A cluster on this machine; its workers can import the tests."""
    with (
        dask.config.set({"distributed.worker.daemon": True, "distributed.comm.timeouts.connect": "20s"}),
        distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit="1GB"
        ) as found,
    ):
        yield found


@needs_dask
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_one_two_and_three_workers_give_the_same_bits() -> None:
    alone = bits(run(replications=6, scenarios=["storm"]))
    with local(1) as found, cluster(found.scheduler_address) as executor:
        for workers in (1, 2, 3):
            found.scale(workers)
            executor._client.wait_for_workers(workers, timeout=30)
            assert bits(run(replications=6, scenarios=["storm"], executor=executor)) == alone


@needs_dask
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_worker_that_is_killed_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    behaviour = Killed(tmp_path)
    with local(2) as found, cluster(found.scheduler_address) as executor:
        result = run(replications=6, executor=executor, behaviour=behaviour)
    assert (tmp_path / "happened").exists()
    assert bits(result) == bits(run(replications=6, behaviour=behaviour))


@needs_dask
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_scheduler_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_PATIENCE", "1s")
    for address in ("tcp://127.0.0.1:9", "nonsense"):
        with pytest.raises(WakeupError, match=f"WK5120: the cluster at {address} .*nobody answers"), cluster(address):
            pass


def test_workers_of_another_version_are_told() -> None:
    here = clusters.versions()
    clusters._agree("tcp://a", {"one": here, "two": here})
    with pytest.raises(WakeupError, match=f"a worker has wakeup 0.0.9 .*, here are {VERSION} "):
        clusters._agree("tcp://a", {"one": here, "two": ("0.0.9", here[1])})
    with pytest.raises(WakeupError, match="it has no workers"):
        clusters._agree("tcp://a", {})


def test_without_the_extra_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(WakeupError, match="WK5119"), cluster("tcp://a"):
        pass
