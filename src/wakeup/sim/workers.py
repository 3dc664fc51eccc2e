"""Replications in this process or in several; what comes out is the same to the bit."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Literal

from attrs import frozen

from wakeup.behaviour.protocol import Behaviour
from wakeup.customers.population import Population
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.figures.events import Sink
from wakeup.figures.tally import Tally
from wakeup.figures.totals import Totals
from wakeup.plan.model import Plan, Scenario
from wakeup.sim.task import Task

Engine = Literal["array", "reference"]
Progress = Callable[[int, int], None]
"""Called with how many replications are done and how many there are."""


@frozen(eq=False)
class Setting:
    """What all replications share; sent to each worker once."""

    plan: Plan
    population: Population
    behaviour: Behaviour
    seed: int
    engine: Engine


@frozen
class Job:
    """One replication of one scenario (None: nothing happens)."""

    replication: int
    scenario: Scenario | None = None


def run(setting: Setting, job: Job, sink: Sink) -> None:
    """Run one replication in this process."""
    task = Task(
        setting.plan, setting.population, setting.behaviour, setting.seed, job.replication, scenario=job.scenario
    )
    # Late: a run loads one engine.
    if setting.engine == "reference":
        from wakeup.sim import reference

        reference.run(task, sink)
    else:
        from wakeup.sim import array

        array.run(task, sink)


def tally(setting: Setting, job: Job) -> Totals:
    """Run one replication in this process and add it up."""
    sink = Tally(setting.plan, setting.population)
    run(setting, job, sink)
    return sink.totals()


def tally_all(setting: Setting, jobs: Sequence[Job], workers: int, progress: Progress | None) -> list[Totals]:
    """Run all jobs and return their sums in the order of the jobs.

    Raises:
        WakeupError: a worker process died (WK5108).
    """
    if min(workers, len(jobs)) == 1:
        found = []
        for job in jobs:
            found.append(tally(setting, job))
            _tell(progress, len(found), len(jobs))
        return found
    return _in_processes(setting, jobs, min(workers, len(jobs)), progress)


def _in_processes(setting: Setting, jobs: Sequence[Job], workers: int, progress: Progress | None) -> list[Totals]:
    # Spawned, not forked: a fork copies the locks of threads that it does not copy.
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_enter, initargs=(setting,))
    try:
        futures = [pool.submit(_work, job) for job in jobs]
        for done, future in enumerate(as_completed(futures), start=1):
            future.result()
            _tell(progress, done, len(jobs))
    except BaseException as error:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
        if isinstance(error, BrokenProcessPool):
            raise WakeupError([diagnostic("WK5108", workers=workers)]) from error
        raise
    pool.shutdown()
    return [future.result() for future in futures]


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


# --- inside a worker -------------------------------------------------------------------------------------------------

_setting: Setting | None = None


def _enter(setting: Setting) -> None:
    global _setting
    _setting = setting
    # An interrupt of the terminal reaches the whole group of processes; the parent ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(job: Job) -> Totals:
    if _setting is None:
        raise RuntimeError("a worker was given a job before its setting")
    return tally(_setting, job)
