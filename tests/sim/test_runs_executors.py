"""The same jobs on any executor: the same bits, what they share sent about once per worker, dead workers replaced."""

import multiprocessing
from collections import Counter
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from tests.sim.runs import CAMPAIGN, PEOPLE, Killed, bits, run

from wakeup.behaviour import DefaultBehaviour
from wakeup.diagnostics import WakeupError
from wakeup.sim import executors, workers
from wakeup.sim.jobs import Job, Setting
from wakeup.sim.replications import simulate


class Elsewhere(Executor):
    """Workers that share nothing with this process, without their cost; each job goes to the next one."""

    def __init__(self, workers: int) -> None:
        self._max_workers = workers
        self._memories: list[dict[str, Setting]] = [{} for _ in range(workers)]
        self._turn = 0
        self.sent: Counter[str] = Counter()

    def submit(self, fn: Any, /, *args: Any, **_: Any) -> Future[Any]:
        own, given = executors._own.copy(), executors._given.copy()
        memory = self._memories[self._turn % self._max_workers]
        self._turn += 1
        executors._own.clear()
        executors._given.clear()
        executors._given.update(memory)
        self.sent["with setting" if any(isinstance(each, Setting) for each in args) else "job"] += 1
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args))
        finally:
            memory.clear()
            memory.update(executors._given)
            executors._own.update(own)
            executors._given.clear()
            executors._given.update(given)
        return future


def test_threads_give_the_same_bits_and_the_executor_stays_open() -> None:
    alone = run(scenarios=["outage"])
    with ThreadPoolExecutor(3) as executor:
        assert bits(run(scenarios=["outage"], executor=executor)) == bits(alone)
        assert executor.submit(len, "open").result() == 4
    assert not executors._own, "what a run shares is forgotten after it"


def test_processes_of_others_give_the_same_bits() -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        assert bits(run(executor=executor)) == bits(run())


@pytest.mark.parametrize("count", [1, 2, 3])
def test_what_jobs_share_goes_over_about_once_per_worker(count: int) -> None:
    executor = Elsewhere(count)
    assert bits(run(replications=8, executor=executor)) == bits(run(replications=8))
    assert count <= executor.sent["with setting"] <= 2 * count
    assert executor.sent["job"] == 8


def test_a_worker_forgets_old_runs() -> None:
    setting = Setting(CAMPAIGN, PEOPLE, DefaultBehaviour(), 1, "reference")
    executors._given.clear()
    for token in "abcdef":
        executors.remember(token, setting)
    assert list(executors._given) == ["c", "d", "e", "f"]
    executors._given.clear()


def test_a_killed_worker_is_replaced_and_loses_nothing(tmp_path: Path) -> None:
    behaviour = Killed(tmp_path)
    found = run(replications=6, scenarios=["outage"], workers=2, behaviour=behaviour)
    assert (tmp_path / "happened").exists()
    assert bits(found) == bits(run(replications=6, scenarios=["outage"], behaviour=behaviour))


@pytest.mark.parametrize("progress", [True, False])
def test_workers_may_die_as_long_as_something_gets_done(monkeypatch: pytest.MonkeyPatch, progress: bool) -> None:
    tries = []

    def breaking(_pool: Any, _token: str, _setting: Setting, jobs: Any, *_: Any, **__: Any) -> Any:
        tries.append(tuple(jobs))
        if progress:
            yield jobs[0], None
        raise BrokenProcessPool

    monkeypatch.setattr(workers, "flow", breaking)
    monkeypatch.setattr(workers._Pool, "_hire", lambda _: None)
    jobs = [Job(number) for number in range(1, 7)]
    pool = workers._Pool(Setting(CAMPAIGN, PEOPLE, DefaultBehaviour(), 1, "reference"), 2)
    if progress:
        assert [job for job, _ in pool.play(jobs)] == jobs
        assert tries == [tuple(jobs[first:]) for first in range(6)]
    else:
        with pytest.raises(WakeupError, match="WK5108"):
            list(pool.play(jobs))
        assert len(tries) == workers.DEATHS


class Stumbling(Elsewhere):
    """Now and then a worker dies with what it has found, and the executor stumbles, as Dask's does."""

    def submit(self, fn: Any, /, *args: Any, **more: Any) -> Future[Any]:
        future = super().submit(fn, *args, **more)
        if self.sent.total() % 3 == 1:
            lost: Future[Any] = Future()
            try:
                exec("typ, exc, tb = None", {"__name__": "distributed.cfexecutor"})  # noqa: S102  # an error that comes from there
            except TypeError as error:
                lost.set_exception(error)
            return lost
        return future


def test_what_is_lost_with_a_worker_is_played_again() -> None:
    executor = Stumbling(2)
    assert bits(run(executor=executor)) == bits(run())
    assert executor.sent.total() > 6


def test_an_executor_that_breaks_is_told(tmp_path: Path) -> None:
    with (
        ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor,
        pytest.raises(WakeupError, match=r"WK5112: the executor .* gave up: BrokenProcessPool"),
    ):
        run(executor=executor, behaviour=Killed(tmp_path))


def test_a_wrong_plan_is_told_from_an_executor_too() -> None:
    with ThreadPoolExecutor(1) as executor, pytest.raises(WakeupError, match="WK5101"):
        simulate(CAMPAIGN, PEOPLE, scenarios=["strom"], executor=executor)
