"""One replication that several workers share: the same bits as in one process, on anything that plays jobs."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen
from tests.sim.array.test_free import case, scarce
from tests.sim.lively import Lively
from tests.sim.runs import _first as first
from tests.sim.runs import bits
from tests.sim.strategies import trial_of
from tests.sim.test_replications import _alive, _assert_soon
from tests.sim.test_runs_cluster import local, needs_dask
from tests.sim.test_runs_executors import Elsewhere

from wakeup.customers import Population, Shards, pieces, save_shards
from wakeup.figures.result import Result
from wakeup.plan.model import Plan, Scenario
from wakeup.sim import executors, spreading, workers
from wakeup.sim.array import spread
from wakeup.sim.cluster import cluster
from wakeup.sim.jobs import Setting, Share, live
from wakeup.sim.replications import simulate
from wakeup.sim.without import channels_used

TRIAL = trial_of(evolve(case(5), people=40))
STORM = Scenario("storm", TRIAL.plan.start, TRIAL.plan.start + 3 * 86_400, organic="0.5")
PLAN = evolve(TRIAL.plan, scenarios=(STORM,))
PEOPLE = TRIAL.population()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replications of few people are shared, too."""
    share_all(monkeypatch)


def share_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "LEAST", 1)
    monkeypatch.setattr(spread, "PIECE", 7)


def run(plan: Plan = PLAN, people: Population | Shards = PEOPLE, **options: Any) -> Result:
    return simulate(plan, people, **({"replications": 1, "behaviour": Lively()} | options))


@contextmanager
def shares() -> Iterator[list[int]]:
    """Count the pieces that are taken."""
    found: list[int] = []
    take = spread.Spread.take

    def counted(self: spread.Spread, lived: spread.Lived) -> bool:
        found.append(1)
        return take(self, lived)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spread.Spread, "take", counted)
        yield found


@cache
def whole(**options: Any) -> Result:
    """Return what a run comes to in one process."""
    return run(**options)


def same_with(executor: Executor, count: int, **options: Any) -> None:
    alone = whole(**options)
    with shares() as found:
        together = run(executor=executor, **options)
    assert bits(together) == bits(alone)
    assert together.timing.free == alone.timing.free
    assert len(found) == count


def test_it_is_shared_at_all_and_stands() -> None:
    with ThreadPoolExecutor(2) as executor:
        same_with(executor, 6)
    assert whole().timing.free == 1


@pytest.mark.parametrize("count", [1, 2, 3])
def test_workers_never_show(count: int) -> None:
    same_with(Elsewhere(count), 0 if count == 1 else 6)


@pytest.mark.parametrize("size", [1, 3, 1_000])
def test_no_piece_shows(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(spread, "PIECE", size)
    same_with(Elsewhere(2), -(-len(PEOPLE) // size))


def test_scenarios_and_channels_are_shared_too() -> None:
    channels = channels_used(PLAN)
    assert channels
    same_with(Elsewhere(1 + len(channels)), 6 * (2 + len(channels)), scenarios=("storm",), by_channel=True)


@pytest.mark.parametrize(("replications", "shared"), [(4, 0), (5, 1), (7, 1), (3, 1)])
def test_whole_replications_come_first(replications: int, shared: int) -> None:
    same_with(Elsewhere(2), 6 * shared, replications=replications)


@pytest.mark.parametrize("count", [2, 3])
def test_processes_give_the_same_bits(count: int) -> None:
    alone = whole(replications=count - 1)
    with shares() as found:
        together = run(replications=count - 1, workers=count)
    assert bits(together) == bits(alone)
    assert len(found) == 6 * (count - 1)


def test_processes_of_others_give_the_same_bits() -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        same_with(executor, 6)


def test_people_on_disk_are_read_by_the_workers(tmp_path: Path) -> None:
    save_shards((people for _, people in pieces(PEOPLE, 11)), tmp_path / "people")
    there = Shards.open(tmp_path / "people")
    executor = Elsewhere(2)
    alone = whole()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Shards, "whole", None)
        together = run(people=there, executor=executor)
    assert bits(together) == bits(alone)
    assert all(each.people is None for each in _pieces_of(there))


def _pieces_of(people: Shards) -> Iterator[spread.Piece]:
    task = evolve(TRIAL.task(), population=people)
    replication = spread.Spread(task, 7)
    return (replication.piece(number) for number in range(len(replication.pieces)))


@pytest.mark.parametrize("replications", [1, 2])
def test_what_does_not_stand_is_played_whole(replications: int) -> None:
    task = scarce(1)
    for options in ({"executor": Elsewhere(3)}, {"workers": replications + 1}):
        alone = run(task.plan, task.people, replications=replications)
        together = run(task.plan, task.people, replications=replications, **options)
        assert bits(together) == bits(alone)
        assert together.timing.ordered == alone.timing.ordered
        assert len(together.timing.ordered) == replications


# --- accidents --------------------------------------------------------------------------------------------------------


@frozen
class Killed(Lively):
    """The behaviour of the trial; the first worker that comes to it is killed."""

    folder: Path = Path()

    def model(self, *given: Any) -> Any:
        if multiprocessing.parent_process() is not None and first(self.folder / "happened"):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().model(*given)


SIGN = "WAKEUP_TEST_SIGN"


def killed(setting: Setting, share: Share) -> spread.Lived:
    """Let some people live; the first worker that comes to it is killed, and this process waits for that."""
    sign = Path(os.environ[SIGN])
    if multiprocessing.parent_process() is None:
        _assert_soon(sign.exists)
    elif first(sign):
        os.kill(os.getpid(), signal.SIGKILL)
    return live(setting, share)


def asleep(_setting: Setting, _share: Share) -> None:
    """Never come to an end, and say that a worker has begun."""
    if multiprocessing.parent_process() is not None:
        Path(os.environ[SIGN]).touch()
    time.sleep(600)


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SIGN, str(tmp_path / "happened"))
    monkeypatch.setattr(workers, "live", killed)
    together = run(workers=3)
    assert (tmp_path / "happened").exists()
    assert bits(together) == bits(whole())


ENDLESS = textwrap.dedent(
    """
    import pytest
    from tests.sim.test_runs_shared import asleep, run, share_all
    from wakeup.sim import workers

    if __name__ == "__main__":
        share_all(pytest.MonkeyPatch())
        workers.live = asleep
        run(workers=3)
    """
)


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_no_worker_outlives_its_parent_that_is_interrupted_while_it_lives_a_piece(
    tmp_path: Path, checkout: Path
) -> None:
    script, sign = tmp_path / "endless.py", tmp_path / "begun"
    script.write_text(ENDLESS, "utf-8")
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, SIGN: str(sign), "PYTHONPATH": os.pathsep.join((str(checkout), str(checkout / "src")))},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _assert_soon(sign.exists)
        parent.send_signal(signal.SIGINT)  # to the parent alone
        parent.wait(timeout=30)
        _assert_soon(lambda: not _alive(parent.pid))
    finally:
        if _alive(parent.pid):
            os.killpg(parent.pid, signal.SIGKILL)
        parent.communicate()


@needs_dask
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_dask_gives_the_same_bits_also_when_a_worker_is_killed(tmp_path: Path) -> None:
    alone = whole()
    with local(1) as found, cluster(found.scheduler_address) as executor:
        for count in (2, 3):
            found.scale(count)
            executor._client.wait_for_workers(count, timeout=30)
            assert bits(run(executor=executor)) == bits(alone)
        assert bits(run(executor=executor, behaviour=Killed(folder=tmp_path))) == bits(alone)
        assert (tmp_path / "happened").exists()


def test_nothing_that_was_shared_is_remembered_here() -> None:
    with ThreadPoolExecutor(2) as executor:
        run(executor=executor)
    assert not executors._own
